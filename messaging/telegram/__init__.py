"""Telegram's Bot API, by python-telegram-bot; nothing else imports that library."""

import logging

# At DEBUG the library writes the address that holds the bot's token, and every text and chat id.
logging.getLogger("telegram").setLevel(logging.WARNING)

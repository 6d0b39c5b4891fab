"""Twilio's SMS, WhatsApp and calls, by its own library; nothing else imports that library."""

"""Twilio's SMS and WhatsApp, by its own library; nothing else imports that library."""

"""The far end of the wire: loopback Telegram and Twilio, and a resident's phone."""

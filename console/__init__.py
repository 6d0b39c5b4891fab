"""The officers' web pages."""

"""What becomes of an alert: how far it is, who was not reached and why, and the report."""

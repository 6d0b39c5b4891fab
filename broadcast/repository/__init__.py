"""What the database knows of alerts, their events and their audience."""

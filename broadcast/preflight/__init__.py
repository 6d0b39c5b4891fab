"""What somebody should know before an alert is approved: whom it reaches, what it costs, what does not agree."""

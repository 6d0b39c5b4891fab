"""The officers' web pages, and the JSON API of the same data."""

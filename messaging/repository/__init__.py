"""All SQL about messages, one module a noun."""

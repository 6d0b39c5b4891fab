"""All SQL about conversations, one module a noun."""

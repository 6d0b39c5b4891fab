"""All SQL about people, one module a noun."""

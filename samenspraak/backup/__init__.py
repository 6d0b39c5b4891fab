"""The whole database in one file, and back. The secret key is never in it: without it nobody can be read."""

"""Organisations, officers, residents, networks and consent."""

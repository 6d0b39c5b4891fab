"""Alerts to many."""

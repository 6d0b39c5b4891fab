"""Where people live: areas, streets and houses, drawn, written or imported."""

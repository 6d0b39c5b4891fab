"""What the bot says for a municipality: one editable file each, and how such a file is read."""

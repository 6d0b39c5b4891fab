"""From logged facts to figures of participation."""

"""How a message leaves and comes in."""

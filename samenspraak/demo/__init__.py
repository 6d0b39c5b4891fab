"""A fictional municipality with its police zone, to look around in and to prove the whole by a story."""

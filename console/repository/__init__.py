"""What only the pages read: lists with names, counts and states side by side."""

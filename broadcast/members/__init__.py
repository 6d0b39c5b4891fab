"""Members of networks, in from a file and out to one."""

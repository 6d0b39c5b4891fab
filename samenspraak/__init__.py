"""The application: settings, commands, web process, worker."""

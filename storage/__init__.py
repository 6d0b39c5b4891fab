"""Where everything is kept: database, jobs, facts, encryption, audit."""

"""The Common Alerting Protocol (OASIS CAP 1.2), in and out. XML is known here and nowhere else."""

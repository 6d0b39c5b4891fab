"""What is kept for how long, and what goes when its time has passed. Figures and the audit stay: they name nobody."""

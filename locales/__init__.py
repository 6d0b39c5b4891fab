"""The Babel catalogues."""

"""The connection to a broker and what is published on it."""

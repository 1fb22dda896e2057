"""The reader's own lights and button."""

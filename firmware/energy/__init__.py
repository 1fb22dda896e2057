"""Energy that adds up: accounting, history, peaks and tariffs. Integers, no clock, no files."""

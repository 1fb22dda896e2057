"""Prices of energy by quarter-hour, and exchange rates."""

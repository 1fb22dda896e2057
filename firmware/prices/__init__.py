"""Prices of energy: what the exchanges publish, in slots of a quarter of an hour."""

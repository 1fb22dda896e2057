"""Push without a broker: loaded for each message, see sender.py."""

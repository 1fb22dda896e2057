"""Feeding a TelegramStream as the reader does."""


def feed(stream, octets):
    """Feed octets, all at once."""
    stream.take(octets, len(octets))

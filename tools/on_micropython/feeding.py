"""Octets into a TelegramStream, as from han/reader.py."""


def feed(stream, octets):
    """Feed octets, all at once."""
    stream.take(octets, len(octets))

"""Feeding a TelegramStream as the reader does."""


def feed(stream, octets):
    """Put octets into the window, in pieces of its free room."""
    at = 0
    while at < len(octets):
        room = stream.window.free()
        count = min(len(room), len(octets) - at)
        room[:count] = octets[at : at + count]
        stream.take(count)
        at += count

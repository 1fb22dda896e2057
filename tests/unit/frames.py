"""Frames for unit tests, made octet by octet with a bitwise CRC of their own."""


def x25(octets):
    """CRC-16/X.25, one bit at a time."""
    crc = 0xFFFF
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = (crc >> 1) ^ 0x8408 if crc & 1 else crc >> 1
    return crc ^ 0xFFFF


def little(value):
    return bytes((value & 0xFF, value >> 8))


def frame(info, addresses=b"\x41\x08\x83", control=0x13, segment=False):
    """7E .. 7E around an information field; without one there is no HCS."""
    header_length = 2 + len(addresses) + 1
    length = header_length + 2 + (len(info) + 2 if info else 0)
    head = bytes((0xA0 | (8 if segment else 0) | length >> 8, length & 0xFF)) + addresses
    head += bytes((control,))
    head += little(x25(head))
    if not info:
        return b"\x7e" + head + b"\x7e"
    return b"\x7e" + head + info + little(x25(head + info)) + b"\x7e"


NOTIFICATION = b"\xe6\xe7\x00\x0f\x40\x00\x00\x00\x00"


def aidon_power(watts):
    """Aidon list 1: one structure [1-0:1.7.0.255, u32, [scaler 0, W]]."""
    body = b"\x01\x01\x02\x03\x09\x06\x01\x00\x01\x07\x00\xff\x06"
    body += watts.to_bytes(4, "big") + b"\x02\x02\x0f\x00\x16\x1b"
    return frame(NOTIFICATION + body)


def kaifa_power(watts):
    """Kaifa list 1: a structure with one u32; the tagged date-time is 2022-01-02 14:37:18."""
    head = b"\xe6\xe7\x00\x0f\x40\x00\x00\x00\x09\x0c"
    head += b"\x07\xe6\x01\x02\x07\x0e\x25\x12\xff\x80\x00\x00"
    return frame(head + b"\x02\x01\x06" + watts.to_bytes(4, "big"), b"\x01\x02\x01", 0x10)


class Sink:
    """Collects the readings and errors that a TelegramStream reports."""

    def __init__(self):
        self.readings = []
        self.errors = []

    def on_reading(self, reading):
        self.readings.append(reading)

    def on_unknown(self, reading):
        pass

    def on_error(self, code, reason, offset):
        self.errors.append((code, reason, offset))

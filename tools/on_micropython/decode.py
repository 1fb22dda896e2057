"""Decode capture files with the firmware's TelegramStream. Started by tools/decode.py.

Arguments: KEY AUTH_KEY FILE...   keys as hex, "" for none. Prints one JSON object per file.
"""

import json
import sys

import clock
import cryptolib
from feeding import feed
from han.descriptors import NAMES
from han.fields import UNKNOWN_DATA
from han.stream import TelegramStream
from schema import parse_key

_CHUNK = 64
KEYS = (parse_key(sys.argv[1]), parse_key(sys.argv[2]))


def aes(key):
    return cryptolib.aes(key, 1)  # ECB


class Collector:
    """A TelegramStream's sink that keeps readings and errors."""

    def __init__(self):
        self.readings = []
        self.errors = []

    def on_unknown(self, reading):
        self.on_reading(reading)

    def on_reading(self, reading):
        values = {"list_type": reading.list_type}
        for name, value in zip(NAMES, reading.values):
            if value is not None:
                values[name] = clock.iso(value) if name.endswith("_time_local") else value
        self.readings.append(values)

    def on_error(self, code, reason, offset):
        self.errors.append({"code": code, "reason": reason, "offset": offset})


def bursts_of(path):
    """The octets of each burst of a capture: see tools/captures.py. A .txt file is one burst."""
    with open(path, "rb") as f:
        raw = f.read()
    if not path.endswith(".hex"):
        return [raw]
    found = [""]
    for line in raw.decode().split("\n"):
        digits = "".join(line.split())
        if digits[:1] == "#":
            continue
        if digits:
            found[-1] += digits
        else:
            found.append("")
    return [octets_of(digits) for digits in found if digits]


def octets_of(digits):
    return bytes([int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)])


def decode(path):
    """The capture's readings and errors, as in the firmware."""
    collector = Collector()
    stream = TelegramStream(collector, KEYS[0], KEYS[1], aes)
    bursts = []
    try:
        bursts = bursts_of(path)
    except (ValueError, UnicodeError):
        collector.on_error(UNKNOWN_DATA, "the file is not hexadecimal", 0)
    for octets in bursts:
        for at in range(0, len(octets), _CHUNK):
            feed(stream, octets[at : at + _CHUNK])
        stream.silence()
    if not collector.readings and not collector.errors:
        total = sum([len(octets) for octets in bursts])
        collector.on_error(UNKNOWN_DATA, "no telegram in %d octets" % total, 0)
    return {
        "file": path,
        "readings": collector.readings,
        "errors": collector.errors,
        "frames": stream.frames,
    }


for path in sys.argv[3:]:
    print(json.dumps(decode(path)))

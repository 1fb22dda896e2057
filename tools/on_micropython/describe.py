"""Decode octets with an owner's descriptors. Started by tools/describe.py.

Arguments: FILE of octets, optional text of descriptors.
"""

import json
import sys

import clock
from feeding import feed
from han import inspector
from han.decode import Decoder
from han.descriptors import NAMES, DescriptorError
from han.stream import TelegramStream

decoder = Decoder()


class Printer:
    """A TelegramStream's sink that prints readings, unknown lists and errors."""

    def on_reading(self, reading):
        parts = ['"list_type": %d' % reading.list_type]
        for name, value in zip(NAMES, reading.values):
            if value is not None:
                value = clock.iso(value) if name.endswith("_time_local") else value
                parts.append('"%s": %s' % (name, json.dumps(value)))
        print("{" + ", ".join(parts) + "}")

    def on_unknown(self, reading):
        for line in inspector.lines(decoder.unknown):
            print(line)

    def on_error(self, code, reason, offset):
        print("error: " + reason)


def main(arguments):
    if len(arguments) > 1:
        with open(arguments[1]) as f:
            try:
                decoder.use(f.read())
            except DescriptorError as e:
                print("%s: %s" % (arguments[1], e))
                return 1
    with open(arguments[0], "rb") as f:
        octets = f.read()
    stream = TelegramStream(Printer(), decoder=decoder)
    feed(stream, octets)
    stream.silence()
    return 0


sys.exit(main(sys.argv[1:]))

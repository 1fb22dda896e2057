"""Parse price documents with the frozen firmware and print the heap that takes.

Arguments  files, each a document
Out        rows "PARSING live high left slots file": octets above idle at the fullest moment, after
           a collection and with garbage as gc.threshold() of app.py leaves it; octets above idle
           when all is done; known quarters
How        each document is read twice: to collect at each piece, and not to
"""

import gc
import sys

import clock
import fmt
import records
from config import Config
from log import Log
from prices.store import Prices

RESIDENT = (clock, fmt, records)  # loaded in the reader anyway, also without prices
_PIECE = 512
_THRESHOLD = 4096  # of app.py


class Files:
    """Keeps nothing: what is stored is not on the heap of a chip."""

    held = ""

    def read(self, name):
        return None

    def read_into(self, name, at, buf):
        return 0

    def write(self, name, chunks):
        return True

    def read_json(self, name):
        return {}

    def write_json(self, name, values):
        return True


def used():
    gc.collect()
    return gc.mem_alloc()


def parse(prices, path, piece, collect, now):
    """(most octets, quarters) while a document is read from a file and taken."""
    most = 0
    document = prices.receive()
    with open(path, "rb") as f:
        while True:
            count = f.readinto(piece)
            if not count:
                break
            document.feed(piece, count)
            most = max(most, used() if collect else gc.mem_alloc())
    fault, _ = prices.take(document, now)
    if fault:
        raise ValueError(fault)
    return max(most, used() if collect else gc.mem_alloc()), prices.end - prices.begin


def main():
    gc.threshold(_THRESHOLD)
    prices = Prices(Files(), Config({}, {}), Log(lambda: 0, False))
    piece = bytearray(_PIECE)
    now = int(sys.argv[1])
    for path in sys.argv[2:]:
        parse(prices, path, piece, True, now)  # names are interned once
        idle = used()
        live, slots = parse(prices, path, piece, True, now)
        left = used() - idle
        high, _ = parse(prices, path, piece, False, now)
        print("PARSING", live - idle, high - idle, left, slots, path)


main()

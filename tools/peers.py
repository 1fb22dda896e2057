"""The same telegrams through other decoders, on CPython. Started by tools/bench.py on its own:
amshan's package is called han, like one of the firmware's.

    python tools/peers.py FILE      of lines NAME HEX POWER

Prints NAME microseconds for each, "-" if the peer decodes nothing, or another power or no energy.
"""

import sys
import time
from pathlib import Path

from han.autodecoder import AutoDecoder
from han.hdlc import HdlcFrameReader


def measure(octets: bytes, power: int, energy: bool) -> "float | None":
    """Microseconds a telegram, best of 5 rounds; the reader and decoder are kept as it advises."""
    reader = HdlcFrameReader()
    decoder = AutoDecoder()

    def telegram() -> dict[str, object]:
        (frame,) = reader.read(octets)
        return decoder.decode_message(frame) or {}

    try:
        values = telegram()
        if values.get("active_power_import") != power:
            return None
        if energy and not values.get("active_power_import_total"):
            return None
    except Exception:  # some lists make it raise AttributeError or KeyError
        return None
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        for _ in range(20):
            telegram()
        best = min(best, (time.perf_counter() - begin) / 20 * 1e6)
    return best


for line in Path(sys.argv[1]).read_text().splitlines():
    name, digits, power, energy = line.split()
    value = measure(bytes.fromhex(digits), int(power), energy == "1")
    print(name, "-" if value is None else f"{value:.1f}")

"""Times other decoders on the same telegrams, on CPython.

    python tools/peers.py FILE

In       lines NAME HEX POWER ENERGY
Out      NAME and microseconds for amshan and for gurux_dlms; "-" if the peer does not decode the
         telegram: no result, or for amshan a wrong power or a missing energy
Limits   a process of its own, started by tools/bench.py: amshan's package has the firmware's name
         han
"""

import contextlib
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

from gurux_dlms import GXByteBuffer, GXReplyData
from gurux_dlms.enums import InterfaceType
from gurux_dlms.secure import GXDLMSSecureClient
from han.autodecoder import AutoDecoder
from han.dlde import ModeDReader
from han.hdlc import HdlcFrameReader

Decode = Callable[[], object]


def amshan(octets: bytes, power: int, energy: bool) -> "Decode | None":
    """amshan's reader and decoder, reused for each telegram as its documentation advises."""
    reader = ModeDReader() if octets[:1] == b"/" else HdlcFrameReader()
    decoder = AutoDecoder()

    def telegram() -> dict[str, object]:
        (frame,) = reader.read(octets)
        return decoder.decode_message(frame) or {}

    try:
        values = telegram()
    except Exception:  # AttributeError or KeyError for some lists
        return None
    if values.get("active_power_import") != power:
        return None
    return telegram if not energy or values.get("active_power_import_total") else None


def gurux(octets: bytes) -> "Decode | None":
    """gurux_dlms with a new client per telegram: a client keeps incomplete frames."""

    def telegram() -> object:
        client = GXDLMSSecureClient(True)
        client.clientAddress = client.serverAddress = 0
        client.interfaceType = InterfaceType.HDLC
        notify = GXReplyData()
        client.getData(GXByteBuffer(octets), GXReplyData(), notify)
        return notify.value

    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return telegram if telegram() else None
    except Exception:
        return None


def measure(telegram: "Decode | None") -> str:
    """Microseconds per telegram, best of 5 rounds."""
    if telegram is None:
        return "-"
    best = float("inf")
    with contextlib.redirect_stdout(io.StringIO()):
        for _ in range(5):
            begin = time.perf_counter()
            for _ in range(20):
                telegram()
            best = min(best, (time.perf_counter() - begin) / 20 * 1e6)
    return f"{best:.1f}"


for line in Path(sys.argv[1]).read_text().splitlines():
    name, digits, power, energy = line.split()
    octets = bytes.fromhex(digits)
    print(name, measure(amshan(octets, int(power), energy == "1")), measure(gurux(octets)))

"""Lists that another implementation encodes must decode to the values it was given.

gurux_dlms makes the octets of the notification and of each data type from XML; it shares nothing
with the firmware or with tools/encoders. Both runtimes decode them, and 32-bit words where a
32-bit MicroPython is to be had.
"""

import json
import os
import subprocess
from pathlib import Path
from random import Random

import pytest
from frames import Sink, frame
from gurux_dlms.enums.TranslatorOutputType import TranslatorOutputType
from gurux_dlms.GXDLMSTranslator import GXDLMSTranslator
from han.descriptors import NAMES
from han.stream import TelegramStream
from streams import feed

from tools.runtime import MICROPYTHON, MICROPYTHON32, ROOT, environment

pytestmark = pytest.mark.long

RANDOM = Random(3)

# Value of each type, and the most that fits it without being "not available".
NUMBERS = {
    "Int8": (8, True),
    "UInt8": (8, False),
    "Int16": (16, True),
    "UInt16": (16, False),
    "Int32": (32, True),
    "UInt32": (32, False),
    "Int64": (64, True),
    "UInt64": (64, False),
}
CODES = {
    "power_import_w": "0100010700FF",
    "power_export_w": "0100020700FF",
    "reactive_export_var": "0100040700FF",
    "energy_import_wh": "0100010800FF",
    "energy_export_wh": "0100020800FF",
    "reactive_energy_import_varh": "0100030800FF",
    "power_import_l2_w": "0100290700FF",
}


def number(kind: str, value: int) -> str:
    bits, _ = NUMBERS[kind]
    return f'<{kind} Value="{value % (1 << bits):0{bits // 4}X}" />'


def scaled_item(code: str, kind: str, value: int) -> str:
    scaler = number("Int8", 0) + '<Enum Value="1B" />'
    structure = f'<OctetString Value="{code}" />{number(kind, value)}'
    return f'<Structure Qty="03">{structure}<Structure Qty="02">{scaler}</Structure></Structure>'


def notification(values: dict[str, tuple[str, int]]) -> bytes:
    """The APDU of an Aidon-like array with these values."""
    items = "".join(scaled_item(CODES[name], *value) for name, value in values.items())
    xml = (
        '<DataNotification><LongInvokeIdAndPriority Value="40000000" /><DateTime Value="" />'
        f'<NotificationBody><DataValue><Array Qty="{len(values):02X}">{items}</Array>'
        "</DataValue></NotificationBody></DataNotification>"
    )
    return bytes.fromhex(GXDLMSTranslator(TranslatorOutputType.SIMPLE_XML).xmlToHexPdu(xml))


def sample() -> dict[str, tuple[str, int]]:
    values = {}
    for name in CODES:
        kind = RANDOM.choice(list(NUMBERS))
        bits, signed = NUMBERS[kind]
        top = (1 << bits - signed) - 2
        low = -(1 << bits - 1) if signed else 0
        edge = [low, 0, 1, top, top // 2, RANDOM.randint(low, top)]
        values[name] = (kind, RANDOM.choice(edge))
    return values


CASES = [sample() for _ in range(60)]
FRAMES = [frame(b"\xe6\xe7\x00" + notification(case)) for case in CASES]


def test_on_cpython() -> None:
    for case, octets in zip(CASES, FRAMES, strict=True):
        sink = Sink()
        stream = TelegramStream(sink)
        feed(stream, octets)
        (reading,) = sink.readings
        for name, (_, value) in case.items():
            assert reading.values[NAMES.index(name)] == value, (name, case[name])


@pytest.mark.parametrize("interpreter", [MICROPYTHON, MICROPYTHON32], ids=["64 bit", "32 bit"])
def test_on_micropython(interpreter: Path, tmp_path: Path) -> None:
    if interpreter is MICROPYTHON32 and not interpreter.exists():
        assert os.environ.get("CI") != "true", "make setup-tests fetches it"
        return
    files = []
    for i, octets in enumerate(FRAMES):
        files.append(tmp_path / f"{i}.hex")
        files[-1].write_text(octets.hex())
    script = ROOT / "tools" / "on_micropython" / "decode.py"
    done = subprocess.run(
        [interpreter, "-X", "heapsize=4M", script, "", "", *files],
        env=environment("firmware"), text=True, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    for case, line in zip(CASES, done.stdout.splitlines(), strict=True):
        (reading,) = json.loads(line)["readings"]
        for name, (_, value) in case.items():
            assert reading[name] == value, (name, case[name])

"""The two slots of a simulated board with an image in each, and the firmware that runs in each.

An image is any octets with a header and a signed trailer; which firmware runs is said by the slot.
"""

import functools
import importlib.util
import struct
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tools import boards, build, simulation
from tools.runtime import ROOT

KEY = Ed25519PrivateKey.from_private_bytes(b"key of the tests, not of anybody")
BUILT = 1_767_225_600  # as in firmware/system.py
CHIPS = {"esp32": 0, "esp32s2": 2}
_SIZE = 0x40000

_spec = importlib.util.spec_from_file_location("sim_bootloader", ROOT / "boards/sim/bootloader.py")
assert _spec and _spec.loader
bootloader = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bootloader)

# A trial of the tests lasts two seconds, and gives up after a minute: a machine may be busy.
SHORT = (
    ("upgrade/trial.py", "_HEALTHY_S = const(60)", "_HEALTHY_S = const(2)"),
    (
        "upgrade/trial.py",
        "_LONGEST_S = const(300)",
        "_LONGEST_S = const(60)",
    ),
)


def image(
    content: bytes,
    version: str = "v0.2.0",
    built: int = BUILT + 86400,
    chip: str = "esp32s2",
    family: str = "pow",
    header: str = "esp32s2",
    key: Ed25519PrivateKey = KEY,
) -> bytes:
    """A signed image."""
    made: bytes = bootloader.image(content, CHIPS[header])
    trailer = struct.pack(
        "<8sII16s16s16s32s", b"HANREAD1", len(made), built, version.encode(), chip.encode(),
        family.encode(), sha256(made).digest(),
    )  # fmt: skip
    return made + trailer + key.sign(trailer)


@functools.cache
def _prepared() -> tuple[dict[str, Path], dict[str, str]]:
    """The sources of the firmware, and their texts as they are compiled."""
    ours = [ROOT / "firmware", *boards.modules("sim")]
    sources = build.collect(ours)
    return sources, build._texts(sources, ours)


def firmware(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """A ROM image of the firmware with the key of the tests and these edits: (file, old, new)."""
    public = KEY.public_key().public_bytes_raw()
    sources, texts = _prepared()
    edited: dict[str, str] = {}
    for name, old, new in (*edits, ("device/keys.py", "= ()", f"= ({public!r},)")):
        text = edited.get(name, texts[name])
        assert old in text, (name, old)
        edited[name] = text.replace(old, new)
    out = folder / f"built{len(list(folder.glob('built*')))}"
    simulation.copy_built(out)
    for name, text in edited.items():
        build._make(sources[name], name, text, out / build._target(name), "x64")
    rom = out.with_suffix(".rom")
    simulation.make_image(out, rom)
    return rom


class Slots:
    """roms: label of a slot -> the ROM image that runs in it."""

    def __init__(self, folder: Path, roms: dict[str, Path]) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.roms = roms
        self.started: list[str] = []
        bootloader.make(str(folder), _SIZE)
        bootloader.install(str(folder), 0, image(b"old" * 5000, "v0.1.0", BUILT))

    def start(self) -> Path:
        """The boot loader's choice at a start."""
        label = bootloader.start(str(self.folder))
        assert label, "neither slot has a whole image"
        self.started.append(label)
        return self.roms[label]

"""What each module and object of the firmware holds in the heap.

    python -m tools.memory

Octets after gc.collect(): at 64-bit words with the firmware in a ROM image as in the simulation,
the same at the 32-bit words of the ESP32, and there with the firmware as .mpy files. A module's
figure includes the growth of what all share: the interpreter's tables of names grow by doubling.
"""

import ctypes
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import build, simulation
from tools.runtime import MICROPYTHON32, ROOT, environment

SCRIPT = ROOT / "tools" / "on_micropython" / "memory.py"
HEAP = "2M"
_IMAGE32 = ROOT / "build" / "sim32.romfs"


def arguments(data: str) -> list[str]:
    return ["--data", data, "--www", str(ROOT / "build" / "www"), "--wire", "127.0.0.1:1"]


def measure64(data: str) -> str:
    """The rows at 64-bit words; MicroPython runs inside a process of its own."""
    command = [sys.executable, "-m", "tools.memory", "in-process", data]
    return subprocess.run(command, env=environment(), text=True, stdout=subprocess.PIPE,
                          check=True, cwd=ROOT).stdout  # fmt: skip


def in_process(data: str) -> int:
    """MicroPython in this process, so that the image can be handed over by its address."""
    import micropython_unix

    octets = simulation.IMAGE.read_bytes()
    rom = ctypes.create_string_buffer(octets, len(octets))
    place = [str(ctypes.addressof(rom)), str(len(octets))]
    sys.argv = ["micropython", "-X", f"heapsize={HEAP}", str(SCRIPT), *place, *arguments(data)]
    return int(micropython_unix.main() or 0)


def measure32(data: str) -> list[str]:
    """The rows at 32-bit words, from a ROM image and from files."""
    tree = ROOT / "build" / "sim32"
    build.build("x86", tree, [ROOT / "boards" / "sim"])
    simulation.make_image(tree, _IMAGE32)
    columns = []
    for place in (("image", _IMAGE32), ("files", tree)):
        command = [MICROPYTHON32, "-X", f"heapsize={HEAP}", SCRIPT, *place, *arguments(data)]
        columns.append(subprocess.run(command, env=environment(), text=True,
                                      stdout=subprocess.PIPE, check=True).stdout)  # fmt: skip
    return columns


def _parts(line: str) -> tuple[str, str, str]:
    return line.partition(" ")


def table(columns: list[str]) -> str:
    """The rows of all columns side by side, the largest first, and their sums."""
    found = [
        {name: int(octets) for octets, _, name in map(_parts, column.splitlines())}
        for column in columns
    ]
    names = sorted(found[0], key=lambda name: -found[0][name])
    rows = [[*(str(column.get(name, "")) for column in found), name] for name in names]
    rows.append([*(str(sum(column.values())) for column in found), "in all"])
    return "\n".join("".join(f"{cell:>9}" for cell in row[:-1]) + "  " + row[-1] for row in rows)


def main() -> int:
    if sys.argv[1:2] == ["in-process"]:
        return in_process(sys.argv[2])
    simulation.prepare()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        columns = [measure64(str(data))]
        if MICROPYTHON32.exists():
            columns += measure32(str(data))
    print("   64 bit   32 bit    files")
    print(table(columns))
    return 0


if __name__ == "__main__":
    sys.exit(main())

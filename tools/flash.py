"""Puts an image on a board over its cable, and gets it back.

    python -m tools.flash --board pow_u                     the image that make firmware built
    python -m tools.flash --offline pow_u-v1.0.0-full.bin   a file that was downloaded
    python -m tools.flash --restore backups/....bin         settings and history, from a backup

In       a full image or an application, signed or not; the board at --port, or the only one there
Steps    find the port, read the chip, refuse a wrong file, save the data partition into --backups,
         erase and write by tools/flash_plan.py, compare every block
Again    after a cable was pulled: what is in flash already is not written again
Errors   in words with the remedy; exit code 1. No board is changed before all checks passed

Runs where esptool runs, which is all it needs: Linux, macOS, Windows.
"""

import argparse
import codecs
import contextlib
import hashlib
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import serial
from esptool import cmds
from esptool.loader import ESPLoader
from esptool.util import FatalError
from serial.tools import list_ports

from tools import boards, flash_plan, partitions
from tools.flash_plan import Board, FlashError, Image, Step
from tools.partitions import TableError
from tools.runtime import ROOT

BACKUPS = ROOT / "backups"
BLOCK = 0x20000  # octets that are compared, and written if they differ
_FAST = 460800
_MONITOR_BAUD = 115200
# Makers of USB adapters on boards, and the chip's own USB.
_ADAPTERS = {0x303A, 0x10C4, 0x1A86, 0x0403, 0x067B}

HOW_TO_START = """\
Bring the board into its chip's boot loader:
  1. Connect it with a USB cable that has data lines. A Pow-K+ or Pow-U+ charges a minute.
  2. Press and hold AP (on other boards BOOT, or GPIO 0).
  3. Press and release RES (RST, EN).
  4. Release AP. A new port appears."""
WHAT_NEXT = """\
Done. Now:
  1. Press and release RES.
  2. Connect to the access point of the reader with a telephone or computer.
  3. Open http://192.168.4.1 and give it the network of your home."""


def choose_port(ports: Iterable[tuple[str, int | None, str]]) -> str:
    """The port of the only board. In: (name, USB vendor, description). FlashError in words."""
    found = [port for port in ports if port[1] is not None]
    known = [port for port in found if port[1] in _ADAPTERS] or found
    if not known:
        raise FlashError(f"No board found.\n{HOW_TO_START}")
    if len(known) > 1:
        names = "\n".join(f"  --port {name}   {text}" for name, _, text in known)
        raise FlashError(f"More than one board found, say which one:\n{names}")
    return known[0][0]


def _ports() -> list[tuple[str, int | None, str]]:
    return [(port.device, port.vid, port.description) for port in list_ports.comports()]


@contextlib.contextmanager
def connected(port: str, before: str, stub: bool):  # type: ignore[no-untyped-def]
    """An esptool loader with the flash attached. FlashError if nothing answers."""
    try:
        esp = cmds.detect_chip(port, connect_mode=before)
    except (FatalError, OSError) as e:
        raise FlashError(f"{port}: {e}\n{HOW_TO_START}") from None
    try:
        if stub:
            esp = cmds.run_stub(esp)
            if not port.startswith("socket:"):
                esp.change_baud(_FAST)
        cmds.attach_flash(esp)
        yield esp
    except (FatalError, serial.SerialException, OSError) as e:
        raise FlashError(
            f"The connection was lost: {e}\nPlug the cable in and start again with the same "
            f"command: it goes on where it stopped.\n{HOW_TO_START}"
        ) from None
    finally:
        with contextlib.suppress(Exception):
            esp._port.close()


def read_board(esp: ESPLoader) -> Board:
    """Chip, flash and table of a connected board."""
    size = cmds.detect_flash_size(esp) or "4MB"
    mac = "".join(f"{octet:02x}" for octet in esp.read_mac())
    octets = esp_read(esp, partitions.AT, partitions.SIZE)
    try:
        table = tuple(partitions.from_octets(octets))
    except TableError:
        table = ()
    chip = esp.CHIP_NAME.lower().replace("-", "")
    octets_of_flash = int(size.removesuffix("MB")) << 20 if size.endswith("MB") else 1 << 19
    return Board(chip, octets_of_flash, table, mac)


def esp_read(esp: ESPLoader, at: int, size: int) -> bytes:
    return bytes(cmds.read_flash(esp, at, size, flash_size="4MB") or b"")


class Flasher:
    """Runs steps on a connected board."""

    def __init__(self, esp: ESPLoader, show: Callable[[str], None] = print) -> None:
        self._esp = esp
        self._show = show
        self.written = 0  # octets that were not in flash already
        self.backup: Path | None = None

    def run(self, steps: Sequence[Step], board: Board, backups: Path) -> None:
        """Run the steps in order. FlashError if a comparison fails."""
        for number, step in enumerate(steps, 1):
            self._show(f"{number} of {len(steps)}: {step.text}")
            if step.kind == "backup":
                self._save(step, board, backups)
            elif step.kind == "erase":
                cmds.erase_flash(self._esp)
            elif step.kind == "blank":
                self._write(step.at, b"\xff" * step.size)
            else:
                self._write(step.at, step.octets)

    def _save(self, step: Step, board: Board, backups: Path) -> None:
        octets = esp_read(self._esp, step.at, step.size)
        if len(octets) != step.size:
            raise FlashError("The data partition could not be read: nothing was changed.")
        if octets.strip(b"\xff") == b"":
            self._show("  the data partition is empty: no backup")
            return
        backups.mkdir(parents=True, exist_ok=True)
        stamp = time.strftime("%Y%m%d-%H%M%S")
        self.backup = backups / f"{board.mac}-{stamp}.bin"
        self.backup.write_bytes(octets)
        self._show(f"  saved as {self.backup}")

    def _write(self, at: int, octets: bytes) -> None:
        """Write what differs, block by block, then compare all."""
        for begin in range(0, len(octets), BLOCK):
            block = octets[begin : begin + BLOCK]
            if self._holds(at + begin, block):
                continue
            # esptool's own check of images is for whole files.
            cmds.write_flash(self._esp, [(at + begin, block)], force=True)
            self.written += len(block)
            if not self._holds(at + begin, block):
                raise FlashError(
                    f"The flash differs at {at + begin:#x} after writing: try again, with another "
                    "cable or supply if it stays so."
                )

    def _holds(self, at: int, octets: bytes) -> bool:
        digest = self._esp.flash_md5sum(at, len(octets))
        return bool(digest == hashlib.md5(octets).hexdigest())


def built_image(board: str) -> Path:
    """The full image that `make firmware` made last. FlashError if there is none."""
    found = sorted(boards.IMAGES.glob(f"{board}-*-full.bin"), key=lambda p: p.stat().st_mtime)
    if not found:
        raise FlashError(
            f"There is no image of {board}: make firmware BOARD={board}, or --offline FILE with a "
            "file from the project's releases."
        )
    return found[-1]


def read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        raise FlashError(f"{path}: {e.strerror}") from None


def monitor(port: str, patience_s: float = 30) -> None:
    """Print what the board says, until Ctrl-C or until it is gone. A port on the chip's own USB
    comes back some seconds after a reset. A Pow board has its console on pins, not on USB."""
    print(f"console of {port}; Ctrl-C ends it", flush=True)
    give_up = time.monotonic() + patience_s
    line, text = None, codecs.getincrementaldecoder("utf-8")("replace")
    with contextlib.suppress(KeyboardInterrupt):
        while line is None:
            try:
                line = serial.serial_for_url(port, _MONITOR_BAUD, timeout=1)
            except serial.SerialException as e:
                if time.monotonic() > give_up:
                    raise FlashError(f"{port} did not come back: {e}") from None
                time.sleep(0.5)
        try:
            while True:
                octets = line.read(max(1, line.in_waiting))
                print(text.decode(octets), end="", flush=True)
        except serial.SerialException:
            print("\nthe board is gone")


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        prog="python -m tools.flash", description="Put an image on a board.", epilog=HOW_TO_START,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    p.add_argument("--board", choices=boards.BOARDS, help="the board: its own image, its chip")
    p.add_argument("--offline", type=Path, metavar="FILE", help="an image that is here already")
    p.add_argument("--restore", type=Path, metavar="FILE", help="a backup to write back")
    p.add_argument("--port", help="as in /dev/ttyACM0 or COM4; else the only one is taken")
    p.add_argument("--backups", type=Path, default=BACKUPS, metavar="DIR", help="their folder")
    p.add_argument("--erase", action="store_true", help="erase settings and history too")
    p.add_argument("--dry-run", action="store_true", help="print the steps, open no port")
    p.add_argument("--monitor", action="store_true", help="then print the board's console")
    p.add_argument(
        "--before", default="default-reset", choices=("default-reset", "usb-reset", "no-reset"),
        help="how esptool resets the board: no-reset if you did it by its buttons",
    )  # fmt: skip
    p.add_argument("--no-stub", action="store_true", help="use the chip's boot loader alone")
    return p


def _steps(
    args: argparse.Namespace, octets: bytes, image: Image | None, board: Board
) -> list[Step]:
    if args.board and boards.chip(args.board) != board.chip:
        name = boards.board_constants(args.board)["NAME"]
        raise FlashError(
            f"A {name} has an {flash_plan.nice(boards.chip(args.board))}, this board an "
            f"{flash_plan.nice(board.chip)}: is it the right port?"
        )
    if image is None:
        return flash_plan.plan_restore(octets, board)
    return flash_plan.plan(image, board, args.erase)


def _run(args: argparse.Namespace) -> None:
    if not (args.board or args.offline or args.restore):
        raise FlashError("Say --board NAME, --offline FILE or --restore FILE.")
    path = args.restore or args.offline or built_image(args.board)
    octets = read_file(path)
    image = None if args.restore else flash_plan.read_image(octets)
    if args.dry_run:
        own = tuple(image.table) if image else ()
        table = own or tuple(partitions.from_csv(boards.TABLE))
        chip = image.chip if image else boards.chip(args.board or "pow_u")
        print(f"{path}, for an {flash_plan.nice(chip)} with this project's partition table")
        print(flash_plan.describe(_steps(args, octets, image, Board(chip, table=table))))
        return
    port = args.port or choose_port(_ports())
    with connected(port, args.before, not args.no_stub) as esp:
        board = read_board(esp)
        print(f"{flash_plan.nice(board.chip)} {board.mac} at {port}")
        steps = _steps(args, octets, image, board)
        print(flash_plan.describe(steps))
        Flasher(esp).run(steps, board, args.backups)
    print(WHAT_NEXT)
    if args.monitor:
        monitor(port)


def main(arguments: Sequence[str] | None = None) -> int:
    args = parser().parse_args(arguments)
    try:
        _run(args)
    except FlashError as e:
        print(f"flash: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

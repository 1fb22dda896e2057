"""Builds a board's image, with ESP-IDF in a container or installed here.

    make firmware BOARD=pow_u                 or
    python -m tools.image firmware --board pow_u [--micropython DIR] [--idf DIR]
                                   [--container docker|podman] [--key FILE] [--dry-run]

In       a checkout of MicroPython at the tag MICROPYTHON, with its submodules; ESP-IDF of the
         version IDF; firmware/, boards/ and the web page
Out      build/firmware/<board>-<version>.bin, for an upload page, signed if there is a key;
         <board>-<version>-full.bin, for an empty flash from address 0; <board>-<version>.json
Checks   versions, names of settings, table, size against the slot, chip and checksum of the image
Errors   one line with the remedy for the first thing that is missing; exit code 1
"""

import argparse
import hashlib
import json
import os
import re
import shlex
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from esptool.bin_image import LoadFirmwareImage
from esptool.util import FatalError

from tools import boards, build, page, partitions, settings
from tools.runtime import ROOT

MICROPYTHON = "v1.28.0"
IDF = "v5.3.1"  # the RAM of docs/low-ram.md was measured with these two
CONTAINER = f"docker.io/espressif/idf:{IDF}"
FLASH_SIZE = 4 << 20
TABLE = boards.TABLE
HOME = boards.IMAGES
TRAILER = 160  # octets of a signature after the application: firmware/device/signature.py
# Octets of an image of MicroPython 1.28 by the settings of boards/common, without what is frozen:
# measured of an ESP32-S2. A stock ESP32 has 45,264 more, and the settings leave out no USB there.
BARE = {"esp32s2": 1_121_136 - 194_240, "esp32": 1_121_136 - 194_240 + 45_264 + 18_600}
_ORIGIN = "https://github.com/micropython/micropython"
_VERSION = re.compile(r'^VERSION = (?:const\()?"([^"]+)"', re.MULTILINE)
_CHIP_IDS = {"esp32": 0, "esp32s2": 2}


class FirmwareError(Exception):
    """What is missing or wrong, and the remedy."""


@dataclass(frozen=True)
class Places:
    """Where the parts of a build are."""

    board: str
    micropython: Path
    idf: Path | None  # None: in the container
    engine: str  # docker or podman

    @property
    def objects(self) -> Path:
        return HOME / self.board


def version() -> str:
    """The firmware's version."""
    found = _VERSION.search((ROOT / "firmware" / "system.py").read_text())
    if found is None:
        raise FirmwareError("firmware/system.py has no VERSION")
    return found[1]


def _output(command: list[str]) -> str:
    """What a command prints; "" if it fails or is not there."""
    try:
        done = subprocess.run(command, text=True, capture_output=True, check=False)
    except OSError:
        return ""
    return "" if done.returncode else done.stdout.strip()


def check_micropython(folder: Path, run: Callable[[list[str]], str] = _output) -> str:
    """The commit of the checkout. FirmwareError if it is missing or another version."""
    get = (
        f"git clone --depth 1 --branch {MICROPYTHON} {_ORIGIN} {folder} && "
        f"git -C {folder} submodule update --init --depth 1 lib/micropython-lib lib/tinyusb "
        "lib/berkeley-db-1.xx"
    )
    if not (folder / "ports" / "esp32" / "Makefile").is_file():
        raise FirmwareError(f"no checkout of MicroPython in {folder}:\n  {get}")
    tag = run(["git", "-C", str(folder), "describe", "--tags", "--exact-match", "HEAD"])
    if tag != MICROPYTHON:
        other = tag or "no release"
        raise FirmwareError(
            f"{folder} is {other}, not {MICROPYTHON}:\n  "
            f"git -C {folder} fetch --depth 1 origin tag {MICROPYTHON} && "
            f"git -C {folder} checkout {MICROPYTHON}"
        )
    # A build writes the versions of ESP-IDF's components there.
    lockfiles = ":(exclude)ports/esp32/lockfiles"
    status = ["git", "-C", str(folder), "status", "--porcelain", "--ignore-submodules=untracked"]
    if run([*status, "--", ".", lockfiles]):
        raise FirmwareError(f"{folder} has changes: git -C {folder} stash")
    if not (folder / "lib" / "micropython-lib" / "README.md").is_file():
        raise FirmwareError(f"{folder} has no submodules:\n  {get.partition(' && ')[2]}")
    return run(["git", "-C", str(folder), "rev-parse", "HEAD"])


def idf_version(folder: Path) -> str:
    """The version of a checkout of ESP-IDF, as v5.3.1; "" if it is none."""
    path = folder / "tools" / "cmake" / "version.cmake"
    text = path.read_text() if path.is_file() else ""
    parts = re.findall(r"set\(IDF_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)\)", text)
    return "v" + ".".join(parts).removesuffix(".0") if len(parts) == 3 else ""


def find_idf(folder: Path | None, engine: str | None) -> tuple[Path | None, str]:
    """(checkout of ESP-IDF, "") or (None, container engine). FirmwareError if there is neither."""
    if folder is not None:
        found = idf_version(folder)
        if found != IDF:
            raise FirmwareError(
                f"{folder} is {'ESP-IDF ' + found if found else 'no ESP-IDF'}, not {IDF}:\n"
                f"  git clone --depth 1 --recursive --branch {IDF} "
                f"https://github.com/espressif/esp-idf {folder} && {folder}/install.sh "
                "esp32,esp32s2"
            )
        return folder, ""
    for name in (engine,) if engine else ("docker", "podman"):
        if shutil.which(name):
            return None, name
    raise FirmwareError(
        f"{engine or 'neither docker nor podman'} is not here, and no --idf DIR is given: "
        f"install one of them, or ESP-IDF {IDF}"
    )


def commands(places: Places) -> list[list[str]]:
    """The commands that build the image, with ESP-IDF's environment around them."""
    port = places.micropython / "ports" / "esp32"
    target = [f"BOARD={places.board}", f"BOARD_DIR={ROOT / 'boards' / places.board}"]
    target.append(f"BUILD={places.objects}")
    names = ["python3", str(ROOT / "tools" / "settings.py")]
    names += ["--micropython", str(places.micropython), "--idf"]
    compiler = ["make", "-C", str(places.micropython / "mpy-cross")]
    image = ["make", "-C", str(port), *target]
    lines = [shlex.join(names) + ' "$IDF_PATH"', shlex.join(compiler), shlex.join(image)]
    if places.idf is not None:
        script = f". {shlex.quote(str(places.idf / 'export.sh'))} && " + " && ".join(lines)
        return [["bash", "-c", script]]
    run = [places.engine, "run", "--rm", "--env", "HOME=/tmp"]
    if places.engine == "docker" and hasattr(os, "getuid"):
        run += ["--user", f"{os.getuid()}:{os.getgid()}"]
    folders = dict.fromkeys([ROOT, places.micropython])  # under their own names
    run += [part for folder in folders for part in ("--volume", f"{folder}:{folder}")]
    return [[*run, "--workdir", str(port), CONTAINER, "bash", "-c", " && ".join(lines)]]


def prepare(board: str) -> None:
    """Write the sources that boards/common/manifest.py freezes."""
    page.build()
    own = [*boards.modules(board), *build.BOARD_CLASS]
    build.prepare(ROOT / "build" / "prepared" / board, own, page.OUT)


def check_application(octets: bytes, board: str, slot: int) -> None:
    """FirmwareError if it is not a whole application for the board's chip, or too long."""
    chip = boards.chip(board)
    if len(octets) < 24 or octets[0] != 0xE9:
        raise FirmwareError("the build made no application")
    if int.from_bytes(octets[12:14], "little") != _CHIP_IDS[chip]:
        raise FirmwareError(f"the application is not for an {chip}")
    try:
        image = LoadFirmwareImage(chip, octets)
    except (FatalError, IndexError, struct.error) as e:
        raise FirmwareError(f"the application is damaged: {e}") from None
    if image.checksum != image.calculate_checksum() or not image.append_digest:
        raise FirmwareError("the application's checksum is wrong, or it has no SHA-256")
    if image.stored_digest != image.calc_digest or len(octets) != image.data_length + 32:
        raise FirmwareError("the application's SHA-256 is wrong, or something follows it")
    if len(octets) + TRAILER > slot:
        over = len(octets) + TRAILER - slot
        raise FirmwareError(f"{len(octets)} octets with a signature are {over} over the slot")


def full_image(boot_loader: bytes, table: bytes, application: bytes) -> bytes:
    """The flash from address 0 to the application's end. The choice of a slot is erased, which
    starts the first one, and so is the radio's calibration."""
    rows = partitions.from_octets(table)
    if rows != partitions.from_csv(TABLE):
        raise FirmwareError(f"the build's partition table is not {TABLE.relative_to(ROOT)}")
    partitions.check(rows, FLASH_SIZE)
    if len(boot_loader) > partitions.AT - partitions.BOOT_LOADER_AT:
        raise FirmwareError(f"the boot loader has {len(boot_loader)} octets: it covers the table")
    flash = bytearray(b"\xff" * partitions.slots(rows)[0].offset)
    for at, part in ((partitions.BOOT_LOADER_AT, boot_loader), (partitions.AT, table)):
        flash[at : at + len(part)] = part
    return bytes(flash) + application


def sign_command(plain: Path, signed: Path, board: str, key: Path) -> list[str]:
    """The call of tools/sign.py."""
    fields = ["--version", version(), "--chip", boards.chip(board)]
    fields += ["--family", boards.family(board), "--out", str(signed)]
    return [sys.executable, "-m", "tools.sign", "sign", str(plain), "--key", str(key), *fields]


def finish(places: Places, commit: str, key: Path | None) -> list[Path]:
    """Check what was built and write the files of HOME. Returns them."""
    parts = ("bootloader/bootloader.bin", "partition_table/partition-table.bin", "micropython.bin")
    boot_loader, table, application = ((places.objects / part).read_bytes() for part in parts)
    slot = partitions.slots(partitions.from_csv(TABLE))[0].size
    check_application(application, places.board, slot)
    flash = full_image(boot_loader, table, application)
    stem = f"{places.board}-{version()}"
    plain, full = HOME / f"{stem}.bin", HOME / f"{stem}-full.bin"
    plain.write_bytes(application)
    full.write_bytes(flash)
    if key is not None:
        signed = HOME / f"{stem}-signed.bin"
        subprocess.run(sign_command(plain, signed, places.board, key), cwd=ROOT, check=True)
        signed.replace(plain)
    facts = {
        "board": places.board,
        "chip": boards.chip(places.board),
        "family": boards.family(places.board),
        "version": version(),
        "micropython": f"{MICROPYTHON} {commit}",
        "idf": IDF,
        "application": len(application),
        "free": slot - len(application) - TRAILER,
        "signed": key is not None,
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                   for path in (plain, full)},
    }  # fmt: skip
    notes = HOME / f"{stem}.json"
    notes.write_text(json.dumps(facts, indent=2) + "\n")
    return [plain, full, notes]


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        prog="python -m tools.image firmware", description="A board's image."
    )
    p.add_argument("--board", required=True, choices=boards.BOARDS)
    p.add_argument(
        "--micropython", type=Path, default=HOME / "micropython", help="checkout of MicroPython"
    )
    p.add_argument("--idf", type=Path, help=f"checkout of ESP-IDF {IDF}, else a container")
    p.add_argument("--container", choices=("docker", "podman"), help="the program for containers")
    p.add_argument("--key", type=Path, help="private key to sign with: tools/sign.py")
    p.add_argument("--dry-run", action="store_true", help="print the commands and run none")
    return p


def main(arguments: list[str]) -> int:
    args = parser().parse_args(arguments)
    idf = args.idf and args.idf.resolve()
    try:
        if args.dry_run:
            places = Places(
                args.board, args.micropython.resolve(), idf, args.container or "docker"
            )
            print(f"# MicroPython {MICROPYTHON}, ESP-IDF {IDF}")
            for command in commands(places):
                print(shlex.join(command))
            return 0
        if args.key and not args.key.is_file():
            raise FirmwareError(
                f"there is no key {args.key}: python -m tools.sign keys --out {args.key}"
            )
        partitions.check(partitions.from_csv(TABLE), FLASH_SIZE)
        prepare(args.board)
        commit = check_micropython(args.micropython.resolve())
        places = Places(args.board, args.micropython.resolve(), *find_idf(idf, args.container))
        unknown = settings.unknown(places.idf, places.micropython)
        if unknown:
            raise FirmwareError(f"settings that these versions do not have: {', '.join(unknown)}")
        for command in commands(places):
            print("firmware: " + shlex.join(command), flush=True)
            if subprocess.run(command).returncode:
                raise FirmwareError("the build failed: its last lines above say why")
        for path in finish(places, commit, args.key):
            print(f"{path.stat().st_size:9d}  {path.relative_to(ROOT)}")
    except (FirmwareError, build.BuildError, page.PageError, partitions.TableError) as e:
        print(f"firmware: {e}", file=sys.stderr)
        return 1
    except (OSError, subprocess.CalledProcessError) as e:
        print(f"firmware: {e}", file=sys.stderr)
        return 1
    return 0

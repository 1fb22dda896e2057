"""Images of a board's file system, littlefs, for a stock MicroPython with PSRAM.

    python -m tools.littlefs make --board BOARD --out FILE [--size OCTETS] [--config FILE]
    python -m tools.littlefs list FILE
    python -m tools.littlefs extract FILE FOLDER

make       the compiled firmware, the web page and a config.json as one image of the partition
           `vfs`: esptool writes it at 0x200000 of a board with 4 MB
list       the files of an image, for example of a partition that esptool has read
extract    writes them to a folder
Errors     LittlefsError; the command line prints it, exit code 1
Wire       littlefs 2; blocks of 4096 octets, read, program and look-ahead size
           as in MicroPython's VfsLfs2
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from littlefs import LittleFS, LittleFSError

from tools import install, page
from tools.boards import modules
from tools.build import BOARD_CLASS, ROOT, BuildError, build, size_table

BLOCK = 4096
VFS_AT = 0x200000  # of a stock MicroPython with its table for 4 MB
VFS_SIZE = 0x200000
_SIZES = {"block_size": BLOCK, "read_size": 32, "prog_size": 32, "lookahead_size": 32}
_OLDEST = 0x00020000  # disk version that each MicroPython mounts; a newer one makes it 2.1


class LittlefsError(Exception):
    """An image cannot be made or read; the message goes to the terminal."""


def image(files: Mapping[str, bytes], octets: int) -> bytes:
    """A file system of that size with these files, by absolute path."""
    if octets % BLOCK or octets < 2 * BLOCK:
        raise LittlefsError(f"{octets} octets are no whole number of blocks of {BLOCK}")
    whole = LittleFS(**_SIZES, disk_version=_OLDEST, block_count=octets // BLOCK)
    for path, content in sorted(files.items()):
        folder = PurePosixPath(path).parent
        try:
            whole.makedirs(str(folder), exist_ok=True)
            with whole.open(path, "wb") as f:
                f.write(content)
        except LittleFSError as e:
            total = sum(map(len, files.values()))
            raise LittlefsError(
                f"{path} does not fit: {total} octets for {octets} ({e.name})"
            ) from None
    return bytes(whole.context.buffer)


def contents(octets: bytes) -> dict[str, bytes]:
    """The files of an image, by absolute path. LittlefsError if it is none, or is damaged."""
    whole = LittleFS(**_SIZES, block_count=len(octets) // BLOCK, mount=False)
    whole.context.buffer = bytearray(octets)
    found = {}
    try:
        whole.mount()
        for folder, _, names in whole.walk("/"):
            for name in names:
                path = str(PurePosixPath(folder) / name)
                with whole.open(path, "rb") as f:
                    found[path] = f.read()
    except LittleFSError as e:
        raise LittlefsError(f"this is no littlefs, or it is damaged ({e.name})") from None
    return found


def firmware(board: str, config: "Path | None") -> dict[str, bytes]:
    """The files that tools.install copies to a board. Raises BuildError, InstallError."""
    out = ROOT / "build" / "device" / board
    built = build("xtensawin", out, [*modules(board), *BOARD_CLASS])
    page.build(out=ROOT / "build/www")
    files = install.files_for(built, out, ROOT / "build/www", config)
    return {file.remote: file.local.read_bytes() for file in files}


def _make(args: argparse.Namespace) -> None:
    files = firmware(args.board, args.config)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_bytes(image(files, args.size))
    print(f"{args.out}: {len(files)} files, {sum(map(len, files.values()))} octets, in "
          f"{args.size}; written at {VFS_AT:#x} of a board with 4 MB")  # fmt: skip


def _list(args: argparse.Namespace) -> None:
    found = contents(args.file.read_bytes())
    print(size_table((path, len(content)) for path, content in sorted(found.items())))


def _extract(args: argparse.Namespace) -> None:
    for path, content in contents(args.file.read_bytes()).items():
        target = args.folder.joinpath(*PurePosixPath(path).parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _octets(text: str) -> int:
    return int(text, 0)


def main(arguments: "Sequence[str] | None" = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.littlefs", description="Images of a board's file system."
    )
    kinds = parser.add_subparsers(required=True, metavar="COMMAND")
    one = kinds.add_parser("make", help="an image with the firmware")
    one.add_argument("--board", required=True, choices=install.BOARDS)
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--size", type=_octets, default=VFS_SIZE, help="of the partition, in octets")
    one.add_argument("--config", type=Path, help="settings to install as /config.json")
    one.set_defaults(do=_make)
    one = kinds.add_parser("list", help="the files of an image")
    one.add_argument("file", type=Path)
    one.set_defaults(do=_list)
    one = kinds.add_parser("extract", help="write the files of an image to a folder")
    one.add_argument("file", type=Path)
    one.add_argument("folder", type=Path)
    one.set_defaults(do=_extract)
    args = parser.parse_args(arguments)
    try:
        args.do(args)
    except (LittlefsError, BuildError, install.InstallError, OSError) as e:
        print(f"littlefs: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

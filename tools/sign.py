"""Keys, signatures and the manifest of firmware images. docs/signing.md has the steps.

    python -m tools.sign keys --out release.key
    python -m tools.sign sign IMAGE --key FILE --version V --chip CHIP --family FAMILY [--built S]
    python -m tools.sign check FILE [--public HEX]
    python -m tools.sign notes [--since TAG | --file FILE]
    python -m tools.sign manifest FILE... --notes FILE [--channel NAME] [--base URL] [--out FILE]

keys       makes a key pair. The private key is PKCS 8 in PEM, for its owner alone to read; printed
           is the line for firmware/device/keys.py
sign       writes IMAGE with a trailer of 160 octets, by default to IMAGE-signed.bin. --key - reads
           the key from standard input. Refused: no image of esptool, one of another chip, a
           damaged one, one with a trailer
check      prints what a trailer says, and whether image and signature are right. By default with
           the keys of firmware/device/keys.py
notes      release notes: the subjects of the commits since a tag, or a file
manifest   writes the list of the newest images, or renews one channel of it; the files are signed
           images of one version
Errors     one line on stderr; exit code 1
"""

import argparse
import ast
import hashlib
import json
import os
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from esptool.bin_image import LoadFirmwareImage
from esptool.util import FatalError

from tools.runtime import ROOT

KEYS = ROOT / "firmware" / "device" / "keys.py"
MAGIC = b"HANREAD1"
SIZE = 160
_HEAD = struct.Struct("<8sII16s16s16s32s")  # firmware/device/signature.py describes it
_CHIPS = {"esp32": 0, "esp32s2": 2}  # numbers of the chips in the header of an image
_CHIP_AT = 12
_DIGEST = 32  # octets of the digest that esptool appends
_MOST_NOTES = 600  # characters in a manifest: the reader has them in its heap


class SignError(Exception):
    """A refusal in words."""


@dataclass(frozen=True)
class Trailer:
    """What a trailer says of its image."""

    size: int
    built: int
    version: str
    chip: str
    family: str
    digest: bytes

    def octets(self) -> bytes:
        texts = [_field(name, getattr(self, name)) for name in ("version", "chip", "family")]
        return _HEAD.pack(MAGIC, self.size, self.built, *texts, self.digest)


def _field(name: str, text: str) -> bytes:
    octets = text.encode()
    if not 0 < len(octets) <= 16 or not all(32 < octet < 127 for octet in octets):
        raise SignError(f"the {name} must have 1 to 16 letters, digits or signs: not {text!r}")
    return octets


def chip_of(image: bytes) -> str:
    """The chip that an image of esptool is for, and that it is whole."""
    if len(image) < 24 or image[0] != 0xE9:
        raise SignError("this is no image of esptool: it does not start with E9")
    number = struct.unpack_from("<H", image, _CHIP_AT)[0]
    chip = next((name for name, known in _CHIPS.items() if known == number), None)
    if chip is None:
        raise SignError(f"the image is for a chip with the number {number}: none of ours")
    try:
        loaded = LoadFirmwareImage(chip, image)
    except (FatalError, RuntimeError, struct.error, IndexError) as e:
        raise SignError(f"the image is damaged: {e}") from None
    if not loaded.append_digest:
        raise SignError("the image has no digest at its end, so its damage would not be seen")
    if loaded.stored_digest != loaded.calc_digest:
        raise SignError("the image is damaged: its digest is wrong")
    more = len(image) - loaded.data_length - _DIGEST
    if more:
        raise SignError(f"{more} octets follow the image: is it the application alone?")
    return chip


def signed(image: bytes, said: Trailer, key: Ed25519PrivateKey) -> bytes:
    """The image with its trailer."""
    head = said.octets()
    return image + head + key.sign(head)


def make(image: bytes, version: str, built: int, chip: str, family: str) -> Trailer:
    """The trailer of an image; refuses one of another chip."""
    if image[-SIZE:].startswith(MAGIC):
        raise SignError("the image has a trailer already: sign what esptool made")
    found = chip_of(image)
    if found != chip:
        raise SignError(f"the image is for {found}, not for {chip}")
    return Trailer(len(image), built, version, chip, family, hashlib.sha256(image).digest())


def split(file: bytes) -> tuple[bytes, Trailer, bytes]:
    """(the image, what its trailer says, the signature). Checks size and digest."""
    image, tail = file[:-SIZE], file[-SIZE:]
    if len(tail) != SIZE or not tail.startswith(MAGIC):
        raise SignError("no signature at the end of the file")
    _, size, built, *texts, digest = _HEAD.unpack_from(tail)
    texts = [text.rstrip(b"\0").decode("ascii", "replace") for text in texts]
    said = Trailer(size, built, *texts, digest)
    said.octets()
    if size != len(image):
        raise SignError(f"the trailer is of an image of {size} octets, this one has {len(image)}")
    if hashlib.sha256(image).digest() != digest:
        raise SignError("the image is not the one that was signed: its SHA-256 differs")
    return image, said, tail[_HEAD.size :]


def signer(file: bytes, keys: Sequence[bytes]) -> "bytes | None":
    """The key that signed the file, or None."""
    made = file[-SIZE:]
    for key in keys:
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(made[_HEAD.size :], made[: _HEAD.size])
        except InvalidSignature:
            continue
        return key
    return None


def public_keys() -> tuple[bytes, ...]:
    """The keys of firmware/device/keys.py."""
    for node in ast.parse(KEYS.read_text()).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "PUBLIC_KEYS":
            keys: tuple[bytes, ...] = ast.literal_eval(ast.unparse(node.value or node.target))
            return keys
    raise SignError(f"{KEYS.relative_to(ROOT)} has no PUBLIC_KEYS")


def new_key(path: Path) -> bytes:
    """Write a new private key for its owner alone; returns the public one."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SignError(f"{path} exists already: a key is never replaced") from None
    with os.fdopen(place, "wb") as f:
        f.write(pem)
    return key.public_key().public_bytes_raw()


def read_key(name: str) -> Ed25519PrivateKey:
    """The private key of a file, or of standard input."""
    if name == "-":
        pem = sys.stdin.buffer.read()
    else:
        path = Path(name)
        pem = path.read_bytes()
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise SignError(f"others can read {name}: chmod 600 {name}, if nobody has")
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError) as e:
        raise SignError(f"{name} has no private key: {e}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SignError(f"{name} is a key of another kind, not of Ed25519")
    return key


def constant(key: bytes) -> str:
    """The constant of firmware/device/keys.py with one key."""
    digits = key.hex()
    halves = ["".join(f"\\x{digits[i : i + 2]}" for i in range(at, at + 32, 2)) for at in (0, 32)]
    return (
        'PUBLIC_KEYS: "tuple[bytes, ...]" = (\n'
        f'    b"{halves[0]}"\n    b"{halves[1]}",\n)'
    )  # fmt: skip


def notes(since: str) -> str:
    """A line for each commit since a tag; of all, if there is none."""
    if not since:
        found = _git("describe", "--tags", "--abbrev=0", "HEAD^")
        since = found.stdout.strip() if not found.returncode else ""
    span = [f"{since}..HEAD"] if since else ["HEAD"]
    log = _git("log", "--no-merges", "--reverse", "--format=%s", *span)
    if log.returncode:
        raise SignError(log.stderr.strip().splitlines()[0])
    return "".join(f"- {line}\n" for line in log.stdout.splitlines())


def _git(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["git", *arguments], text=True, capture_output=True, check=False)


def manifest(files: Sequence[Path], said: str, base: str) -> dict[str, object]:
    """One channel of the manifest: the version of the files, and where each is."""
    rows = [(path, split(path.read_bytes())[1]) for path in files]
    versions = {trailer.version for _, trailer in rows}
    if len(versions) != 1:
        raise SignError("the files are of several versions: " + ", ".join(sorted(versions)))
    rows.sort(key=lambda row: (row[1].family, row[1].chip))
    pairs = [(trailer.family, trailer.chip) for _, trailer in rows]
    if len(set(pairs)) != len(pairs):
        raise SignError("two files are for the same boards and chip")
    return {
        "version": versions.pop(),
        "built": max(trailer.built for _, trailer in rows),
        "notes": _short(said),
        "images": [
            {
                "family": trailer.family,
                "chip": trailer.chip,
                "url": base + path.name,
                "size": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path, trailer in rows
        ],
    }


def _short(text: str) -> str:
    """The text, cut after a whole line if it is longer than the reader takes."""
    text = text.strip()
    if len(text) <= _MOST_NOTES:
        return text
    head = text[: _MOST_NOTES - 4]
    return head[: head.rfind("\n")] + "\n..." if "\n" in head else head + "..."


def renew(path: Path, channel: str, content: dict[str, object]) -> None:
    """Write the manifest; its other channels stay."""
    whole: dict[str, dict[str, object]] = {"channels": {}}
    if path.exists():
        try:
            whole = json.loads(path.read_text())
            whole["channels"]
        except (ValueError, KeyError, TypeError):
            raise SignError(f"{path} is no manifest: remove it, or name another") from None
    whole["channels"][channel] = content
    path.write_text(json.dumps(whole, indent=1) + "\n")


def _sign(args: argparse.Namespace) -> None:
    image = args.image.read_bytes()
    said = make(image, args.version, args.built, args.chip, args.family)
    out: Path = args.out or args.image.with_name(args.image.stem + "-signed.bin")
    key = read_key(args.key)
    whole = signed(image, said, key)
    out.write_bytes(whole)
    print(f"{out}: {len(whole)} octets, {said.version} for {said.family} on {said.chip}")
    if key.public_key().public_bytes_raw() not in public_keys():
        print("the public key is not in firmware/device/keys.py: readers will refuse the image")


def _check(args: argparse.Namespace) -> None:
    file = args.file.read_bytes()
    image, said, _ = split(file)
    found = chip_of(image)
    if found != said.chip:
        raise SignError(f"the trailer is for {said.chip}, but the image for {found}")
    keys = [bytes.fromhex(args.public)] if args.public else list(public_keys())
    built = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(said.built))
    print(f"version {said.version}, for {said.family} on {said.chip}, built {built}, "
          f"{said.size} octets")  # fmt: skip
    key = signer(file, keys)
    if key is None:
        raise SignError(
            "signed by none of the keys" if keys else "there are no keys: --public HEX"
        )
    print(f"signed by {key.hex()}")


def _notes(args: argparse.Namespace) -> None:
    sys.stdout.write(args.file.read_text() if args.file else notes(args.since))


def _manifest(args: argparse.Namespace) -> None:
    content = manifest(args.files, args.notes.read_text(), args.base)
    renew(args.out, args.channel, content)
    print(f"{args.out}: {content['version']} in the channel {args.channel}")


def _keys(args: argparse.Namespace) -> None:
    public = new_key(args.out)
    print(f"{args.out} is the private key: keep it outside of the project, with a copy elsewhere.")
    print("firmware/device/keys.py, beside keys that are still in use:\n")
    print(constant(public))


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="python -m tools.sign", description="Keys, signatures and manifest of images."
    )
    kinds = whole.add_subparsers(required=True, metavar="COMMAND")
    one = kinds.add_parser("keys", help="make a key pair")
    one.add_argument("--out", type=Path, required=True, help="file of the private key")
    one.set_defaults(do=_keys)
    one = kinds.add_parser("sign", help="add a trailer to an image")
    one.add_argument("image", type=Path)
    one.add_argument("--key", required=True, help="file of the private key, - for standard input")
    one.add_argument("--version", required=True)
    one.add_argument("--built", type=int, default=int(time.time()), help="seconds since 1970")
    one.add_argument("--chip", required=True, choices=_CHIPS)
    one.add_argument("--family", required=True, help="FAMILY of the board's constants")
    one.add_argument("--out", type=Path)
    one.set_defaults(do=_sign)
    one = kinds.add_parser("check", help="say what a signed image is")
    one.add_argument("file", type=Path)
    one.add_argument("--public", default="", metavar="HEX", help="a key of 64 hex digits")
    one.set_defaults(do=_check)
    one = kinds.add_parser("notes", help="print release notes")
    one.add_argument("--since", default="", metavar="TAG", help="default: the tag before HEAD")
    one.add_argument("--file", type=Path)
    one.set_defaults(do=_notes)
    one = kinds.add_parser("manifest", help="write the list of the newest images")
    one.add_argument("files", type=Path, nargs="+")
    one.add_argument("--notes", type=Path, required=True)
    one.add_argument("--channel", default="release")
    one.add_argument("--base", default="", metavar="URL", help="in front of the files' names")
    one.add_argument("--out", type=Path, default=Path("manifest.json"))
    one.set_defaults(do=_manifest)
    return whole


def main(arguments: "Sequence[str] | None" = None) -> int:
    args = parser().parse_args(arguments)
    try:
        args.do(args)
    except (SignError, OSError, ValueError) as e:
        print(f"sign: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

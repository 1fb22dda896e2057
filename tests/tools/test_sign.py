"""Keys, trailers and manifests of tools/sign.py, read by the firmware's own modules."""

import asyncio
import hashlib
import json
import os
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from device import keys as shipped
from device import signature
from esptool.bin_image import ELFSection, ESP32FirmwareImage, ESP32S2FirmwareImage

from tools import sign

BUILT = 1796000000
IMAGES = {"esp32": ESP32FirmwareImage, "esp32s2": ESP32S2FirmwareImage}


def image(chip: str = "esp32s2", octets: bytes = b"application " * 500) -> bytes:
    """An application as esptool makes it."""
    made = IMAGES[chip]()
    made.chip_id = made.ROM_LOADER.IMAGE_CHIP_ID
    made.entrypoint = 0x40080000
    made.segments = [ELFSection(b".dram0.data", 0x3FFB0000, octets, 0)]
    whole: bytes = made.save(None)
    return whole


def run(*arguments: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "tools.sign", *arguments],
        cwd=sign.ROOT, input=stdin, capture_output=True, check=False,
    )  # fmt: skip


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, bytes]:
    path = tmp_path / "release.key"
    return path, sign.new_key(path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "application.bin"
    path.write_bytes(image())
    return path


def valid(trailer: bytes, keys: tuple[bytes, ...]) -> bool:
    """What the firmware's signature.valid() says, in a thread: the tests' own has a loop while a
    browser's tests are in the same process."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(signature.valid(trailer, keys))).result()


def options(path: Path, key: str, **other: str) -> list[str]:
    given = {"key": key, "version": "1.2.3", "built": str(BUILT), "chip": "esp32s2",
             "family": "pow", **other}  # fmt: skip
    return ["sign", str(path), *[part for name, v in given.items() for part in (f"--{name}", v)]]


def test_the_firmware_reads_what_is_signed(file: Path, key: tuple[Path, bytes]) -> None:
    path, public = key
    assert sign.main(options(file, str(path))) == 0
    whole = file.with_name("application-signed.bin").read_bytes()
    plain = file.read_bytes()
    assert whole[:-160] == plain
    said = (len(plain), BUILT, "1.2.3", "esp32s2", "pow", hashlib.sha256(plain).digest())
    assert signature.parse(whole[-160:]) == said
    assert valid(whole[-160:], (public,))
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert not valid(whole[-160:], (other,))
    assert sign.signer(whole, (other, public)) == public
    assert sign.signer(whole, (other,)) is None


def test_a_key_is_for_its_owner_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "release.key"
    done = run("keys", "--out", str(path))
    assert done.returncode == 0
    assert path.stat().st_mode & 0o777 == 0o600
    made = sign.read_key(str(path)).public_key().public_bytes_raw()
    names: dict[str, object] = {}
    lines = done.stdout.decode().split("\n\n", 1)[1]
    exec(lines, names)
    assert names["PUBLIC_KEYS"] == (made,)
    before = path.read_bytes()
    done = run("keys", "--out", str(path))
    assert (done.returncode, path.read_bytes()) == (1, before)
    assert b"exists already: a key is never replaced" in done.stderr
    path.chmod(0o640)
    with pytest.raises(sign.SignError, match="others can read"):
        sign.read_key(str(path))


def test_the_workflow_gives_the_key_by_standard_input(file: Path, key: tuple[Path, bytes]) -> None:
    done = run(*options(file, "-"), stdin=key[0].read_bytes())
    assert done.returncode == 0, done.stderr
    assert b"the public key is not in firmware/device/keys.py" in done.stdout
    signed = file.with_name("application-signed.bin")
    assert sign.main(["check", str(signed), "--public", key[1].hex()]) == 0


def test_files_that_are_no_key(file: Path, tmp_path: Path) -> None:
    for content, words in ((b"", "no private key"), (b"-----BEGIN", "no private key")):
        path = tmp_path / "other.key"
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(sign.SignError, match=words):
            sign.read_key(str(path))


def test_images_that_are_refused(capsys: pytest.CaptureFixture[str], file: Path,
                                 key: tuple[Path, bytes]) -> None:  # fmt: skip
    good = image()
    unknown = bytearray(good)
    struct.pack_into("<H", unknown, 12, 9)  # an ESP32-S3
    no_digest = bytearray(good[:-32])
    no_digest[23] = 0
    trailed = sign.signed(
        good, sign.make(good, "1.0", BUILT, "esp32s2", "pow"), Ed25519PrivateKey.generate()
    )
    for octets, words in (
        (b"", "no image of esptool"),
        (b"MZ" + bytes(100), "no image of esptool"),
        (image("esp32"), "the image is for esp32, not for esp32s2"),
        (bytes(unknown), "a chip with the number 9"),
        (good[:-1], "its digest is wrong"),
        (good[:2000], "damaged"),
        (good[:3000] + b"X" + good[3001:], "its digest is wrong"),
        (bytes(no_digest), "no digest at its end"),
        (good + bytes(16), "16 octets follow the image"),
        (trailed, "has a trailer already"),
    ):
        file.write_bytes(octets)
        assert sign.main(options(file, str(key[0]))) == 1
        assert words in capsys.readouterr().err
        assert not file.with_name("application-signed.bin").exists()


def test_texts_that_do_not_fit(file: Path, key: tuple[Path, bytes],
                               capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    for version in ("", "1.2.3-candidate.12", "1 2", "1.2.3\n", "\u00e9"):
        assert sign.main(options(file, str(key[0]), version=version)) == 1
        assert "1 to 16 letters" in capsys.readouterr().err


def test_check_finds_what_was_changed(file: Path, key: tuple[Path, bytes],
                                      capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    assert sign.main(options(file, str(key[0]))) == 0
    path = file.with_name("application-signed.bin")
    good = path.read_bytes()
    ask = ["check", str(path), "--public", key[1].hex()]
    assert sign.main(ask) == 0
    printed = capsys.readouterr().out
    assert "version 1.2.3, for pow on esp32s2, built 2026-11-30 00:53:20 UTC" in printed
    size = len(good) - 160
    for at, words in (
        (3000, "its SHA-256 differs"),
        (size, "no signature at the end"),
        (size + 8, f"this one has {size}"),
        (size + 12, "none of the keys"),
        (size + 16, "none of the keys"),
        (size + 64, "its SHA-256 differs"),
        (size + 96, "none of the keys"),
        (size + 159, "none of the keys"),
    ):
        path.write_bytes(good[:at] + bytes((good[at] ^ 1,)) + good[at + 1 :])
        assert sign.main(ask) == 1
        assert words in capsys.readouterr().err


def test_public_keys_are_those_of_the_firmware() -> None:
    assert sign.public_keys() == shipped.PUBLIC_KEYS
    for key in shipped.PUBLIC_KEYS:
        assert len(key) == 32


def repository(folder: Path) -> None:
    def git(*arguments: str) -> None:
        who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a",
               "GIT_COMMITTER_EMAIL": "a@b"}  # fmt: skip
        subprocess.run(["git", *arguments], cwd=folder, check=True, env={**os.environ, **who})

    git("init", "-q")
    for subject in ("han: One.", "web: Two.", "v1.0", "mqtt: Three.", "net: Four."):
        if subject.startswith("v"):
            git("tag", subject)
        else:
            git("commit", "-q", "--allow-empty", "-m", subject)


def test_notes_are_the_commits_since_a_tag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert sign.notes("") == "- mqtt: Three.\n- net: Four.\n"
    subprocess.run(["git", "tag", "v1.1"], check=True)  # the release's own tag does not count
    assert sign.notes("") == "- mqtt: Three.\n- net: Four.\n"
    assert sign.notes("v1.0") == "- mqtt: Three.\n- net: Four.\n"
    assert sign.main(["notes", "--since", "v9"]) == 1
    assert "v9" in capsys.readouterr().err
    (tmp_path / "own.md").write_text("Faster.\n")
    assert sign.main(["notes", "--file", "own.md"]) == 0
    assert capsys.readouterr().out == "Faster.\n"


def test_a_manifest_renews_one_channel(tmp_path: Path, key: tuple[Path, bytes],
                                       capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    paths = []
    for chip, family in (("esp32s2", "pow"), ("esp32", "generic"), ("esp32s2", "generic")):
        path = tmp_path / f"{family}-{chip}.bin"
        plain = image(chip)
        said = sign.make(plain, "1.2.3", BUILT, chip, family)
        path.write_bytes(sign.signed(plain, said, sign.read_key(str(key[0]))))
        paths.append(path)
    said_of_it = tmp_path / "notes.md"
    said_of_it.write_text("- han: One.\n" * 100)
    out = tmp_path / "manifest.json"
    given = ["manifest", *map(str, paths), "--notes", str(said_of_it), "--out", str(out)]
    assert sign.main([*given, "--channel", "candidate"]) == 0
    said_of_it.write_text("- han: One.\n")
    assert sign.main([*given, "--base", "https://example.org/r/"]) == 0
    channels = json.loads(out.read_text())["channels"]
    assert list(channels) == ["candidate", "release"]
    assert len(channels["candidate"]["notes"]) <= 600
    assert channels["candidate"]["notes"].endswith("- han: One.\n...")
    release = channels["release"]
    assert (release["version"], release["built"], release["notes"]) == (
        "1.2.3", BUILT, "- han: One.",
    )  # fmt: skip
    pairs = [(i["family"], i["chip"]) for i in release["images"]]
    assert pairs == [("generic", "esp32"), ("generic", "esp32s2"), ("pow", "esp32s2")]
    for row, before in zip(release["images"], channels["candidate"]["images"], strict=True):
        octets = (tmp_path / before["url"]).read_bytes()
        assert row["url"] == "https://example.org/r/" + before["url"]
        assert row["size"] == len(octets)
        assert row["sha256"] == hashlib.sha256(octets).hexdigest()
    assert sign.main(["manifest", str(paths[0]), str(paths[0]), "--notes", str(said_of_it)]) == 1
    assert "two files are for the same" in capsys.readouterr().err
    other = tmp_path / "other.bin"
    said = sign.make(image(), "2.0", BUILT, "esp32s2", "pow")
    other.write_bytes(sign.signed(image(), said, sign.read_key(str(key[0]))))
    assert sign.main(["manifest", str(paths[1]), str(other), "--notes", str(said_of_it)]) == 1
    assert "several versions: 1.2.3, 2.0" in capsys.readouterr().err
    out.write_text("{}")
    assert sign.main(given) == 1
    assert out.read_text() == "{}"

"""Images of littlefs: mounted by MicroPython, and the firmware runs from one."""

import hashlib
import json
import random
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.timing import PATIENCE_S, wait_until
from tools import littlefs, simulation
from tools.littlefs import LittlefsError
from tools.runtime import MICROPYTHON, ROOT, environment

FROM_LITTLEFS = ROOT / "tools" / "on_micropython" / "from_littlefs.py"
FILES = {"/a": b"", "/b/c.mpy": bytes(range(256)) * 40, "/b/d/\u00f8.txt": b"1", "/z": b"z" * 4096}

# Prints path, octets and SHA-256 of each file of the mounted image.
WALK = """
import os, hashlib, binascii
def walk(folder):
    for name, kind, *_ in os.ilistdir(folder):
        path = folder.rstrip("/") + "/" + name
        if kind == 0x4000:
            walk(path)
        else:
            octets = open(path, "rb").read()
            print(path, len(octets), binascii.hexlify(hashlib.sha256(octets).digest()).decode())
walk("/")
"""


def test_micropython_reads_what_is_packed(tmp_path: Path) -> None:
    path = tmp_path / "vfs.bin"
    path.write_bytes(littlefs.image({**FILES, "/main.py": WALK.encode()}, 1 << 18))
    done = subprocess.run(
        [MICROPYTHON, FROM_LITTLEFS, path], text=True, capture_output=True, check=True
    )
    found = [line.split() for line in done.stdout.splitlines()]
    assert sorted((name, int(size), digest) for name, size, digest in found) == sorted(
        (name, len(octets), hashlib.sha256(octets).hexdigest())
        for name, octets in {**FILES, "/main.py": WALK.encode()}.items()
    )


def test_what_micropython_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "vfs.bin"
    script = b"import os\nos.mkdir('/n')\nos.remove('/a')\n"
    script += b"with open('/n/x', 'wb') as f:\n    f.write(b'y' * 9000)\n"
    path.write_bytes(littlefs.image({**FILES, "/main.py": script}, 1 << 18))
    subprocess.run([MICROPYTHON, FROM_LITTLEFS, path], check=True)
    kept = {name: octets for name, octets in FILES.items() if name != "/a"}
    assert littlefs.contents(path.read_bytes()) == {
        **kept, "/main.py": script, "/n/x": b"y" * 9000,
    }  # fmt: skip


def test_files_that_do_not_fit() -> None:
    with pytest.raises(LittlefsError, match="/b does not fit: 40001 octets for 32768"):
        littlefs.image({"/a": b"1", "/b": bytes(40000)}, 32768)
    with pytest.raises(LittlefsError, match="no whole number of blocks"):
        littlefs.image({}, 10000)


def test_what_is_no_littlefs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    noise = random.Random(1).randbytes(1 << 16)
    for octets in (b"", bytes(1 << 16), b"\xff" * (1 << 16), noise):
        path = tmp_path / "vfs.bin"
        path.write_bytes(octets)
        assert littlefs.main(["list", str(path)]) == 1
        assert "no littlefs, or it is damaged" in capsys.readouterr().err


def test_list_and_extract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "vfs.bin"
    path.write_bytes(littlefs.image(FILES, 1 << 16))
    assert littlefs.main(["list", str(path)]) == 0
    assert "/b/c.mpy" in capsys.readouterr().out
    assert littlefs.main(["extract", str(path), str(tmp_path / "out")]) == 0
    found = {
        "/" + p.relative_to(tmp_path / "out").as_posix(): p.read_bytes()
        for p in (tmp_path / "out").rglob("*")
        if p.is_file()
    }
    assert found == FILES


def test_the_image_of_a_board(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"hostname": "mine"}')
    out = tmp_path / "out" / "vfs.bin"
    given = ["make", "--board", "esp32_psram", "--out", str(out), "--config", str(config)]
    assert littlefs.main(given) == 0
    assert out.stat().st_size == 0x200000
    found = littlefs.contents(out.read_bytes())
    assert found["/config.json"] == config.read_bytes()
    assert {"/main.py", "/app.mpy", "/hardware.mpy", "/board.mpy", "/www/index.html.gz"} <= {
        *found
    }
    assert not [name for name in found if name.startswith("/umqtt/")]


def test_the_firmware_runs_from_an_image(tmp_path: Path) -> None:
    """Modules, page and data in one file system, as on a board; kept over a restart."""
    out = tmp_path / "built"
    simulation.copy_built(out)
    files = {
        f"/{path.relative_to(out).as_posix()}": path.read_bytes()
        for path in out.rglob("*") if path.suffix in (".mpy", ".py")
    }  # fmt: skip
    www = ROOT / "build" / "www"
    files.update({"/www/" + path.name: path.read_bytes() for path in www.glob("*.gz")})
    path = tmp_path / "vfs.bin"
    path.write_bytes(littlefs.image(files, 0x200000))
    meter, wire = simulation.start_meter(["--meter", "kaifa", "--speed", "20"])
    web = simulation.free_port()
    command = [
        MICROPYTHON, "-X", "heapsize=2M", FROM_LITTLEFS, path, "--wire", f"127.0.0.1:{wire}",
        "--http-port", str(web), "--data", "/data", "--www", "/www",
    ]  # fmt: skip

    def ask(document: str) -> dict[str, object]:
        url = f"http://127.0.0.1:{web}{document}"
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return dict(json.load(answer))

    def start() -> "subprocess.Popen[bytes]":
        firmware = subprocess.Popen(
            command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        assert simulation.wait_for_http(web, PATIENCE_S, firmware)  # type: ignore[arg-type]
        return firmware

    firmware = start()
    try:
        wait_until(lambda: ask("/now.json")["i"] is not None)
        with urllib.request.urlopen(f"http://127.0.0.1:{web}/", timeout=PATIENCE_S) as page:
            assert page.status == 200
        change = urllib.request.Request(
            f"http://127.0.0.1:{web}/api/config", b'{"main_fuse_a": 32}',
            {"Content-Type": "application/json"}, method="PATCH",
        )  # fmt: skip
        with urllib.request.urlopen(change, timeout=PATIENCE_S) as answer:
            assert answer.status == 200
        simulation.stop(firmware)  # type: ignore[arg-type]
        kept = littlefs.contents(path.read_bytes())
        assert json.loads(kept["/data/config.json"])["main_fuse_a"] == 32
        firmware = start()
        assert ask("/data.json")["mf"] == 32
    finally:
        simulation.stop(firmware)  # type: ignore[arg-type]
        simulation.stop(meter)

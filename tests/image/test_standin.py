"""The stand-in's words, heap and statistics. tools.unit runs tests/unit on it."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tools import firmware, image, partitions
from tools.runtime import MICROPYTHON32, ROOT, environment

PAGE = ROOT / "build" / "www"


@pytest.fixture(scope="module", autouse=True)
def standin() -> Path:
    return image.make()


def run(script: str, *options: str, **env: str) -> str:
    done = subprocess.run(
        [MICROPYTHON32, *options, "-c", script], env={**environment(), **env}, text=True,
        capture_output=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_words_floats_viper_aes_and_tls_behave_as_on_a_chip() -> None:
    out = run(
        "import sys, tls, cryptolib, micropython, time\n"
        "@micropython.viper\n"
        "def top(x: int) -> int:\n    return x << 1\n"
        "print(sys.maxsize, 16777216.0 + 1.0 == 16777216.0, top(0x40000000))\n"
        "print(cryptolib.aes(bytes(16), 1).encrypt(bytes(16)).hex())\n"
        "print(tls.SSLContext(tls.PROTOCOL_TLS_CLIENT).verify_mode, type(time.time()) is int)\n"
    )
    assert out.split() == [
        "2147483647", "True", "-2147483648", "66e94bd4ef8a2c3b884cfa59ca342b2e", "2", "True",
    ]  # fmt: skip


def test_all_modules_are_frozen() -> None:
    names = [path.relative_to(ROOT / "firmware") for path in (ROOT / "firmware").rglob("*.py")]
    modules = [name.as_posix().removesuffix(".py").replace("/", ".") for name in names]
    modules = [name.removesuffix(".__init__") for name in modules if name != "main"]
    modules += ["asyncio", "microdot", "umqtt.simple", "requests", "hardware", "board"]
    out = run(f"for n in {sorted(modules)!r}:\n    __import__(n)\nprint('all', len({modules!r}))")
    assert out.split() == ["all", str(len(modules))]


def test_the_page_is_in_the_image_and_takes_no_heap() -> None:
    """Reading a file, which has up to 30 KB, leaves the heap as it was."""
    script = (
        "import gc\nfrom storage import Pages\n"
        "buf = bytearray(64)\n"
        "def free():\n gc.collect()\n return gc.mem_free()\n"
        "begin = free()\n"
        "pages = Pages('/nowhere')\n"
        "loaded = begin - free()\n"
        "octets = n = 0\nfile = name = None\n"
        "for name in pages.names:\n"
        " file = pages.open(name)\n"
        " begin = free()\n"
        " n = file.readinto(buf)\n"
        " while n:\n  octets += n\n  n = file.readinto(buf)\n"
        " assert begin - free() < 32, name\n"
        "print(octets, loaded, sorted(pages.names), pages.open('../main.py'))\n"
    )
    octets, loaded, rest = run(script).split(" ", 2)
    files = sorted(PAGE.glob("*.gz"))
    assert rest.strip() == f"{[path.name[:-3] for path in files]!r} None"
    assert int(octets) == sum(path.stat().st_size for path in files) > 30_000
    assert int(loaded) < 400


@pytest.mark.parametrize("chip", ["esp32", "esp32s2"])
def test_what_is_frozen_fits_a_slot(chip: str) -> None:
    """The stand-in has words of a chip's size. An image without it was measured."""
    objects = image.HOME / "objects" / "frozen_content.o"
    done = subprocess.run(["size", objects], text=True, capture_output=True, check=True)
    text, data, *_ = done.stdout.splitlines()[1].split()
    whole = firmware.BARE[chip] + int(text) + int(data) + firmware.TRAILER
    slot = partitions.slots(partitions.from_csv(firmware.TABLE))[0].size
    assert 1_000_000 < whole < slot * 97 // 100, f"{whole} octets in a slot of {slot}"


def test_the_heap_has_the_given_size() -> None:
    total = int(run("import gc\nprint(gc.mem_free() + gc.mem_alloc())", "-X", "heapsize=84k"))
    assert 83_000 < total < 85_000


def test_a_buffer_lies_outside_of_the_heap() -> None:
    out = run(
        "import gc, standin\n"
        "gc.collect()\nbefore = gc.mem_alloc()\nb = standin.buffer(100000)\n"
        "b[99999] = 7\ngc.collect()\nprint(gc.mem_alloc() - before < 200, b[99999], len(b))",
        "-X", "heapsize=84k",
    )  # fmt: skip
    assert out.split() == ["True", "7", "100000"]


def test_the_largest_free_block_is_the_heaps_free_run() -> None:
    """The heap is nearly empty: one run has nearly all of it, and a block of it can be made."""
    out = run(
        "import gc, standin\ngc.collect()\n"
        "n, free = standin.largest(), gc.mem_free()\n"
        "print(free - 4096 < n <= free)\nkept = bytearray(n - 64)\n"
        "print(standin.largest() < n // 2)",
        "-X", "heapsize=84k",
    )  # fmt: skip
    assert out.split() == ["True", "True"]


def test_statistics_are_written_on_a_signal(tmp_path: Path) -> None:
    script = (
        "import gc, time\nkept = bytearray(20000)\ngc.collect()\n"
        "try:\n    bytearray(200000)\nexcept MemoryError:\n    print('none')\n"
        "print(gc.mem_alloc())\n"
        "while True:\n    time.sleep_ms(20)\n    bytes(40)\n"
    )
    stats = tmp_path / "stats"
    process = subprocess.Popen(
        [MICROPYTHON32, "-X", "heapsize=100k", "-c", script], text=True, stdout=subprocess.PIPE,
        env={**environment(), "STANDIN_STATS": str(stats)},
    )  # fmt: skip
    try:
        assert process.stdout and process.stdout.readline() == "none\n"
        live = int(process.stdout.readline())
        for number, sent in enumerate((signal.SIGUSR1, signal.SIGUSR2), 1):
            os.kill(process.pid, sent)
            end = time.monotonic() + 60
            while not stats.exists() or len(stats.read_text().splitlines()) < number:
                assert time.monotonic() < end
                time.sleep(0.01)
        before, after = (json.loads(line) for line in stats.read_text().splitlines())
        assert before["refused"] == after["refused"] == 1
        assert abs(before["live"] - live) < 1000 and before["live"] >= 20000
        assert after["collections"] == before["collections"] + 1
        assert before["high_water"] >= before["live"] and before["most_used"] >= before["live"]
        assert 60_000 < before["largest_free"] < before["total"] < 102_400
    finally:
        process.kill()
        process.wait()


def test_make_builds_nothing_without_a_changed_source() -> None:
    before = MICROPYTHON32.stat().st_mtime_ns
    begin = time.monotonic()
    assert image.make().stat().st_mtime_ns == before
    assert time.monotonic() - begin < 60  # to build it takes minutes

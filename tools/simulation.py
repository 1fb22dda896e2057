"""Starts the simulated meter and the real firmware, for tools/run.py, tests and benchmarks.

The meter is tools/meter.py in a process of its own; the firmware is firmware/main.py compiled as
for the device, in the MicroPython process, with boards/sim for hardware. Its modules are in a ROM
image, so its heap has the same contents as on a board.
"""

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools import boards, build, image, page
from tools.runtime import MICROPYTHON32, ROOT, environment

RESTART_EXIT_CODE = 75  # exit code of boards/sim at a reset
HEAP = "384k"  # words of 64 bits, names and tables in it: tests/image has the heap of a chip
_BUILT = ROOT / "build" / "sim"
IMAGE = ROOT / "build" / "sim.romfs"
_PAGE = ROOT / "build" / "www"
_held_ports: list[socket.socket] = []


@contextmanager
def _prepared() -> Iterator[None]:
    """The compiled firmware and the page up to date, and no other process at work on them."""
    _BUILT.parent.mkdir(exist_ok=True)
    with open(_BUILT.parent / "sim.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build.build("x64", _BUILT, boards.modules("sim"))
        make_image(_BUILT, IMAGE)
        page.build(out=_PAGE)
        yield


def prepare() -> None:
    """Bring the compiled firmware and the page up to date."""
    with _prepared():
        pass


def copy_built(out: Path) -> None:
    """Copy the compiled firmware, brought up to date, to a new folder."""
    with _prepared():
        shutil.copytree(_BUILT, out)


def prepare_standin() -> None:
    """Bring the stand-in and the page up to date."""
    image.make()
    page.build(out=_PAGE)


def make_image(tree: Path, target: Path) -> None:
    """Pack compiled modules into a ROM image if one is newer than the image."""
    newest = max(path.stat().st_mtime_ns for path in tree.rglob("*"))
    if not target.exists() or target.stat().st_mtime_ns <= newest:
        fresh = target.with_suffix(f".{os.getpid()}.{threading.get_ident()}.new")
        command = [sys.executable, "-m", "mpremote", "romfs", "-o", fresh, "build", tree]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        fresh.replace(target)


def free_port() -> int:
    """A free TCP port for a server that sets SO_REUSEADDR.

    This process keeps it bound until its end, so no other program gets it.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    _held_ports.append(holder)
    return int(holder.getsockname()[1])


def free_udp_port() -> int:
    """A free UDP port for a server that sets SO_REUSEADDR.

    This process keeps it until its end, connected to a port that sends nothing: datagrams for the
    server are the server's.
    """
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    holder.bind(("0.0.0.0", 0))  # before SO_REUSEADDR: no other holder has this port
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.connect(("127.0.0.1", 9))
    _held_ports.append(holder)
    return int(holder.getsockname()[1])


def start_meter(options: Sequence[str]) -> tuple["subprocess.Popen[str]", int]:
    """Start the meter. Returns (process, port); commands go to its stdin.

    RuntimeError with the meter's message if it does not start.
    """
    command = [sys.executable, "-m", "tools.meter", "--port", "0", *options]
    meter = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert meter.stdout is not None and meter.stderr is not None
    found = re.match(r"listening 127\.0\.0\.1:(\d+)", meter.stdout.readline())
    if not found:
        stop(meter)
        raise RuntimeError(meter.stderr.read().strip() or "the meter did not start")
    return meter, int(found.group(1))


def start_firmware(
    wire_port: int,
    http_port: int,
    data: Path,
    mqtt: str = "",
    heap: str = HEAP,
    clock: "tuple[float, float, float] | None" = None,
    standin: bool = False,
    program: Sequence[str] = ("-m", "main"),
    ntp: str = "",
    dhcp: str = "",
    panel: "Path | None" = None,
    radio: "Path | None" = None,
    dns_port: int = 0,
    serial: bool = True,
    watchdog: int = 0,
    faults: "Path | None" = None,
    hosts: str = "",
    slots: "Path | None" = None,
    rom: Path = IMAGE,
    **popen: object,
) -> "subprocess.Popen[str]":
    """Start the firmware in MicroPython; call prepare() before.

    wire_port  0: a board without a line to a meter
    clock      the firmware's clock: unix time at the start, real unix time of the start, speed
    standin    run in the stand-in (tools/image.py), after prepare_standin(); its heap statistics
               go to the file `heap` in data's parent, see heap_of()
    program    the program that the stand-in runs
    ntp        HOST:PORT of the time server to ask; "": the firmware's clock is right without one
    dhcp       HOST:PORT,PORT of a DHCP server to ask for time servers, and the port of these
    serial     print the log; False: as the setting debug_serial says
    panel      a folder for lights and button, see boards/sim/hardware.py; None: the board has none
    radio      the folder of a simulated radio, see boards/sim/radio.py; None: always connected
    dns_port   UDP port of the setup mode's DNS; 0: the usual one
    watchdog   how many times as fast as a chip's the watchdog runs; 0: there is none
    faults     a folder for failing hardware, see boards/sim/hardware.py; None: none fails
    hosts      HOST:PORT of the server of all prices; "": each name's own
    slots      a folder with the firmware's two slots, see boards/sim/slots.py; None: one place
    rom        the ROM image to run
    """
    command = [sys.executable, str(ROOT / "tools" / "in_rom.py"), str(rom), heap]
    env = environment()
    if standin:
        command = [str(MICROPYTHON32), "-X", f"heapsize={heap}", *program]
        env["STANDIN_STATS"] = str(data.parent / "heap")
    command += ["--wire", f"127.0.0.1:{wire_port}"] if wire_port else []
    command += ["--http-port", str(http_port)]
    command += ["--data", str(data), "--www", str(_PAGE)]
    command += ["--mqtt", mqtt] if mqtt else []
    command += ["--clock", "{},{},{}".format(*clock)] if clock else []
    command += ["--ntp", ntp] if ntp else []
    command += ["--dhcp", dhcp] if dhcp else []
    command += [] if serial else ["--serial", "setting"]
    if panel:
        panel.mkdir(parents=True, exist_ok=True)
        command += ["--panel", str(panel)]
    if radio:
        radio.mkdir(parents=True, exist_ok=True)
        command += ["--radio", str(radio)]
    command += ["--dns-port", str(dns_port)] if dns_port else []
    command += ["--watchdog", str(watchdog)] if watchdog else []
    command += ["--faults", str(faults)] if faults else []
    command += ["--hosts", hosts] if hosts else []
    command += ["--slots", str(slots)] if slots else []
    data.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(command, env=env, text=True, **popen)  # type: ignore


def heap_of(process: "subprocess.Popen[str]", data: Path, collect: bool = False) -> dict[str, int]:
    """Heap statistics of the stand-in; names and units: tools/standin/standin.c.

    collect  True: collect at its next allocation, then report; False: of the last collection
    """
    stats = data.parent / "heap"
    before = stats.stat().st_size if stats.exists() else 0
    process.send_signal(signal.SIGUSR2 if collect else signal.SIGUSR1)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if stats.exists() and stats.stat().st_size > before:
            return dict(json.loads(stats.read_text().splitlines()[-1]))
        time.sleep(0.01)
    raise RuntimeError("the stand-in wrote no heap statistics")


def wait_for_http(port: int, seconds: float, process: "subprocess.Popen[str]") -> bool:
    """Whether the web server answers within `seconds`; False as soon as its process ends."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/is-alive", timeout=1).close()
            return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False


def stop(process: "subprocess.Popen[str]") -> None:
    """End a process: SIGTERM, then SIGKILL."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

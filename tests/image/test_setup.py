"""The heap in setup mode, with the setup page open, against that of normal operation."""

import http.client
import socket
import threading
import time
from pathlib import Path

import pytest

from tools import rig

HEAP = "88k"
LOAD_S = 10
QUERY = (
    b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
    b"\x11connectivitycheck\x07gstatic\x03com\x00\x00\x01\x00\x01"
)
# A scan of 12 takes 9.2 KB of heap with the simulated radio; one of 40, as in a block of flats,
# takes 6.3 KB on a chip. Some access points have the same name.
AIR: list[dict[str, object]] = [
    {
        "ssid": f"A neighbour's network {number % 10:02}",
        "psk": "a long password",
        "bssid": f"02:00:00:00:00:{number:02x}",
        "rssi": -40 - number,
        "security": 3,
    }
    for number in range(12)
]
FILE = "amsconfig\nversion v2.2.28\nmeterMainFuse 50\ngpioHanPin 16\n"
TESTED = "ss=A+neighbour%27s+network+03&sp=a+wrong+password"


def normal(folder: Path) -> dict[str, int]:
    """Heap statistics after a broker, live streams, a poller and every document."""
    with rig.Rig(rig.kaifa(), HEAP, folder) as world:
        assert world.broker.online.wait(120)
        world.post("/prices", rig.price_document())
        world.post("/prices", rig.RATES)
        world.pages()
        for path in rig.DOCUMENTS:
            world.ask(path)
        time.sleep(LOAD_S)
        return world.heap(collect=True)


def ask_names(world: rig.Rig, stopped: threading.Event, answers: list[bytes]) -> None:
    """A phone's questions, forty each second."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(1)
        s.connect(("127.0.0.1", world.dns))
        while not stopped.wait(0.025):
            try:
                s.send(QUERY)
                answers.append(s.recv(600))
            except OSError:
                continue


def probe(world: rig.Rig, stopped: threading.Event, seen: list[int]) -> None:
    """A phone's test for the internet, again and again."""
    while not stopped.wait(0.2):
        connection = http.client.HTTPConnection("127.0.0.1", world.http, timeout=30)
        try:
            connection.request("GET", "/generate_204", headers={"Host": "www.google.com"})
            seen.append(connection.getresponse().status)
        except (OSError, http.client.HTTPException):
            seen.append(0)
        finally:
            connection.close()


def in_setup(folder: Path) -> tuple[dict[str, int], list[int], int, str, dict[str, int]]:
    """Heap statistics, statuses of probes, number of answers of the name server, the log, other
    answers; after two phones with the page, a test of a network and an imported file."""
    with rig.Rig(rig.kaifa(), HEAP, folder, AIR) as world:
        stopped = threading.Event()
        answers: list[bytes] = []
        seen: list[int] = []
        work = [threading.Thread(target=ask_names, args=(world, stopped, answers))]
        work += [threading.Thread(target=probe, args=(world, stopped, seen)) for _ in range(2)]
        rig.until(lambda: world.request("GET", "/wifi.json")[0] == 200)
        for thread in work:
            thread.start()
        end = time.monotonic() + LOAD_S
        while time.monotonic() < end:
            world.ask("/setup")
            world.ask("/wifi.json")
            world.post("/wifi/test", TESTED)
            world.post("/configfile", FILE)
            world.ask("/wifi/test.json")
            world.ask("/setup?scan=1")
            world.post("/setup", "s=true&sh=-&sm=static&si=1&" + TESTED)
        stopped.set()
        for thread in work:
            thread.join(30)
        heap = world.heap(collect=True)
        assert world.request("GET", "/wifi.json")[0] == 200
        return heap, seen, len(answers), world.log(), dict(world.answers.counts)


def test_setup_mode_needs_less_heap_than_normal_operation(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    rig.prepare()
    found: list[dict[str, int]] = []
    folder = tmp_path_factory.mktemp("normal")
    beside = threading.Thread(target=lambda: found.append(normal(folder)))
    beside.start()
    heap, seen, names, log, answers = in_setup(tmp_path_factory.mktemp("setup"))
    beside.join(600)
    usual = found[0]
    print("setup", heap, "normal", usual, len(seen), names)
    assert heap["high_water"] < usual["high_water"] and heap["live"] < usual["live"]
    assert heap["refused"] == 0 and "MemoryError" not in log, log[-3000:]
    assert set(answers) == {"200"}, answers
    assert set(seen) == {302} and len(seen) >= 5
    assert names >= 5

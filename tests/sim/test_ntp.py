"""net.ntp on MicroPython against a server that sends what it should not."""

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.names import Names
from tools.ntp import Server
from tools.runtime import MICROPYTHON, environment

PROBE = Path(__file__).with_name("ntp_probe.py")
WAIT_MS = 1500
SLACK_MS = 1400  # besides the wait for a processor; a wait that blocks would stall for WAIT_MS
Bend = Callable[[bytes], Iterable[bytes]]


def ask(server: str, times: int = 1, names: str = "") -> list[dict]:
    command = [str(MICROPYTHON), "-X", "heapsize=256k", str(PROBE), str(times), server]
    command += [names] if names else []
    env = environment("firmware", "build/lib")
    out = subprocess.run(command, env=env, text=True, capture_output=True, timeout=300, check=True)
    return [json.loads(line) for line in out.stdout.splitlines()]


def changed(at: int, octets: bytes) -> Bend:
    """The answer with other octets from `at` on."""
    return lambda answer: (answer[:at] + octets + answer[at + len(octets) :],)


HOSTILE: list[tuple[Bend, str]] = [
    (lambda answer: (answer[:47],), "ValueError: an answer of a wrong length"),
    (lambda answer: (answer + bytes(1000),), "ValueError: an answer of a wrong length"),
    (lambda answer: (b"",), "ValueError: an answer of a wrong length"),
    (changed(24, bytes(8)), "ValueError: an answer to another question"),
    (changed(0, b"\x23"), "ValueError: not the answer of a server"),
    (changed(0, b"\xe4"), "ValueError: its clock is not set"),
    (changed(1, b"\x00"), "ValueError: it refuses to answer"),
    (changed(1, b"\x10"), "ValueError: it refuses to answer"),
    (changed(40, bytes(8)), "ValueError: its clock is not set"),
    (lambda answer: (), "OSError: no answer"),
]


def test_each_hostile_answer_is_refused_in_time_without_blocking() -> None:
    faults = [fault for _, fault in HOSTILE]
    for _ in range(3):  # the machine may stand still during one
        bends = iter([bend for bend, _ in HOSTILE])
        with Server() as server:
            server.bend = lambda answer, bends=bends: next(bends)(answer)  # type: ignore[misc]
            results = ask(f"127.0.0.1:{server.port}", len(HOSTILE))
            assert server.asked == len(HOSTILE)
        quick = all(result["stall_ms"] <= SLACK_MS for result in results)
        if quick and [result["fault"] for result in results] == faults:
            break
    assert [result["fault"] for result in results] == faults
    for result in results:
        assert WAIT_MS <= result["ms"] <= WAIT_MS + SLACK_MS + result["waited_ms"]
        assert result["stall_ms"] <= SLACK_MS


def test_a_valid_answer_after_hostile_ones_is_taken() -> None:
    with Server() as server:
        server.bend = lambda answer: [*(b for bend, _ in HOSTILE for b in bend(answer)), answer]
        begin = time.time()
        (result,) = ask(f"127.0.0.1:{server.port}")
    assert begin - 2 <= result["utc"] <= time.time() + 2


def test_another_sender_is_not_heard() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other, Server() as server:
        other.bind(("127.0.0.1", 0))
        answers: list[bytes] = []

        def from_another(answer: bytes) -> tuple[()]:
            answers.append(answer)
            other.sendto(answer, server.sender)
            return ()

        server.bend = from_another
        (result,) = ask(f"127.0.0.1:{server.port}")
        assert answers and result["fault"] == "OSError: no answer"


def test_faults_are_told_in_words() -> None:
    host = "no.such.host.invalid"
    assert ask(host)[0]["fault"] == f"OSError: no host has the name {host}"
    assert ask("127.0.0.1:time")[0]["fault"].startswith("ValueError")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as kept:
        kept.bind(("127.0.0.1", 0))
        kept.connect(("127.0.0.1", 9))  # so it takes nothing from others
        port = kept.getsockname()[1]
        assert ask(f"127.0.0.1:{port}")[0]["fault"] == "OSError: not reachable, error 111"


def test_the_name_server_is_asked_without_holding_the_loop() -> None:
    names = Names(lambda good, n: [good] if n == 2 else [])  # the first question is lost
    begin = time.time()
    with Server() as server:
        (result,) = ask(f"time.test:{server.port}", names=names.address)
    assert begin - 2 <= result["utc"] <= time.time() + 2 and result["stall_ms"] < result["ms"]
    assert len(names.asked) >= 2 and b"\x04time\x04test\0" in names.asked[0]
    for bend, fault in (
        (lambda good, n: [good[:3] + b"\x83" + good[4:]], "OSError: no such host: time.test"),
        (lambda good, n: [], "does not answer"),
    ):
        (result,) = ask("time.test", names=Names(bend).address)
        assert fault in result["fault"]
    assert ask("..", names="127.0.0.1:9")[0]["fault"] == "ValueError: no host name: .."


def test_the_second_era() -> None:
    at = 2_085_978_496 + 86400  # 2036-02-08
    with Server(lambda: at) as server:
        assert ask(f"127.0.0.1:{server.port}")[0]["utc"] == at

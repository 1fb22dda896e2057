"""Time servers that DHCP names: net.dhcp and the whole firmware with dnsmasq; other servers."""

import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.timing import wait_until
from tests.world import MORNING, ROUTER, World
from tools.ntp import Server
from tools.runtime import MICROPYTHON, environment
from tools.simulation import free_udp_port, stop

PROBE = Path(__file__).with_name("dhcp_probe.py")
WAIT_MS = 2000
SLACK_MS = 1400  # a wait that blocks would stall for WAIT_MS
TRIES = 3  # of a measurement on a loaded machine
SPEED = 10  # simulated seconds per second
COOKIE = b"\x63\x82\x53\x63"
NAMED = bytes((192, 168, 1, 2, 10, 0, 0, 7))
TEXT = "192.168.1.2,10.0.0.7"


@contextmanager
def dnsmasq(folder: Path, servers: str, port: int) -> Iterator[Path]:
    """A DHCP server for the loopback network, which names these time servers. Yields its log."""
    log = folder / "dnsmasq"
    program = shutil.which("dnsmasq", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    assert program, "dnsmasq is missing: make setup-tests"
    command = [
        *([] if os.geteuid() == 0 else ["sudo", "-n"]),
        program, "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--no-ping",
        "--interface=lo", "--bind-interfaces", "--dhcp-range=127.0.0.0,static,255.0.0.0",
        f"--dhcp-alternate-port={port},{free_udp_port()}", f"--dhcp-leasefile={folder}/leases",
        "--pid-file=", "--user=root", "--log-dhcp", "--log-facility=-",
        *([f"--dhcp-option=42,{servers}"] if servers else []),
    ]  # fmt: skip
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, text=True)
    try:
        wait_until(lambda: "DHCP, static leases" in log.read_text(), about=log.read_text)
        yield log
    finally:
        stop(process)


class Peer:
    """A DHCP server at ROUTER, made of one function: it gets a question and the number of those
    before, and returns the datagrams to send to the reader."""

    def __init__(self, answers: Callable[[bytes, int], Iterable[bytes]]) -> None:
        self._answers = answers
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((ROUTER, 0))
        self.port: int = self._socket.getsockname()[1]
        self.questions: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                question = self._socket.recv(2000)
                if not question:
                    return
                for answer in self._answers(question, len(self.questions)):
                    self._socket.sendto(answer, ("127.0.0.1", self.port))
                self.questions.append(question)

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def ack(question: bytes, options: bytes = b"\x35\x01\x05\x2a\x08" + NAMED + b"\xff") -> bytes:
    """The answer to a question: as it came, but a reply with other options."""
    return b"\x02" + question[1:236] + COOKIE + options


def ask(port: int) -> dict:
    command = [str(MICROPYTHON), "-X", "heapsize=256k", str(PROBE), ROUTER, str(port)]
    env = environment("firmware", "build/lib")
    out = subprocess.run(command, env=env, text=True, capture_output=True, timeout=60, check=True)
    return dict(json.loads(out.stdout))


def quickest(port: int, most_ms: int) -> dict:
    """The result of the first question that took so long at most, or of the last try."""
    for _ in range(TRIES):
        result = ask(port)
        if result["ms"] <= most_ms and result["stall_ms"] <= SLACK_MS:
            break
    return result


def test_dnsmasq_names_time_servers_or_none(tmp_path: Path) -> None:
    port = free_udp_port()
    with dnsmasq(tmp_path, TEXT, port) as log:
        result = quickest(port, WAIT_MS - 1)
        assert result["found"] == NAMED.hex(), log.read_text()
        assert result["ms"] < WAIT_MS
        assert "DHCPINFORM(lo) 127.0.0.1 02:00:00:00:1e:4b" in log.read_text()
    with dnsmasq(tmp_path, "", port) as log:
        assert ask(port)["found"] == "", log.read_text()


def test_the_whole_firmware_takes_the_time_of_the_server_that_dnsmasq_names(
    tmp_path: Path,
) -> None:
    port = free_udp_port()
    with (
        dnsmasq(tmp_path, "127.0.0.1", port) as log,
        World(tmp_path, clock=(MORNING, SPEED), ntp=Server(), dhcp=port) as world,
    ):
        wait_until(lambda: world.json("/now.json")["clk"]["by"], about=world.log)
        assert "time: DHCP names 127.0.0.1" in world.log()
        before = world.now()
        assert before - SPEED <= world.json("/now.json")["c"] <= world.now() + SPEED
        assert world.ntp and world.ntp.asked >= 2
        # To the router's and to all addresses; twice if the first answer came late.
        assert 1 <= log.read_text().count("DHCPACK") <= 4


def test_a_silent_server_is_asked_twice_without_blocking() -> None:
    most_ms = 2 * WAIT_MS + 2 * SLACK_MS
    with Peer(lambda question, _: ()) as peer:
        result = quickest(peer.port, most_ms)
    assert result["found"] is None
    assert 2 * WAIT_MS <= result["ms"] <= most_ms
    assert result["stall_ms"] <= SLACK_MS
    assert len(peer.questions) in (2, 4, 6)  # of one try, or of several
    first, second = peer.questions[-2:]
    assert len(first) == 300 and first == second


def test_what_is_not_a_valid_answer_does_not_end_the_wait() -> None:
    def answers(question: bytes, before: int) -> Iterable[bytes]:
        if not before:
            return ()
        good = ack(question)
        other = good[:4] + bytes(4) + good[8:]
        return b"", question, other, good[:250], ack(question, b"\x35\x01\x06\xff"), good, b"x"

    with Peer(answers) as peer:
        assert ask(peer.port)["found"] == NAMED.hex()


def test_an_answer_from_another_port_is_not_heard() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((ROUTER, 0))

        def answers(question: bytes, before: int) -> Iterable[bytes]:
            other.sendto(ack(question), ("127.0.0.1", peer.port))
            return ()

        with Peer(answers) as peer:
            assert ask(peer.port)["found"] is None


def test_a_port_that_is_taken_is_no_failure() -> None:
    with (
        Peer(lambda question, _: [ack(question)]) as peer,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder,
    ):
        holder.bind(("127.0.0.1", peer.port))
        result = quickest(peer.port, WAIT_MS - 1)
    assert result["found"] is None and result["ms"] < WAIT_MS

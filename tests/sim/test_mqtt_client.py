"""mqtt.client on the real MicroPython, against mosquitto and against peers that misbehave."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.names import Names
from tests.sim import mqtt_peers as peers
from tests.timing import PATIENCE_S, wait_until
from tools.runtime import MICROPYTHON, ROOT, environment
from tools.simulation import free_port

PROBE = Path(__file__).with_name("mqtt_probe.py")
STALL_MS = 250
TIMEOUT_MS = 2000  # of a client whose peer does not answer
LATE_MS = 10_000  # long before the time limit of a client whose peer answers
SLACK_MS = 400


def start(job: dict[str, Any], path: str = "") -> subprocess.Popen[bytes]:
    """A running probe. path: of a library to use instead of that in build/lib."""
    command = [str(MICROPYTHON), "-X", "heapsize=2m", str(PROBE)]
    pipe = subprocess.PIPE
    modules = environment(*([path] if path else []), "firmware", "build/lib")
    process = subprocess.Popen(command, env=modules, stdin=pipe, stdout=pipe)
    assert process.stdin
    process.stdin.write(json.dumps(job).encode() + b"\n")
    process.stdin.flush()
    return process


def client(port: int, **settings: Any) -> dict[str, Any]:
    """Keyword arguments of a Client."""
    return {"host": "127.0.0.1", "port": port, "client_id": "probe", **settings}


def probe(
    do: str, port: int, settings: dict[str, Any] | None = None, path: str = "", **job: Any
) -> dict[str, Any]:
    """Run a probe to its end. Returns its report; AssertionError for a long stall."""
    return report_of(start({"do": do, "client": client(port, **(settings or {})), **job}, path))


def lasting(port: int, settings: dict[str, Any], path: str = "", **job: Any) -> dict[str, Any]:
    """probe("serve") with a short keepalive, up to three times: the broker rightly ends the link
    of a probe that waits for a processor for 2 s."""
    for _ in range(3):
        report = probe("serve", port, settings, path, **job)
        if report["connected"]:
            break
    return report


def report_of(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """Wait for a probe's end."""
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    report: dict[str, Any] = json.loads(out)
    assert report["stall_ms"] < STALL_MS
    return report


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[peers.Mosquitto]:
    mosquitto = peers.Mosquitto(tmp_path_factory.mktemp("mosquitto"))
    yield mosquitto
    mosquitto.close()


@pytest.fixture
def peer(broker: peers.Mosquitto) -> Iterator[Callable[[peers.Behaviour], peers.Peer]]:
    made = []

    def make(behave: peers.Behaviour) -> peers.Peer:
        made.append(peers.Peer(behave, broker.port))
        return made[-1]

    yield make
    for one in made:
        one.close()


# A real broker


def test_payloads_arrive_unchanged(broker: peers.Mosquitto) -> None:
    # 2 + len("p/x") octets come before the payload: remaining lengths 127 128 16383 16384.
    sizes = (0, 1, 122, 123, 16378, 16379, 100_000)
    messages = [("p/x", "y", size, 0) for size in sizes]
    messages.append(("p/æøå", '{"navn":"Bærum €"}', 1, 0))
    subscriber = broker.subscriber("p/#", len(messages))
    probe("publish", broker.port, messages=messages)
    got = subscriber.messages()
    assert [(t, p) for t, _, p in got[:-1]] == [("p/x", b"y" * size) for size in sizes]
    assert got[-1] == ("p/æøå", False, '{"navn":"Bærum €"}'.encode())


def test_a_retained_message_is_kept_by_the_broker(broker: peers.Mosquitto) -> None:
    probe("publish", broker.port, messages=[("r/kept", "v", 1, 1)])
    assert broker.retained("r/kept") == b"v"


def test_the_status_is_online_and_the_will_is_offline(broker: peers.Mosquitto) -> None:
    job = {"do": "hold", "client": client(broker.port, will="s/status")}
    process = start(job)
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    assert broker.retained("s/status") == b"online"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    wait_until(lambda: broker.retained("s/status") == b"offline")


def test_the_status_is_offline_after_a_close(broker: peers.Mosquitto) -> None:
    subscriber = broker.subscriber("c/status", 2)
    probe("publish", broker.port, {"will": "c/status"}, messages=[])
    assert [p for _, _, p in subscriber.messages()] == [b"online", b"offline"]


def test_only_the_right_user_and_password_connect(tmp_path: Path) -> None:
    passwords = tmp_path / "passwords"
    command = [peers.program("mosquitto_passwd"), "-b", "-c", str(passwords), "ola", "hemmelig"]
    subprocess.run(command, check=True)
    settings = f"allow_anonymous false\npassword_file {passwords}\n"
    broker = peers.Mosquitto(tmp_path, settings)
    try:
        good = {"user": "ola", "password": "hemmelig"}
        probe("publish", broker.port, good, messages=[("t", "x", 1, 1)])
        for bad in ({"user": "ola", "password": "gal"}, {"user": "ola"}, {}, {"password": "x"}):
            report = probe("look_up", broker.port, bad, failing=False, times=1)
            assert report["codes"] == [-10]
    finally:
        broker.close()


def test_messages_of_a_subscription_arrive(broker: peers.Mosquitto) -> None:
    broker.publish("i/retained", b"kept", "-r")
    report = probe(
        "serve",
        broker.port,
        topics=["i/#"],
        messages=[("i/command", "fwupgrade", 1, 0), ("i/empty", "", 1, 0)],
        expect=3,
    )
    assert report["messages"] == [
        ["i/retained", "kept"],
        ["i/command", "fwupgrade"],
        ["i/empty", ""],
    ]
    assert [s["code"] for s in report["subscribed"]] == [None]
    assert report["connected"]


def test_a_message_above_the_limit_is_dropped_and_the_next_one_read(
    broker: peers.Mosquitto,
) -> None:
    fits = 4096 - 2 - len("l/x")
    report = probe(
        "serve",
        broker.port,
        topics=["l/x"],
        messages=[("l/x", "a", fits, 0), ("l/x", "b", fits + 1, 0),
                  ("l/x", "c", 200_000, 0), ("l/x", "d", 1, 0)],
        expect=2,
    )  # fmt: skip
    assert report["messages"] == [["l/x", "a" * fits], ["l/x", "d"]]
    assert report["connected"]


def test_an_idle_link_is_kept_alive(broker: peers.Mosquitto) -> None:
    # mosquitto ends a link after 1.5 keepalives without a packet, in whole seconds.
    assert lasting(broker.port, {"keepalive": 2}, ms=7000)["connected"]


def test_a_close_ends_the_serving_task(broker: peers.Mosquitto) -> None:
    report = probe("serve", broker.port, ms=300)
    assert report["run"]["code"] == -3
    assert report["run"]["text"] == "not connected"
    assert report["run"]["ms"] < 300 + SLACK_MS


def test_reconnects_hold_no_heap_and_no_socket(broker: peers.Mosquitto) -> None:
    report = probe("reconnect", broker.port, {"will": "h/status"}, warm=10, times=50)
    # In one sample the stack may still refer to a dead object; a leak would be in all samples.
    heap = report["heap"]
    assert min(heap[-3:]) - min(heap[:3]) <= 1024, heap
    assert len(set(report["files"])) == 1


# Other versions of umqtt.simple. That of build/lib is 1.3.4, which is in a registry. Those of
# MicroPython's images are not, so their differences are made here: a TLS context, waiting with a
# time limit, long filters; and in some of them publish() with QoS 1 fails.

LIBRARY = ROOT / "build/lib/umqtt/simple.py"
CONTEXT = (
    ("ssl=False, ssl_params={}", "ssl=None"),
    ("self.ssl_params = ssl_params", "self.broken = False"),
    ("self.sock = ussl.wrap_socket(self.sock, **self.ssl_params)", "self.ssl.wrap_socket"),
    ("if self.user is not None:", "if self.user:"),
    ("        elif op & 6 == 4:\n            assert 0\n", "        return op\n"),
)
LONG = (
    ("clean_session=True)", "clean_session=True, timeout=None)"),
    ('pkt = bytearray(b"\\x82\\0\\0\\0")', 'pkt = bytearray(b"\\x82\\0\\0\\0\\0\\0\\0")'),
    ("write(pkt)\n        self._send_str(topic)\n        self.sock.write(qos",
     "write(pkt, 4)\n        self._send_str(topic)\n        self.sock.write(qos"),
)  # fmt: skip
RAISING = (
    ("            self.sock.write(pkt, 2)\n", "            raise RuntimeError('no exception')\n"),
)  # fmt: skip
VERSIONS = {"context": CONTEXT, "long": CONTEXT + LONG, "raising": CONTEXT + RAISING}


@pytest.mark.parametrize("version", VERSIONS)
def test_other_versions_of_umqtt_publish_subscribe_and_ping(
    version: str, broker: peers.Mosquitto, tmp_path: Path
) -> None:
    text = LIBRARY.read_text()
    for old, new in VERSIONS[version]:
        assert old in text, old
        text = text.replace(old, new)
    (tmp_path / "umqtt").mkdir()
    (tmp_path / "umqtt/simple.py").write_text(text)
    topic = "v/" + version
    report = lasting(
        broker.port,
        {"keepalive": 2, "will": topic + "/status", "user": "u", "password": "p"},
        str(tmp_path),
        topics=[topic + "/m"],
        qos=1,
        messages=[(topic + "/m", "a", 1, 0), (topic + "/m", "b", 3000, 2), (topic, "kept", 1, 3)],
        expect=2,
        ms=5000,
    )
    assert report["connected"] and report["sent"]["code"] is None
    assert report["subscribed"][0]["code"] is None
    assert report["messages"] == [[topic + "/m", "a"], [topic + "/m", "b" * 3000]]
    assert broker.retained(topic) == b"kept"


# Peers that misbehave: the right error, in bounded time, and the next connection works

HUGE = b"\xff\xff\xff\x7f"  # remaining length 268435455
AFTER = peers.CONNACK
CASES = {
    # name: (peer, step after connect, failing step, code, longest time in ms or 0: no time limit
    # of the client is reached)
    "silent": (peers.silent, "run", "connect", -4, TIMEOUT_MS),
    "closes": (peers.closing, "run", "connect", -5, 0),
    "resets": (peers.resetting, "run", "connect", -5, 0),
    "half a CONNACK": (peers.sends(b"\x20\x02\x00"), "run", "connect", -4, TIMEOUT_MS),
    "closes inside CONNACK": (peers.sends(b"\x20\x02\x00", True), "run", "connect", -5, 0),
    "long CONNACK": (peers.sends(b"\x20\x03\x00\x00\x00"), "run", "connect", -8, 0),
    "HTTP server": (peers.sends(b"HTTP/1.1 400 \r\n\r\n"), "run", "connect", -9, 0),
    "garbage": (peers.sends(AFTER + b"\xf0\x13garbage"), "run", "run", -9, 0),
    "second CONNACK": (peers.sends(AFTER + AFTER), "run", "run", -9, 0),
    "PUBLISH with QoS 2": (peers.sends(AFTER + b"\x34\x05\x00\x01t\x00\x01"), "run", "run", -9, 0),
    "PUBLISH without id": (peers.sends(AFTER + b"\x32\x04\x00\x01t\x00"), "run", "run", -8, 0),
    "long PUBACK": (peers.sends(AFTER + b"\x40\x03\x00\x01\x00"), "run", "run", -8, 0),
    "type 0": (peers.sends(AFTER + b"\x00\x00"), "run", "run", -9, 0),
    "PUBREC": (peers.sends(AFTER + b"\x50\x02\x00\x01"), "run", "run", -9, 0),
    "length of 5 octets": (peers.sends(AFTER + b"\x30\xff\xff\xff\xff\x01"), "run", "run", -2, 0),
    "topic too long": (peers.sends(AFTER + b"\x30\x04\x00\x03tt"), "run", "run", -8, 0),
    "PUBLISH of 1 octet": (peers.sends(AFTER + b"\x30\x01\x00"), "run", "run", -8, 0),
    "long PINGRESP": (peers.sends(AFTER + b"\xd0\x01\x00"), "run", "run", -8, 0),
    "huge, silent": (peers.sends(AFTER + b"\x30" + HUGE), "run", "run", -4, TIMEOUT_MS),
    "huge CONNACK": (peers.sends(b"\x20" + HUGE), "run", "connect", -8, 0),
    "closes mid-packet": (peers.sends(AFTER + b"\x30\x20\x00\x05t", True), "run", "run", -5, 0),
    "stops mid-packet": (peers.sends(AFTER + b"\x30\x20\x00\x05t"), "run", "run", -4, TIMEOUT_MS),
    "never answers PINGREQ": (peers.sends(AFTER), "run", "run", -13, 750 + TIMEOUT_MS),
    "stops reading": (peers.not_reading, "flood", "flood", -4, 2400 + TIMEOUT_MS),
}


@pytest.mark.parametrize("name", CASES)
def test_after_a_peers_fault_the_next_connection_works(
    name: str, peer: Callable[[peers.Behaviour], peers.Peer], broker: peers.Mosquitto
) -> None:
    behave, then, where, code, longest_ms = CASES[name]
    topic = "m/" + name.replace(" ", "_").replace(",", "")
    settings = {"keepalive": 1, "timeout_ms": TIMEOUT_MS if longest_ms else 2 * LATE_MS}
    port = peer(behave).port
    report = probe("recover", port, settings, then=then, size=64_000, topic=topic)
    assert (report["where"], report["failure"]["code"]) == (where, code), report["failure"]
    assert report["failure"]["ms"] <= (longest_ms + SLACK_MS if longest_ms else LATE_MS)
    assert report["failure"]["text"]
    assert report["leaked"] == 0
    assert report["again"]["code"] is None
    assert broker.retained(topic) == b"back"


def test_a_flood_in_one_packet_ends_at_the_deadline(
    peer: Callable[[peers.Behaviour], peers.Peer],
) -> None:
    def flooding(stream: socket.socket) -> None:
        stream.recv(1)
        stream.sendall(AFTER + b"\x30" + HUGE)
        while True:
            stream.sendall(bytes(65536))

    settings = {"timeout_ms": TIMEOUT_MS}
    report = probe("recover", peer(flooding).port, settings, then="run", topic="m/flood")
    assert (report["where"], report["failure"]["code"]) == ("run", -4)
    assert report["failure"]["ms"] <= TIMEOUT_MS + SLACK_MS
    assert report["again"]["code"] is None


@pytest.mark.parametrize(
    ("code", "text"),
    [(1, "protocol version"), (2, "client id"), (3, "unavailable"), (4, "password"),
     (5, "not authorised"), (6, "return code 6")],
)  # fmt: skip
def test_a_refused_connect_has_the_brokers_reason(
    code: int, text: str, peer: Callable[[peers.Behaviour], peers.Peer], broker: peers.Mosquitto
) -> None:
    port = peer(peers.sends(b"\x20\x02\x00" + bytes([code]))).port
    failure = probe("recover", port, then="run", topic="m/denied")["failure"]
    assert failure["code"] == -10
    assert failure["text"].startswith("login: ")
    assert text in failure["text"]


def test_a_connack_in_single_octets_is_read(broker: peers.Mosquitto) -> None:
    def dripping(stream: socket.socket) -> None:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream.recv(1)
        for octet in peers.CONNACK:
            time.sleep(0.05)
            stream.sendall(bytes([octet]))
        peers.until_closed(stream)

    report = probe("look_up", peers.Peer(dripping, broker.port).port, failing=False, times=1)
    assert report["codes"] == [None]


def test_a_refused_port_is_connected_after_it_listens(broker: peers.Mosquitto) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound, not listening: the port refuses
        job = {"do": "recover", "then": "run", "topic": "m/refused", "tell": True}
        process = start({**job, "client": client(bound.getsockname()[1])})
        assert process.stdout and process.stdout.readline() == b"failed\n"
        bound.listen()
        peers.Peer(None, broker.port, bound)
        report = report_of(process)
    assert (report["where"], report["failure"]["code"]) == ("connect", -3)
    words = "TCP: refused: nothing listens at this port (ECONNREFUSED)"
    assert report["failure"]["text"] == words
    assert report["failure"]["ms"] < SLACK_MS
    assert report["leaked"] == 0
    assert report["again"]["code"] is None
    assert broker.retained("m/refused") == b"back"


def test_a_connect_without_an_answer_fails_and_closes_its_socket() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        where = full.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:  # fill the backlog: further SYNs are dropped
            one.setblocking(False)
            one.connect_ex(where)
        settings = {"timeout_ms": TIMEOUT_MS}
        report = probe("cancel_connect", where[1], settings)
        assert report["leaked"] == 0
        report = probe("look_up", where[1], settings, failing=False, times=1)
        assert report["codes"] == [-3]
        for one in waiting:
            one.close()


def test_the_name_is_looked_up_at_each_connect(broker: peers.Mosquitto) -> None:
    report = probe("look_up", free_port(), failing=False, times=3)
    assert (report["calls"], set(report["codes"])) == ([1, 2, 3], {-3})
    report = probe("look_up", broker.port, failing=False, times=3)
    assert (report["calls"], set(report["codes"])) == ([1, 2, 3], {None})


def test_a_failed_look_up_is_a_failed_connect() -> None:
    report = probe("look_up", free_port(), failing=True, times=2)
    assert (report["codes"], report["calls"]) == ([-3, -3], [1, 2])
    assert report["texts"] == ["DNS: no host has the name 127.0.0.1"] * 2


def by_name(host: str, port: int, names: str, times: int = 1) -> list[list[Any]]:
    """Code and text of each connection to a host in a network with this name server."""
    settings = {"host": host, "timeout_ms": 5000}
    found: list[list[Any]] = probe("by_name", port, settings, names=names, times=times)["found"]
    return found


def test_the_name_server_is_asked_without_holding_the_loop(broker: peers.Mosquitto) -> None:
    names = Names(lambda good, n: [good] if n == 2 else [])  # the first question is lost
    assert by_name("broker.test", broker.port, names.address) == [[None, None]]
    asked = len(names.asked)
    assert asked >= 2 and b"\x06broker\x04test\0" in names.asked[0]
    # Of these the port's own look-up knows more, or there is nothing to ask.
    for host in ("localhost", "127.0.0.1"):
        assert by_name(host, broker.port, names.address) == [[None, None]], host
    assert len(names.asked) == asked


def test_the_router_is_asked_when_the_name_server_is_dead(broker: peers.Mosquitto) -> None:
    dead, router = Names(lambda good, n: []), Names(lambda good, n: [good])
    found = by_name("broker.test", broker.port, f"{dead.address} {router.address}")
    assert found == [[None, None]]
    assert dead.asked and router.asked
    for code, both in ((2, True), (5, True), (3, False)):  # 3: there is no such name
        bad = bytes((0x80 | code,))
        first = Names(lambda good, n, bad=bad: [good[:3] + bad + good[4:]])
        router = Names(lambda good, n: [good])
        ((code, text),) = by_name("broker.test", broker.port, f"{first.address} {router.address}")
        assert bool(router.asked) == both and (text is None) == both, text
    # The words are those of the name server, not of the router.
    refusing = Names(lambda good, n: [good[:3] + b"\x85" + good[4:]])
    ((code, text),) = by_name("broker.test", broker.port, f"{refusing.address} {dead.address}")
    assert text == f"DNS: the name server {refusing.address} answers with error 5"


def test_the_reason_when_no_name_server_knows_the_host(broker: peers.Mosquitto) -> None:
    for bend, words in (
        (lambda good, n: [good[:3] + b"\x83" + good[4:]], "DNS: no such host: broker.test"),
        (lambda good, n: [], "does not answer"),
    ):
        ((code, text),) = by_name("broker.test", broker.port, Names(bend).address)
        assert code == -3 and words in text
    ((code, text),) = by_name("..", broker.port, "127.0.0.1:9")
    assert code == -3 and text == "DNS: no host name: .."


def test_without_a_name_server_the_last_address_is_used(broker: peers.Mosquitto) -> None:
    elsewhere = b"\x7f\x00\x00\x02"  # nobody listens there
    numbers: list[bytes] = []  # of look-ups, whose questions may be repeated

    def bend(good: bytes, _: int) -> list[bytes]:
        if good[:2] not in numbers:
            numbers.append(good[:2])
        number = numbers.index(good[:2])
        if number == 0:
            return [good]
        return [good[:-4] + elsewhere] if number == 1 else []

    names = Names(bend)
    found = by_name("broker.test", broker.port, names.address, times=4)
    assert [code for code, _ in found] == [None, -3, None, None], found
    assert found[1][1].startswith("TCP: ")  # an answer counts, even if nobody is there
    # An address at which no broker has answered is not kept.
    names = Names(lambda good, n: [good[:-4] + elsewhere] if n == 1 else [])
    found = by_name("broker.test", broker.port, names.address, times=2)
    assert [text[:4] for _, text in found] == ["TCP:", "DNS:"]


def test_messages_with_qos_1_arrive_and_are_acknowledged(broker: peers.Mosquitto) -> None:
    broker.publish("q/retained", b"kept", "-r", "-q", "1")
    report = probe(
        "serve",
        broker.port,
        topics=["q/#"],
        qos=1,
        messages=[("q/1", "first", 1, 2), ("q/2", "y", 300, 3), ("q/3", "plain", 1, 0)],
        expect=4,
    )
    assert report["sent"]["code"] is None
    assert report["messages"] == [
        ["q/retained", "kept"],
        ["q/1", "first"],
        ["q/2", "y" * 300],
        ["q/3", "plain"],
    ]
    assert report["connected"]
    assert broker.retained("q/2") == b"y" * 300


def test_packets_of_qos_1_have_the_expected_octets(
    peer: Callable[[peers.Behaviour], peers.Peer],
) -> None:
    seen: list[tuple[int, bytes]] = []
    port = peer(peers.answering({0x32: b"\x32\x07\x00\x01tAB24\x40\x02\x00\x01"}, seen)).port
    report = probe("serve", port, messages=[("t", "x", 1, 2)], topics=[], expect=1)
    assert report["sent"]["code"] is None
    assert report["messages"] == [["t", "24"]]
    wait_until(lambda: len(seen) > 2)
    assert seen[1] == (0x32, b"\x00\x01t\x00\x01x")
    assert seen[2] == (0x40, b"AB")  # for the message of the peer, whose identifier is AB


def test_a_missing_puback_ends_the_link(peer: Callable[[peers.Behaviour], peers.Peer]) -> None:
    # A PUBACK for another packet identifier does not count.
    port = peer(peers.answering({0x32: b"\x40\x02\x00\x09"}, [])).port
    settings = {"timeout_ms": TIMEOUT_MS}
    report = probe("serve", port, settings, messages=[("t", "x", 1, 2)], ms=100)
    assert (report["sent"]["code"], report["sent"]["text"]) == (-4, "no PUBACK")
    assert report["sent"]["ms"] <= TIMEOUT_MS + SLACK_MS
    assert not report["connected"]


def test_a_refused_subscription_is_an_error(peer: Callable[[peers.Behaviour], peers.Peer]) -> None:
    seen: list[tuple[int, bytes]] = []
    port = peer(peers.answering({0x82: b"\x90\x03\x00\x01\x80"}, seen)).port
    report = probe("serve", port, topics=["denied"], ms=100)
    assert report["subscribed"][0]["code"] == -11
    assert report["connected"]
    assert seen[1] == (0x82, b"\x00\x01\x00\x06denied\x00")


def test_a_missing_suback_is_an_error(peer: Callable[[peers.Behaviour], peers.Peer]) -> None:
    # A SUBACK for another packet identifier does not count.
    port = peer(peers.answering({0x82: b"\x90\x03\x00\x09\x00"}, [])).port
    report = probe("serve", port, {"timeout_ms": TIMEOUT_MS}, topics=["t", "x" * 123], ms=100)
    assert [s["code"] for s in report["subscribed"]] == [-12, -7]
    assert report["subscribed"][0]["ms"] <= TIMEOUT_MS + SLACK_MS
    assert report["connected"]


def test_the_connect_packet_has_the_expected_octets(
    peer: Callable[[peers.Behaviour], peers.Peer],
) -> None:
    for settings, flags, tail in (
        ({}, 0x02, b""),
        ({"password": "p"}, 0x02, b""),
        ({"user": "bø"}, 0xC2, b"\x00\x03b\xc3\xb8\x00\x00"),
        ({"user": "u", "password": "p", "will": "t/s"}, 0xE6,
         b"\x00\x03t/s\x00\x07offline\x00\x01u\x00\x01p"),
    ):  # fmt: skip
        seen: list[tuple[int, bytes]] = []
        probe("serve", peer(peers.answering({}, seen)).port, settings, ms=50)
        head = b"\x00\x04MQTT\x04" + bytes([flags]) + b"\x00\x3c\x00\x05probe"
        assert seen[0] == (0x10, head + tail)


def test_pings_wait_for_a_slow_publish(
    peer: Callable[[peers.Behaviour], peers.Peer],
) -> None:
    # Linux takes 3 to 7 MB before a loopback socket is full.
    size, count = 200_000, 60
    seen: list[tuple[int, bytes]] = []
    port = peer(peers.slow(seen, 2_000_000)).port
    messages = [("slow", chr(ord("A") + n), size, 0) for n in range(count)]
    settings = {"keepalive": 1, "timeout_ms": 30_000}
    report = probe("serve", port, settings, messages=messages, last="end", ms=1000)
    assert report["connected"]
    assert report["sent"]["code"] is None
    assert report["sent"]["ms"] > 1000  # longer than the keepalive: a ping was due
    sent = [body for kind, body in seen if kind == 0x30]
    assert len(sent) == count
    for (_, letter, _, _), body in zip(messages, sent, strict=True):
        assert body[:6] == b"\x00\x04slow"
        assert body[6:].count(letter.encode()) == len(body) - 6 == size
    assert {kind for kind, _ in seen} == {0x10, 0x30, 0x82, 0xC0}


def test_a_publish_cancelled_inside_its_packet_ends_the_link(
    peer: Callable[[peers.Behaviour], peers.Peer],
) -> None:
    report = probe("cancel", peer(peers.not_reading).port, size=200_000)
    assert report["next"]["code"] == -3


def test_a_cancelled_connect_releases_its_socket(
    peer: Callable[[peers.Behaviour], peers.Peer],
) -> None:
    report = probe("cancel_connect", peer(peers.silent).port)
    assert (report["leaked"], report["next"]["code"]) == (0, -3)

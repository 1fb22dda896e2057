"""Hostile clients of the whole firmware. Each gets the right status and others are served; after
all of them no telegram is missing, the heap is as free as before, and no setting has changed.

Slow bodies and guessed passwords of scripts: tests/sim/test_auth.py."""

import base64
import contextlib
import json
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.timing import LOST_S, PATIENCE_S, asked_again, wait_until
from tests.world import MORNING, World
from tools import openapi

USER, PASSWORD = "olav", "svært hemmelig"
LOGIN = b"user=olav&password=sv%C3%A6rt+hemmelig"
LENT = 8192  # octets of heap that vary between two answers
MEGABYTES = 10 << 20
# Of a request that is right, on a busy machine: its head took over a second while others waited.
BUSY = (408, 503, 0)
# A stream does not end; these restart the reader, or wait for a telegram or a broker.
LEFT_OUT = ("/events", "/reboot", "/reset", "/api/key-test", "/api/mqtt-test")
SETTINGS = """
[checks]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "503"]
"""


def unread(world: World) -> int:
    """Telegrams that were sent and have not been read."""
    return len(world.sent) - int(world.json("/now.json")["n"])


def settled(world: World, seen: list[int]) -> bool:
    """Whether `seen` ends with ten equal figures of unread(), of which this call adds one."""
    seen.append(unread(world))
    return len(set(seen[-10:])) == 1 and len(seen) > 10


def free(world: World) -> int:
    """The highest of some figures of free heap."""
    return max(int(world.json("/data.json")["m"]) for _ in range(10))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A reader whose settings are protected, with more than a telegram each second."""
    config = {"web_security": 1, "web_user": USER, "web_password": PASSWORD,
              "meter_baud": 115200, "meter_format": "8E1"}  # fmt: skip
    folder = tmp_path_factory.mktemp("hostile")
    # At 2400 baud a meter that stands still for 0.2 s within a telegram spoils it; an hour that
    # ends changes the heap.
    meter = ("--meter", "kaifa", "--baud", "115200")
    with World(folder, *meter, clock=(MORNING, 3), config=config) as world:
        wait_until(lambda: world.json("/now.json")["n"] > 0)
        yield world


@dataclass
class State:
    """What the attacks must not change."""

    missing: int  # telegrams that were sent before the reader listened
    free: int
    config: bytes
    files: set[str]


@pytest.fixture(scope="module", autouse=True)
def before(reader: World) -> State:
    """The state before all tests, each module having been loaded once: see ask_for_all()."""
    document = openapi.document()
    for path in LEFT_OUT:
        document["paths"].pop(path, None)
    owner = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    ask_for_all(reader, document, {"Authorization": f"Basic {owner}"})
    reader.tell("pause")
    seen = [-1]
    wait_until(lambda: settled(reader, seen))
    files = {path.name for path in reader.data.iterdir()}
    config = (reader.data / "config.json").read_bytes()
    found = State(seen[-1], free(reader), config, files)
    reader.tell("resume")
    return found


@pytest.fixture(scope="module")
def session(reader: World, before: State) -> str:
    """The owner's cookie."""
    head = b"POST /login HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % len(LOGIN)
    octets = answer(reader, head + LOGIN)
    assert status(octets) == 303
    return octets.decode().split("Set-Cookie: ")[1].split(";")[0]


def connect(
    world: World, address: str = "127.0.0.1", seconds: float = PATIENCE_S
) -> socket.socket:
    return socket.create_connection(("127.0.0.1", world.http), seconds, (address, 0))


def answer(
    world: World, octets: bytes, address: str = "127.0.0.1", seconds: float = PATIENCE_S
) -> bytes:
    """All that comes back; b"" if the connection is reset, as by octets after the answer."""
    with connect(world, address, seconds) as s:
        got = b""
        with contextlib.suppress(ConnectionError):
            s.sendall(octets)
        with contextlib.suppress(ConnectionError):
            while part := s.recv(4096):
                got += part
        return got


def answer_in_a_crowd(world: World, octets: bytes, address: str) -> bytes:
    """An answer while others fill the listen queue."""
    return asked_again(lambda: answer(world, octets, address, LOST_S))


def status(octets: bytes) -> int:
    return int(octets.split(b" ", 2)[1]) if octets else 0


def together(world: World, count: int, attack) -> int:  # type: ignore[no-untyped-def]
    """Run attack(number) in so many threads. Returns the answers to others meanwhile."""
    threads = [threading.Thread(target=attack, args=(n,), daemon=True) for n in range(count)]
    for thread in threads:
        thread.start()
    served = 0
    end = time.monotonic() + 4 * PATIENCE_S
    while any(thread.is_alive() for thread in threads):
        got = status(answer_in_a_crowd(world, b"GET /is-alive HTTP/1.0\r\n\r\n", "127.0.0.99"))
        assert got in (200, *BUSY)
        served += got == 200
        assert time.monotonic() < end
        time.sleep(0.05)
    return served


def test_fifty_slow_heads_leave_places_to_others(reader: World) -> None:
    ends: list[bytes] = []

    def attack(number: int) -> None:
        with connect(reader) as s:
            s.settimeout(0.2)
            for octet in b"GET /data.json HTTP/1.1\r\n" + b"X" * 600:
                try:
                    s.send(bytes((octet,)))
                    ends.append(s.recv(12))
                    return
                except TimeoutError:
                    pass
                except ConnectionError:
                    ends.append(b"")
                    return

    assert together(reader, 50, attack) > 0
    assert len(ends) == 50 and set(ends) <= {b"HTTP/1.0 408", b""}
    assert ends.count(b"HTTP/1.0 408") > 25


def test_clients_that_connect_again_and_again_do_not_keep_others_out(reader: World) -> None:
    stopped = threading.Event()
    sockets: dict[int, socket.socket] = {}
    closed = []

    def attack(number: int) -> None:
        while not stopped.is_set():
            with contextlib.suppress(OSError), connect(reader) as s:
                sockets[number] = s
                s.sendall(b"GET /" * (number % 2))
                while s.recv(100):
                    pass
                closed.append(number)

    threads = [threading.Thread(target=attack, args=(n,), daemon=True) for n in range(50)]
    for thread in threads:
        thread.start()
    try:
        served = 0
        end = time.monotonic() + 4 * PATIENCE_S
        while served < 15:
            assert time.monotonic() < end
            octets = answer_in_a_crowd(reader, b"GET /data.json HTTP/1.0\r\n\r\n", "127.0.0.2")
            assert octets.endswith(b"}") if status(octets) == 200 else status(octets) in BUSY
            served += status(octets) == 200
        assert len(closed) > 15  # of the others, meanwhile
    finally:
        stopped.set()
        for s in sockets.values():  # some are known to this end only
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)


def test_heads_without_end_are_refused(reader: World) -> None:
    for octets, statuses in (
        (b"GET / HTTP/1.0\r\n" + b"X-Header: 1\r\n" * 1000 + b"\r\n", (431, 0)),
        (b"GET / HTTP/1.0\r\nX: " + b"a" * (1 << 20) + b"\r\n\r\n", (431, 0)),
        (b"GET /" + b"a" * (1 << 20) + b" HTTP/1.0\r\n\r\n", (431, 0)),
        (b"\n" * 100000, (0,)),
        (b"\0" * 100000, (400, 431, 0)),
        (b"GET " * 100 + b"\r\n\r\n", (400,)),
    ):
        assert status(answer(reader, octets)) in statuses, octets[:40]


@pytest.mark.parametrize("path", ["/lists.txt", "/backup", "/dayplot", "/"])
def test_ten_megabytes_are_not_read(reader: World, session: str, path: str) -> None:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {session}\r\n"
        "Content-Type: text/plain\r\n"
    ).encode()
    for more, expected in (
        (b"Content-Length: %d\r\n\r\n" % MEGABYTES, 413),
        (b"Transfer-Encoding: chunked\r\n\r\nA00000\r\n", 405 if path == "/" else 411),
    ):
        with connect(reader) as s:
            s.sendall(head + more)
            assert status(s.recv(4096)) == expected
            sent = 0
            with contextlib.suppress(ConnectionError):
                while sent < MEGABYTES:
                    sent += s.send(b"x" * 65536)
        # The status is there also if a client sends all before it reads.
        assert status(answer(reader, head + more + b"x" * MEGABYTES)) in (expected, 0)


@pytest.mark.parametrize(
    "path",
    [
        "/../config.json", "/..%2fconfig.json", "/%2e%2e/config.json", "/data/config.json",
        "/./../data/config.json", "//config.json", "/config.json", "/config.json%00.svg",
        "/..\\config.json", "/%2e%2e%5cconfig.json", "/www/../data/tokens.json", "/tokens.json",
        "/....//config.json", "/index.html/../../config.json", "file:///etc/passwd",
        "/etc/passwd", "/boot.py", "/main.py", "/.frozen/app.py", "/journal", "/rtc",
        "http://127.0.0.1/../config.json", "/config.json?/../index.html", "/config.json/.svg",
    ],
)  # fmt: skip
def test_no_path_leads_to_a_file_that_is_no_page(reader: World, path: str) -> None:
    stored = json.loads((reader.data / "config.json").read_text())["web_password"]
    for method in (b"GET", b"HEAD", b"POST"):
        octets = answer(reader, b"%s %s HTTP/1.0\r\nContent-Length: 0\r\n\r\n"
                        % (method, path.encode()))  # fmt: skip
        assert status(octets) in (400, 404) or (method == b"POST" and status(octets) == 405)
        assert stored.encode() not in octets and b"root:" not in octets


def test_nothing_that_is_sent_becomes_a_header_of_the_answer(reader: World) -> None:
    evil = "%0d%0aX-Evil:%20yes%0d%0a%0d%0a<script>"
    html = b"Accept: text/html\r\n"
    for octets in (
        b"GET /login?next=%s HTTP/1.0\r\n%s\r\n" % (evil.encode(), html),
        b"GET /%s HTTP/1.0\r\n%s\r\n" % (evil.encode(), html),
        b"GET /api/settings.json%s HTTP/1.0\r\n%s\r\n" % (evil.encode(), html),
        b"GET /lists.txt?%s HTTP/1.0\r\n%s\r\n" % (evil.encode(), html),
        b"GET /\rX-Evil:yes HTTP/1.0\r\n\r\n",
        b"GET /lists.txt HTTP/1.0\rX-Evil: yes\r\n\r\n",
        b"GET /data.json HTTP/1.1\r\nHost: a\rX-Evil: yes\r\n\r\n",
        b"GET /data.json HTTP/1.0\r\nOrigin: a\rX-Evil: yes\r\n\r\n",
        b"GET / HTTP/1.0\r\nIf-None-Match: \"a\rX-Evil: yes\r\n\r\n",
        b"GET /lists.txt HTTP/1.0\r\nCookie: reader=\rX-Evil: yes\r\n%s\r\n" % html,
        b"X-Evil: / HTTP/1.0\r\n\r\n",
        *[
            b"POST /login HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
            for body in (LOGIN + b"&next=" + place for place in (
                b"%2f" + evil.encode(), b"//evil.example", b"http://evil.example/",
                b"%2f%5cevil.example", b"/%09/evil.example", b"javascript:alert(1)",
            ))
        ],
    ):  # fmt: skip
        head, _, body = answer(reader, octets).partition(b"\r\n\r\n")
        lines = head.decode().lower().replace("\r\n", "\n").split("\n")
        assert lines[0].startswith("http/1.0 ")
        assert not [line for line in lines if line.startswith("x-evil")], octets
        assert "\r" not in "".join(lines) and b"<script>" not in body
        for line in lines:
            if line.startswith("set-cookie: reader="):  # there are four sessions at most
                answer(reader, (
                    f"POST /logout HTTP/1.1\r\nHost: 127.0.0.1\r\n{line[4:]}\r\n"
                    "Content-Length: 0\r\n\r\n"
                ).encode())  # fmt: skip
            if line.startswith("location:"):
                place = line.partition(": ")[2]
                assert place[:1] == "/" and place[1:2] not in ("/", "\\", "\t"), octets


def test_the_owners_session_is_no_use_to_another_site(reader: World, session: str) -> None:
    """A browser sends the cookie with a form that another site has made."""
    table = openapi.routes()
    changes = [(row[0], row[1]) for row in table.ROUTES if row[1] != "GET"]
    assert len(changes) > 15
    for path, method in changes:
        for more in ("Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site",
                     "Sec-Fetch-Site: same-site",
                     "Host: evil.example\r\nOrigin: http://evil.example"):  # fmt: skip
            host = "" if more.startswith("Host") else "Host: 127.0.0.1\r\n"
            octets = answer(reader, (
                f"{method} {path} HTTP/1.1\r\n{host}{more}\r\nCookie: {session}\r\n"
                "Content-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
            ).encode())  # fmt: skip
            assert status(octets) == (403 if host else 421), (method, path, more, octets[:200])


def test_a_request_has_one_length_and_nothing_after_it_is_a_request(
    reader: World, session: str
) -> None:
    """What a proxy would take for the body must not be a second request."""
    second = (
        f"i=no\r\nPOST /lists.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {session}\r\n"
        "Content-Length: 0\r\n\r\n"
    )
    for head, expected in (
        ("Content-Length: 4\r\nContent-Length: 30", 400),
        ("Content-Length: 4\r\ncontent-length: 4", 400),
        ("Content-Length: 4, 30", 400),
        ("Content-Length: +4", 400),
        ("Content-Length: -4", 400),
        ("Content-Length: 0x4", 400),
        ("Content-Length: 4 4", 400),
        ("Content-Length: ", 400),
        ("Content-Length : 4", 400),
        ("Content-Length:\r\n 4", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: 4", 411),
        ("Content-Length: 4\r\nTransfer-Encoding: chunked", 411),
        ("Content-Length: 4\r\nTransfer-Encoding: identity", 411),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", 400),
        ("Transfer-Encoding : chunked\r\nContent-Length: 9", 400),
        ("Host: 127.0.0.1\r\nContent-Length: 4", 400),
        ("Origin: http://127.0.0.1\r\nOrigin: http://evil.example\r\nContent-Length: 4", 400),
    ):
        octets = answer(reader, (
            f"POST /dayplot HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {session}\r\n{head}\r\n\r\n"
            + second
        ).encode())  # fmt: skip
        assert octets.count(b"HTTP/1.0 ") == 1, head
        assert status(octets) == expected, (head, octets)


def test_the_login_cannot_be_guessed_from_many_addresses(reader: World, session: str) -> None:
    statuses: list[int] = []

    def attack(number: int) -> None:
        for guess in range(3):
            body = b"user=olav&password=guess+%d" % guess
            head = b"POST /login HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % len(body)
            octets = answer_in_a_crowd(reader, head + body, f"127.0.0.{10 + number}")
            statuses.append(status(octets))

    begin = time.monotonic()
    assert together(reader, 30, attack) > 0
    own = f"GET /configuration.json HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {session}\r\n\r\n"
    assert status(answer(reader, own.encode(), "127.0.0.10")) == 200
    assert len(statuses) == 90 and set(statuses) <= {403, 429, *BUSY}
    # Five places are counted; each is looked at after 0, 1, 3, 7, 15 .. s.
    looks = 1
    while 1 << looks <= time.monotonic() - begin + 1:
        looks += 1
    assert 1 <= statuses.count(403) <= 5 * (looks + 1)
    assert "guess" not in reader.log()


def test_bodies_of_nonsense_are_refused_everywhere(reader: World, session: str) -> None:
    noise = random.Random(11)
    table = openapi.routes()
    others = (noise.randbytes(3000), b"&" * 3000, b"a=" + b"%ff" * 200)
    for number, row in enumerate(table.ROUTES):
        if row[1] == "GET" or row[0] in ("/reboot", "/reset", "/logout", "/network/confirm"):
            continue
        kind = "application/json" if row[5] & 128 else "application/x-www-form-urlencoded"
        if row[0] in ("/backup", "/configfile", "/lists.txt", "/prices"):
            kind = "text/plain"
        # A page comes again, with the reason; the inspector looks at everything.
        lowest = 200 if "html" in row[4] or row[0] == "/api/inspect" else 400
        for body in (b"[" * 3000, others[number % 3]):
            head = (
                f"{row[1]} {row[0]} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {session}\r\n"
                f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode()
            got = status(answer(reader, head + body))
            assert lowest <= got < 500, (row[0], body[:20], got)


def test_nothing_was_lost_and_nothing_changed(reader: World, before: State) -> None:
    sent = len(reader.sent)
    wait_until(lambda: len(reader.sent) > sent)
    reader.tell("pause")
    wait_until(
        lambda: unread(reader) == before.missing,
        about=lambda: f"{unread(reader) - before.missing} telegrams are missing: {reader.log()}",
    )
    assert free(reader) > before.free - LENT
    assert (reader.data / "config.json").read_bytes() == before.config
    assert "lists.txt" not in {path.name for path in reader.data.iterdir()} - before.files
    assert "Traceback" not in reader.log() and "starting it again" not in reader.log()
    assert reader.firmware.poll() is None


def ask_for_all(world: World, document: dict, headers: dict[str, str]) -> None:
    """Use each row of the document once. The simulated reader's modules are not in an image: their
    names stay in the heap from the first use on."""
    for path, methods in document["paths"].items():
        for method in methods:
            assert world.post(path, "", headers, method.upper())[0] < 600


def attack_by_document(folder: Path, cases: int, phases: str) -> None:
    """Send requests that schemathesis makes from the document, valid and invalid ones."""
    document = openapi.document()
    for path in LEFT_OUT:
        document["paths"].pop(path, None)
    (folder / "openapi.json").write_text(json.dumps(document))
    (folder / "schemathesis.toml").write_text(SETTINGS)
    with World(folder, "--meter", "kaifa", "--speed", "10") as world:
        command = [
            Path(sys.executable).with_name("st"), "--config-file", "schemathesis.toml", "run",
            "openapi.json", "--url", f"http://127.0.0.1:{world.http}", "-n", str(cases),
            "--phases", phases, "--generation-deterministic", "--no-shrink",
            "--exclude-checks", "positive_data_acceptance",  # the document has not every rule
            "--warnings", "off", "--no-color", "--request-timeout", "60",
        ]  # fmt: skip
        ask_for_all(world, document, {})
        heap = free(world)
        done = subprocess.run(command, cwd=folder, text=True, capture_output=True)
        assert not done.returncode, done.stdout[-5000:] + done.stderr[-2000:]
        before = world.json("/now.json")["n"]
        wait_until(lambda: world.json("/now.json")["n"] > before + 3)
        assert free(world) > heap - 2 * LENT  # settings and corrections were made
        assert "Traceback" not in world.log() and "defect" not in world.log()
        assert world.firmware.poll() is None


def test_requests_made_from_the_document_harm_nothing(tmp_path: Path) -> None:
    attack_by_document(tmp_path, 3, "fuzzing")


@pytest.mark.long
def test_many_requests_made_from_the_document_harm_nothing(tmp_path: Path) -> None:
    attack_by_document(tmp_path, 20, "coverage,fuzzing")

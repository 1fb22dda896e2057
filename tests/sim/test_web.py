"""The web server of the whole firmware: valid and invalid requests through raw sockets."""

import contextlib
import socket
from collections.abc import Iterator

import pytest

from tests.timing import PATIENCE_S, Stopwatch, wait_until
from tests.world import SLACK_S, World

HEAD_DEADLINE_S = 5  # time limit of a request's head


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("served"), "--meter", "kaifa", "--speed", "3") as world:
        yield world


def raw(world: World, octets: bytes, timeout: float = PATIENCE_S) -> bytes:
    with socket.create_connection(("127.0.0.1", world.http), timeout) as s:
        s.sendall(octets)
        answer = b""
        while part := s.recv(4096):
            answer += part
        return answer


@pytest.mark.parametrize(
    ("request_octets", "status"),
    [
        (b"GET / HTTP/1.0\r\n\r\n", b"200"),
        (b"HEAD /data.json HTTP/1.0\r\n\r\n", b"200"),
        (b"GET /sysinfo.json?t=1704447012 HTTP/1.1\r\nHost: x\r\n\r\n", b"200"),
        (b"GET /nope HTTP/1.0\r\n\r\n", b"404"),
        (b"GET /../config.json HTTP/1.0\r\n\r\n", b"404"),
        (b"GET /%2e%2e/data/config.json HTTP/1.0\r\n\r\n", b"404"),
        (b"POST /data.json HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", b"405"),
        (b"POST / HTTP/1.0\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.0\r\nContent-Length: -5\r\n\r\n", b"4"),
        (b"POST / HTTP/1.0\r\nContent-Length: five\r\n\r\n", b"400"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.0\r\nno colon\r\n\r\n", b"400"),
        (b"GET / HTTP/1.0\r\n" + b"X: y\r\n" * 400 + b"\r\n", b"431"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.0\r\n\r\n", b"431"),
        (b"GET /" + b"a" * 1800 + b" HTTP/1.0\r\n\r\n", b"400"),
        (b"\xff\xfe\x00" * 20 + b"\r\n\r\n", b"400"),
    ],
)
def test_a_request_gets_its_status_and_the_server_continues(
    served: World, request_octets: bytes, status: bytes
) -> None:
    head = raw(served, request_octets).split(b"\r\n", 1)[0]
    assert head.split(b" ")[1].startswith(status), head
    assert served.get("/is-alive")[0] == 200


def test_documents_and_files_have_their_headers(served: World) -> None:
    head = raw(served, b"GET /data.json HTTP/1.0\r\n\r\n").split(b"\r\n\r\n")[0].decode()
    assert "Cache-Control: no-cache, no-store, must-revalidate" in head
    assert "Content-Type: application/json" in head
    page = raw(served, b"GET / HTTP/1.0\r\n\r\n").split(b"\r\n\r\n")[0].decode()
    assert "Content-Encoding: gzip" in page and "no-cache" in page
    alive = raw(served, b"GET /is-alive HTTP/1.0\r\n\r\n").decode()
    assert "Access-Control-Allow-Origin: *" in alive


def test_idle_and_stuck_clients_do_not_block_others(served: World) -> None:
    with contextlib.ExitStack() as clients:

        def connect(octets: bytes) -> socket.socket:
            s = socket.create_connection(("127.0.0.1", served.http), PATIENCE_S)
            s.sendall(octets)
            return clients.enter_context(s)

        watch = Stopwatch(served.firmware.pid)
        for idle in [connect(b"GET /data.js") for _ in range(30)]:
            assert idle.recv(100) == b""  # the deadline of a head has passed
        assert watch.seconds() < 4 * HEAD_DEADLINE_S
        assert served.get("/is-alive")[0] == 200
        # Event streams of clients that stop reading.
        stuck = [connect(b"GET /events HTTP/1.0\r\n\r\n") for _ in range(3)]
        assert [s.recv(12)[-3:] for s in stuck] == [b"200"] * 3
        assert served.get("/events")[0] == 503
        assert served.slowest_answer(1) < SLACK_S
        for s in stuck:
            s.close()
        wait_until(lambda: raw_status(served, "/events") == b"200")
    assert "Traceback" not in served.log()


def raw_status(world: World, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", world.http), PATIENCE_S) as s:
        s.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        return s.recv(100).split(b" ")[1]

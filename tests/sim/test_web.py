"""The web server of the whole firmware: valid and invalid requests through raw sockets."""

import contextlib
import gzip
import socket
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.timing import PATIENCE_S, Stopwatch
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
        (b"GET /sysinfo.json?t=1704447012 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"200"),
        (b"GET /nope HTTP/1.0\r\n\r\n", b"404"),
        (b"GET /../config.json HTTP/1.0\r\n\r\n", b"404"),
        (b"GET /%2e%2e/data/config.json HTTP/1.0\r\n\r\n", b"404"),
        (b"POST /data.json HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", b"405"),
        (b"OPTIONS /data.json HTTP/1.0\r\n\r\n", b"200"),
        (b"DELETE / HTTP/1.0\r\n\r\n", b"405"),
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


def test_a_page_that_a_browser_has_is_not_sent_again(served: World) -> None:
    answer = raw(served, b"GET / HTTP/1.0\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    page = gzip.decompress(body)
    crc = zlib.crc32(page).to_bytes(4, "little") + len(page).to_bytes(4, "little")
    assert lines["ETag"] == f'"{crc.hex()}"' and int(lines["Content-Length"]) == len(body)
    question = f"GET / HTTP/1.0\r\nIf-None-Match: {lines['ETag']}\r\n\r\n"
    head, _, body = raw(served, question.encode()).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 304 ") and body == b""


def test_idle_and_stuck_clients_do_not_block_others(served: World) -> None:
    with contextlib.ExitStack() as clients:

        def connect(octets: bytes) -> socket.socket:
            s = socket.create_connection(("127.0.0.1", served.http), PATIENCE_S)
            s.sendall(octets)
            return clients.enter_context(s)

        watch = Stopwatch(served.firmware.pid)
        for idle in [connect(b"GET /data.js") for _ in range(30)]:
            assert idle.recv(12) == b"HTTP/1.0 408"  # the deadline of a head has passed
        assert watch.seconds() < 4 * HEAD_DEADLINE_S
        assert served.get("/is-alive")[0] == 200
        # Event streams of clients that stop reading.
        stuck = [connect(b"GET /events HTTP/1.0\r\n\r\n") for _ in range(3)]
        assert [s.recv(12)[-3:] for s in stuck] == [b"200"] * 3
        in_excess = connect(b"GET /events HTTP/1.0\r\n\r\n")
        assert head_of(in_excess).startswith(b"HTTP/1.0 200")
        assert served.get("/events")[0] == 503
        assert served.slowest_answer(1) < SLACK_S
        stuck[0].close()
        assert in_excess.recv(10) == b'data: {"n"'
    assert "Traceback" not in served.log()


def head_of(s: socket.socket) -> bytes:
    """The head of an answer; what follows stays unread."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += s.recv(1)
    return head


def test_a_page_that_is_reloaded_at_once_has_its_stream_each_time(tmp_path: Path) -> None:
    """The meter is silent, so that no event shows the reader that the page is gone."""
    with World(tmp_path) as world:
        world.tell("pause")
        for _ in range(12):
            with socket.create_connection(("127.0.0.1", world.http), PATIENCE_S) as s:
                s.sendall(b"GET /events HTTP/1.0\r\n\r\n")
                assert head_of(s).startswith(b"HTTP/1.0 200")
                assert s.recv(10) == b'data: {"n"'
                time.sleep(0.3)  # a page asks for other documents before its stream

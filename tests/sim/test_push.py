"""Push to InfluxDB and a webhook: the whole firmware with servers that answer, refuse and fail.

The line protocol is read by line_protocol_parser, which is written in C by others.
"""

import calendar
import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from line_protocol_parser import parse_line

from tests.timing import wait_until
from tests.world import World
from tools.price_server import Authority
from tools.runtime import MICROPYTHON, environment

PROBE = Path(__file__).with_name("push_probe.py")
SPEED = 1200.0
BEGIN = 1_772_312_700  # 2026-02-28T21:05Z
QUARTER = 900
METER = ("--meter", "kaifa", "--baud", "115200", "--interval", "60")
LINE = {"meter_baud": 115200, "meter_format": "8E1"}
TOKEN = "t0ken/with+signs=="
JSON = {"Content-Type": "application/json"}
SLACK_MS = 2500  # of a loaded machine


@dataclass
class Post:
    """One request: its path with the query, headers in small letters, body."""

    path: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[Post, int], bytes | None]


def status(code: int, body: bytes = b"", *headers: str) -> bytes:
    """An answer."""
    head = [f"HTTP/1.1 {code} Status", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(head).encode() + body


class Receiver:
    """A server on 127.0.0.1: `answer` gets each request and the number of those before, and
    returns all octets of the answer; b"" cuts the connection, None leaves it silent."""

    def __init__(self, answer: Answer, context: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.posts: list[Post] = []
        self._silent: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> "Receiver":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for client in self._silent:
            client.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                threading.Thread(target=self._one, args=(client,), daemon=True).start()

    def _one(self, client: socket.socket) -> None:
        with suppress(OSError):
            if self._context:
                client = self._context.wrap_socket(client, server_side=True)
            stream = client.makefile("rb")
            path = stream.readline().decode().split(" ")[1]
            headers = {}
            while line := stream.readline().decode().strip():
                name, _, value = line.partition(": ")
                headers[name.lower()] = value
            post = Post(path, headers, stream.read(int(headers["content-length"])))
            answer = self.answer(post, len(self.posts))
            self.posts.append(post)
            if answer is None:
                self._silent.append(client)
                return
            client.sendall(answer)
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            client.close()


def lines_of(posts: list[Post], measurement: str) -> list[dict]:
    """The lines of a measurement in these requests, read by the other parser."""
    lines = [parse_line(line) for post in posts for line in post.body.decode().split("\n")]
    return [line for line in lines if line["measurement"] == measurement]


def settled(world: World) -> dict[int, tuple[int, str]]:
    """{UTC: (Wh, quality)} of the settled quarter-hours in /history.json."""
    found = {}
    for row in world.json(f"/history.json?from={BEGIN - 3600}&step=15&time=utc")["slots"]:
        if row["q"] != "provisional":
            begin = calendar.timegm(time.strptime(row["t"], "%Y-%m-%dT%H:%MZ"))
            found[begin] = (round(row["i"] * 1000), row["q"])
    return found


def fault(world: World) -> str:
    return str(world.json("/health.json")["push"]["fault"])


def change(world: World, **changes: object) -> None:
    assert world.post("/api/config", json.dumps(changes), JSON, "PATCH")[0] == 200


def test_readings_and_every_quarter_hour_arrive_in_spite_of_failures(tmp_path: Path) -> None:
    good: list[list[Post]] = [[]]  # of each run
    mode = [204]

    def answer(post: Post, before: int) -> bytes:
        if mode[0] == 204:
            good[-1].append(post)
            return status(204)
        return status(mode[0], b'{"message":"later"}') if mode[0] else b""

    with Receiver(answer) as server:
        config = {
            **LINE,
            "push_kind": "influx",
            "push_url": f"http://127.0.0.1:{server.port}",
            "push_token": TOKEN,
            "push_plain": True,
            "push_org": "my home",
            "push_bucket": "han",
            "push_interval_s": 5,
        }
        with World(tmp_path, *METER, clock=(BEGIN, SPEED), config=config) as world:

            def delivered() -> dict[int, tuple[int, str]]:
                """{UTC: (Wh, quality)}; two values of a time in one run are an error. After a
                power cut, slots that were not saved are settled again."""
                found: dict[int, tuple[int, str]] = {}
                for posts in good:
                    run: dict[int, tuple[int, str]] = {}
                    for line in lines_of(posts, "energy"):
                        row = line["fields"]["import_wh"], line["fields"]["quality"]
                        assert run.setdefault(line["time"], row) == row
                    found.update(run)
                return found

            wait_until(delivered, about=world.log)
            first = min(delivered())
            mode[0] = 503
            change(world, push_interval_s=6)  # a message is sent at once
            wait_until(lambda: "status 503: {" in fault(world), about=world.log)
            mode[0] = 0
            change(world, push_interval_s=5)
            wait_until(lambda: "without an answer" in fault(world), about=world.log)
            wait_until(lambda: len(settled(world)) >= len(delivered()) + 4, about=world.log)
            world.cut_power()
            good.append([])
            mode[0] = 204
            wait_until(lambda: len(settled(world)) >= 8, about=world.log)
            known = settled(world)
            change(world, push_interval_s=6)
            wait_until(
                lambda: any(line["time"] >= max(known) for line in lines_of(good[1], "energy")),
                about=world.log,
            )
            found = delivered()
            known = {at: row for at, row in settled(world).items() if at >= first}
            last = max(found)
            assert found == {at: row for at, row in known.items() if at <= last}
            assert len(found) >= 8 and set(found) == set(range(first, last + 1, QUARTER))

            readings = lines_of(good[0] + good[1], "reading")
            powers = {t["power_import_w"] for t in world.sent}
            assert {line["fields"]["power_import_w"] for line in readings} <= powers
            assert all(BEGIN <= line["time"] <= world.now() for line in readings)
            assert "takes the data" in world.log() and TOKEN not in world.log()
    for post in server.posts:
        parts = urlsplit(post.path)
        assert parts.path == "/api/v2/write" and post.headers["authorization"] == "Token " + TOKEN
        assert parse_qs(parts.query) == {
            "org": ["my home"], "bucket": ["han"], "precision": ["s"],
        }  # fmt: skip
        tags = [line["tags"] for line in lines_of([post], "reading") + lines_of([post], "energy")]
        assert tags and all(tag == {"device": "ams-4b1e"} for tag in tags)


def test_a_webhook_over_tls_by_the_owners_certificate(tmp_path: Path) -> None:
    authority, other = Authority("Home CA"), Authority("Other CA")
    answers = [200]
    with Receiver(
        lambda post, before: status(answers[0], b"no\n"), authority.context("localhost")
    ) as server:
        url = f"https://localhost:{server.port}/hook?a=b"
        config = {**LINE, "push_kind": "webhook", "push_token": TOKEN, "push_interval_s": 5}
        with World(tmp_path, *METER, config=dict(config, push_url=url)) as world:
            wait_until(lambda: "/push-ca" in fault(world), about=world.log)  # unknown authority
            assert not server.posts
            assert world.post("/push-ca", other.der, {})[0] == 200
            wait_until(
                lambda: "cannot prove" in fault(world) and "/push-ca" not in fault(world),
                about=world.log,
            )
            assert not server.posts
            status_, answer = world.post("/push-ca", authority.der, {})
            assert status_ == 200 and answer["found"][0]["subject"] == "CN=Home CA"
            wait_until(lambda: server.posts and fault(world) == "", about=world.log)
            post = server.posts[-1]
            body = json.loads(post.body)
            assert post.path == "/hook?a=b" and post.headers["authorization"] == "Bearer " + TOKEN
            assert body["device"] == "ams-4b1e" and abs(body["t"] - time.time()) < 60
            powers = {t["power_import_w"] for t in world.sent}
            assert body["reading"]["power_import_w"] in powers
            for code, words in ((401, "check push_token"), (429, "fewer messages"), (500, "500")):
                answers[0] = code
                change(world, push_org=f"of {code}")  # a message is sent at once
                wait_until(lambda words=words: words in fault(world), about=world.log)
            change(world, push_url=url.replace("https", "http"))
            wait_until(lambda: "push_plain" in fault(world), about=world.log)
            assert TOKEN not in world.log() + world.get("/health.json")[1].decode()


def post(url: str, limit_ms: int = 3000) -> dict:
    command = [str(MICROPYTHON), "-X", "heapsize=200k", str(PROBE), url, str(limit_ms)]
    env = environment("firmware", "build/lib")
    out = subprocess.run(command, env=env, text=True, capture_output=True, timeout=300, check=True)
    found = json.loads(out.stdout)
    assert found["held_ms"] <= SLACK_MS and found["ms"] <= limit_ms + SLACK_MS
    return dict(found)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (status(204), (204, "", "")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", (204, "", "")),
        (status(401, b'{"code":"unauthorized"}'), (401, "", '{"code":"unauthorized"}')),
        (b"", (0, "the server ended the connection without an answer", "")),
        (b"HTTP/1.1 20", (0, "the server ended the connection without an answer", "")),
        (b"hello\r\n\r\n", (0, "an answer that requests does not understand", "")),
        (None, (0, "the server gave no answer in time", "")),
    ],
    ids=["204", "no length", "401", "cut", "cut in the head", "no HTTP", "silent"],
)
def test_answers_to_a_post(answer: bytes | None, expected: tuple[int, str, str]) -> None:
    with Receiver(lambda post, before: answer) as server:
        limit_ms = 1500 if answer is None else 30_000
        found = post(f"http://127.0.0.1:{server.port}/api/v2/write?org=a", limit_ms)
    assert (found["status"], found["words"], found["answer"]) == expected
    (got,) = server.posts
    assert got.path == "/api/v2/write?org=a" and got.body == b"power,device=a w=1i 12\n"
    assert got.headers["authorization"] == "Token secret"


def test_a_redirection_takes_the_token_nowhere() -> None:
    with Receiver(lambda post, before: status(200)) as second:
        place = f"Location: http://127.0.0.1:{second.port}/x"
        with Receiver(lambda post, before: status(307, b"", place)) as first:
            found = post(f"http://127.0.0.1:{first.port}/")
    assert found["status"] in (0, 307) and not second.posts and len(first.posts) == 1


def test_the_server_may_say_when_to_come_again() -> None:
    with Receiver(lambda post, before: status(429, b"", "Retry-After: 77")) as server:
        found = post(f"http://127.0.0.1:{server.port}/")
    assert (found["status"], found["later_s"]) == (429, 77)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        found = post(f"http://127.0.0.1:{unused.getsockname()[1]}/")
    assert found["status"] == 0 and "111" in found["words"]

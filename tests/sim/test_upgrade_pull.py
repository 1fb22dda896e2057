"""Pulls of a new version: over HTTPS by the owner's CA, redirections, breaks, the daily look."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLContext
from typing import Any
from urllib.parse import quote, unquote

import pytest

from tests import slots
from tests.slots import BUILT, SHORT, Slots, image
from tests.timing import wait_until
from tests.world import World, point
from tools.price_server import Authority

NEW = ("system.py", '"v0.1.0"', '"v0.2.0"')
DAILY = ("upgrade/pull.py", "_DAY_S = const(86400)", "_DAY_S = const(1)")
SPREAD = ("upgrade/pull.py", "os.urandom(1)[0] * 16", "0")
JSON = {"Content-Type": "application/json"}
LINE = ("--baud", "115200")
PIECE = 68 * 1024  # octets of an answer at once: above the 64 KB after which progress is told
BLOCK = 4096
GOOD = image(bytes(range(251)) * 300)
ENTRY: dict[str, Any] = {
    "version": "v0.2.0", "built": BUILT + 86400, "notes": "Less heap.",
    "images": [{"family": "pow", "chip": "esp32s2", "url": "new.bin", "size": len(GOOD),
                "sha256": ""}],
}  # fmt: skip
Headers = dict[str, str]
Answer = Callable[["Server", str, Headers], tuple[int, Headers, bytes]]


class Server(ThreadingHTTPServer):
    """answer  gives status, headers and body for a path and the headers of the question
    most       octets of a body after which the connection ends; -1: all
    piece      octets of a body at once
    before     called with the octets that have gone, before each piece of a body
    asked      (path, Range) of each question"""

    def __init__(self, answer: Answer, context: SSLContext | None = None) -> None:
        self.answer = answer
        self.most = -1
        self.piece = PIECE
        self.before: Callable[[int], None] = lambda gone: None
        self.asked: list[tuple[str, str]] = []
        super().__init__(("127.0.0.1", 0), _Handler)
        if context:
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "https" if context else "http"
        self.url = f"{scheme}://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Print no traceback for a client that leaves."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range", "")))
        status, headers, body = self.server.answer(self.server, self.path, dict(self.headers))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        most = self.server.most
        body = body if most < 0 else body[:most]
        piece = self.server.piece
        for gone in range(0, len(body), piece):
            self.server.before(gone)
            try:
                self.wfile.write(body[gone : gone + piece])
            except OSError:  # the client has left
                return

    def log_message(self, *_: object) -> None:
        pass


def with_ranges(server: Server, path: str, headers: Headers) -> tuple[int, Headers, bytes]:
    if path == "/manifest.json":
        return 200, {}, json.dumps({"channels": {"release": ENTRY}}).encode()
    begin = int(headers.get("Range", "bytes=0-")[6:-1])
    return (206 if begin else 200), {}, GOOD[begin:]


@contextmanager
def serving(answer: Answer, context: SSLContext | None = None) -> Iterator[Server]:
    server = Server(answer, context)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def roms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("roms")
    return {
        "app0": slots.firmware(folder, *SHORT, DAILY, SPREAD),
        "app1": slots.firmware(folder, *SHORT, NEW),
    }


@pytest.fixture
def world(tmp_path: Path, roms: dict[str, Path]) -> Iterator[World]:
    made = Slots(tmp_path / "slots", roms)
    with World(tmp_path, *LINE, slots=made, config={"web_security": 0}) as world:
        yield world


def state(world: World) -> dict:
    return world.json("/upgrade.json")


def ask(world: World, path: str, **form: str) -> None:
    body = "&".join(f"{name}={value}" for name, value in form.items())
    status, answer = world.post(path, body)
    assert status == 200, answer


def configure(world: World, **changes: object) -> None:
    status, answer = world.post("/api/config", json.dumps(changes), JSON, "PATCH")
    assert status == 200, answer


def refused(world: World, url: str, words: str) -> None:
    ask(world, "/upgrade", url=url)
    wait_until(lambda: words in state(world)["error"], about=lambda: [words, state(world)])
    assert state(world)["slot"] == "app0"


def installed(world: World) -> None:
    world.restart_after_exit()
    assert state(world)["slot"] == "app1"
    wait_until(lambda: state(world)["phase"] == "")


def test_over_https_by_the_owners_authority(world: World) -> None:
    authority, other = Authority(), Authority("Other root")
    with serving(with_ranges, authority.context("127.0.0.1")) as server:
        url = server.url + "/new.bin"
        refused(world, url, "cannot prove who it is")
        assert world.post("/upgrade-ca", other.der, {})[0] == 200
        refused(world, url, "cannot prove who it is")
        assert server.asked == []
        assert world.post("/upgrade-ca", authority.der, {})[0] == 200
        ask(world, "/upgrade", url=url)
        installed(world)
        assert server.asked == [("/new.bin", "")]
    [found] = world.json("/api/certificates.json")["upgrade-ca"]
    assert found["subject"] == "CN=Test root"


def test_redirections_are_followed_within_bounds(world: World) -> None:
    authority = Authority()
    context = authority.context("127.0.0.1")
    assert world.post("/upgrade-ca", authority.der, {})[0] == 200

    def answer(server: Server, path: str, headers: Headers) -> tuple[int, Headers, bytes]:
        target = {
            "/loop": "/loop", "/1": "/2", "/2": "/3", "/3": "/new.bin", "/far": "/a",
            "/a": "/b", "/b": "/c", "/c": "/d", "/d": "/new.bin",
            "/down": f"http://127.0.0.1:{server.server_port}/new.bin",
        }.get(path)  # fmt: skip
        if target is None:
            return with_ranges(server, path, headers)
        return 302, {"Location": target if target[0] != "/" else server.url + target}, b""

    with serving(answer, context) as server:
        refused(world, server.url + "/loop", "sends us on more than 3 times")
        assert [path for path, _ in server.asked] == ["/loop"] * 4
        server.asked.clear()
        refused(world, server.url + "/down", "without TLS")
        assert ("/new.bin", "") not in server.asked
        ask(world, "/upgrade", url=server.url + "/1")
        installed(world)
        assert [path for path, _ in server.asked[-4:]] == ["/1", "/2", "/3", "/new.bin"]


def test_a_head_that_is_too_long_is_asked_for_once(world: World) -> None:
    def long(server: Server, path: str, headers: Headers) -> tuple[int, Headers, bytes]:
        return 200, {f"X-{n}": "x" * 600 for n in range(8)}, GOOD

    with serving(long) as server:
        refused(world, server.url + "/new.bin", "a head of over 4096 octets")
        wait_until(lambda: state(world)["phase"] == "")
        assert [path for path, _ in server.asked] == ["/new.bin"]


def test_a_server_without_ranges_begins_again(world: World) -> None:
    def whole(server: Server, path: str, headers: Headers) -> tuple[int, Headers, bytes]:
        server.most = 40_000 if len(server.asked) == 1 else -1
        return 200, {}, GOOD

    with serving(whole) as server:
        ask(world, "/upgrade", url=server.url + "/new.bin")
        installed(world)
        assert [asked for _, asked in server.asked] == ["", "bytes=36864-"]


def test_a_pull_goes_on_after_a_break_and_a_power_cut(world: World) -> None:
    """After a break at the last block, after a power cut where it was stored."""
    let_go = threading.Event()

    def breaking(server: Server, path: str, headers: Headers) -> tuple[int, Headers, bytes]:
        server.most = 70_000 if len(server.asked) == 1 else -1
        if len(server.asked) == 2:
            assert let_go.wait(60)
        return with_ranges(server, path, headers)

    with serving(breaking) as server:
        ask(world, "/upgrade", url=server.url + "/new.bin")
        wait_until(lambda: len(server.asked) == 2, about=world.log)
        world.cut_power()
        let_go.set()
        assert state(world)["slot"] == "app0"
        ask(world, "/upgrade", url=server.url + "/new.bin")
        installed(world)
        assert [asked for _, asked in server.asked] == ["", "bytes=69632-", "bytes=65536-"]


def test_a_shorter_image_in_place_of_a_broken_off_one_is_pulled(world: World) -> None:
    """The server has no octet at the stored place any more: 416."""
    let_go = threading.Event()
    short = image(bytes(range(251)) * 100)
    bodies = [GOOD]

    def replaced(server: Server, path: str, headers: Headers) -> tuple[int, Headers, bytes]:
        server.most = 70_000 if len(server.asked) == 1 else -1
        if len(server.asked) == 2:
            assert let_go.wait(60)
        begin = int(headers.get("Range", "bytes=0-")[6:-1])
        body = bodies[-1]
        if begin >= len(body):
            return 416, {"Content-Range": f"bytes */{len(body)}"}, b""
        return (206 if begin else 200), {}, body[begin:]

    with serving(replaced) as server:
        ask(world, "/upgrade", url=server.url + "/new.bin")
        wait_until(lambda: len(server.asked) == 2, about=world.log)
        world.cut_power()
        bodies.append(short)
        let_go.set()
        refused(world, server.url + "/new.bin", "another one now: begin again")
        assert server.asked[-1][1] == "bytes=65536-"
        ask(world, "/upgrade", url=server.url + "/new.bin")
        installed(world)
        assert server.asked[-1][1] == ""


def test_a_server_that_drips_does_not_hold_the_errand(
    tmp_path: Path, roms: dict[str, Path]
) -> None:
    """Each connection brings a block and then some octets at a time: no attempt is without
    progress, and no pause is long."""
    file = "upgrade/pull.py"
    rom = slots.firmware(
        tmp_path, *SHORT,
        (file, "_LIMIT_MS = const(30000)", "_LIMIT_MS = const(8000)"),
        (file, "_PATIENCE_S = const(600)", "_PATIENCE_S = const(4)"),
    )  # fmt: skip
    over = threading.Event()

    def drip(gone: int) -> None:
        if gone > BLOCK:
            over.wait(0.1)

    made = Slots(tmp_path / "slots", {"app0": rom, "app1": roms["app1"]})
    with (
        World(tmp_path, *LINE, slots=made, config={"web_security": 0}) as world,
        serving(with_ranges) as server,
    ):
        server.piece, server.before = 10, drip
        refused(world, server.url + "/new.bin", "no answer in time")
        count = len(server.asked)
        over.set()
        server.before, server.piece = (lambda gone: None), PIECE
        ask(world, "/upgrade", url=server.url + "/new.bin")
        installed(world)
        assert len(server.asked) == count + 1
        assert int(server.asked[-1][1][6:-1]) >= BLOCK * count


def manifest(url: str = "new.bin", **changes: object) -> bytes:
    entry = {**ENTRY, "images": [{**ENTRY["images"][0], "url": url}], **changes}
    return json.dumps({"channels": {"release": entry}}).encode()


FORM = "another form than"
HOSTILE = {
    "no JSON": (b"<html>", "no JSON"),
    "cut off": (manifest()[:-5], "no JSON"),
    "nested": (b"[" * 2000, "no JSON"),
    "too long": (manifest() + b" " * 8192, "an answer of over 8192 octets"),
    "empty": (b"", "no JSON"),
    "a list": (b"[]", FORM),
    "no images": (manifest(images={"family": "pow"}), FORM),
    "a version that is a number": (manifest(version=5), FORM),
    "a version with a blank": (manifest(version="v0.2 <b>"), FORM),
    "a version beyond ASCII": (manifest(version="v0.2\u00e5"), FORM),
    "a time that is a text": (manifest(built="soon"), FORM),
    "an infinite time": (manifest(built=7777).replace(b"7777", b"1e999"), FORM),
    "an address with lines": (manifest("new.bin HTTP/1.0\r\nX: y"), FORM),
    "an address that is none": (manifest(""), "an address that is none"),
    "another scheme": (manifest("ftp://127.0.0.1/new.bin"), "an address that is none: ftp"),
    "a script": (manifest("javascript:alert(1)"), "an address that is none: javascript"),
}  # fmt: skip


def test_hostile_manifests_change_nothing(world: World) -> None:
    def hostile(server: Server, path: str, headers: Headers) -> tuple[int, Headers, bytes]:
        if path == "/head":
            return 200, {"X": "x" * 8000}, manifest()
        return 200, {}, HOSTILE[unquote(path[1:])][0] if path != "/good" else manifest()

    def looked(place: str, words: str) -> None:
        configure(world, upgrade_url=place)
        ask(world, "/upgrade/check")
        wait_until(lambda: words in state(world)["error"], about=lambda: [place, state(world)])
        found = state(world)
        assert (found["latest"], found["notes"], found["phase"]) == ("", "", ""), place
        assert found["may"] and found["slot"] == "app0" and found["resume"] is None

    before = (world.slots.folder / "otadata").read_bytes()
    with serving(hostile) as server:
        for name, (_, words) in HOSTILE.items():
            looked(f"{server.url}/{quote(name)}", words)
        looked(server.url + "/head", "a head of over 4096 octets")
        assert {path for path, _ in server.asked} == {
            "/head", *(f"/{quote(name)}" for name in HOSTILE)
        }  # fmt: skip
        configure(world, upgrade_url=server.url + "/good")
        ask(world, "/upgrade/check")
        wait_until(lambda: state(world)["latest"] == "v0.2.0")
    assert (world.slots.folder / "otadata").read_bytes() == before
    assert world.slots.started == ["app0"] and "Error" not in world.log()


def test_nothing_newer_and_notes_of_any_signs(world: World) -> None:
    same = {"version": "v0.1.0", "built": BUILT}
    changes: dict[str, object] = {"notes": '\U0001f50c <b>"\n\u00e5'}

    def answer(server: Server, path: str, headers: Headers) -> tuple[int, Headers, bytes]:
        return 200, {}, manifest(**changes)

    with serving(answer) as server:

        def told(path: str) -> dict:
            """The state after one more question."""
            count = len(server.asked)
            ask(world, path)
            wait_until(lambda: len(server.asked) > count and not state(world)["phase"])
            return state(world)

        configure(world, upgrade_url=server.url + "/manifest.json")
        assert told("/upgrade/check")["latest"] == "v0.2.0"
        body = world.get("/upgrade.json")[1].decode()  # which is UTF-8
        assert json.loads(body)["notes"] == ' <b>"\n\u00e5'
        other = [{**ENTRY["images"][0], "family": "other"}]
        for older in (same, {"built": BUILT - 1}, {"built": BUILT + 1, "images": other}):
            changes.update(older)
            found = told("/upgrade/check")
            assert found["latest"] == found["error"] == found["notes"] == ""
            told("/upgrade")
            wait_until(lambda: state(world)["error"] == "there is no newer version")
        assert state(world)["slot"] == "app0" and world.slots.started == ["app0"]


def test_a_low_supply_makes_a_pull_wait(tmp_path: Path, roms: dict[str, Path]) -> None:
    reached, low = threading.Event(), threading.Event()

    def slow(server: Server, path: str, headers: Headers) -> tuple[int, Headers, bytes]:
        if len(server.asked) == 1:
            reached.set()
            assert low.wait(60)
        return with_ranges(server, path, headers)

    (tmp_path / "radio").mkdir()
    (tmp_path / "radio" / "supply").write_text("3300")
    config = {"web_security": 0, "wifi_ssid": "home", "wifi_psk": "password1"}
    made = Slots(tmp_path / "slots", roms)
    air = [point("home", "password1")]
    with (
        World(tmp_path, *LINE, slots=made, config=config, radio=air) as world,
        serving(slow) as server,
    ):
        wait_until(lambda: world.json("/now.json")["lt"] >= 1 and state(world)["may"])
        ask(world, "/upgrade", url=server.url + "/new.bin")
        assert reached.wait(60)
        world.air.supply(3050)
        wait_until(lambda: world.json("/supply.json")["held"], about=world.log)
        low.set()
        wait_until(lambda: "upgrade: goes on at" in world.log(), about=world.log)
        assert state(world)["phase"] == "loading" and len(server.asked) == 1
        world.air.supply(3300)
        world.restart_after_exit()
        assert state(world)["slot"] == "app1" and len(server.asked) == 2


def test_the_daily_look_needs_consent(world: World) -> None:
    with serving(with_ranges) as server:
        configure(world, upgrade_url=server.url + "/manifest.json")
        wait_until(lambda: world.json("/now.json")["lt"] >= 1)
        assert server.asked == [] and state(world)["latest"] == ""
        configure(world, upgrade_auto=True)
        wait_until(lambda: state(world)["latest"] == "v0.2.0")
        count = len(server.asked)
        wait_until(lambda: len(server.asked) > count)  # the next day's
        assert {path for path, _ in server.asked} == {"/manifest.json"}
        assert state(world)["slot"] == "app0"  # nothing is installed by itself
        assert world.json("/now.json")["up"]["l"] == "v0.2.0"

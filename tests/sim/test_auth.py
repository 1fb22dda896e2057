"""Who may do what with the whole firmware: levels, other sites, guessed passwords, slow bodies."""

import base64
import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.timing import LOST_S, PATIENCE_S, asked_again, wait_until
from tests.world import World

USER, PASSWORD = "olav", "svært hemmelig"
SECRETS = {
    "wifi_psk": "Psk-of-the-network",
    "setup_psk": "Psk-of-the-setup",
    "encryption_key": "000102030405060708090A0B0C0D0E0F",
    "authentication_key": "F0E0D0C0B0A090807060504030201000",
    "mqtt_password": "Password-of-the-broker",
}
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


def locked(folder: Path, level: int, *meter: str, **options: object) -> World:
    """A world whose reader has a password, which its owner has written into config.json."""
    config = {"web_security": level, "web_user": USER, "web_password": PASSWORD, **SECRETS}
    return World(folder, *(meter or ("--meter", "kaifa")), config=config, **options)  # type: ignore


def basic(password: str = PASSWORD) -> dict[str, str]:
    code = base64.b64encode(f"{USER}:{password}".encode()).decode()
    return {"Authorization": f"Basic {code}"}


def ask(
    world: World, method: str, path: str, headers: "dict[str, str] | None" = None, body: str = ""
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Status, headers and body."""
    connection = http.client.HTTPConnection("127.0.0.1", world.http, timeout=PATIENCE_S)
    with contextlib.closing(connection):
        connection.putrequest(method, path, skip_host="Host" in (headers or {}))
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if method == "POST":
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body.encode())
        response = connection.getresponse()
        return response.status, response.headers, response.read()


def raw(world: World, octets: bytes) -> bytes:
    """The whole answer to these octets."""
    answer = b""
    with (
        socket.create_connection(("127.0.0.1", world.http), PATIENCE_S) as s,
        contextlib.suppress(ConnectionResetError),  # the reader drops the rest for a time only
    ):
        s.sendall(octets)
        while part := s.recv(4096):
            answer += part
    return answer


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A reader that needs a password for everything."""
    with locked(tmp_path_factory.mktemp("guarded"), 2, panel=True) as world:
        yield world


@pytest.fixture(scope="module")
def open_reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A reader without a password, with a telegram each second or faster."""
    with World(tmp_path_factory.mktemp("open"), "--meter", "kaifa", "--speed", "3") as world:
        wait_until(lambda: world.json("/now.json")["n"] > 0)
        yield world


def test_the_password_is_stored_as_a_hash_and_no_answer_has_a_secret(guarded: World) -> None:
    stored = json.loads((guarded.data / "config.json").read_text())
    assert stored["web_password"].startswith("p1000$") and PASSWORD not in str(stored)
    routes = (Path(__file__).parents[2] / "firmware/web/routes.py").read_text()
    paths = [line.split('"')[1] for line in routes.splitlines() if '", "GET", "' in line]
    assert len(paths) > 20
    secrets = [*SECRETS.values(), PASSWORD, *stored["web_password"].split("$")[1:]]
    hidden = [secret.lower() for secret in secrets]
    for path in paths:
        if path == "/events":
            continue
        for credentials in (basic(), {}):
            _, headers, body = ask(guarded, "GET", path, credentials)
            text = (str(headers) + body.decode("latin-1")).lower()
            assert not [secret for secret in hidden if secret in text], path
    log = guarded.log().lower()
    assert not [secret for secret in hidden if secret in log]


@pytest.mark.parametrize("level", [1, 2])
def test_each_level_protects_its_endpoints(tmp_path: Path, level: int) -> None:
    with locked(tmp_path, level) as world:
        for method, path, statuses in (
            ("GET", "/is-alive", (200, 200)),
            ("GET", "/sysinfo.json", (200, 200)),
            ("GET", "/favicon.svg", (200, 200)),
            ("GET", "/data.json", (200, 401)),
            ("GET", "/dayplot.json", (200, 401)),
            ("GET", "/", (200, 401)),
            ("GET", "/nope", (404, 404)),
            ("GET", "/lists.txt", (401, 401)),
            ("POST", "/dayplot", (401, 401)),
            ("POST", "/save", (401, 401)),
            ("POST", "/configfile", (401, 401)),
            ("POST", "/reboot", (401, 401)),
        ):
            status, headers, body = ask(world, method, path)
            assert status == statuses[level - 1], path
            if status == 401:
                assert headers["WWW-Authenticate"] == 'Basic realm="Secure Area"'
                assert headers["Content-Type"] == "text/html" and body == b""
        assert ask(world, "GET", "/lists.txt", basic())[0] == 200
        data = json.loads(ask(world, "GET", "/data.json", basic())[2])
        assert data["a"] is True
        if level == 1:
            assert world.json("/data.json")["a"] is False
        assert json.loads(ask(world, "GET", "/sysinfo.json")[2])["security"] == level


def test_a_site_whose_name_leads_to_the_reader_gets_nothing(open_reader: World) -> None:
    port = open_reader.http
    lists = open_reader.data / "lists.txt"
    for name in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example"):
        own = {"Host": name, "Origin": f"http://{name}", "Sec-Fetch-Site": "same-origin"}
        for method, path in (("GET", "/data.json"), ("GET", "/"), ("POST", "/lists.txt"),
                             ("POST", "/reboot"), ("POST", "/dayplot")):  # fmt: skip
            status, headers, body = ask(open_reader, method, path, own, "i19=4.5")
            assert status == 421 and b"http://127.0.0.1/" in body, (name, path)
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    foreign = [{"Sec-Fetch-Site": site} for site in ("cross-site", "same-site")]
    foreign += [{"Origin": "http://evil.example"}, {"Origin": "null"}]
    for headers in foreign:
        for path in ("/lists.txt", "/reboot", "/dayplot", "/login", "/welcome", "/api/token"):
            assert ask(open_reader, "POST", path, headers, "do=skip")[0] == 403, (headers, path)
    assert not lists.exists() and open_reader.firmware.poll() is None
    assert "restarting" not in open_reader.log()
    status, _, body = ask(open_reader, "GET", "/data.json", {"Host": "ams-4b1e.local"})
    assert status == 200 and json.loads(body)["a"] is True


def test_every_answer_has_the_headers_that_protect_it(open_reader: World, guarded: World) -> None:
    for world, octets, status in (
        (open_reader, b"GET / HTTP/1.0\r\n\r\n", b"200"),
        (open_reader, b"GET /login HTTP/1.0\r\n\r\n", b"200"),
        (open_reader, b"GET /data.json HTTP/1.0\r\n\r\n", b"200"),
        (open_reader, b"GET /events HTTP/1.0\r\nHost: evil\r\n\r\n", b"421"),
        (open_reader, b"GET /nope HTTP/1.0\r\n\r\n", b"404"),
        (open_reader, b"POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n", b"405"),
        (open_reader, b"POST /dayplot HTTP/1.0\r\n\r\n", b"411"),
        (open_reader, b"POST /dayplot HTTP/1.0\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (open_reader, b"nonsense\r\n\r\n", b"400"),
        (open_reader, b"GET /" + b"a" * 9000 + b" HTTP/1.0\r\n\r\n", b"431"),
        (open_reader, b"GET /data.json HTT", b"408"),
        (open_reader, b"POST /dayplot HTTP/1.0\r\nContent-Length: 9\r\n\r\ni", b"408"),
        (guarded, b"GET /data.json HTTP/1.0\r\n\r\n", b"401"),
        (guarded, b"GET / HTTP/1.0\r\nAccept: text/html\r\n\r\n", b"303"),
    ):
        head = raw(world, octets).split(b"\r\n\r\n")[0]
        assert head.split(b" ")[1] == status, head
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        for name, value in SAFE.items():
            assert headers[name] == value, (octets[:40], name)
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def counted(world: World, before: int, sent: int) -> None:
    """Wait until the telegrams that the meter has sent since then are counted, but a few."""
    least = 0.9 * (len(world.sent) - sent) - 2
    wait_until(lambda: world.json("/now.json")["n"] - before >= least)


def test_fifty_slow_bodies_leave_places_to_others(open_reader: World) -> None:
    """Each client sends an octet every 2 s until it is refused. Others are served meanwhile, and
    telegrams are counted."""
    world = open_reader
    ends: list[bytes] = []

    def attack(number: int) -> None:
        path = (b"/prices", b"/dayplot", b"/lists.txt")[number % 3]
        end = b""  # also of a connection that is reset, by an octet that came after the answer
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", world.http), 2 * PATIENCE_S) as s,
        ):
            s.sendall(b"POST %s HTTP/1.0\r\nContent-Length: 4000\r\n\r\ni" % path)
            s.settimeout(2)
            while True:
                with contextlib.suppress(TimeoutError):
                    end = s.recv(12)
                    break
                with contextlib.suppress(ConnectionError):
                    s.sendall(b"1")
        ends.append(end)

    def alive() -> int:
        """The status of /is-alive for one client among many, 0 if the connection is reset."""
        try:
            return asked_again(lambda: world.get("/is-alive", LOST_S))[0]
        except ConnectionError:
            return 0

    before, sent = world.json("/now.json")["n"], len(world.sent)
    attackers = [threading.Thread(target=attack, args=(n,), daemon=True) for n in range(50)]
    begin = time.monotonic()
    for attacker in attackers:
        attacker.start()
    served = 0
    while len(ends) < 50:
        status = alive()
        assert status in (200, 408, 503, 0)  # its head may come late: BUSY of test_hostile.py
        served += status == 200 and len(ends) < 50
        assert time.monotonic() - begin < 4 * PATIENCE_S
        time.sleep(0.1)
    assert served >= 1
    assert set(ends) <= {b"HTTP/1.0 408", b""} and ends.count(b"HTTP/1.0 408") > 25, ends
    counted(world, before, sent)
    assert not (world.data / "lists.txt").exists()
    assert "Traceback" not in world.log() and "starting it again" not in world.log()


def refused_after(world: World, count: int) -> list[float]:
    """The seconds after which each of so many bodies that do not come is refused, 0 if not."""
    begin = time.monotonic()
    gone = [0.0] * count
    with contextlib.ExitStack() as stack:
        clients = []
        for _ in gone:
            s = socket.create_connection(("127.0.0.1", world.http), PATIENCE_S)
            clients.append(stack.enter_context(s))
            s.sendall(b"POST /wifi/test HTTP/1.0\r\nContent-Length: 1000\r\n\r\ns")
        while min(gone) == 0 and time.monotonic() - begin < PATIENCE_S:
            for place, s in enumerate(clients):
                s.settimeout(0.05)
                with contextlib.suppress(TimeoutError):
                    if not gone[place] and s.recv(12) == b"HTTP/1.0 408":
                        gone[place] = time.monotonic() - begin
    return sorted(gone)


def test_two_slow_bodies_stay_and_the_third_one_goes(open_reader: World) -> None:
    for _ in range(3):  # a busy machine may delay one or two
        gone = refused_after(open_reader, 4)
        if gone[1] < 4 < gone[2] and gone[3] < 12:
            break
    assert 0.8 < gone[0] <= gone[1] < 4 < gone[2] <= gone[3] < 12, gone


def test_guesses_wait_while_telegrams_and_known_clients_do_not(tmp_path: Path) -> None:
    with locked(tmp_path, 1, "--meter", "kaifa", "--speed", "3") as world:
        wait_until(lambda: world.json("/now.json")["n"] > 0)
        assert ask(world, "GET", "/lists.txt", basic())[0] == 200
        begin = time.monotonic()
        before, sent = world.json("/now.json")["n"], len(world.sent)
        looked: list[tuple[float, float]] = []  # when a password that was looked at went and came
        refused = 0
        while len(looked) < 5:
            asked = time.monotonic()
            assert asked - begin < 2 * PATIENCE_S
            guess = f"guess {len(looked) + refused}"
            status, headers, _ = ask(world, "GET", "/lists.txt", basic(guess))
            assert status in (401, 429)
            assert (status == 429) == (headers["Retry-After"] is not None)
            if status == 401:
                looked.append((asked, time.monotonic()))
            refused += status == 429
            assert ask(world, "GET", "/lists.txt", basic())[0] == 200  # it is remembered
            time.sleep(0.1)
        # Looked at after 0, 1, 3, 7 and 15 s, by a clock of whole seconds.
        for wait_s, (one, other) in zip((1, 2, 4, 8), pairwise(looked), strict=True):
            assert other[1] - one[0] > wait_s - 1, looked
        assert refused
        counted(world, before, sent)
        assert ask(world, "GET", "/lists.txt", basic())[0] == 200
        assert "web: wrong password" in world.log() and "guess" not in world.log()


def test_a_session_by_the_form_and_the_same_password_for_scripts(guarded: World) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    status, headers, _ = ask(guarded, "GET", "/", {"Accept": "text/html"})
    assert (status, headers["Location"]) == (303, "/login?next=/")
    body = f"user={USER}&password=sv%C3%A6rt+hemmelig&next=%2F"
    status, headers, _ = ask(guarded, "POST", "/login", form, body)
    assert (status, headers["Location"]) == (303, "/")
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    session = {"Cookie": cookie.split(";")[0]}
    assert ask(guarded, "GET", "/", session)[2][:2] == b"\x1f\x8b"
    assert ask(guarded, "POST", "/dayplot", session, "i19=4.5")[0] == 200
    assert ask(guarded, "POST", "/logout", session)[0] == 303
    assert ask(guarded, "GET", "/now.json", session)[0] == 401


def test_a_token_is_made_by_a_press_of_the_button(guarded: World) -> None:
    answers: list[tuple[int, dict]] = []

    def request() -> None:
        status, _, body = ask(guarded, "POST", "/api/token", basic(), "name=Home+Assistant")
        answers.append((status, json.loads(body)))

    assert ask(guarded, "POST", "/api/token", {}, "name=x")[0] == 401
    thread = threading.Thread(target=request)
    seen = len(guarded.lights())
    thread.start()
    wait_until(lambda: "RG" in [lit for _, lit in guarded.lights()[seen:]])
    status, _, body = ask(guarded, "POST", "/api/token", basic(), "name=Other")
    assert status == 400 and b"waits for the button" in body
    assert not answers
    while thread.is_alive():  # a busy reader may miss a press
        guarded.press()
        thread.join(0.5)
        guarded.release()
        thread.join(0.5)
    ((status, made),) = answers
    assert status == 200 and made["name"] == "Home Assistant"
    bearer = {"Authorization": f"Bearer {made['token']}"}
    assert ask(guarded, "GET", "/data.json", bearer)[0] == 200
    assert made["token"] not in (guarded.data / "tokens.json").read_text()
    guarded.cut_power()
    assert ask(guarded, "GET", "/data.json", bearer)[0] == 200
    assert json.loads(ask(guarded, "GET", "/api/tokens", bearer)[2])["tokens"][0]["id"] == "1"
    assert ask(guarded, "POST", "/api/token/revoke", bearer, "id=1")[0] == 200
    assert ask(guarded, "GET", "/data.json", bearer)[0] == 401

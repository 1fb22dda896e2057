"""Requests and their answers, by the route table, without a socket; on both runtimes."""

import asyncio
import json
import sys

import ondemand
from config import Config
from doubles import AppDouble, StreamDouble, SystemDouble
from energy.recent import Recent
from files import FilesDouble
from log import Log
from prices.store import Prices
from test_energy_documents import days_of_hours
from test_entsoe import HOUR, document, period, series
from test_events import run
from web import exchange, routes
from web.server import BadRequest

NEED_PRICES = "/importprice.json", "/exportprice.json", "/cheapest.json"
BODIES = {
    "/dayplot": b"i19=4.5",
    "/monthplot": b"i02=30.5",
    "/configfile": b"mqttTopic 5\nmdns 1\nthresholds 1 2 3 4 5 6 7 8 9 65535 3\n",
    "/backup": b'{"backup":1,"records":[\n["end",0]\n]}\n',
    "/prices": document(series(period(HOUR, "PT60M", ((1, "5"),)))).encode(),
    "/lists.txt": b"list a\n",
    "/reboot": b"",
    "/reset": b"perform=true",
    "/network/confirm": b"",
}


class ClientDouble(StreamDouble):
    """A complete request; keeps the answer."""

    peer = ("192.168.1.20", 50123)

    def __init__(self, head, body=b""):
        super().__init__(body)
        self.in_head = True
        self.listens = False
        self.answer = b""
        self._head = head.encode()

    async def readline(self):
        line, end, self._head = self._head.partition(b"\n")
        return line + end

    async def readexactly(self, n):
        raise BadRequest(400, "less than 0 octets")

    def expect(self, octets):
        self.left = octets

    def within(self, ms):
        pass

    async def write(self, octets):
        self.answer += octets

    async def copy(self, file):
        assert file.at == 0
        self.answer += file.octets

    async def flush(self):
        pass

    async def discard(self):
        self.left = 0


class DecoderDouble:
    own = b"list b"

    def unknown_items(self):
        return []

    def use(self, text):
        if text.startswith("wrong"):
            raise ValueError("line 1: wrong")
        self.own = text.encode()


class PageDouble:
    """A file whose last octets are a CRC-32 and a length, as gzip has them."""

    octets = b"packed" + b"\x12\x34\x56\x78\x06\x00\x00\x00"
    at = 0

    def seek(self, at, whence=0):
        self.at = len(self.octets) + at if whence else at
        return self.at

    def read(self, n):
        return self.octets[self.at : self.at + n]

    def readinto(self, buffer):
        raise AssertionError("the client copies it")

    def close(self):
        self.closed = True


class PagesDouble:
    page = PageDouble()
    names = ("index.html", "app-1234.js")

    def open(self, name):
        return self.page if name in self.names else None


class SystemOfRequests(SystemDouble):
    clocked = True
    temperatures = []

    def utc(self):
        return self.now if self.clocked else 0

    def uptime_ms(self):
        return 90512000

    def uptime_s(self):
        return 90512

    def hostname(self, configured):
        return configured


class NetworkDouble:
    """A network; outside setup mode at first, and on trial until it is confirmed."""

    setup = False
    connected = allowed = True
    bssid = b""
    reason = trial_until_s = scan_s = tried = 0
    wanted = ("", "")
    ip = ""
    minutes = bytes(120)

    def __init__(self):
        self.trial = {"hostname": "attic"}

    def setting(self, name):
        return self.trial.get(name, "")

    def words(self, reason):
        return ""

    def scan(self):
        return [(b"Home", b"\x02" * 6, 6, -61, 3)]

    def confirm(self):
        if not self.trial:
            raise ValueError("nothing is on trial")
        self.trial = {}


class ServerDouble:
    """A server, and the app that it serves."""

    def __init__(self):
        m, utc = days_of_hours()
        self.listeners = 0
        self.busy = False
        self.restarts = []
        files = FilesDouble()
        prices = Prices(files, Config({}, {}), Log(lambda: 0))
        prices.load()
        app = AppDouble(None, Config({}, {}), SystemOfRequests(utc), m.energy, prices)
        app.recent = Recent()
        app.network = NetworkDouble()
        app.storage = files
        app.decoder = DecoderDouble()
        files.data["lists.txt"] = b"list b\n"
        app.pages = PagesDouble()
        app.restart = self.restarts.append
        self.changes = []
        app.apply = self.changes.append
        app.log = Log(lambda: 0)
        app.use_prices = lambda: None
        app.server = self
        self.door = ()
        self.app = app

    def lists(self):
        return self.app.storage.data["lists.txt"]


async def answered(server, client):
    await exchange.answer(server, client)
    head, _, body = client.answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict([line.split(": ", 1) for line in lines[1:]])
    return int(lines[0].split(" ")[1]), headers, body.split(b"\x12")[0].decode()


def ask(server, head, body=b""):
    """(status, headers, body) of a request; the head without the length of its body."""
    if head.startswith("POST") and "Length" not in head:
        head += "\nContent-Length: %d" % len(body)
    return run(answered(server, ClientDouble(head + "\n\n", body)))


def visited():
    """Open visits of web and prices."""
    return [name for name in ondemand._visited if name.startswith(("web.", "prices."))]


def posted(server, path, body, more=""):
    return ask(server, "POST %s HTTP/1.0%s" % (path, more), body)


def test_every_row_is_served_and_its_module_unloaded():
    server = ServerDouble()
    held = set(sys.modules)  # by the tests' own imports
    visits = dict(ondemand._visited)
    kept = (
        "/api/tokens",
        "/login",
        "/login.html",
        "/welcome.html",
        "/logout",
        "/welcome",
        "/api/token",
        "/api/token/revoke",
    )
    state_documents = (
        "/now.json",
        "/data.json",
        "/sysinfo.json",
        "/events",
        "/health.json",
        "/metrics",
        "/diagnostics.txt",
    )
    for path, method, module, _, content_type, flags in routes.ROUTES:
        if path in state_documents or path in NEED_PRICES:
            continue  # see test_documents, test_events, test_health and the test below
        if path in kept:
            continue  # see test_auth
        if module == "forms.firmware":
            continue  # see test_upgrade
        if module.endswith(".inspect"):
            continue  # see test_inspection
        if module.endswith((".setup", ".wifi", ".wifitest")):
            continue  # see test_setup and test_old_documents
        if module.endswith((".configuration", ".settings", ".save", ".config")):
            continue  # see test_settings
        head, sent = "%s %s HTTP/1.0" % (method, path), BODIES.get(path, b"")
        if flags & routes.JSON:
            head, sent = head + "\nContent-Type: application/json", b"{}"
        status, headers, body = ask(server, head, sent)
        assert status == 200, (path, body)
        assert headers["Content-Type"] == content_type, path
        if "json" in content_type:
            json.loads(body)
        assert "web." + module not in sys.modules or "web." + module in held, path
    assert ondemand._visited == visits


def test_headers_of_each_kind_of_answer():
    server = ServerDouble()
    assert ask(server, "GET /is-alive HTTP/1.0")[1]["Access-Control-Allow-Origin"] == "*"
    assert ask(server, "GET /robots.txt HTTP/1.0")[2] == "User-agent: *\nDisallow: /\n"
    assert ask(server, "GET /lists.txt HTTP/1.0")[2] == "list b\n"
    status, headers, body = ask(server, "HEAD /lists.txt HTTP/1.0")
    assert (status, headers["Content-Length"], body) == (200, "7", "")
    status, headers, body = ask(server, "GET /dayplot.json?x=1 HTTP/1.1\nHost: localhost\nX: y")
    assert headers["Cache-Control"] == "no-cache, no-store, must-revalidate" and body[0] == "{"
    assert "Content-Length" not in headers


def test_a_page_is_a_file():
    server = ServerDouble()
    status, headers, body = ask(server, "GET / HTTP/1.0")
    assert (status, body, headers["Content-Encoding"]) == (200, "packed", "gzip")
    assert headers["Cache-Control"] == "no-cache" and PagesDouble.page.closed
    assert headers["ETag"] == '"1234567806000000"' and headers["Content-Length"] == "14"
    headers = ask(server, "GET /app-1234.js HTTP/1.0")[1]
    assert headers["Content-Type"] == "text/javascript" and "immutable" in headers["Cache-Control"]
    assert ask(server, "GET /config.json HTTP/1.0")[0] == 404


def test_a_page_that_a_browser_has_is_not_sent_again():
    server = ServerDouble()
    tag = '"1234567806000000"'
    for path in ("/", "/app-1234.js"):
        for known, status in (
            (tag, 304),
            ("W/" + tag, 304),
            ('"0", %s' % tag, 304),
            ("*", 304),
            ('"1234567806000001"', 200),
            ("1234567806000000", 200),
        ):
            head = "GET %s HTTP/1.0\nIf-None-Match: %s" % (path, known)
            got, headers, body = ask(server, head)
            assert got == status and headers["ETag"] == tag, (path, known)
            assert "Cache-Control" in headers
            assert body == ("" if status == 304 else "packed"), known
            assert ("Content-Length" in headers) == (status == 200)
    status, headers, body = ask(server, "HEAD / HTTP/1.0")
    assert (status, headers["Content-Length"], body) == (200, "14", "")


def test_methods_of_a_path():
    server = ServerDouble()
    for path, allow in (
        ("/", "GET, HEAD, OPTIONS"),
        ("/status", "GET, HEAD, OPTIONS"),
        ("/app-1234.js", "GET, HEAD, OPTIONS"),
        ("/data.json", "GET, HEAD, OPTIONS"),
        ("/events", "GET, HEAD, OPTIONS"),
        ("/dayplot", "POST, OPTIONS"),
        ("/lists.txt", "GET, HEAD, POST, OPTIONS"),
        ("/api/config", "PATCH, OPTIONS"),
        ("*", "GET, HEAD, POST, PATCH, OPTIONS"),
    ):
        status, headers, body = ask(server, "OPTIONS %s HTTP/1.0" % path)
        assert (status, headers["Allow"], body) == (200, allow, ""), path
        for method in ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "TRACE"):
            if method not in allow.split(", ") and path != "*":
                head = "%s %s HTTP/1.0\nContent-Length: 0" % (method, path)
                status, headers, body = ask(server, head)
                assert (status, headers["Allow"]) == (405, allow), (method, path)
                assert (body == "") == (method == "HEAD")
    for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT"):
        status, headers, _ = ask(server, "%s /nope HTTP/1.0\nContent-Length: 0" % method)
        assert status == 404 and "Allow" not in headers, method


def test_the_paths_of_the_ams_readers_page_are_the_page():
    server = ServerDouble()
    for path in ("/configuration", "/status", "/consent", "/vendor", "/priceconfig", "/edit-day"):
        status, headers, body = ask(server, "GET %s HTTP/1.0" % path)
        assert (status, body, headers["Content-Encoding"]) == (200, "packed", "gzip"), path
        assert "no-cache" in headers["Cache-Control"]
    assert ask(server, "GET /translations.json?lang=xx HTTP/1.0")[0] == 404


def test_three_streams_have_a_place_and_one_waits():
    server = ServerDouble()
    client = ClientDouble("GET /events HTTP/1.0\n\n")
    status, headers, _ = run(answered(server, client))
    assert status == 200 and headers["Content-Type"] == "text/event-stream"
    assert client.listens and server.listeners == 1 and "Content-Length" not in headers
    assert ask(server, "HEAD /events HTTP/1.0")[0] == 200 and server.listeners == 1
    server.listeners = 3
    assert ask(server, "GET /events HTTP/1.0")[0] == 200 and server.listeners == 4
    status, headers, _ = ask(server, "GET /events HTTP/1.0")
    assert status == 503 and headers["Retry-After"] == "5" and server.listeners == 4


def test_unknown_paths_and_malformed_requests():
    server = ServerDouble()
    for head, status in (
        ("GET /importprice.json HTTP/1.0", 404),  # no prices yet
        ("GET /cheapest.json HTTP/1.0", 404),
        ("GET /history.csv?step=7 HTTP/1.0", 400),
        ("GET /nope HTTP/1.0", 404),
        ("POST /nope HTTP/1.0", 404),
        ("FOO /nope HTTP/1.0", 404),
        ("GET /reboot HTTP/1.0", 405),
        ("POST /data.json HTTP/1.0", 405),
        ("PUT /dayplot HTTP/1.0", 405),
        ("POST / HTTP/1.0\nContent-Length: 131073", 413),
        ("POST /backup HTTP/1.0\nContent-Length: 196609", 413),
        ("POST /dayplot HTTP/1.0\nContent-Length: 4097", 413),
        ("GET /dayplot.json HTTP/1.0\nTransfer-Encoding: chunked", 411),
        ("GET /%s HTTP/1.0" % ("a" * 1025), 400),
        ("GET /\nContent-Length: five", 400),
        ("nonsense", 400),
        ("POST /dayplot HTTP/1.0\nContent-Length: -5", 400),
    ):
        assert ask(server, head)[0] == status, head


def test_a_post_without_length_is_refused_and_changes_nothing():
    """Such a POST must not empty /lists.txt."""
    server = ServerDouble()
    for path in BODIES:
        client = ClientDouble("POST %s HTTP/1.0\n\n" % path, BODIES[path])
        status, _, body = run(answered(server, client))
        assert status == 411 and "Content-Length" in json.loads(body)["message"], path
    assert server.lists() == b"list b\n" and not server.restarts
    assert server.app.energy.edit_id == 0


def test_an_empty_list_file_removes_the_lists():
    server = ServerDouble()
    assert posted(server, "/lists.txt", b"")[0] == 200 and server.lists() == b""
    long = b"# " + b"x" * 600
    assert posted(server, "/lists.txt", long)[0] == 200 and server.lists() == long
    status, _, body = posted(server, "/lists.txt", b"wrong")
    assert status == 400 and json.loads(body)["message"] == "line 1: wrong"


def test_lists_are_checked_without_a_change():
    server = ServerDouble()
    before = server.lists(), server.app.decoder.own
    status, _, body = posted(server, "/lists.txt?check=true", b"list c\n")
    assert status == 200 and json.loads(body)["success"] is True
    assert posted(server, "/lists.txt?check=true", b"wrong")[0] == 400
    assert (server.lists(), server.app.decoder.own) == before


def test_another_sites_page_and_a_missing_clock():
    server = ServerDouble()
    for origin, status in (("http://evil.example", 403), ("null", 403), ("http://attic", 200)):
        assert posted(server, "/reboot", b"", "\nHost: attic\nOrigin: " + origin)[0] == status
    assert server.restarts == [3]
    server.app.system.clocked = False
    status, headers, _ = posted(server, "/dayplot", b"i19=1")
    assert status == 503 and headers["Retry-After"] == "5"
    assert posted(server, "/lists.txt", b"")[0] == 200  # carries no date
    assert server.app.energy.edit_id == 0


def test_a_configfile_counts_by_its_lines():
    server = ServerDouble()
    limits = b"thresholds 2 4 6 8 10 12 14 16 18 65535 2\n"
    body = b"a\nssid \xc5se\n" + limits + b"dayplot 5 x\n"
    status, _, answer = posted(server, "/configfile", body)
    assert status == 200
    assert json.loads(answer)["message"] == (
        "1 settings and 0 slots taken over, 3 lines left out; the new network is on trial for 60 "
        "seconds: open the reader at its new address"
    )
    rules = {"steps": [2, 4, 6, 8, 10, 12, 14, 16, 18], "count": 2}
    assert server.changes == [{"tariff": rules}]
    for body in (b"", b"hello\n", b"\x00\xff\n", b"ssidthresholds\n"):
        status, _, answer = posted(server, "/configfile", body)
        message = json.loads(answer)["message"]
        assert status == 400 and message.startswith("not a configfile.cfg: it has no line"), body
    assert len(server.changes) == 1


def test_forms_that_are_wrong_change_nothing():
    server = ServerDouble()
    for body in (b"i05", b"i05=%zz", b"i05=\xff", b"i05=1.500e3", b"i05=1&i05=2", b"i05=1&&e05=2",
                 b'{"i05":1}', b"%" * 400, b"e01=1;2", b"undo=true&undo=true"):  # fmt: skip
        status, _, answer = posted(server, "/dayplot", body)
        assert status == 400 and json.loads(answer)["success"] is False, body
    assert posted(server, "/monthplot", b"i02=x")[0] == 400
    assert server.app.energy.edit_id == 0
    assert posted(server, "/dayplot", b"x=1&i19=4%2C5&")[0] == 200
    assert server.app.energy.edit_id == 1


def without_waiting(coroutine):
    """Run it with sleeps that last no time but let others run."""
    original = getattr(asyncio, "sleep_ms", None)

    async def moment(ms):
        await asyncio.sleep(0)

    asyncio.sleep_ms = moment
    try:
        return run(coroutine)
    finally:
        if original:
            asyncio.sleep_ms = original
        else:
            del asyncio.sleep_ms


def test_a_correction_waits_for_the_heap_of_other_answers():
    for free_after in (3, 1 << 30):  # with too little for 30 s it is tried
        server = ServerDouble()
        looks = []

        def heap_free(looks=looks, free_after=free_after):
            looks.append(1)
            return 9000 if len(looks) > free_after else 8999

        server.app.system.board.heap_free = heap_free
        status, _, _ = without_waiting(
            answered(
                server, ClientDouble("POST /dayplot HTTP/1.0\nContent-Length: 7\n\n", b"i19=4.5")
            )
        )
        assert status == 200 and server.app.energy.edit_id == 1
        assert len(looks) == min(free_after + 1, 101)
        looks.clear()
        assert posted(server, "/reboot", b"")[0] == 200 and not looks  # it needs no heap


def test_corrections_are_served_one_after_the_other():
    server = ServerDouble()
    inside = []
    most = []

    class Slow(ClientDouble):
        async def part(self, mark, size):
            inside.append(self)
            most.append(len(inside))
            for _ in range(5):
                await asyncio.sleep(0)
            inside.remove(self)
            return await ClientDouble.part(self, mark, size)

    async def together():
        clients = []
        for body in (b"i19=4.5", b"i18=3.5", b"i19=2.5"):
            head = "POST /dayplot HTTP/1.0\nContent-Length: %d\n\n" % len(body)
            clients.append(Slow(head, body))
        tasks = [asyncio.create_task(answered(server, client)) for client in clients]
        statuses = []
        for task in tasks:
            statuses.append((await task)[0])
        return statuses

    assert without_waiting(together()) == [200] * 3
    assert max(most) == 1 and not server.busy and server.app.energy.edit_id == 3


def test_a_request_that_waited_too_long_changes_nothing():
    server = ServerDouble()
    server.busy = True
    client = ClientDouble("POST /dayplot HTTP/1.0\nContent-Length: 7\n\n", b"i19=4.5")
    status, headers, _ = without_waiting(answered(server, client))
    assert status == 503 and headers["Retry-After"] == "5" and server.app.energy.edit_id == 0
    assert posted(server, "/reboot", b"")[0] == 200  # does not wait


def test_a_document_without_memory_is_503_and_unloaded():
    server = ServerDouble()
    visits = dict(ondemand._visited)

    def none(utc):
        raise MemoryError

    server.app.system.unix_time = lambda: none(0)
    for head in ("GET /dayplot.json HTTP/1.0", "POST /dayplot HTTP/1.0\nContent-Length: 0"):
        status, headers, _ = ask(server, head)
        assert status == 503 and headers["Retry-After"] == "5"
    assert ondemand._visited == visits and not server.busy and server.app.energy.edit_id == 0


def test_new_settings_of_the_network_are_confirmed():
    server = ServerDouble()
    status, _, body = ask(server, "GET /network.json HTTP/1.0")
    assert status == 200 and json.loads(body)["hostname"] == "attic"
    foreign = "\nHost: attic.local\nOrigin: http://evil.example"
    assert posted(server, "/network/confirm", b"", foreign)[0] == 403
    assert server.app.network.trial
    assert json.loads(posted(server, "/network/confirm", b"")[2])["success"]
    assert not server.app.network.trial
    status, _, body = posted(server, "/network/confirm", b"")
    assert status == 400 and json.loads(body)["message"] == "nothing is on trial"


def test_changes_of_stored_data_wait_for_the_supply():
    server = ServerDouble()
    words = "supply voltage too low: 3.02 V; try again when it is above 3.14 V"
    server.app.storage.held = words
    for path in ("/dayplot", "/monthplot", "/configfile", "/prices", "/lists.txt", "/save"):
        status, headers, answer = posted(server, path, BODIES.get(path, b"x=1"))
        assert (status, headers["Retry-After"]) == (503, "5"), path
        assert json.loads(answer) == {"success": False, "message": words}
    assert server.app.energy.edit_id == 0 and server.lists() == b"list b\n"
    assert posted(server, "/reboot", b"")[0] == 200
    server.app.storage.held = ""
    assert posted(server, "/lists.txt", BODIES["/lists.txt"])[0] == 200

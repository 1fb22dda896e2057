"""A fake of the reader's web server: the built page and documents that tests change.

In       the folder of tools.page; set(i=2430) changes keys of the document and sends it
Out      the pages' addresses and files with Content-Encoding: gzip, /now.json, /events,
         /history.json, /history.csv, /tariff.json, /edits.json, /live.json from `live`; POST
         /dayplot and /monthplot, kept in `forms`, or in `previews` with preview=true
Script   documents["/x.json"] = {...} answers a GET of that path, answers["POST", "/x"] =
         (status, body) any method: octets as they are, anything else as JSON; `posted` has every
         request with a body, the oldest first;
         refuse_events: /events answers 503; mute: streams stay open and send nothing;
         canned["/history.json"] = (status, body) answers that path; cut: paths with an incomplete
         answer; slow_s: delay of answers; held: paths whose answers wait for release();
         move(now) sets the clock and the history up to it;
         stop() cuts every connection and closes the port, start() opens the same port again
Run      python -m tests.browser.fake_reader [--port 8090] [--www build/www]
"""

import argparse
import contextlib
import copy
import json
import math
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.browser.house import OSLO, House, moment
from tools.simulation import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
TYPES = {"html": "text/html; charset=UTF-8", "css": "text/css", "js": "text/javascript"}
DOCUMENTS = (
    "/now.json", "/live.json", "/tariff.json", "/steps.json", "/money.json", "/history.json",
    "/history.csv", "/edits.json",
)  # fmt: skip
HEARTBEAT_S = 10.0

# A household on 230/400 V with a 25 A main fuse: 25 A * 400 V * sqrt(3) = 17320 W.
DOCUMENT: dict[str, Any] = {
    "n": 1,
    "s": 0.4,
    "i": 2430,
    "e": 0,
    "ri": 0,
    "re": 187,
    "ic": 48211.734,
    "ec": 903.12,
    "ric": 212.408,
    "rec": 5120.9,
    "f": None,
    "l1": {"u": 231.4, "i": 6.2, "p": None, "q": None, "f": None},
    "l2": {"u": 229.8, "i": 0.4, "p": None, "q": None, "f": None, "e": False},
    "l3": {"u": 230.1, "i": 4.1, "p": None, "q": None, "f": None},
    "lt": 3,
    "mt": 1,
    "model": "6525",
    "id": "7359992890000001",
    "ds": 2,
    "mf": 25,
    "im": 17320,
    "om": 0,
    "v": 3.284,
    "r": -58,
    "em": 1,
    "hm": 1,
    "wm": 1,
    "mm": 1,
    "me": 0,
    "he": 0,
    "c": 1773321612,
    "u": 90512,
    "tz": "Europe/Oslo",
    "tf": "",
    "ea": {
        "u": [0.311, 0, 0, 0, 0],
        "p": [0.092, 0, 0, 0, 0],
        "c": [0.41, 11.94, 133.2, 40.87, 1184.55],
        "g": [0.08, 1.66, 20.61, 4.5, 14.02],
        "iv": 60,
        "iu": 0.311,
        "ix": 2214,
        "ir": 5598,
        "x": 4.6,
        "t": 5,
        "k": 3,
        "pn": None,
        "cur": "",
        "si": [None, None, None],
        "es": [False, False, False],
        "w": 1000,
        "wt": None,
        "li": 4.024,
        "hf": False,
        "mv": 4.6,
        "fl": False,
        "nx": 10,
        "np": None,
        "xr": 4.6,
        "cr": None,
        "lv": None,
        "lt": None,
    },
    "co": None,
    "clk": {"by": 3, "sure": True, "no": None, "at": None},
}  # Thursday 2026-03-12 14:20:12 in Oslo

# Documents that a test changes in reader.documents, as they are after reset().
USUAL: dict[str, Any] = {
    "/sysinfo.json": {
        "ui": {
            "i": 1,
            "e": 2,
            "v": 2,
            "a": 2,
            "r": 0,
            "c": 1,
            "t": 2,
            "p": 2,
            "d": 1,
            "m": 1,
            "s": 2,
        },
        "line": "2400 8E1",
    },
    "/temperature.json": {"c": 0, "s": []},
}

TARIFF: dict[str, Any] = {
    "t": [5, 10, 15, 20, 25, 50, 75, 100, 150, 65535],
    "p": [{"d": 2, "h": 17, "v": 4.71}, {"d": 9, "h": 8, "v": 4.88}, {"d": 5, "h": 18, "v": 4.21}],
    "c": 5,
    "m": 4.6,
}

_FOR_EVER = "public, max-age=31536000, immutable"  # as the firmware: the name has a hash
# A reader that has just started: no slot has ended.
NO_SLOTS: dict[str, Any] = {"ta": 0.4, "t": [None], "ma": 0.4, "m": [None]}

_HOUSE = House(DOCUMENT["c"])
for _column, _key in enumerate("up"):
    DOCUMENT["ea"][_key] = _HOUSE.sums(DOCUMENT["ea"][_key][0], _column)


@dataclass
class Correction:
    """One correction: when, its slots as in /edits.json, and the house before and after it."""

    id: int
    at: int
    slots: list[dict[str, Any]]
    before: House
    after: House
    state: str = "in force"
    changed: int | None = None


@dataclass
class Posted:
    """A request with a body."""

    method: str
    path: str  # with its query
    type: str  # Content-Type
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 50

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print no traceback for a tab that closes during an answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class FakeReader:
    """One fake reader on a free port of 127.0.0.1; start() before use, stop() after."""

    def __init__(self, www: Path, port: int = 0) -> None:
        self.www = www
        self.port = port or free_port()  # reserved also between stop() and start()
        self.refuse_events = False
        self.mute = False
        self.requests: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.previews: list[tuple[str, dict[str, str]]] = []
        self.documents: dict[str, Any] = copy.deepcopy(USUAL)
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.posted: list[Posted] = []
        self.canned: dict[str, tuple[int, bytes]] = {}
        self.cut: set[str] = set()
        self.slow_s = 0.0
        self.held: set[str] = set()
        self.open = 0
        self.most_open = 0  # most requests at once, without the event stream
        self.house = copy.deepcopy(_HOUSE)
        self.log: list[Correction] = []  # the oldest first
        self.price: float | None = None  # NOK a kWh, for /money.json
        self.hours_since = ""  # the first date whose hours have money
        self.steps: dict[str, Any] = {"currency": "", "steps": []}
        self.streams = 0
        self.live = copy.deepcopy(NO_SLOTS)
        self._changed = threading.Condition()
        self._document = copy.deepcopy(DOCUMENT)
        self._serial = 0
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Open the port."""
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """End the streams and close the port, as a restarting reader does."""
        server, self._server = self._server, None
        if server is None:
            return
        with self._changed:
            self._changed.notify_all()
        server.shutdown()
        server.server_close()

    def reset(self) -> None:
        """Reset document and script to those of __init__."""
        self.refuse_events = False
        self.mute = False
        self.requests.clear()
        self.forms.clear()
        self.previews.clear()
        self.documents = copy.deepcopy(USUAL)
        self.answers.clear()
        self.posted.clear()
        self.price, self.hours_since = None, ""
        self.steps = {"currency": "", "steps": []}
        self.log.clear()
        self.canned.clear()
        self.cut.clear()
        self.slow_s = 0.0
        self.release()
        self.most_open = 0
        self.house = copy.deepcopy(_HOUSE)
        self.live = copy.deepcopy(NO_SLOTS)
        with self._changed:
            self._document = copy.deepcopy(DOCUMENT)

    def set(self, **changes: Any) -> None:
        """Change keys of the document and send it; default s: 0.4. Objects are merged."""
        with self._changed:
            for key, value in {"s": 0.4, **changes}.items():
                if isinstance(value, dict) and self._document.get(key) is not None:
                    self._document[key].update(value)
                else:
                    self._document[key] = value
            self._document["n"] += 1
            self._serial += 1
            self._changed.notify_all()

    def release(self) -> None:
        """Send the held answers."""
        with self._changed:
            self.held.clear()
            self._changed.notify_all()

    def wait(self, path: str) -> None:
        """Wait before an answer: slow_s, then until its path is not held."""
        time.sleep(self.slow_s)
        with self._changed:
            self._changed.wait_for(lambda: path not in self.held)

    def forget(self, key: str) -> None:
        """Remove a key from the document, as in a firmware without it."""
        with self._changed:
            del self._document[key]

    def recount(self) -> None:
        """Compute the sums of `ea` from a history that a test has changed, and send them."""
        running = self._document["ea"]["iu"], self._document["ea"]["p"][0]
        u, p = (self.house.sums(value, column) for column, value in enumerate(running))
        self.set(ea={"u": u, "p": p})

    def move(self, now: int, **sums: Any) -> None:
        """Set the clock, with a history up to it; sums: changed keys of `ea`."""
        self.house = House(now)
        running = self._document["ea"]["iu"], self._document["ea"]["p"][0]
        u, p = (self.house.sums(value, column) for column, value in enumerate(running))
        self.set(c=now, ea={"u": u, "p": p, **sums})

    def body(self) -> bytes:
        with self._changed:
            return json.dumps(self._document).encode()

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """Count a request in .open until its answer is sent."""
        with self._changed:
            self.open += 1
            self.most_open = max(self.most_open, self.open)
        try:
            yield
        finally:
            with self._changed:
                self.open -= 1

    def document(self, path: str) -> bytes:
        """The body of one of DOCUMENTS."""
        name, query = urlsplit(path).path, parse_qs(urlsplit(path).query)
        if name == "/now.json":
            return self.body()
        if name == "/live.json":
            return json.dumps(self.live).encode()
        if name == "/edits.json":
            return json.dumps(self.edits()).encode()
        if name == "/money.json":
            return json.dumps(self.money(query)).encode()
        if name == "/tariff.json":
            return json.dumps(TARIFF).encode()
        if name == "/steps.json":
            return json.dumps(self.steps).encode()
        end = moment(query["to"][0]) if "to" in query else self._document["c"]
        begin = moment(query["from"][0]) if "from" in query else end - 7 * 86400
        assert begin <= end, path
        slots = self.house.slots(query.get("step", ["60"])[0], begin, end)
        if name == "/history.csv":
            lines = [",".join(map(str, slot.values())) for slot in slots]
            if "money" in query:
                lines = [f"{line},{slot['i'] * (self.price or 0):.5f},"
                         for line, slot in zip(lines, slots, strict=True)]  # fmt: skip
            return "".join(f"{line}\r\n" for line in lines).encode()
        answer = {"unit": "kwh", "time": "local", "zone": "Europe/Oslo", "slots": slots}
        return json.dumps(answer).encode()

    def money(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """The document of money: nothing without a price; export earns half of the price."""
        if self.price is None:
            return {"currency": "", "days": []}
        now = self._document["c"]
        rows = [row for row in self.house.slots("60", now - 20 * 86400, now)
                if not query or row["t"][:10] == query["day"][0]]  # fmt: skip
        days: dict[str, dict[str, Any]] = {}
        hours = []
        for row in rows:
            day = days.setdefault(
                row["t"][:10], {"t": row["t"][:10], "c": 0, "g": 0, "ip": 0, "ep": 0}
            )
            cost, income = row["i"] * self.price + 0, row["e"] * self.price / 2 + 0  # no -0.0
            for key, value in (("c", cost), ("g", income), ("ip", row["i"]), ("ep", row["e"])):
                day[key] = round(day[key] + value, 3)
            hours.append(
                {"t": row["t"], "c": round(cost, 5), "g": round(income, 5), "part": False}
            )
        listed = {"currency": "NOK", "days": list(days.values())}
        if not query:
            return listed
        kept = not days or min(days) >= self.hours_since
        return {**listed, "hours": hours if kept else []}

    def post(self, path: str, form: dict[str, str]) -> bytes:
        """The answer to a form; undo and redo have the number of the correction."""
        if form.pop("preview", "") == "true":
            self.previews.append((path, form))
            return json.dumps(self.preview(path, form)).encode()
        self.forms.append((path, form))
        for step, old, new in (("undo", "in force", "undone"), ("redo", "undone", "in force")):
            if step in form:
                edit = next(edit for edit in self.log if str(edit.id) == form[step])
                if edit.state != old or self.next(edit) != step:
                    return b'{"success":false,"message":"it is not the newest one"}'
                edit.state = new
                edit.changed = self._document["c"] + 60
                self.house = edit.before if new == "undone" else edit.after
                return b'{"success":true,"message":"5 changed","reboot":false}'
        before, self.house = self.house, copy.deepcopy(self.house)
        slot = self.house.edit(path, form)
        now = self._document["c"]
        edit = Correction(len(self.log) + 1, now, [slot], before, self.house)
        self.log = [*self.log, edit][-10:]
        return b'{"success":true,"message":"1 changed","reboot":false}'

    def next(self, edit: "Correction") -> str:
        """What can be done with a correction; a test makes no new one after an undo."""
        done = [other for other in self.log if other.state == "in force"]
        if done and edit is done[-1]:
            return "undo"
        undone = self.log[len(done) :]
        return "redo" if undone and edit is undone[0] else ""

    def preview(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        """What a form would change: the days by the house, the month's peaks by hand."""
        after = copy.deepcopy(self.house)
        after.edit(path, form)
        old, new = (
            {slot["t"]: slot for slot in house.slots("day", 0)} for house in (self.house, after)
        )
        sums = [
            {"t": day, "u": [old[day]["i"], new[day]["i"]], "p": [old[day]["e"], new[day]["e"]]}
            for day in new
            if old[day] != new[day]
        ]
        hour = path == "/dayplot"
        if not sums:  # an hour of the running day
            used, added = self._document["ea"]["u"][1], sum_of(after) - sum_of(self.house)
            today = datetime.fromtimestamp(self._document["c"], OSLO).date().isoformat()
            sums = [{"t": today, "u": [used, round(used + added, 3)], "p": [0.82, 0.82]}]
        peaks = {"t": "2026-03", "m": [4.6, 5.12], "c": [5, 10], "p": [TARIFF["p"], TARIFF["p"]]}
        month = {"t": "2026-03", "u": [200.5, 203.25], "p": [12.0, 12.0]}
        return {
            "success": True,
            "message": "1 to change",
            "reboot": False,
            "preview": {
                "sums": [*sums, month],
                "peaks": [peaks] if hour else [],
                "cost": [1.25, -0.02] if hour and self._document["ea"]["cur"] else None,
                "cur": self._document["ea"]["cur"],
            },
        }

    def edits(self) -> dict[str, Any]:
        """/edits.json"""
        listed = [
            {
                "id": edit.id, "at": zulu(edit.at), "changed": edit.changed and zulu(edit.changed),
                "kind": "correction", "state": edit.state, "next": self.next(edit),
                "slots": edit.slots,
            }
            for edit in reversed(self.log)
        ]  # fmt: skip
        return {"zone": "Europe/Oslo", "most": 10, "edits": listed}

    def stream(self, write: Callable[[bytes], object]) -> None:
        """Serve one event stream until the server stops or the client disconnects."""
        server = self._server
        seen = -1
        self.streams += 1
        try:
            while server and self._server is server:
                with self._changed:
                    news = seen != self._serial
                    if not news:
                        news = self._changed.wait(HEARTBEAT_S)
                    seen = self._serial
                if self._server is not server:
                    return
                if not self.mute:
                    write(b"data: " + self.body() + b"\n\n" if news else b": still here\n\n")
        except OSError:
            pass
        finally:
            self.streams -= 1


def _handler(reader: FakeReader) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reader.requests.append(self.path)
            path = urlsplit(self.path).path
            if path == "/events":
                self._events()
            elif ("GET", path) in reader.answers or path in reader.documents:
                with reader.counted():
                    status, document = reader.answers.get(("GET", path)) or (
                        200,
                        reader.documents[path],
                    )
                    reader.wait(path)
                self._send(path, status, document)
            elif path in reader.canned or path in DOCUMENTS:
                with reader.counted():
                    status, body = reader.canned.get(path) or (200, reader.document(self.path))
                    reader.wait(path)
                self._answer(
                    status, {"Content-Type": "application/json"}, body, path in reader.cut
                )
            else:
                self._file(path[1:] if "." in path else "index.html")

        def do_POST(self) -> None:
            reader.requests.append(self.path)
            path = urlsplit(self.path).path
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind = self.headers.get("Content-Type", "")
            reader.posted.append(Posted(self.command, self.path, kind, body))
            answer = reader.answers.get((self.command, path))
            with reader.counted():
                reader.wait(path)
                if answer is None:
                    form = dict(parse_qsl(body.decode()))
                    answer = reader.canned.get(self.path) or (200, reader.post(self.path, form))
            self._send(path, *answer)

        do_PATCH = do_PUT = do_DELETE = do_POST

        def _send(self, path: str, status: int, document: Any) -> None:
            """Answer with octets as they are, anything else as JSON."""
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            self._answer(status, {"Content-Type": "application/json"}, body, path in reader.cut)

        def _events(self) -> None:
            if reader.refuse_events:
                return self._answer(503, {"Retry-After": "5"}, b"Too many open pages")
            self._answer(200, {"Content-Type": "text/event-stream"}, None)
            reader.stream(self.wfile.write)

        def _file(self, name: str) -> None:
            path = reader.www / f"{name}.gz"
            if "/" in name or not path.is_file():
                return self._answer(404, {"Content-Type": "text/plain"}, b"Not found")
            kind = TYPES.get(name.rsplit(".", 1)[-1], "image/svg+xml")
            body = path.read_bytes()
            headers = {"Content-Type": kind, "ETag": f'"{zlib.crc32(body)}"'}
            headers["Cache-Control"] = _FOR_EVER if "-" in name else "max-age=2630000"
            if name.endswith(("html", "json")):
                headers["Cache-Control"] = "no-cache"
            if self.headers.get("If-None-Match") == headers["ETag"]:
                return self._answer(304, headers, None)
            self._answer(200, {**headers, "Content-Encoding": "gzip"}, body)

        def _answer(
            self, status: int, headers: dict[str, str], body: bytes | None, cut: bool = False
        ) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            if "Cache-Control" not in headers:
                self.send_header("Cache-Control", "no-store")
            if body is not None:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if body is not None:
                self.wfile.write(body[: len(body) // 2] if cut else body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


def sum_of(house: House) -> float:
    """All imported kWh."""
    return float(sum(hour[0] for hour in house.hours.values()))


def zulu(utc: int) -> str:
    """A time as in /edits.json: 2026-03-12T13:20Z."""
    return datetime.fromtimestamp(utc, UTC).strftime("%Y-%m-%dT%H:%MZ")


def afternoon(seconds: float) -> dict[str, Any]:
    """Document keys of a simulated afternoon: a kettle every five minutes, and some sun."""
    base = 1300 + 500 * math.sin(seconds / 47) + 130 * math.sin(seconds / 7)
    watts = round(
        base + (2000 if seconds % 300 < 70 else 0) - (2600 if seconds % 600 > 420 else 0)
    )
    amps = round(abs(watts) / 690, 1)
    return {
        "i": max(0, watts),
        "e": max(0, -watts),
        "l1": {"i": amps},
        "l3": {"i": round(amps * 1.3, 1)},
        "u": 90512 + int(seconds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the page with simulated values.")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--www", type=Path, default=ROOT / "build/www")
    arguments = parser.parse_args()
    reader = FakeReader(arguments.www, arguments.port)
    reader.start()
    print(reader.url, flush=True)
    start = time.monotonic()
    while True:
        time.sleep(2)
        reader.set(**afternoon(time.monotonic() - start))


if __name__ == "__main__":
    main()

"""A fake of the reader's web server: the built page and documents that tests change.

In       the folder of tools.page; set(i=2430) changes keys of the document and sends it
Out      / and the page's files with Content-Encoding: gzip, /now.json, /events, /history.json,
         /history.csv, /tariff.json; POST /dayplot and /monthplot, kept in `forms`
Script   refuse_events: /events answers 503; mute: streams stay open and send nothing;
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
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.browser.house import House, moment
from tools.simulation import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
TYPES = {"html": "text/html; charset=UTF-8", "css": "text/css", "js": "text/javascript"}
DOCUMENTS = ("/now.json", "/tariff.json", "/history.json", "/history.csv")
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
    },
}  # Thursday 2026-03-12 14:20:12 in Oslo

TARIFF: dict[str, Any] = {
    "t": [5, 10, 15, 20, 25, 50, 75, 100, 150, 65535],
    "p": [{"d": 2, "h": 17, "v": 4.71}, {"d": 9, "h": 8, "v": 4.88}, {"d": 5, "h": 18, "v": 4.21}],
    "c": 5,
    "m": 4.6,
}

_HOUSE = House(DOCUMENT["c"])
for _column, _key in enumerate("up"):
    DOCUMENT["ea"][_key] = _HOUSE.sums(DOCUMENT["ea"][_key][0], _column)


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
        self.canned: dict[str, tuple[int, bytes]] = {}
        self.cut: set[str] = set()
        self.slow_s = 0.0
        self.held: set[str] = set()
        self.open = 0
        self.most_open = 0  # most requests at once, without the event stream
        self.house = copy.deepcopy(_HOUSE)
        self._before = self.house
        self.streams = 0
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
        self.canned.clear()
        self.cut.clear()
        self.slow_s = 0.0
        self.release()
        self.most_open = 0
        self.house = copy.deepcopy(_HOUSE)
        with self._changed:
            self._document = copy.deepcopy(DOCUMENT)

    def set(self, **changes: Any) -> None:
        """Change keys of the document and send it; default s: 0.4. Objects are merged."""
        with self._changed:
            for key, value in {"s": 0.4, **changes}.items():
                if isinstance(value, dict) and self._document[key] is not None:
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
        if name == "/tariff.json":
            return json.dumps(TARIFF).encode()
        end = moment(query["to"][0]) if "to" in query else self._document["c"]
        begin = moment(query["from"][0]) if "from" in query else end - 7 * 86400
        assert begin <= end, path
        slots = self.house.slots(query.get("step", ["60"])[0], begin, end)
        if name == "/history.csv":
            return "".join("%s,%s,%s,%s\r\n" % tuple(s.values()) for s in slots).encode()
        answer = {"unit": "kwh", "time": "local", "zone": "Europe/Oslo", "slots": slots}
        return json.dumps(answer).encode()

    def edit(self) -> bytes:
        """Apply the last form; undo=true in it undoes the form before."""
        path, form = self.forms[-1]
        if form.get("undo") == "true":
            self.house, self._before = self._before, self.house
        else:
            self._before = copy.deepcopy(self.house)
            self.house.edit(path, form)
        return b'{"success":true,"message":"1 changed","reboot":false}'

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
            elif path in reader.canned or path in DOCUMENTS:
                with reader.counted():
                    status, body = reader.canned.get(path) or (200, reader.document(self.path))
                    reader.wait(path)
                self._answer(
                    status, {"Content-Type": "application/json"}, body, path in reader.cut
                )
            else:
                self._file("index.html" if self.path == "/" else self.path[1:])

        def do_POST(self) -> None:
            reader.requests.append(self.path)
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            with reader.counted():
                reader.forms.append((self.path, dict(parse_qsl(text))))
                reader.wait(self.path)
                status, body = reader.canned.get(self.path) or (200, reader.edit())
            headers = {"Content-Type": "application/json"}
            self._answer(status, headers, body, self.path in reader.cut)

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
            headers = {"Content-Type": kind, "Content-Encoding": "gzip"}
            self._answer(200, headers, path.read_bytes())

        def _answer(
            self, status: int, headers: dict[str, str], body: bytes | None, cut: bool = False
        ) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Cache-Control", "no-store")
            if body is not None:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if body is not None:
                self.wfile.write(body[: len(body) // 2] if cut else body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


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

"""A stand-in for the reader's web server: the built page and a document changed at will.

In       the folder of tools.page; set(i=2430) changes keys of the document and sends it
Out      / and the page's files with Content-Encoding: gzip, /now.json, /events
Script   refuse_events: /events answers 503; mute: streams stay open but nothing more goes out;
         stop() cuts every connection and closes the port, start() opens the same port again
To look  python tests/browser/fake_reader.py [--port 8090] [--www build/www]
"""

import argparse
import copy
import json
import math
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
TYPES = {"html": "text/html; charset=UTF-8", "css": "text/css", "js": "text/javascript"}
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
    "c": 1704447012,
    "u": 90512,
}


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 50

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A tab that closes in the middle of an answer is not worth a traceback."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class FakeReader:
    """One scripted reader on a free port of 127.0.0.1; start() before use, stop() after."""

    def __init__(self, www: Path, port: int = 0) -> None:
        self.www = www
        self.port = port
        self.refuse_events = False
        self.mute = False
        self.requests: list[str] = []
        self.streams = 0
        self._changed = threading.Condition()
        self._document = copy.deepcopy(DOCUMENT)
        self._serial = 0
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Open the port: any free one the first time, the same one later."""
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = self._server.server_address[1]
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
        """The plain document and an obliging server, as after __init__."""
        self.refuse_events = False
        self.mute = False
        self.requests.clear()
        with self._changed:
            self._document = copy.deepcopy(DOCUMENT)

    def set(self, **changes: Any) -> None:
        """Change keys of the document and send it; s is 0.4 unless told. l1, l2, l3 are merged."""
        with self._changed:
            for key, value in {"s": 0.4, **changes}.items():
                if isinstance(value, dict):
                    self._document[key].update(value)
                else:
                    self._document[key] = value
            self._document["n"] += 1
            self._serial += 1
            self._changed.notify_all()

    def body(self) -> bytes:
        with self._changed:
            return json.dumps(self._document).encode()

    def stream(self, write: Callable[[bytes], object]) -> None:
        """Feed one event stream until the server stops or the client is gone."""
        server = self._server
        seen = -1
        self.streams += 1
        try:
            while self._server is server:
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
            if self.path == "/now.json":
                self._answer(200, {"Content-Type": "application/json"}, reader.body())
            elif self.path == "/events":
                self._events()
            else:
                self._file("index.html" if self.path == "/" else self.path[1:])

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

        def _answer(self, status: int, headers: dict[str, str], body: bytes | None) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Cache-Control", "no-store")
            if body is not None:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if body is not None:
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


def walk(seconds: float) -> dict[str, Any]:
    """A made-up afternoon: a kettle every five minutes, and some sun."""
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
    parser = argparse.ArgumentParser(description="Serve the page with made-up values.")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--www", type=Path, default=ROOT / "build/www")
    arguments = parser.parse_args()
    reader = FakeReader(arguments.www, arguments.port)
    reader.start()
    print(reader.url, flush=True)
    start = time.monotonic()
    while True:
        time.sleep(2)
        reader.set(**walk(time.monotonic() - start))


if __name__ == "__main__":
    main()

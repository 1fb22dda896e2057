"""The stand-in with meter, broker, clients and a history, for tools/ram.py and tests/image.

Simulated time begins at START, after 400 days of history, and runs `speed` times as fast as real
time for the meter and the firmware. Heap statistics are those of the stand-in.
"""

import bisect
import contextlib
import hashlib
import http.client
import json
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from tools import openapi, past, simulation
from tools.encoders import gcm, mbus, p1, p1text, prices, sagemcom
from tools.fixtures import HOUSE
from tools.household import Household
from tools.runtime import ROOT

START = 1_768_435_200  # 2026-01-15T00:00Z
DAYS = 400
KEY = bytes(range(16))
AUTH_KEY = bytes(range(16, 32))
_TITLE = b"STANDIN1"
_CACHE = ROOT / "build" / "rig"
_QUARTER_S = 900
_DAY_S = 86400
_QUIET_S = 2.0  # after this time without a reading all telegrams are decoded
_QUIET_LOOKS = 5  # in it
_preparing = threading.Lock()
_prepared: list[Path] = []
# GET routes that are not among the documents.
LEFT_OUT = {
    "/events": "a stream, which does not end: Rig.pages",
    "/wifi.json": "in setup mode: tests/image/test_setup.py",
    "/wifi/test.json": "in setup mode: tests/image/test_setup.py",
}
_QUERIES = {
    "/history.json": "?step=15",
    "/configfile.cfg": "?im=true&it=true&ih=true&ic=true",
    "/inspect.json": "?octets=512",
    "/capture.hex": "?octets=512",
}
DOCUMENTS = tuple(
    ["/", "/api/openapi.json"]
    + [
        row[0] + _QUERIES.get(row[0], "")
        for row in openapi.routes().ROUTES
        if row[1] == "GET" and row[0] not in LEFT_OUT
    ]
)


@dataclass(frozen=True)
class Line:
    """A meter and its line: options of tools.meter, the firmware's settings, the speed."""

    name: str
    options: tuple[str, ...]
    settings: dict[str, object]
    speed: float


def kaifa() -> Line:
    """A Norwegian Kaifa: a list each 2 s at 2400 8E1, not ciphered although a key is set."""
    return Line("kaifa", ("--meter", "kaifa"), _line(2400, "8E1"), 36)


def p1_text() -> Line:
    """A Swedish P1 meter: a telegram each second at 115200 8N1."""
    capture = _capture("p1.txt", lambda second: p1.telegram("KAM5", p1text.nordic(_at(second))), 1)
    options = ("--meter", str(capture), "--interval", "1", "--baud", "115200", "--parity", "8N1")
    return Line("p1", options, _line(115200, "8N1"), 18)


def ciphered_mbus() -> Line:
    """An Austrian M-Bus meter: a ciphered list in two frames each 5 s at 2400 8E1."""

    def burst(second: int) -> bytes:
        apdu = gcm.apdu(sagemcom.flat(_at(second)), KEY, _TITLE, second, AUTH_KEY)
        return b"".join(mbus.frames(apdu)).hex().encode() + b"\n\n"

    capture = _capture("mbus.hex", burst, 5)
    options = ("--meter", str(capture), "--interval", "5")
    return Line("mbus", options, _line(2400, "8E1"), 90)


def _line(baud: int, form: str) -> dict[str, object]:
    return {
        "meter_baud": baud,
        "meter_format": form,
        "meter_invert": False,
        "encryption_key": KEY.hex(),
        "authentication_key": AUTH_KEY.hex(),
        "price_currency": "NOK",
        "price_area": "NO3",
    }


def _at(second: int):  # type: ignore[no-untyped-def]
    """The values of HOUSE `second` seconds after START, with its power and registers changed."""
    from dataclasses import replace

    when = datetime.fromtimestamp(START + second + 3600, UTC).replace(tzinfo=None)
    watts = 800 + second * 37 % 3000
    wh = _register_wh() + second // 2
    return replace(HOUSE, sent_at=when, clock=when, power_import_w=watts, energy_import_wh=wh)


def _capture(name: str, telegram: Callable[[int], bytes], interval: int) -> Path:
    """1,500 telegrams, one each interval, as a capture file."""
    octets = b"".join(telegram(interval * number) for number in range(1, 1501))
    _CACHE.mkdir(parents=True, exist_ok=True)
    place = _CACHE / f"{hashlib.sha256(octets).hexdigest()[:12]}-{name}"
    if not place.exists():
        fresh = Path(tempfile.mkdtemp(dir=_CACHE)) / name
        fresh.write_bytes(octets)
        fresh.replace(place)
        fresh.parent.rmdir()
    return place


@lru_cache
def _register_wh() -> int:
    """Import register of the simulated household at START, the end of the history."""
    return Household(START, 1, "tn", False).snapshot(START).energy_import_wh


class _Quarters:
    """400 days of registers each quarter-hour, for tools.past; a Household takes minutes."""

    until = START
    begin = START - DAYS * _DAY_S

    def quarters(self) -> Iterator[tuple[int, int, int, int]]:
        wh = _register_wh() - DAYS * 96 * 500
        for unix in range(self.begin, self.until + 1, _QUARTER_S):
            watts = 800 + unix // _QUARTER_S * 7919 % 2400
            yield unix, watts, wh, 0
            wh += 500


def history() -> Path:
    """A data folder with the history, made once for each state of the sources."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted((ROOT / "firmware").rglob("*.py")):
        digest.update(path.read_bytes())
    place = _CACHE / ("past-" + digest.hexdigest()[:12])
    if not place.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=_CACHE))
        past.fill(fresh, _Quarters())  # type: ignore[arg-type]
        with contextlib.suppress(OSError):  # another process has made it
            fresh.rename(place)
    return place


def prepare() -> None:
    """Bring the stand-in, the page and the history up to date. Once per process."""
    with _preparing:
        if not _prepared:
            simulation.prepare_standin()
            _prepared.append(history())


def price_document(days: int = 2, least: int = 0) -> bytes:
    """Prices of `days` days of quarter-hours from START on, in at least `least` octets."""
    start = datetime.fromtimestamp(START, UTC).replace(tzinfo=None)
    cents = [5000 + number for number in range(96 * days)]
    texts = [f"{value // 100}.{value % 100:02}" for value in cents]
    found: bytes = prices.a44([prices.Series([prices.Stretch(start, texts)], curve="A01")])
    head, _, rest = found.partition(b"<TimeSeries>")
    note = b"<note>" + b"." * 100 + b"</note>\n"
    padding = note * max(0, -(-(least - len(found)) // len(note)))
    return head + padding + b"<TimeSeries>" + rest


RATES = prices.rates([("EUR", 0, [("2026-01-14", "11.50")])])


class Broker:
    """A real mosquitto on one port, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.port = simulation.free_port()
        self._folder = folder
        self.messages: list[float] = []  # arrival times of bodies with readings, since start()
        self.online = threading.Event()
        self._processes: list[subprocess.Popen[str]] = []

    def start(self) -> None:
        """Start the broker and subscribe before a publisher can connect."""
        config = self._folder / "mosquitto.conf"
        config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n"
        )
        self.messages = []
        self.online.clear()
        path = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        broker = subprocess.Popen([path, "-c", config], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, text=True)  # fmt: skip
        self._processes = [broker]
        until(lambda: listens(self.port))
        command = ["mosquitto_sub", "-p", str(self.port), "-t", "#", "-F", "%t %p"]
        subscriber = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._processes.append(subscriber)
        threading.Thread(target=self._listen, args=(subscriber,), daemon=True).start()

    def _listen(self, subscriber: "subprocess.Popen[str]") -> None:
        assert subscriber.stdout
        for line in subscriber.stdout:
            topic, _, body = line.partition(" ")
            if topic.endswith("/status") and body.strip() == "online":
                self.online.set()
            elif body.startswith("{") and '"data"' in body:
                self.messages.append(time.time())

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()
        self._processes = []


@dataclass
class Answers:
    """Answers to clients: "200", or status, path and text of any other answer."""

    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1


class Rig:
    """The running stand-in, meter, broker and clients; a context manager.

    air  access points in the air, see boards/sim/radio.py: the firmware, which has no network yet,
         then begins in setup mode; None: no radio is simulated
    hosts  HOST:PORT of the server of all prices; "": each name's own
    """

    def __init__(
        self,
        line: Line,
        heap: str,
        folder: Path,
        air: "list[dict[str, object]] | None" = None,
        hosts: str = "",
    ) -> None:
        prepare()
        self._hosts = hosts
        self.line = line
        self.heap_size = heap
        self.data = folder / "data"
        shutil.copytree(_prepared[0], self.data)
        settings = json.dumps({"timezone": "Europe/Oslo", **line.settings})
        (self.data / "config.json").write_text(settings)
        self._log = folder / "log"
        self.http = simulation.free_port()
        self.dns = 0  # UDP port of the name server in setup mode
        self._air: Path | None = None
        if air is not None:
            self.dns = simulation.free_udp_port()
            self._air = folder / "radio"
            self._air.mkdir()
            (self._air / "air.json").write_text(json.dumps(air))
        self.broker = Broker(folder)
        self.broker.start()
        self.answers = Answers()
        self.restarts = 0
        self.telegrams: list[float] = []  # time of each telegram's last octet
        self.events = 0  # number of events from live streams
        self._acks = 0
        self._streams: list[http.client.HTTPConnection] = []
        self._stopped = threading.Event()
        self._left = threading.Event()
        self._threads: list[threading.Thread] = []
        since = time.time()
        self._clock = (START, since, line.speed)
        begin = datetime.fromtimestamp(START, UTC).isoformat()
        options = ["--start", begin, "--since", f"{since:.3f}", "--speed", str(line.speed)]
        self.meter, self._wire = simulation.start_meter(["--log", *line.options, *options])
        threading.Thread(target=self._listen, daemon=True).start()
        self.firmware = self._start()
        if not simulation.wait_for_http(self.http, 60, self.firmware):
            self.stop()
            raise RuntimeError("the firmware did not start:\n" + self.log())
        threading.Thread(target=self._supervise, daemon=True).start()

    def __enter__(self) -> "Rig":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Close the pages and end firmware, meter and broker."""
        self.leave()
        self._stopped.set()
        simulation.stop(self.firmware)
        simulation.stop(self.meter)
        self.broker.stop()

    def leave(self) -> None:
        """Close the live streams and the poller."""
        self._left.set()
        for connection in self._streams:
            if connection.sock:
                with contextlib.suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(20)

    def _start(self) -> "subprocess.Popen[str]":
        with self._log.open("a") as log:
            return simulation.start_firmware(
                self._wire, self.http, self.data, f"127.0.0.1:{self.broker.port}",
                heap=self.heap_size, clock=self._clock, standin=True,
                radio=self._air, dns_port=self.dns, hosts=self._hosts,
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def _supervise(self) -> None:
        """Start the firmware again after it has ended, and count the restarts."""
        while not self._stopped.wait(0.1):
            if self.firmware.poll() is not None:
                self.restarts += 1
                self.firmware = self._start()

    def _listen(self) -> None:
        assert self.meter.stdout
        for line in self.meter.stdout:
            if line.startswith("{"):
                self.telegrams.append(json.loads(line)["t"])
            else:
                self._acks += 1

    def log(self) -> str:
        """The firmware's output."""
        return self._log.read_text(errors="replace")

    def heap(self, collect: bool = False) -> dict[str, int]:
        """Heap statistics, see tools/standin/standin.c."""
        return simulation.heap_of(self.firmware, self.data, collect)

    def tell(self, command: str) -> None:
        """Give the meter a command and wait for its answer."""
        assert self.meter.stdin
        count = self._acks
        self.meter.stdin.write(command + "\n")
        self.meter.stdin.flush()
        until(lambda: self._acks > count)

    def readings(self) -> int:
        """Number of readings since the firmware's start."""
        for _ in range(100):
            status, body = self.request("GET", "/now.json")
            if status == 200 and body.endswith(b"}"):  # a telegram may need the answer's heap
                return int(json.loads(body)["n"])
            time.sleep(0.2)
        raise RuntimeError("no answer from /now.json")

    def pause(self) -> int:
        """Pause the meter. Returns the number of readings after its last telegram."""
        self.tell("pause")
        count, since, looks = self.readings(), time.monotonic(), 0
        while time.monotonic() < since + _QUIET_S or looks < _QUIET_LOOKS:
            time.sleep(0.2)
            now = self.readings()
            looks += 1
            if now != count:
                count, since, looks = now, time.monotonic(), 0
        self.tell("pause")  # the answer follows the meter's log of the last telegram
        return count

    def request(self, method: str, path: str, body: str | bytes = b"") -> tuple[int, bytes]:
        """Status and body; without an answer 0 and the error's name. Not counted."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=120)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        with contextlib.closing(connection):
            try:
                connection.request(method, path, body or None, headers)
                response = connection.getresponse()
                return response.status, response.read()
            except (OSError, http.client.HTTPException) as e:
                return 0, type(e).__name__.encode()

    def ask(self, path: str) -> int:
        """GET and note the status."""
        return self._noted(path, *self.request("GET", path))

    def post(self, path: str, body: str | bytes) -> int:
        """POST and note the status."""
        return self._noted(path, *self.request("POST", path, body))

    def _noted(self, path: str, status: int, body: bytes) -> int:
        text = body.decode(errors="replace")[:80]
        self.answers.note("200" if status == 200 else f"{status} {path}: {text}")
        return status

    def background(self, work: Callable[[], object]) -> None:
        """Run work in a thread until it ends."""
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def pages(self, streams: int = 2) -> None:
        """Open pages: live streams, and a poller of two documents each second."""
        for _ in range(streams):
            self.background(self._stream)
        self.background(self._poll)

    def _stream(self) -> None:
        while not self._left.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=3)
            with (
                contextlib.closing(connection),
                contextlib.suppress(OSError, http.client.HTTPException),
            ):
                connection.request("GET", "/events")
                response = connection.getresponse()
                self._noted("/events", response.status, b"")
                while not self._left.is_set() and (got := response.readline()):
                    self.events += got.startswith(b"data: ")
            self._left.wait(0.5)

    def _poll(self) -> None:
        while not self._left.wait(1):
            for path in ("/now.json", "/data.json"):
                self.ask(path)

    def slowest_publication(self, since: float, before: float) -> float:
        """The longest time from a telegram to the next publication, in seconds.

        If it is below the interval of a real meter, each of its telegrams would be published.
        """
        messages = sorted(self.broker.messages)
        sent = [at for at in self.telegrams if since <= at < before]
        places = [bisect.bisect_left(messages, at) for at in sent]
        later = [messages[place] if place < len(messages) else before + 60 for place in places]
        return max((after - at for after, at in zip(later, sent, strict=True)), default=60.0)

    def load_page(self) -> None:
        """The requests of a browser that opens the page."""
        status, body = self.request("GET", "/")
        self._noted("/", status, body)
        names: Sequence[str] = sorted(path.name for path in (ROOT / "build" / "www").iterdir())
        for name in names:
            plain = re.sub(r"\.gz$", "", name)
            if plain != "index.html":
                self.ask("/" + plain)


def listens(port: int) -> bool:
    """Whether a server listens on the port."""
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until the condition is true. RuntimeError after the time limit."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("timed out")
        time.sleep(0.02)


def corrections(count: int) -> Iterator[str]:
    """Bodies for POST /dayplot: each changes one past hour, some after a preview; some undo it."""
    hours = [(datetime.fromtimestamp(START, UTC) - timedelta(hours=h)).hour for h in range(2, 20)]
    for number in range(count):
        body = f"i{hours[number % len(hours)]:02d}=1.{number:03d}"
        yield (body, body, body + "&preview=true", body, "undo=true")[number % 5]


def configfile() -> str:
    """A configfile.cfg of AMS reader with thresholds and hours before the history."""
    hours = " ".join(["1500"] * 24)
    steps = "thresholds 2 4 6 8 10 12 14 16 18 65535 2\n"
    before = START - DAYS * _DAY_S + 43200
    return f"amsconfig\nversion v2.2.28\n{steps}dayplot 5 {before} 100 0 {hours}\n"

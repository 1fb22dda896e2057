"""Members of the composition root that services, documents and forms use, for mypy only."""

from typing import Any, Protocol

from config import Config
from contracts import Client, Pulse
from energy.ledger import Energy
from energy.recent import Recent
from han.decode import Decoder
from han.reader import MeterReader
from log import Log
from prices.store import Prices as Prices
from state import State
from storage import Pages, Storage
from system import System

class App(Protocol):
    """See firmware/app.py."""

    state: State
    energy: Energy
    recent: Recent
    prices: Prices
    config: Config
    system: System
    log: Log
    pages: Pages
    storage: Storage
    decoder: Decoder
    reader: MeterReader
    @property
    def server(self) -> Server: ...
    @property
    def network(self) -> Network: ...
    @property
    def pulse(self) -> Pulse: ...
    safe_s: int
    def counts(self) -> bool: ...
    def apply(self, changes: dict[str, Any]) -> None: ...
    async def test(self, module: str, what: Any) -> tuple[str, str]: ...
    def use_prices(self) -> None: ...
    def restart(self, cause: int) -> None: ...
    unstored: bool
    push_at: int
    push_failures: int
    push_quarter: int
    push_fault: str
    upgrade_at: int
    kept: int
    def store_settings(self) -> None: ...
    def keep(self, also: bytes) -> None: ...

class Network(Protocol):
    """See firmware/net/station.py."""

    setup: bool
    connected: bool
    allowed: bool
    heard: bool
    ip: str
    reason: int
    tried: int
    wanted: tuple[str, str]
    minutes: bytearray
    trial: dict[str, Any]
    trial_until_s: int
    scan_s: int
    bssid: bytes
    captive: Any
    ntp_plan: list[Any]
    def toggle(self) -> None: ...
    def try_wifi(self, ssid: str, psk: str) -> None: ...
    def scan(self) -> list[tuple[bytes, bytes, int, int, int]]: ...
    def setting(self, name: str) -> str: ...
    def words(self, reason: int) -> str: ...
    def confirm(self) -> None: ...
    def tune(self) -> None: ...

class Server(Protocol):
    """See firmware/web/server.py."""

    alive: bool
    listeners: int
    streams: int
    door: Any
    def shed(self, streams: bool = False) -> None: ...

class Request(Protocol):
    """Members of a request that documents and forms use."""

    method: str
    path: str
    http_version: str
    args: dict[str, str]
    headers: dict[str, str]
    cookies: dict[str, str]
    stream: Client
    owner: bool

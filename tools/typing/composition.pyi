"""Members of the composition root that services, documents and forms use, for mypy only."""

from typing import Any, Protocol

from config import Config
from contracts import Client, Pulse
from energy.ledger import Energy
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
    def pulse(self) -> Pulse: ...
    def apply(self, changes: dict[str, Any]) -> None: ...
    def use_prices(self) -> None: ...
    def restart(self, cause: int) -> None: ...

class Server(Protocol):
    """See firmware/web/server.py."""

    def shed(self) -> None: ...

class Request(Protocol):
    """Members of a request that documents and forms use."""

    args: dict[str, str]
    stream: Client

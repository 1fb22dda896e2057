"""Telnet, the meter's octets over TCP, and telegrams on the serial console: loaded while a setting
asks for one of them.

In       the settings telnet_port, raw_port, debug_serial, debug_level, web_password
Out      run() returns when no setting asks for anything; the log says which ports are open
Rules    A tick each 100 ms looks at the settings, accepts clients and serves telnet. Octets go out
         as they come. The meter never waits: no socket blocks, and what fails ends its client.
         During the setup, whose access point may be open to everybody, no port is open
Errors   A port that is in use is logged and tried again after a minute
"""

import asyncio
import gc
import select
import socket

from micropython import const
from ondemand import visit

from net.console import DEBUG, Follower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App

_TICK_MS = const(100)
_RETRY_MS = const(60000)
_BACKLOG = const(1)


class Listener:
    """The listening socket of a port that a setting names."""

    def __init__(self, app: "App", name: str) -> None:
        """name: telnet or raw."""
        self._app = app
        self._name = name
        self._poll: "Any" = select.poll()
        self._socket: "socket.socket | None" = None
        self._port = 0
        self._next_try_ms = 0

    def follow(self, port: int) -> bool:
        """Listen on that port, on none for 0. False if it changed, so clients have to go."""
        same = port == self._port
        if not same:
            self.close()
            self._port = port
            self._next_try_ms = 0
        if port and not self._socket and self._app.system.uptime_ms() >= self._next_try_ms:
            self._listen()
        return same

    def _listen(self) -> None:
        s = socket.socket()
        try:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(socket.getaddrinfo("0.0.0.0", self._port)[0][-1])
            s.listen(_BACKLOG)
            s.setblocking(False)
        except OSError as e:
            s.close()
            self._next_try_ms = self._app.system.uptime_ms() + _RETRY_MS
            self._app.log.error("%s: port %d is not free: %s" % (self._name, self._port, e))
            return
        self._socket = s
        self._poll.register(s, select.POLLIN)
        self._app.log.add("%s: port %d" % (self._name, self._port))

    def accept(self) -> "socket.socket | None":
        """The next client; None if there is none."""
        if not self._socket or not self._poll.poll(0):
            return None
        try:
            client: socket.socket = self._socket.accept()[0]
        except OSError:  # it is gone already
            return None
        client.setblocking(False)
        return client

    def close(self) -> None:
        """Stop listening."""
        if self._socket:
            self._poll.unregister(self._socket)
            self._socket.close()
            self._socket = None
            self._app.log.add("%s: off" % self._name)


class Service:
    """What the settings ask for."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._telnet = Listener(app, "telnet")
        self._raw = Listener(app, "raw")
        self._telnet_room = visit("net.telnet")
        self._raw_room = visit("net.raw")
        self._guard: "Any" = None
        self._session: "Any" = None
        self._server: "Any" = None
        self._serial: "Follower | None" = None
        self._password = ""  # of the session
        self._octet_at = 0
        self._fault = ""

    def tick(self) -> bool:
        """Serve for a moment. False if nothing is to be served."""
        config = self._app.config
        telnet_port = config.telnet_port if config.web_password else 0
        raw_port = config.raw_port
        if self._app.network.setup:
            telnet_port = raw_port = 0
        self._tick_telnet(telnet_port)
        self._tick_raw(raw_port)
        self._tick_serial()
        return bool(telnet_port or raw_port or self._serial)

    def _tick_telnet(self, port: int) -> None:
        now = self._app.system.uptime_ms()
        password = self._app.config.web_password
        if not self._telnet.follow(port) or password != self._password:
            self._end_session()
        self._password = password
        if port and not self._guard:
            self._guard = self._telnet_room.open().Guard()
        elif not port and self._guard:
            self._guard = None
            self._telnet_room.close()
        s = self._telnet.accept()
        if s and self._session:
            refuse(s)
        elif s:
            self._session = self._telnet_room.open().Session(self._app, s, self._guard, now)
        if self._session:
            self._flush_hex(self._session.follower, now)
            try:
                goes_on = self._session.tick(now)
            except OSError:
                goes_on = False
            if not goes_on:
                self._end_session()

    def _end_session(self) -> None:
        if self._session:
            self._session.s.close()
            self._session = None

    def _tick_raw(self, port: int) -> None:
        if not self._raw.follow(port) and self._server:
            self._server.close_all()
            self._server = None
            self._raw_room.close()
        if port and not self._server:
            self._server = self._raw_room.open().Server(self._app)
        s = self._raw.accept()
        if s and self._server.full():
            s.close()
        elif s:
            self._server.add(s)
        if self._server:
            self._server.tick()

    def _tick_serial(self) -> None:
        """Print telegrams and octets; the log prints its lines itself."""
        config = self._app.config
        if not config.debug_serial or config.debug_level > DEBUG:
            self._serial = None
            return
        if not self._serial:
            self._serial = Follower(self._app, print, config.debug_level, False)
        self._serial.level = config.debug_level
        self._flush_hex(self._serial, self._app.system.uptime_ms())
        text = self._serial.telegram()
        if text:
            print(text)

    def _flush_hex(self, follower: "Follower | None", now_ms: int) -> None:
        if follower and now_ms - self._octet_at >= _TICK_MS:
            follower.hex_lines.end()

    def tap(self, octets: bytearray, count: int, proven: bool) -> None:
        """Take a burst of the meter's octets. Raises nothing."""
        try:
            self._octet_at = self._app.system.uptime_ms()
            if self._server and proven:
                self._server.send(memoryview(octets)[:count])
            if self._serial:
                self._serial.octets(octets, count)
            if self._session and self._session.follower:
                self._session.follower.octets(octets, count)
        except OSError:  # the client of telnet is gone: the next tick ends its session
            pass
        except MemoryError:
            gc.collect()
            if self._server:  # the burst may be missing in a telegram
                self._server.close_all()
        except Exception as e:
            if repr(e) != self._fault:
                self._fault = repr(e)
                self._app.log.error("debug: %s" % self._fault)

    def close(self) -> None:
        """End all clients and listen no longer."""
        self._end_session()
        if self._server:
            self._server.close_all()
        self._telnet.close()
        self._raw.close()
        self._guard = self._server = None
        self._telnet_room.close()
        self._raw_room.close()


def refuse(s: "socket.socket") -> None:
    """Tell a client that another one is served."""
    try:
        s.write(b"one client at a time\r\n")
    except OSError:
        pass
    s.close()


async def run(app: "App") -> None:
    """Serve until no setting asks for it."""
    service = Service(app)
    tap, reader = service.tap, app.reader
    reader.taps += (tap,)
    try:
        while service.tick():
            await asyncio.sleep_ms(_TICK_MS)
    finally:
        reader.taps = tuple([other for other in reader.taps if other is not tap])
        service.close()

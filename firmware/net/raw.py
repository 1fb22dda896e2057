"""The meter's octets for other software, over TCP.

In       the meter's octets in bursts, as the UART gave them, once its line settings are proven
Out      the same octets to each client, to read only; what a client sends is dropped
Rules    A client begins with the first octet after a pause of the line, which is a telegram's
         first. A client whose connection does not take a burst at once is cut: telegrams with a
         hole would be worse, and nothing is kept for it
Limits   two clients; no buffer but those of the network
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from composition import App

CLIENTS = const(2)
_PAUSE_MS = const(200)
_PATIENCE_MS = const(10000)  # a client of a line without pauses begins at any octet then


class Server:
    """The clients."""

    def __init__(self, app: "App") -> None:
        self._log = app.log
        self._uptime_ms = app.system.uptime_ms
        self._clients: "list[socket.socket]" = []
        self._new: "list[tuple[socket.socket, int]]" = []  # those that wait for a pause, since
        self._octet_at = app.system.uptime_ms()  # a telegram may be on its way
        self._dropped = bytearray(64)

    def full(self) -> bool:
        """Whether no other client is served."""
        return len(self._clients) + len(self._new) >= CLIENTS

    def add(self, s: "socket.socket") -> None:
        """Serve a client, whose socket does not block."""
        self._new.append((s, self._uptime_ms()))

    def send(self, octets: memoryview) -> None:
        """Send a burst to each client. Raises nothing but MemoryError."""
        now = self._uptime_ms()
        paused = now - self._octet_at >= _PAUSE_MS
        self._octet_at = now
        if self._new and (paused or now - self._new[0][1] >= _PATIENCE_MS):
            self._clients += [s for s, _ in self._new]
            self._new.clear()
        for s in tuple(self._clients):
            try:
                sent = s.write(octets)
            except OSError:
                self.close(s)
                continue
            if sent != len(octets):
                self._log.warn("raw: a client is too slow and is cut")
                self.close(s)

    def tick(self) -> None:
        """Drop what the clients have sent, and close those that are gone."""
        for s in self._clients + [s for s, _ in self._new]:
            try:
                gone = s.readinto(self._dropped) == 0
            except OSError:
                gone = True
            if gone:
                self.close(s)

    def close(self, s: "socket.socket") -> None:
        """End a client."""
        s.close()
        self._clients = [other for other in self._clients if other is not s]
        self._new = [pair for pair in self._new if pair[0] is not s]

    def close_all(self) -> None:
        """End all clients."""
        for s in self._clients + [s for s, _ in self._new]:
            self.close(s)

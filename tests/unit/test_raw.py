from log import Log
from net.raw import Server


class SocketDouble:
    """A client: what it was sent, how much of a burst it takes, what it has typed."""

    def __init__(self, takes=256):
        self.sent = b""
        self.takes = takes
        self.typed = []
        self.open = True

    def write(self, octets):
        if self.takes < 0:
            raise OSError(104)
        self.sent += bytes(octets[: self.takes])
        return min(len(octets), self.takes) or None

    def readinto(self, buf):
        n = self.typed.pop(0) if self.typed else None
        if n == -1:
            raise OSError(104)
        return n

    def close(self):
        self.open = False


class App:
    """The system and the log of the composition root, and the time."""

    def __init__(self):
        self.system = self
        self.now = 0
        self.log = Log(lambda: 7, echo=False)

    def uptime_ms(self):
        return self.now


def server_of(*clients):
    app = App()
    server = Server(app)
    for client in clients:
        server.add(client)
    return app, server


def send(app, server, at_ms, octets):
    app.now = at_ms
    server.send(memoryview(octets))


def test_a_client_begins_after_a_pause_of_the_line():
    client = SocketDouble()
    app, server = server_of(client)
    send(app, server, 100, b"rest")
    send(app, server, 299, b" of one")
    assert client.sent == b""
    send(app, server, 499, b"tele")
    send(app, server, 519, b"gram")
    assert client.sent == b"telegram"


def test_a_client_of_a_line_without_pauses_begins_after_ten_seconds():
    client = SocketDouble()
    app, server = server_of(client)
    for now in range(100, 10000, 100):
        send(app, server, now, b"x")
    assert client.sent == b""
    send(app, server, 10000, b"y")
    assert client.sent == b"y"


def test_a_client_that_takes_less_than_a_burst_is_cut_and_the_other_goes_on():
    for takes in (3, 0, -1):
        slow, fast = SocketDouble(takes), SocketDouble()
        app, server = server_of(slow, fast)
        assert server.full()
        send(app, server, 1000, b"tele")
        assert not slow.open and fast.open and not server.full()
        send(app, server, 1020, b"gram")
        assert fast.sent == b"telegram" and len(slow.sent) <= 3
        cut = [text for _, text in app.log.lines()]
        assert cut == ([] if takes < 0 else ["raw: a client is too slow and is cut"])


def test_what_clients_send_is_dropped_and_those_that_are_gone_are_closed():
    for gone in (0, -1):
        for waits in (True, False):
            client, other = SocketDouble(), SocketDouble()
            app, server = server_of(client, other)
            if not waits:
                send(app, server, 1000, b"x")
            client.typed = [64, 5]
            for _ in range(3):
                server.tick()
            assert client.open and client.typed == []
            client.typed = [gone]
            server.tick()
            assert not client.open and other.open and not server.full()
            server.close_all()
            assert not other.open

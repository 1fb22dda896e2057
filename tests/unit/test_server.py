from doubles import SystemDouble
from web import server as module
from web.server import Client, Server


class TaskDouble:
    cancelled = False

    def cancel(self):
        self.cancelled = True


class ClientDouble:
    def __init__(self, listens, started=True):
        self.listens = listens
        self.task = TaskDouble() if started else None


def test_requests_make_room_for_a_telegram_and_live_streams_go_on():
    server = Server(SystemDouble(0))
    request, stream, new = ClientDouble(False), ClientDouble(True), ClientDouble(False, False)
    server._clients[:3] = [request, stream, new]
    server.shed()
    assert request.task.cancelled and not stream.task.cancelled


class TimeDouble:
    def ticks_ms(self):
        return 10000

    def ticks_add(self, ticks, ms):
        return ticks + ms

    def ticks_diff(self, ticks, before):
        return ticks - before


def late(address, ms, task=True):
    """A client of that address that has begun its head so many ms ago."""
    client = Client(None, bytearray(8), (address, 4000))
    client.since -= ms
    client.waits = lambda: True
    client.task = TaskDouble() if task else None
    return client


def ended(*clients):
    """Which of the clients are ended when another one waits."""
    server = Server(SystemDouble(0))
    server._clients = list(clients)
    server._disperse()
    return [bool(client and client.task and client.task.cancelled) for client in clients]


def test_three_late_heads_of_an_address_are_ended_when_another_client_waits():
    kept, module.time = module.time, TimeDouble()
    try:
        check_crowds()
    finally:
        module.time = kept


def check_crowds():
    others = late("10.0.0.2", 900), late("10.0.0.3", 900)
    crowd = [late("10.0.0.1", 300 + i) for i in range(3)]
    assert ended(*(others + tuple(crowd))) == [False, False, True, True, True]
    crowd = [late("10.0.0.1", 400), late("10.0.0.1", 400), late("10.0.0.1", 100)]
    assert ended(*crowd) == [False, False, False]
    crowd = [late("10.0.0.1", 400) for _ in range(3)]
    crowd[1].in_head = False  # it is served
    assert ended(None, *crowd) == [False, False, False, False]
    crowd = [late("10.0.0.1", 400) for _ in range(3)]
    crowd[1].waits = lambda: False  # its octets have come: the reader is late
    assert ended(*crowd) == [False, False, False]
    crowd = [late("10.0.0.1", 400), late("10.0.0.1", 400), late("10.0.0.1", 400, False)]
    assert ended(*crowd) == [False, False, False]
    packed = [late("10.0.0.1", 400) for _ in range(3)]
    for i, client in enumerate(packed):  # as MicroPython on a PC has them
        client.peer = bytes((2, 0, 80, i, 10, 0, 0, 1)) + bytes(8)
    assert ended(*packed) == [True, True, True]
    packed[2].peer = bytes((2, 0, 80, 0, 10, 0, 0, 2)) + bytes(8)
    for client in packed:
        client.task = TaskDouble()
    assert ended(*packed) == [False, False, False]

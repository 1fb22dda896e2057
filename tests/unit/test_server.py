from doubles import SystemDouble
from web.server import Server


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

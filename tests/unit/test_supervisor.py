import asyncio

import boardchoice
import crash
from config import Config
from doubles import BoardDouble
from files import FilesDouble
from log import Log
from supervisor import Supervisor
from system import System
from test_events import run

KB = 1024
# Board.reset(cause) numbers beside those of /sysinfo.json
CRASHES, RETRY, NO_MEMORY = 90, 91, 92


class Alive:
    """A reader or a web server: alive once it has made progress."""

    def __init__(self):
        self.alive = False
        self.sheds = []

    def shed(self, streams=False):
        self.sheds.append(streams)


class Board(BoardDouble):
    free = 40 * KB

    def __init__(self):
        super().__init__()
        self.fed = 0

    def feed_watchdog(self):
        self.fed += 1

    def heap_free(self):
        return self.free


class Supervised(Supervisor):
    def __init__(self, safe_s=0, **settings):
        self.board = Board()
        self.system = System(self.board)
        self.log = Log(self.system.uptime_s, False)
        self.config = Config(settings, {})
        self.storage = FilesDouble()
        self.reader, self.server = Alive(), Alive()
        self.safe_s = safe_s
        self.left = []
        self.supervise()

    def leave_for(self, reason, cause):
        self.left.append(cause)

    def seconds(self, count, reader=True, server=True):
        """Let so many seconds pass, in which these make progress. Returns how often the watchdog
        was fed."""
        before = self.board.fed
        for _ in range(count):
            self.board.ticks += 1000
            self.reader.alive = self.reader.alive or reader
            self.server.alive = self.server.alive or server
            self.watch(self.system.uptime_ms())
        return self.board.fed - before

    def lines(self):
        return [text for _, text in self.log.lines()]


def test_the_watchdog_is_fed_while_line_and_web_make_progress():
    device = Supervised()
    assert device.seconds(300) == 300
    for reader, server in ((False, True), (True, False), (False, False)):
        assert device.seconds(1) == 1
        # What was alive before counts once.
        assert device.seconds(100, reader, server) == 0, (reader, server)
        assert device.seconds(3) == 3


def test_in_safe_mode_no_line_is_read():
    device = Supervised(safe_s=600)
    assert device.seconds(100, reader=False) == 100
    assert device.seconds(100, reader=False, server=False) == 0


def test_safe_mode_ends_in_time():
    device = Supervised(safe_s=600)
    device.seconds(599)
    assert device.left == []
    device.seconds(1)
    assert device.left == [RETRY]
    assert crash.RETRY == RETRY and crash.NO_MEMORY == NO_MEMORY


def test_a_new_board_has_proved_itself_after_two_minutes():
    for reason, lasts in (("", True), ("the chosen board is not used", False)):
        device = Supervised()
        device.board.not_chosen = reason
        boardchoice.store(device.storage, 5, None)
        boardchoice.choose(device.storage)
        device.seconds(119)
        assert device.storage.read("board.txt").startswith(b"5 -1 2 ")
        device.seconds(2)
        assert device.storage.read("board.txt").startswith(b"5 -1 9 ") is lasts


def test_a_start_has_lasted_after_two_minutes():
    device = Supervised()
    crash.begin(device.storage, 12, 90)
    device.seconds(119)
    assert crash.short_starts(device.storage) == 1
    writes = device.storage.writes
    device.seconds(1)
    assert crash.short_starts(device.storage) == 0
    device.seconds(1000)
    assert device.storage.writes == writes + 1


def test_safe_mode_does_not_count_as_lasting():
    device = Supervised(safe_s=600)
    for _ in range(5):
        crash.begin(device.storage, 12, 90)
    device.seconds(599)
    assert crash.short_starts(device.storage) == 5


def test_a_full_heap_is_given_back_in_steps():
    device = Supervised()
    device.seconds(10)
    device.board.free = 4 * KB  # the floor
    device.seconds(10)
    assert device.server.sheds == [] and device.system.sheds == 0
    device.board.free = 4 * KB - 1
    device.seconds(1)
    assert device.server.sheds == [False] and not device.system.mqtt_off
    device.seconds(1)
    assert device.server.sheds == [False, True] and not device.system.mqtt_off
    device.seconds(1)
    assert device.system.mqtt_off == 1
    device.board.free = 8 * KB - 1  # not enough to begin again
    device.seconds(1)
    assert device.system.mqtt_off == 1
    device.board.free = 8 * KB
    device.seconds(1)
    assert device.system.mqtt_off == 0 and device.left == []
    assert device.system.sheds == 1
    assert len([line for line in device.lines() if line.startswith("memory:")]) == 1


def test_a_heap_that_stays_full_for_two_minutes_ends_in_a_restart():
    device = Supervised()
    device.board.free = 2 * KB
    assert device.seconds(120) == 120  # the watchdog is not what ends it
    assert device.left == []
    device.seconds(1)
    assert device.left == [NO_MEMORY]


def test_a_pause_of_mqtt_for_a_restart_stays():
    device = Supervised()
    device.system.mqtt_off = 2
    device.board.free = 2 * KB
    device.seconds(3)
    assert device.system.mqtt_off == 3
    device.board.free = 40 * KB
    device.seconds(1)
    assert device.system.mqtt_off == 2


def test_crashes_are_noted_without_secrets_and_written_a_few_times():
    device = Supervised(mqtt_password="open sesame")
    device.seconds(7)
    for number in range(20):
        device.note("mqtt", ValueError("open sesame %d" % number))
    assert crash.last(device.storage).startswith("mqtt: ValueError: *** 7, 7 s after the start")
    assert device.storage.writes == 8
    said = device.lines()[-1]
    assert said.startswith("mqtt: ValueError: *** 19")
    device.note("web", MemoryError())
    assert device.system.memory_errors == 1
    assert device.lines()[-1].startswith("web: MemoryError")


def test_a_service_that_ends_is_started_again_and_three_ends_in_a_minute_leave():
    device = Supervised()
    runs = []

    async def service():
        runs.append(device.system.uptime_s())

    async def seconds():
        device.start("meter", service)
        for _ in range(5):
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            device.seconds(1)

    run(seconds())
    assert runs == [0, 2, 4]  # an end is seen after a second and mended after another
    assert device.left == [CRASHES]


def test_what_a_service_raises_is_noted_and_counted_once():
    device = Supervised()

    async def service():
        await asyncio.sleep(0)

    async def raises():
        device.start("meter", service)
        task = device._services[0][2]
        device._note_task(None, {"future": task, "exception": ValueError("broken")})
        device._note_task(None, {"future": None, "exception": ValueError("other")})
        await task
        assert len(device._crashes) == 1
        device.seconds(1)
        assert len(device._crashes) == 1 and device._services[0][2] is not task

    run(raises())
    assert [line for line in device.lines() if "meter: ValueError: broken" in line]
    assert [line for line in device.lines() if "task: ValueError: other" in line]

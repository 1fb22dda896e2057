"""What the pipeline tells the judge of time: the meter's clock of each telegram, before the state
gets the time."""

import clock
from config import Config
from doubles import BoardDouble, reading
from energy import profiles
from energy.ledger import Energy
from han.fields import AIDON, KAIFA
from judge import METER, NTP
from pipeline import Pipeline, Pulse
from state import State
from system import System


class Settable(BoardDouble):
    """A hardware clock after power-on."""

    clock_right = clock_sure = False

    def __init__(self):
        super().__init__()
        self.now = 946684800

    def clock_is_set(self):
        return False

    def unix_time(self):
        return self.now

    def set_clock(self, utc):
        self.now = utc


class Ciphered:
    """A reader of its own, for one app."""

    def __init__(self):
        self.stream = self
        self.reserve = b"held"
        self.counter_fell = 0


class AppWithClock:
    """The members of App that a telegram passes."""

    class reader:
        class stream:
            counter_fell = 0
            reserve = b"held"

    class recent:
        add = staticmethod(lambda watts, uptime_ms: None)

    def __init__(self):
        self.board = Settable()
        self.system = System(self.board)
        self.lines = []
        self.log = self
        self.add = self.warn = self.error = self.lines.append
        self.config = Config({}, {})
        self.state = State()
        self.energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
        self.pulse = Pulse()
        self.judge = self.system.judge
        self.judge.begin(0, self.add)
        self.pipeline = Pipeline(self)

    def receive(self, seconds, vendor, *local, **values):
        """A telegram, so many seconds after the last one, with this local time of the meter."""
        self.board.now += seconds
        self.board.ticks += 1000 * seconds
        values.update(meter_time_local=clock.seconds(*local), power_import_w=1000)
        self.pipeline.on_reading(reading(3, vendor, **values))


def test_the_telegram_that_confirms_the_time_is_dated_with_it():
    app = AppWithClock()
    utc = clock.seconds(2026, 3, 17, 10, 0, 0)
    app.judge.hear(NTP, utc)
    app.receive(10, KAIFA, 2026, 3, 17, 11, 0, 10)
    assert app.state.reading_unix == utc + 10
    assert app.judge.sure and not [line for line in app.lines if "defect" in line]


def test_new_keys_are_no_fall_of_the_invocation_counter():
    app = AppWithClock()
    app.reader = Ciphered()
    for fell in (1, 1, 0, 1):  # the count of new keys begins at 0
        app.reader.stream.counter_fell = fell
        app.receive(10, KAIFA, 2026, 3, 17, 11, 0, 10)
    assert len([line for line in app.lines if "invocation counter fell" in line]) == 2


def test_an_old_list_again_does_not_change_the_time():
    app = AppWithClock()
    utc = clock.seconds(2026, 3, 17, 10, 0, 0)
    app.judge.hear(NTP, utc)
    app.receive(10, AIDON, 2026, 3, 17, 11, 0, 0, list_id="AIDON_V0001")
    for _ in range(3):
        app.receive(3600, AIDON, 2026, 3, 17, 11, 0, 0, list_id="AIDON_V0001")
    assert app.state.reading_unix == utc + 10 + 3 * 3600
    assert app.judge.steps == 0 and app.judge.refused == 0


def test_the_wall_clock_of_the_hour_that_comes_twice_is_no_step():
    """Summer time ends in Oslo at 2026-10-25 03:00, 01:00 UTC; without a time server."""
    app = AppWithClock()
    begin = clock.seconds(2026, 10, 24, 23, 40, 0)  # 01:40
    wall = [(1, m) for m in range(40, 60)]
    wall += [(h, m) for h in (2, 2, 3) for m in range(60)]
    for hour, minute in wall:
        app.receive(60, KAIFA, 2026, 10, 25, hour, minute, 0)
    assert app.judge.source == METER and app.judge.steps == 0
    assert app.judge.refused == 0
    assert app.judge.utc() == begin + 60 * (len(wall) - 1)
    assert len([line for line in app.lines if line.startswith("time:")]) == 1

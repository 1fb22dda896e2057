"""What the radio does: one table of states and events, without a board or a clock of its own.

In       the status of the station (boards/README.md), what is wished for, the time in seconds
Out      actions, which net.radio carries out; which access point to take; pauses
Rules    An attempt to connect has 30 s. Then the radio is off: for 5 s after an attempt that found
         no such network, was refused or took too long, for 2 s after any other end. Each further
         failure in a row doubles the pause, up to 60 s, plus up to a quarter by chance. A
         connection of a minute ends the row.
         The access point is on in the setup only: without the name of a network, by the button,
         or when the first three attempts with a network that the setup named have failed, because
         some boards have no button. It goes off by the button, by new settings, or after ten
         minutes without a client if a network is set up.
         New settings of a connected station are on trial: see net.station
Source   windows and first pauses are the AMS reader's. It has no longer ones; they spare the
         supply of a reader on a bus while its network is gone for hours
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    Found = tuple[bytes, bytes, int, int, int]  # a row of Board.scan()

# States.
HELD = const(0)  # the radio is off: the supply is too low for it
WAITING = const(1)  # the radio is off until the next attempt
CONNECTING = const(2)
CONNECTED = const(3)
SETUP = const(4)  # the access point is on
TESTING = const(5)  # it is on, and the station tries the network that the setup page names
STATES = const(6)

# Events. A wish is the bit 1 << event.
UP = const(0)  # the station has an address
REFUSED = const(1)  # an attempt ended: there is no such network, or it refused the password
DROPPED = const(2)  # an attempt or a connection ended for another reason
EXPIRED = const(3)  # an attempt has taken 30 s
DUE = const(4)  # the pause is over
LOW = const(5)  # the supply is too low; as a wish: it is too low at present
ENOUGH = const(6)  # the supply is high enough again
BLANK = const(7)  # no network is set up; as a wish: none is at present
UNCONFIRMED = const(8)  # the trial of new settings has ended
PRESSED = const(9)  # the button was held
CHANGED = const(10)  # settings of the network were changed
TRY = const(11)  # the setup page asks for a test
IDLE = const(12)  # ten minutes of setup without a client; as a wish: there is a client at present
WEAK = const(13)  # the signal has been weak for minutes
BETTER = const(14)  # another access point of the network is clearly stronger
FAILED = const(15)  # three attempts in a row have failed; as a wish: no attempt has worked yet
EVENTS = const(16)

# Actions.
NONE = const(0)
START = const(1)  # access point off, scan, begin to connect
STOP = const(2)  # station off; the pause begins
OFF = const(3)  # station and access point off
READY = const(4)  # the pause before the next attempt is none
KEEP = const(5)  # the connection is made
OPEN = const(6)  # station off, access point on
TEST = const(7)  # begin to connect beside the access point
RESULT = const(8)  # the test has ended: station off
DENY = const(9)  # there is no test now
TELL = const(10)  # the log says why the button has no effect
LOOK = const(11)  # scan for a stronger access point
BACK = const(12)  # the settings before the trial; access point off, scan, begin to connect
FORGET = const(13)  # the settings before the trial

# (state, event, next state, action)
TABLE = (
    (HELD, UP, HELD, OFF),
    (HELD, REFUSED, HELD, NONE),
    (HELD, DROPPED, HELD, NONE),
    (HELD, EXPIRED, HELD, NONE),
    (HELD, DUE, HELD, NONE),
    (HELD, LOW, HELD, NONE),
    (HELD, ENOUGH, WAITING, READY),
    (HELD, BLANK, HELD, NONE),
    (HELD, UNCONFIRMED, HELD, FORGET),
    (HELD, PRESSED, HELD, TELL),
    (HELD, CHANGED, HELD, NONE),
    (HELD, TRY, HELD, DENY),
    (HELD, IDLE, HELD, NONE),
    (HELD, WEAK, HELD, NONE),
    (HELD, BETTER, HELD, NONE),
    (HELD, FAILED, HELD, NONE),
    (WAITING, UP, CONNECTED, KEEP),
    (WAITING, REFUSED, WAITING, NONE),
    (WAITING, DROPPED, WAITING, NONE),
    (WAITING, EXPIRED, WAITING, NONE),
    (WAITING, DUE, CONNECTING, START),
    (WAITING, LOW, HELD, OFF),
    (WAITING, ENOUGH, WAITING, NONE),
    (WAITING, BLANK, SETUP, OPEN),
    (WAITING, UNCONFIRMED, CONNECTING, BACK),
    (WAITING, PRESSED, SETUP, OPEN),
    (WAITING, CHANGED, CONNECTING, START),
    (WAITING, TRY, WAITING, DENY),
    (WAITING, IDLE, WAITING, NONE),
    (WAITING, WEAK, WAITING, NONE),
    (WAITING, BETTER, WAITING, NONE),
    (WAITING, FAILED, SETUP, OPEN),
    (CONNECTING, UP, CONNECTED, KEEP),
    (CONNECTING, REFUSED, WAITING, STOP),
    (CONNECTING, DROPPED, WAITING, STOP),
    (CONNECTING, EXPIRED, WAITING, STOP),
    (CONNECTING, DUE, CONNECTING, NONE),
    (CONNECTING, LOW, HELD, OFF),
    (CONNECTING, ENOUGH, CONNECTING, NONE),
    (CONNECTING, BLANK, SETUP, OPEN),
    (CONNECTING, UNCONFIRMED, CONNECTING, BACK),
    (CONNECTING, PRESSED, SETUP, OPEN),
    (CONNECTING, CHANGED, CONNECTING, START),
    (CONNECTING, TRY, CONNECTING, DENY),
    (CONNECTING, IDLE, CONNECTING, NONE),
    (CONNECTING, WEAK, CONNECTING, NONE),
    (CONNECTING, BETTER, CONNECTING, NONE),
    (CONNECTING, FAILED, CONNECTING, NONE),
    (CONNECTED, UP, CONNECTED, NONE),
    (CONNECTED, REFUSED, WAITING, STOP),
    (CONNECTED, DROPPED, WAITING, STOP),
    (CONNECTED, EXPIRED, CONNECTED, NONE),
    (CONNECTED, DUE, CONNECTED, NONE),
    (CONNECTED, LOW, HELD, OFF),
    (CONNECTED, ENOUGH, CONNECTED, NONE),
    (CONNECTED, BLANK, SETUP, OPEN),
    (CONNECTED, UNCONFIRMED, CONNECTING, BACK),
    (CONNECTED, PRESSED, SETUP, OPEN),
    (CONNECTED, CHANGED, CONNECTING, START),
    (CONNECTED, TRY, CONNECTED, DENY),
    (CONNECTED, IDLE, CONNECTED, NONE),
    (CONNECTED, WEAK, CONNECTED, LOOK),
    (CONNECTED, BETTER, CONNECTING, START),
    (CONNECTED, FAILED, CONNECTED, NONE),
    (SETUP, UP, SETUP, NONE),
    (SETUP, REFUSED, SETUP, NONE),
    (SETUP, DROPPED, SETUP, NONE),
    (SETUP, EXPIRED, SETUP, NONE),
    (SETUP, DUE, SETUP, NONE),
    (SETUP, LOW, HELD, OFF),
    (SETUP, ENOUGH, SETUP, NONE),
    (SETUP, BLANK, SETUP, NONE),
    (SETUP, UNCONFIRMED, SETUP, FORGET),
    (SETUP, PRESSED, CONNECTING, START),
    (SETUP, CHANGED, CONNECTING, START),
    (SETUP, TRY, TESTING, TEST),
    (SETUP, IDLE, CONNECTING, START),
    (SETUP, WEAK, SETUP, NONE),
    (SETUP, BETTER, SETUP, NONE),
    (SETUP, FAILED, SETUP, NONE),
    (TESTING, UP, SETUP, RESULT),
    (TESTING, REFUSED, SETUP, RESULT),
    (TESTING, DROPPED, SETUP, RESULT),
    (TESTING, EXPIRED, SETUP, RESULT),
    (TESTING, DUE, TESTING, NONE),
    (TESTING, LOW, HELD, OFF),
    (TESTING, ENOUGH, TESTING, NONE),
    (TESTING, BLANK, TESTING, NONE),
    (TESTING, UNCONFIRMED, TESTING, FORGET),
    (TESTING, PRESSED, CONNECTING, START),
    (TESTING, CHANGED, CONNECTING, START),
    (TESTING, TRY, TESTING, TEST),
    (TESTING, IDLE, TESTING, NONE),
    (TESTING, WEAK, TESTING, NONE),
    (TESTING, BETTER, TESTING, NONE),
    (TESTING, FAILED, TESTING, NONE),
)

IS_CONNECTED = const(2)  # of Board.station_status()
# Reasons of Espressif's that mean "no such network" or "refused the password".
REFUSALS = (15, 201, 202, 204, 210, 211, 212)
# In this order: a wish is asked about before the station's status.
_WISHES = (UNCONFIRMED, PRESSED, CHANGED, TRY, BETTER, WEAK)

_WINDOW_S = const(30)
_IDLE_S = const(600)
_HELD_S = const(60)  # a connection that held so long ends a row of failures
_REFUSED_PAUSE_S = const(5)
_DROPPED_PAUSE_S = const(2)
_LONGEST_PAUSE_S = const(60)
_RESTART_AT = const(4)
_FIRST_FAILURES = const(3)
_CLEARLY_DB = const(8)
# Steps of the transmitter in tenths of dBm.
_POWERS = (195, 190, 185, 170, 150, 130, 110, 85, 70, 50, 20, -10)


def transition(state: int, event: int) -> "tuple[int, int]":
    """(next state, action) of a state and an event."""
    row = TABLE[state * EVENTS + event]
    return row[2], row[3]


def pause_s(event: int, failures: int, chance: int) -> int:
    """Seconds until the next attempt, after that event and that many failures in a row.

    chance  a random number, 0 to 255; it has no effect on the first pause
    """
    first = _DROPPED_PAUSE_S if event == DROPPED else _REFUSED_PAUSE_S
    pause = min(first << min(failures - 1, 5), _LONGEST_PAUSE_S)
    return pause if failures < 2 else pause + pause * chance // 1024


def tx_ddbm(setting: int) -> "int | None":
    """The transmitter's step for the setting in tenths of dBm: the nearest one that is not above
    it; None if the board shall choose."""
    if not setting:
        return None
    for power in _POWERS:
        if power <= setting:
            return power
    return _POWERS[-1]


def choose(found: "list[Found]", ssid: str, failed: "list[bytes]") -> "Found | None":
    """The strongest access point of a network, if possible none of `failed`. None if none was
    seen: the network may be a hidden one."""
    name = ssid.encode()
    best = None
    for row in found:
        if row[0] != name:
            continue
        if best is None or (row[1] not in failed, row[3]) > (best[1] not in failed, best[3]):
            best = row
    return best


def stronger(found: "list[Found]", ssid: str, own: bytes, rssi_dbm: int) -> bytes:
    """The address of an access point of the network that is stronger by 8 dB or more than the own
    one, b"" without it."""
    best = choose(found, ssid, [own])
    if best is None or best[1] == own or best[3] < rssi_dbm + _CLEARLY_DB:
        return b""
    return best[1]


class Wifi:
    """state     the present one
    failures  in a row
    """

    def __init__(self, state: int, since_s: int, failures: int = 0) -> None:
        self.state = state
        self.failures = failures
        self._since_s = (
            since_s  # begin of the state or of the attempt; in the setup the last client
        )
        self._pause_s = 0

    def event(self, now_s: int, status: int, wishes: int) -> int:
        """The event that is due; -1 if none is.

        status  of the station
        wishes  bits 1 << event
        """
        state = self.state
        if bool(wishes & 1 << LOW) != (state == HELD):
            return ENOUGH if state == HELD else LOW
        if wishes & 1 << BLANK and state != HELD:
            if state in (WAITING, CONNECTING) or wishes & (1 << CHANGED | 1 << PRESSED):
                return BLANK
        for event in _WISHES:
            if wishes & 1 << event:
                return event
        return self._by_status(now_s - self._since_s, status, wishes)

    def _by_status(self, age_s: int, status: int, wishes: int) -> int:
        state = self.state
        if state == WAITING:
            if wishes & 1 << FAILED and self.failures >= _FIRST_FAILURES:
                return FAILED
            return DUE if age_s >= self._pause_s else -1
        if state == SETUP:
            if wishes & (1 << IDLE | 1 << BLANK):
                self._since_s += age_s
            elif age_s >= _IDLE_S:
                return IDLE
        if state == CONNECTED and status != IS_CONNECTED:
            return REFUSED if status in REFUSALS else DROPPED
        if state in (CONNECTING, TESTING):
            if status == IS_CONNECTED:
                return UP
            if status > IS_CONNECTED:
                return REFUSED if status in REFUSALS else DROPPED
            if age_s >= _WINDOW_S:
                return EXPIRED
        return -1

    def step(self, event: int, now_s: int, chance: int) -> int:
        """Go on to the next state. Returns the action."""
        before = self.state
        self.state, action = transition(before, event)
        held = before == CONNECTED and now_s - self._since_s >= _HELD_S
        if held or event not in (REFUSED, DROPPED, EXPIRED, DUE, UP):
            self.failures = 0
        if action == STOP:
            self.failures += 1
            self._pause_s = pause_s(event, self.failures, chance)
        elif action == READY:
            self._pause_s = 0
        if self.state != before or action in (START, BACK, TEST):
            self._since_s = now_s
        return action

    def begin(self, now_s: int) -> None:
        """The attempt begins now: a scan came before it."""
        self._since_s = now_s

    def restart_due(self, event: int) -> bool:
        """Whether the attempt that has just failed is the one after which the reader restarts, if
        the settings say so."""
        return self.failures == _RESTART_AT and event in (REFUSED, DROPPED, EXPIRED)

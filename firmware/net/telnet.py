"""Telnet: the log, telegrams and octets of the meter, to read only, for one client.

In       a client's octets, as hostile as they may be; the web password
Out      lines of net/console.py, and answers to the commands
             help   hex on   hex off   level NAME   quit
Rules    No command changes anything of the device. Without web_password nothing listens.
         A wrong password makes all clients wait: 1, 2, 4 .. 64 s until the next may be tried, also
         on a new connection, until somebody knows it. The third wrong one closes the connection.
         Before the password a client may stay for 30 s, after it for as long as it likes.
         A client that reads too slowly loses lines and is told how many; one that takes nothing
         for five minutes is gone.
Wire     text lines; commands of telnet, which begin with FF, are skipped and not answered. Echo is
         announced by the server while the password is typed, so that the client does not show it
Limits   256 octets of input a tick, also a line; 1 KB of output waits. Nothing waits for a client
Source   RFC 854, RFC 857 (echo)
"""

import passwords
from micropython import const
from system import PRODUCT, VERSION

from net.console import NAMES, Follower

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from composition import App

_INPUT = const(256)
_LONGEST = const(256)  # a password has 63 characters of up to 4 octets
_OUTPUT = const(1024)
_LINES = const(200)  # octets of the longest line and a count of lost ones
_TRIES = const(3)
_LOGIN_MS = const(30000)
_STUCK_MS = const(300000)
_ALIVE_MS = const(60000)
_MOST_DOUBLINGS = const(6)
_STEPS = const(3)  # of a check in a tick: 30 to 60 ms, so it takes two seconds

_SE = const(240)
_SB = const(250)
_WILL = const(251)
_DONT = const(254)
_IAC = const(255)
_HIDE = b"\xff\xfb\x01"  # WILL ECHO
_SHOW = b"\xff\xfc\x01"  # WONT ECHO
_ALIVE = b"\xff\xf1"  # NOP: a client that is gone is noticed when nobody receives it

# States of the input.
_DATA = const(0)
_COMMAND = const(1)
_OPTION = const(2)
_SUB = const(3)
_SUB_COMMAND = const(4)

_HELP = """hex on, hex off    the octets of the meter
level NAME         error, warning, info, debug (each telegram) or verbose (octets too)
quit               or Ctrl-C"""
_ASK = b"\r\nPassword: "


class Input:
    """Octets in, lines out. Commands of telnet and control characters are dropped."""

    def __init__(self) -> None:
        self._line = bytearray(_LONGEST)
        self._count = 0
        self._state = _DATA
        self._after_cr = False
        self.interrupted = False  # Ctrl-C or Ctrl-D was typed

    def octet(self, x: int) -> "bytes | None":
        """The line that this octet ends, at most its first 256 octets; None within a line."""
        if self._state != _DATA or x == _IAC:
            self._state = self._next_state(x)
            return None
        after_cr, self._after_cr = self._after_cr, x == 0x0D
        if x == 0x0D or (x == 0x0A and not after_cr):
            line = bytes(self._line[: self._count])
            self._count = 0
            return line
        if x in (0x08, 0x7F):
            self._count = max(0, self._count - 1)
        elif x in (0x03, 0x04):
            self.interrupted = True
        elif x >= 0x20 and self._count < _LONGEST:
            self._line[self._count] = x
            self._count += 1
        return None

    def _next_state(self, x: int) -> int:
        """The state after an octet of a command of telnet."""
        state = self._state
        if state == _DATA:
            return _COMMAND
        if state == _COMMAND:
            return _SUB if x == _SB else _OPTION if _WILL <= x <= _DONT else _DATA
        if state == _OPTION:
            return _DATA
        if state == _SUB:
            return _SUB_COMMAND if x == _IAC else _SUB
        return _DATA if x == _SE else _SUB


class Output:
    """Octets that wait until the socket takes them. What has no room is dropped, whole lines at a
    time."""

    def __init__(self, s: "socket.socket") -> None:
        self._socket = s
        self._octets = bytearray(_OUTPUT)
        self.count = 0
        self.lost = 0  # lines

    def room(self, octets: int) -> bool:
        """Whether so many octets have room."""
        return self.count + octets <= _OUTPUT

    def put(self, octets: bytes) -> None:
        """Add octets, or count a lost line. OSError if the client is gone."""
        if not self.room(len(octets)):
            self.send()
        if not self.room(len(octets)):
            self.lost += 1
            return
        self._octets[self.count : self.count + len(octets)] = octets
        self.count += len(octets)

    def line(self, text: str) -> None:
        """Add a line."""
        self.put(text.replace("\n", "\r\n").encode() + b"\r\n")

    def send(self) -> int:
        """Send what the socket takes now. Returns the number of octets; OSError if the client is
        gone."""
        waiting = memoryview(self._octets)[: self.count]
        sent: "int | None" = self._socket.write(waiting)
        if not sent:
            return 0
        self._octets[: self.count - sent] = self._octets[sent : self.count]
        self.count -= sent
        return sent


class Guard:
    """Wrong passwords in a row, of all clients, and until when no password is taken."""

    def __init__(self) -> None:
        self.failures = 0
        self.until_ms = 0

    def count(self, right: bool, now_ms: int) -> None:
        """Count a password. A wrong one makes the next one wait longer."""
        if right:
            self.failures = 0
        else:
            self.until_ms = now_ms + (1000 << min(self.failures, _MOST_DOUBLINGS))
            self.failures += 1


class Session:
    """One client."""

    def __init__(self, app: "App", s: "socket.socket", guard: Guard, now_ms: int) -> None:
        self._app = app
        self.s = s
        self._guard = guard
        self._input = Input()
        self._octets = bytearray(_INPUT)
        self._output = Output(s)
        self._tries = 0
        self._asked = False
        self._check: "Iterator[bool | None] | None" = None  # of a typed password
        self._closing = False
        self._sent_at = now_ms
        self._moved_at = now_ms  # when octets were sent, or none waited
        self._login_by = max(now_ms, guard.until_ms) + _LOGIN_MS
        self.follower: "Follower | None" = None  # None before the password

    def tick(self, now_ms: int) -> bool:
        """Take input, send output. False when the session is over; OSError if the client is
        gone."""
        if self._check:
            self._step(self._check, now_ms)
        elif self._guard.until_ms <= now_ms or self.follower:
            if not self._asked:
                self._asked = True
                self._output.put(_HIDE + _ASK)
            if not self._closing and not self._read(now_ms):
                return False
        if self.follower:
            self._follow(self.follower)
        elif now_ms >= self._login_by:
            self._closing = True
        output = self._output
        if not output.count and now_ms - self._sent_at >= _ALIVE_MS:
            output.put(_ALIVE)
        if not output.count:
            self._moved_at = now_ms
        elif output.send():
            self._moved_at = self._sent_at = now_ms
        return not self._closing and now_ms - self._moved_at < _STUCK_MS

    def _read(self, now_ms: int) -> bool:
        """Handle what the client has typed. False if it closed the connection or wants to."""
        count = self.s.readinto(self._octets)
        if count == 0:
            return False
        for i in range(count or 0):
            line = self._input.octet(self._octets[i])
            if self._input.interrupted:
                return False
            if line is None:
                continue
            if not self.follower:
                self._check = passwords.check(self._app.config.web_password, line)
                self._step(self._check, now_ms)
                if not self.follower:
                    break  # the rest of the input is no password
            else:
                self._command(line)
            if self._closing:
                break
        return True

    def _step(self, check: "Iterator[bool | None]", now_ms: int) -> None:
        """Go on with the check of a password."""
        for _ in range(_STEPS):
            right = next(check)
            if right is not None:
                self._check = None
                self._log_in(right, now_ms)
                return

    def _log_in(self, right: bool, now_ms: int) -> None:
        """Let the client in, or tell it that the password is wrong."""
        app, output = self._app, self._output
        self._guard.count(right, now_ms)
        if right:
            app.log.add("telnet: a client has logged in")
            output.put(_SHOW)
            output.line("\n%s %s. help lists the commands." % (PRODUCT, VERSION))
            self.follower = Follower(app, output.line, app.config.debug_level, True)
            return
        app.log.warn("telnet: wrong password")
        self._tries += 1
        self._closing = self._tries >= _TRIES
        self._login_by = self._guard.until_ms + _LOGIN_MS
        output.put(b"\r\nwrong" + (b"\r\n" if self._closing else b""))
        self._asked = False

    def _command(self, line: bytes) -> None:
        follower, output = self.follower, self._output
        assert follower is not None
        words = line.split()
        if words == [b"quit"]:
            self._closing = True
        elif words in ([b"hex", b"on"], [b"hex", b"off"]):
            follower.hex = words[1] == b"on"
            output.line("hex is %s" % ("on" if follower.hex else "off"))
        elif len(words) == 2 and words[0] == b"level" and level_of(words[1]):
            follower.level = level_of(words[1])
            output.line("level is %s" % NAMES[follower.level - 1])
        elif words == [b"help"]:
            output.line(_HELP)
        elif words:
            output.line("no such command; help lists them")

    def _follow(self, follower: Follower) -> None:
        """Add lines while there is room for one of any length."""
        output = self._output
        while output.room(_LINES):
            text = follower.next()
            lost = output.lost + follower.log.lost
            if lost:
                output.lost = follower.log.lost = 0
                output.line("(%d lines lost)" % lost)
            if not text:
                return
            output.line(text)


def level_of(name: bytes) -> int:
    """The number of a level, 0 if there is none of that name."""
    for number, known in enumerate(NAMES, 1):
        if known.encode() == name:
            return number
    return 0

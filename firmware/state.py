"""What is known of the meter now: the last value of each field, and how the line is doing.

In       Readings and line errors, each with the uptime in ms
Out      merged values, highest list type, identity, age, a published error code, a revision
Rules    None means never seen. An error is published only after more than two in a row, so one
         damaged telegram alarms nobody; any valid telegram clears it. 90 = nothing valid for 30 s.
"""

from han import errors
from han.reading import COUNT, NAMES, Reading
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PATIENCE = const(2)  # errors in a row that are kept to ourselves
_LOST_MS = const(30000)
_FRESH_MS = const(15000)

GREY = const(0)
GREEN = const(1)
YELLOW = const(2)
RED = const(3)


class State:
    """One writer, the reader task; everybody else reads."""

    def __init__(self) -> None:
        self.values: "list[Any]" = [None] * COUNT
        self.reading: "Reading | None" = None  # the newest telegram as it came
        self.list_type = 0  # the highest since start
        self.vendor = 0
        self.revision = 0
        self.reading_unix = 0  # when the newest telegram came, 0 = clock not set
        self.telegrams = 0
        self.error_count = 0
        self.last_error = ""
        self.line = "searching"  # the line settings in force, for people
        self._reading_ms = -1
        self._error = errors.OK
        self._errors_in_row = 0
        self._lost = False

    def __getattr__(self, name: str) -> "Any":
        if name not in NAMES:
            raise AttributeError(name)
        return self.values[NAMES.index(name)]

    def update(self, reading: Reading, uptime_ms: int, unix_time: int) -> None:
        """Merge a telegram. The revision goes up by one."""
        values = self.values
        i = 0
        for value in reading.values:
            if value is not None:
                values[i] = value
            i += 1
        self.reading = reading
        if reading.list_type > self.list_type:
            self.list_type = reading.list_type
        if reading.vendor:
            self.vendor = reading.vendor
        self.reading_unix = unix_time
        self._reading_ms = uptime_ms
        self.telegrams += 1
        self._errors_in_row = 0
        self._error = errors.OK
        self._lost = False
        self.revision += 1

    def note_error(self, code: int, reason: str) -> bool:
        """Count a line error. True if the published error changed."""
        self.error_count += 1
        self._errors_in_row += 1
        self.last_error = reason
        if self._errors_in_row <= _PATIENCE or code == self._error:
            return False
        self._error = code
        self.revision += 1
        return True

    def tick(self, uptime_ms: int) -> bool:
        """Notice that telegrams have stopped coming. True when that is new."""
        lost = uptime_ms - max(self._reading_ms, 0) >= _LOST_MS
        if lost and not self._lost:
            self._lost = True
            self.revision += 1
            return True
        return False

    def error(self) -> int:
        """The error code to publish, 0 when all is well."""
        return self._error or (errors.NO_DATA if self._lost else errors.OK)

    def age_ms(self, uptime_ms: int) -> "int | None":
        """How old the newest telegram is; None before the first."""
        return uptime_ms - self._reading_ms if self._reading_ms >= 0 else None

    def light(self, uptime_ms: int) -> int:
        """The meter's status light: GREY, GREEN, YELLOW or RED."""
        if self.error():
            return RED
        age = self.age_ms(uptime_ms)
        if age is None:
            return GREY if uptime_ms < _LOST_MS else RED
        return GREEN if age < _FRESH_MS else YELLOW if age < _LOST_MS else RED

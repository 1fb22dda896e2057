"""The meter's present state: the last value of each field, and the state of the line.

In       Readings and line errors, each with the uptime in ms
Out      merged values, highest list type, identity, age, a published error code, a revision
Rules    None means never received or expired; registers and names do not expire.
         If a telegram has import power and no export power, the export power is 0.
         Between two lists with registers, live() adds the energy of the received power to them.
         An error is published after more than two in a row, not after one damaged telegram; any
         valid telegram clears it. Error 90: no valid telegram for 30 s.
"""

from array import array

from energy.power import FIELDS, HoldTimes
from han.fields import (
    AIDON,
    AUTHENTICATION,
    BOUNDARY,
    CHECKSUM,
    COUNT,
    CURRENT_L1_MA,
    CURRENT_L2_MA,
    DECRYPTION,
    ENERGY_EXPORT_WH,
    ENERGY_IMPORT_WH,
    EXCEPTION,
    HEADER_CHECKSUM,
    INCOMPLETE,
    KEY,
    LIST,
    METER_MODEL,
    METER_TIME_LOCAL,
    NO_DATA,
    NOT_UNDERSTOOD,
    OK,
    PARSE,
    POWER_EXPORT_W,
    POWER_IMPORT_W,
    REACTIVE_ENERGY_EXPORT_VARH,
    REACTIVE_ENERGY_IMPORT_VARH,
    UART_OVERFLOW,
    UNKNOWN_DATA,
    VOLTAGE_L1_MV,
    Reading,
    Values,
)
from micropython import const

_PATIENCE = const(2)  # errors in a row that are not published
_LOST_MS = const(30000)
_FRESH_MS = const(15000)
_EXPIRE_MS = const(120000)  # values expire if their list has not come for so long
_REGISTERS = const(3)  # the list type of energy registers, which do not expire
_MS_PER_HOUR = const(3600000)


# The registers that energy.power.FIELDS integrate to, in that order.
_RENEWED = (
    ENERGY_IMPORT_WH,
    ENERGY_EXPORT_WH,
    REACTIVE_ENERGY_IMPORT_VARH,
    REACTIVE_ENERGY_EXPORT_VARH,
)

# The errors that are counted: State.errors has them in this order.
ERRORS = (
    PARSE, INCOMPLETE, BOUNDARY, HEADER_CHECKSUM, CHECKSUM, UNKNOWN_DATA, AUTHENTICATION,
    DECRYPTION, KEY, NOT_UNDERSTOOD, NO_DATA, UART_OVERFLOW, EXCEPTION,
)  # fmt: skip

FAULT_AROUND = const(16)  # octets that are kept before the newest error, and as many from there on
_FAULT_REASON = const(48)

GREY = const(0)
GREEN = const(1)
YELLOW = const(2)
RED = const(3)


class State(Values):
    """Written by the reader task only."""

    def __init__(self) -> None:
        super().__init__()
        self.reading: "Reading | None" = None  # of the newest telegram alone
        self.list_type = 0  # the highest since start
        self.vendor = 0
        self.revision = 0
        self.reading_unix = 0  # when the newest telegram came, 0 = clock not set
        self.telegrams = 0
        self.unknown_lists = 0
        self.errors = array("I", bytes(4 * len(ERRORS)))  # how often each came since start
        # The newest error: octets before it, octets from there on, these octets, the reason.
        self.fault = bytearray(2 + 2 * FAULT_AROUND + _FAULT_REASON)
        self.fault_code = OK
        self.fault_s = 0  # its uptime
        self.line = "searching"  # the line settings in force, for people
        self._reading_ms = -1
        self._error = OK
        self._errors_in_row = 0
        self._lost = False
        self.repeated = False  # the newest list repeats the one before
        self.hold_times = HoldTimes()
        self._live = [0, 0, 0, 0]  # W x ms since each register of _RENEWED was received
        self._seen_ms = [0] * 5  # when a value of each list type last came
        self._register_clock: "int | None" = None
        self._i2_estimated = False

    def update(self, reading: Reading, uptime_ms: int, unix_time: int) -> None:
        """Merge a telegram. The revision goes up by one."""
        self.repeated = self._is_repeated(reading)
        self._integrate(reading, uptime_ms)
        values = self.values
        i = 0
        for value in reading.values:
            if value is not None:
                values[i] = value
                self._seen_ms[LIST[i]] = uptime_ms
            i += 1
        if (
            values[POWER_EXPORT_W]
            and reading.values[POWER_EXPORT_W] is None
            and reading.values[POWER_IMPORT_W]
        ):
            values[POWER_EXPORT_W] = 0
        if reading.values[CURRENT_L1_MA] is not None:
            if self._i2_estimated and not reading.estimated_i2:
                # This telegram has no estimate: drop the old one.
                values[CURRENT_L2_MA] = reading.values[CURRENT_L2_MA]
            self._i2_estimated = reading.estimated_i2
        if reading.ident and values[METER_MODEL] is None:
            values[METER_MODEL] = reading.ident
        self.reading = reading
        if reading.list_type > self.list_type:
            self.list_type = reading.list_type
        if reading.vendor:
            self.vendor = reading.vendor
        self.reading_unix = unix_time
        self._reading_ms = uptime_ms
        self.telegrams += 1
        self._errors_in_row = 0
        self._error = OK
        self._lost = False
        self.revision += 1

    def _integrate(self, reading: Reading, uptime_ms: int) -> None:
        """Add the energy of this telegram's powers to _live, or clear it if the register came."""
        held_ms = self.hold_times.note(reading.values, uptime_ms)
        for k in range(4):
            if reading.values[_RENEWED[k]] is not None and not self.repeated:
                self._live[k] = 0
            elif held_ms[k]:
                self._live[k] += max(0, reading.number(FIELDS[k]) or 0) * held_ms[k]

    def _is_repeated(self, reading: Reading) -> bool:
        """Whether this is an hourly list with the clock and the registers of the last one.

        Aidon's list of 18:00 may have the clock and the registers of 17:00.
        """
        if reading.vendor != AIDON or reading.values[ENERGY_IMPORT_WH] is None:
            return False
        clock = reading.number(METER_TIME_LOCAL)
        same = clock is not None and clock == self._register_clock
        self._register_clock = clock
        return same and reading.values[ENERGY_IMPORT_WH] == self.values[ENERGY_IMPORT_WH]

    def live(self, register: int) -> "int | None":
        """An energy register in Wh or varh, plus the energy since it was received; None before
        its first reading."""
        value = self.number(register)
        if value is None:
            return None
        if register in _RENEWED:
            value += self._live[_RENEWED.index(register)] // _MS_PER_HOUR
        return value

    def net_power_w(self) -> "int | None":
        """Import minus export; None if the newest telegram has neither."""
        r = self.reading
        if r is None or (r.values[POWER_IMPORT_W] is None and r.values[POWER_EXPORT_W] is None):
            return None
        return (self.number(POWER_IMPORT_W) or 0) - (self.number(POWER_EXPORT_W) or 0)

    def phases(self) -> int:
        """How many phases have a voltage."""
        return sum([1 for phase in range(3) if self.values[VOLTAGE_L1_MV + phase]])

    def l2_current_missing(self) -> bool:
        """Whether the meter measures the current of L1 and L3 but not of L2, as on IT grids.

        True also while the current of L2 is an estimate.
        """
        i1, i2, i3 = self.values[CURRENT_L1_MA : CURRENT_L1_MA + 3]
        return i1 is not None and i3 is not None and (i2 is None or self._i2_estimated)

    def note_error(self, code: int) -> bool:
        """Count a line error. True if the published error changed."""
        self._errors_in_row += 1
        self.fault_code = code
        self.errors[ERRORS.index(code)] += 1
        if self._errors_in_row <= _PATIENCE or code == self._error:
            return False
        self._error = code
        self.revision += 1
        return True

    def note_fault(self, reason: str, uptime_s: int, buf: bytearray, at: int, fill: int) -> None:
        """Keep the newest error's reason and the octets of buf[:fill] around `at`, if it is
        there. note_error() has its code."""
        kept = self.fault
        for i in range(len(kept)):
            kept[i] = 0
        if 0 <= at < fill:
            first = max(at - FAULT_AROUND, 0)
            last = min(at + FAULT_AROUND, fill)
            kept[0] = at - first
            kept[1] = last - at
            kept[2 : 2 + last - first] = buf[first:last]
        text = reason.encode()[:_FAULT_REASON]
        kept[len(kept) - _FAULT_REASON : len(kept) - _FAULT_REASON + len(text)] = text
        self.fault_s = uptime_s

    def tick(self, uptime_ms: int) -> bool:
        """Check for lost telegrams and expired values. True if the state has changed."""
        if self._expire(uptime_ms):
            self.revision += 1
            return True
        lost = uptime_ms - max(self._reading_ms, 0) >= _LOST_MS
        if lost and not self._lost:
            self._lost = True
            self.errors[ERRORS.index(NO_DATA)] += 1
            self.revision += 1
            return True
        return False

    def _expire(self, uptime_ms: int) -> bool:
        """Set expired values to None while telegrams come; without telegrams the age tells."""
        expired = False
        if self._reading_ms < 0 or uptime_ms - self._reading_ms > _FRESH_MS:
            return False
        for i in range(COUNT):
            list_type = LIST[i]
            if list_type and list_type != _REGISTERS and self.values[i] is not None:
                if uptime_ms - self._seen_ms[list_type] > _EXPIRE_MS:
                    self.values[i] = None
                    expired = True
        return expired

    def error(self) -> int:
        """The error code to publish, 0 for none."""
        return self._error or (NO_DATA if self._lost else OK)

    def age_ms(self, uptime_ms: int) -> "int | None":
        """The age of the newest telegram; None before the first."""
        return uptime_ms - self._reading_ms if self._reading_ms >= 0 else None

    def light(self, uptime_ms: int) -> int:
        """The meter's status light: GREY, GREEN, YELLOW or RED."""
        if self.error():
            return RED
        age = self.age_ms(uptime_ms)
        if age is None:
            return GREY if uptime_ms < _LOST_MS else RED
        return GREEN if age < _FRESH_MS else YELLOW if age < _LOST_MS else RED

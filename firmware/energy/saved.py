"""The journal of the running day: the energy domain's state and the slots of the held UTC day.

In       the registers, the settler and the objects it owns
Out      a record; from records, the newest valid state and the slots of the held day
Wire     kind 4A: the count of the state's numbers and those numbers; first slot, and the one after
         the last; hours' qualities; then import, export and quality of each quarter. All values
         are absolute: a record may be read twice, or without the records before it.
Rules    A save appends one record. The file is replaced at a new UTC day, and before it exceeds
         4 KB. A start continues from the newest valid record; history files that were written
         after that record are written again.
"""

import records
from micropython import const

from energy.power import QUARTERS
from energy.totals import MONTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.history import History
    from energy.registers import Registers, Settler

JOURNAL = "journal"
EDIT = "edit"  # the file of energy.edits
MOST = const(4096)  # octets of the journal: a longer one is replaced by one record
_STATE = const(0x4A)
_VERSION = const(1)
_STATE_VERSION = const(1)
_MOST_FROM_FILE = const(10)
_SUMS = const(42)  # numbers of the settler, the totals and the head of the power


def pack(head: "tuple[int, int, int]", registers: "Registers", settler: "Settler") -> bytes:
    """The state and the slots from history.low on as one record.

    head  (number of the save, number of the last edit, 1 if the totals are certain, else 0)
    """
    history, block = settler.history, settler.history.quarters
    out = bytearray()
    state = _state(head, registers, settler)
    records.put_ints(out, (len(state),))
    records.put_ints(out, state)
    low = history.low - history.low % 4
    high = 96
    while high > low and not (
        block.quality[high - 1] or block.imported[high - 1] or block.exported[high - 1]
    ):
        high -= 1
    high += -high % 4
    records.put_ints(out, (low, high))
    records.put_ints(out, history.hour_quality[low // 4 : high // 4])
    for i in range(low, high):
        records.put_ints(out, (block.imported[i], block.exported[i], block.quality[i]))
    return records.pack(_STATE, _VERSION, out)


def _state(
    head: "tuple[int, int, int]", registers: "Registers", settler: "Settler"
) -> "list[int]":
    """The numbers that restore() reads, -1 for a register that is None."""
    history, totals, power = settler.history, settler.totals, settler.power
    from_file = settler.peaks.from_file
    state = [_STATE_VERSION, head[0], head[1], len(from_file), head[2]]
    for peak in from_file:
        state.extend(peak)
    state.extend((
        registers.read_at,
        -1 if registers.imported is None else registers.imported,
        -1 if registers.exported is None else registers.exported,
        registers.meter_utc,
        int(registers.clock_agrees),
        registers.frequent,
        registers.list_at,
        registers.meter,
    ))  # fmt: skip
    state.extend((settler.settled_until, settler.day_quality, history.day, history.open_day))
    state.extend([int(known) for known in settler.known])
    state.extend(settler.flags)
    state.extend(totals.numbers)
    for row in totals.rows + totals.shown:
        state.extend(row)
    state.extend((power.first, power.n))
    for column in power.columns:
        state.extend(column[: power.n])
    # Later versions add numbers at the end, which earlier versions ignore.
    state.extend((int(totals.unpriced), len(history.closed)))
    for closed in history.closed:
        state.extend(closed)
    return state


def states(data: bytes, history: "History | None" = None) -> "list[list[int]]":
    """The states of all valid records, oldest first. With a history, their slots are put into
    its held day, which must be the records' day."""
    found = []
    for kind, _, begin, end in records.scan(data):
        if kind == _STATE:
            try:
                numbers = list(records.ints(data, begin, end))
                at = numbers[0] + 1
                found.append(numbers[1:at])
                if history is not None:
                    low, high = numbers[at], numbers[at + 1]
                    if not 0 <= low <= high <= 96:
                        raise ValueError("no slots")
                    at += 2
                    of_hours = (high - low) // 4
                    if at + of_hours + 3 * (high - low) > len(numbers):
                        raise ValueError("no slots")
                    history.hour_quality[low // 4 : high // 4] = bytes(numbers[at : at + of_hours])
                    at += of_hours
                    for i in range(low, high):
                        history.quarters.put(i, *numbers[at : at + 3])
                        at += 3
            except (ValueError, IndexError, OverflowError):
                continue
    return found


def restore(state: "list[int]", registers: "Registers", settler: "Settler") -> bool:
    """Restore a state. False if it is not valid: registers and settler then start empty."""
    history, totals = settler.history, settler.totals
    try:
        at = 5 + 2 * state[3]
        if not 5 <= at <= 5 + 2 * _MOST_FROM_FILE:
            raise ValueError("no peaks")
        from_file = [(state[i], state[i + 1]) for i in range(5, at, 2)]
        registers.read_at, imported, exported, registers.meter_utc, agrees = state[at : at + 5]
        registers.frequent, registers.list_at, registers.meter = state[at + 5 : at + 8]
        registers.imported = None if imported < 0 else imported
        registers.exported = None if exported < 0 else exported
        registers.clock_agrees = bool(agrees)
        registers.unchanged_until = registers.read_at
        at = _restore_sums(state, at + 8, settler)
        totals.unpriced = state[at : at + 1] == [1]
        closed = state[at + 2 :]
        history.closed = [
            (closed[i], closed[i + 1], closed[i + 2], closed[i + 3])
            for i in range(0, 4 * state[at + 1] if closed else 0, 4)
        ]
    except (ValueError, IndexError, OverflowError):
        registers.imported = None
        settler.settled_until = 0
        return False
    settler.peaks.month = totals.numbers[MONTH]
    settler.peaks.from_file = from_file
    return True


def _restore_sums(state: "list[int]", at: int, settler: "Settler") -> int:
    """Restore the settler's numbers, the totals and the power from state[at] on. Returns the
    index after them; ValueError if the state is too short."""
    history, totals, power = settler.history, settler.totals, settler.power
    if at + _SUMS > len(state):
        raise ValueError("no sums")
    settler.settled_until, settler.day_quality, history.day, history.open_day = state[at : at + 4]
    settler.known = [bool(known) for known in state[at + 4 : at + 6]]
    settler.flags = state[at + 6 : at + 8]
    totals.numbers = state[at + 8 : at + 11]
    at += 11
    for rows, width in ((totals.rows, 4), (totals.shown, 3)):
        for i in range(len(rows)):
            rows[i] = state[at : at + width]
            at += width
    power.n = 0
    first, n = state[at : at + 2]
    at += 2
    if not 0 <= n <= QUARTERS or at + len(power.columns) * n > len(state):
        raise ValueError("no power")
    for column in power.columns:
        for i in range(n):
            column[i] = state[at + i]
        at += n
    power.first, power.n = first, n
    return at

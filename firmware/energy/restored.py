"""The start from a journal, and from a record that was kept over a soft reset.

In       the files; records of energy.saved
Out      the energy domain in the newest valid state, and the slots of its held day
Rules    The rules of energy.saved. A branch's state is read in the same way (energy.branches).
         Loaded on demand: at the start and when a branch is left.
"""

import records
from micropython import const
from ondemand import visit

from energy import saved, stored, views
from energy.power import QUARTERS
from energy.totals import COLUMNS, COST, INCOME, MONTH, PRICED_IMPORT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Files

    from energy.history import History
    from energy.ledger import Energy
    from energy.registers import Registers
    from energy.settler import Settler
    from energy.totals import Totals

_MOST_FROM_FILE = const(10)
_SUMS = const(42)  # numbers of the settler, the totals and the head of the power
_MOST_MONTHS = const(13)
_DAY_NUMBERS = const(6)  # of an entry of Totals.closed
_GROUPS = const(5)
_NODE = const(6)  # numbers of a row of the table of branches


def load(energy: "Energy", files: "Files", snapshot: bytes = b"") -> None:
    """Restore the state from the journal, then from the snapshot if it was made after it."""
    history = energy.history
    history.files = files
    data = files.read(saved.JOURNAL) or b""
    energy.journal_octets = len(data)
    energy.sequence = max(0, take(energy, data))
    restored = energy.settler.settled_until > 0
    energy.first_start = not energy.ready
    energy.ready = False  # what was shown after the last save is not known
    turned = False
    for state in states(snapshot)[:1]:
        if restored and state[1:2] == [energy.sequence]:
            day = history.day
            if restore(state, energy.registers, energy.settler):
                turned = history.day != day
                if turned:  # the slots from the journal are of another day
                    history.forget(0)
                states(snapshot, history)
                energy.edit_id = state[2]
                energy.ready = bool(state[4])
                energy.counted_from = energy.settler.settled_until  # no energy is missing
            else:  # of another version: it has emptied what the journal had
                take(energy, data)
                energy.ready = False
    intact = records.whole(data)
    if not intact:
        files.tell("the journal was damaged: its whole records are used")
    history.rewrite = not restored or turned or not intact
    stored.load_months(history, energy.totals.numbers[MONTH])
    if restored:
        views.find_peaks(energy.settler, energy.peaks, energy.totals.numbers[MONTH])
        if saved.EDIT in files.names():
            with visit("energy.edits") as edits:
                edits.finish(energy, energy.settler.settled_until)


def take(energy: "Energy", data: bytes) -> int:
    """Continue from the newest valid state in the records of a file. Returns its save's
    number, -1 if there is none."""
    history = energy.history
    for state in reversed(states(data)):
        if restore(state, energy.registers, energy.settler):
            energy.edit_id, energy.ready = state[2], bool(state[4])
            history.forget(0)
            states(data, history)
            return state[1]
    return -1


def states(data: bytes, history: "History | None" = None) -> "list[list[int]]":
    """The states of all valid records, oldest first. With a history, their slots are put into
    its held day, which must be the records' day."""
    found = []
    for kind, _, begin, end in records.scan(data):
        if kind == saved.STATE:
            try:
                numbers = list(records.ints(data, begin, end))
                at = numbers[0] + 1
                found.append(numbers[1:at])
                if history is not None:
                    _put_slots(history, numbers, at)
            except (ValueError, IndexError, OverflowError):
                continue
    return found


def _put_slots(history: "History", numbers: "list[int]", at: int) -> None:
    """Put a record's slots, from numbers[at] on, into the held day. ValueError if they are cut."""
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
        end = at + 2 + (4 * state[at + 1] if len(state) > at + 1 else 0)
        history.closed = [
            (state[i], state[i + 1], state[i + 2], state[i + 3]) for i in range(at + 2, end, 4)
        ]
        groups: "list[list[int]]" = []
        while len(groups) < _GROUPS:
            count = state[end] if end < len(state) else 0
            groups.append(state[end + 1 : end + 1 + count])
            end += 1 + count
        restore_groups(groups, registers, settler)
    except (ValueError, IndexError, OverflowError):
        clear(registers, settler)
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
    for rows, width in ((totals.rows, PRICED_IMPORT), (totals.shown, 3)):
        for row in rows:
            row[:width] = state[at : at + width]
            at += width
    power.n = 0
    first, n = state[at : at + 2]
    at += 2
    if not 0 <= n <= QUARTERS or at + len(power.columns) * n > len(state):
        raise ValueError("no power")
    power.resize(max(n, 1))
    for column in power.columns:
        for i in range(n):
            column[i] = state[at + i]
        at += n
    power.first, power.n = first, n
    return at


def restore_groups(
    groups: "list[list[int]]", registers: "Registers", settler: "Settler"
) -> None:  # fmt: skip
    """Restore saved.groups(): each has fewer numbers, or none, if an earlier version saved it."""
    of_totals, of_registers, of_history, months, doubts = groups
    _restore_totals(settler.totals, of_totals)
    registers.forget()
    if len(of_registers) >= 3:
        registers.step, registers.highest_w, registers.learned_w = of_registers[:3]
        if len(of_registers) >= 11:
            registers.held = tuple(of_registers[3:11])
    _restore_branches(settler.history, of_history)
    count = months[0] if months else 0
    settler.peaks.meter_months = months[1 : 1 + count] if count <= 1 + _MOST_MONTHS else []
    settler.doubts = doubts[:5] if len(doubts) >= 5 else [0, 0, 0, 0, 0]


def _restore_totals(totals: "Totals", numbers: "list[int]") -> None:
    """The currency, the priced energy, the days that are over, and the begin of counting. Versions
    without these numbers did not count priced energy: all of a sum with money counts as priced."""
    totals.closed = []
    totals.currency = numbers[0] if numbers else 0
    for i in range(len(totals.rows)):
        row = totals.rows[i]
        del row[PRICED_IMPORT:]
        row.extend(numbers[1 + 2 * i : 3 + 2 * i])
        if len(row) < COLUMNS:
            row[PRICED_IMPORT:] = row[:COST] if row[COST] or row[INCOME] else (0, 0)
    at = 2 + 2 * len(totals.rows)
    for _ in range(numbers[at - 1] if len(numbers) >= at else 0):
        closed = numbers[at : at + _DAY_NUMBERS]
        if len(closed) == _DAY_NUMBERS:
            totals.closed.append(closed)
        at += _DAY_NUMBERS
    totals.begun = numbers[at] if at < len(numbers) else 0


def _restore_branches(history: "History", numbers: "list[int]") -> None:
    """The running branch, the first registers and the table of branches."""
    history.first, history.nodes = [], []
    branch = 0
    if len(numbers) >= 4:
        branch, history.lived, n = numbers[:3]
        history.first = numbers[3 : 3 + n]
        for i in range(4 + n, 4 + n + _NODE * numbers[3 + n], _NODE):
            history.nodes.append(numbers[i : i + _NODE])
    stored.use_branch(history, branch)


def clear(registers: "Registers", settler: "Settler") -> None:
    """Begin without any energy."""
    registers.imported = registers.exported = None
    registers.meter = 0
    registers.forget()
    settler.settled_until = 0
    history, totals = settler.history, settler.totals
    history.forget(0)
    history.day = history.open_day = -1
    history.closed = []
    totals.numbers = [-1, -1, -1]
    totals.closed = []
    for row in range(len(totals.rows)):
        totals.clear(row)
    for shown in totals.shown:
        shown[:] = (-1, 0, 0)
    settler.power.n = 0
    settler.peaks.start(-1)

"""The journal of the running day: the energy domain's state and the slots of the held UTC day.

In       the energy domain
Out      a record, in the journal or as octets; energy.restored reads it
Wire     kind 4A: the count of the state's numbers and those numbers; first slot, and the one after
         the last; hours' qualities; then import, export and quality of each quarter. All values
         are absolute: a record may be read twice, or without the records before it.
Rules    A save appends one record. The file is replaced at a new UTC day, and before it exceeds
         4 KB. A start continues from the newest valid record; history files that were written
         after that record are written again.
         Loaded on demand: once an hour, and for each snapshot.
"""

import records
from micropython import const
from ondemand import visit

from energy.power import QUARTER_S
from energy.totals import PRICED_IMPORT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Files

    from energy.ledger import Energy

JOURNAL = "journal"
EDIT = "edit"  # the file of energy.edits
MOST = const(4096)  # octets of the journal: a longer one is replaced by one record
STATE = const(0x4A)
_VERSION = const(1)
_STATE_VERSION = const(1)


def save(energy: "Energy", now: int) -> bool:
    """Write all changes. False if the file system refused; the next hour tries again. After a
    MemoryError the save is due at once."""
    history = energy.history
    hour = max(now, energy.settler.settled_until) // 3600
    if history.files is None or not energy.settler.settled_until:
        energy.saved_hour = hour
        return False
    if history.nodes:
        with visit("energy.branches") as branches:
            if branches.confirm(energy, now):
                branches.tidy(energy, save(energy, now))
                return not history.rewrite
    history.turn_to(energy.settler.settled_until // 86400)
    if history.waiting or history.closed:
        with visit("energy.stored") as stored:
            stored.write_waiting(history)
    if energy.totals.closed:
        with visit("energy.money") as money:
            money.flush(energy.settler)
    energy.sequence += 1
    done = False
    try:
        done = _write(energy, history.files)
    finally:
        if not done:
            energy.sequence -= 1  # snapshots still belong to the last save
    energy.saved_hour = hour
    return done


def _write(energy: "Energy", files: "Files") -> bool:
    """Append the state to the journal, or replace it. False if the file system refused."""
    history = energy.history
    packed = record(energy)
    if not history.rewrite and energy.journal_octets + len(packed) > MOST:
        history.rewrite = True  # a long time without registers, or many edits: one record
        history.low = 0
        packed = record(energy)
    if history.rewrite:
        done = files.write(JOURNAL, (packed,))
        energy.journal_octets = len(packed) if done else energy.journal_octets
    else:
        done = files.append(JOURNAL, packed)
        energy.journal_octets += len(packed) if done else 0
    if done:
        history.rewrite = False
        history.low = min(energy.settler.settled_until // QUARTER_S % 96, 95)
    return done


def record(energy: "Energy") -> bytes:
    """The state, and the slots of the held day from history.low on, as one record."""
    history, block = energy.history, energy.history.quarters
    out = bytearray()
    state = _state(energy)
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
    return records.pack(STATE, _VERSION, out)


def _state(energy: "Energy") -> "list[int]":
    """The numbers that energy.restored reads, -1 for a register that is None."""
    registers, settler = energy.registers, energy.settler
    history, totals, power = settler.history, settler.totals, settler.power
    from_file = settler.peaks.from_file
    state = [_STATE_VERSION, energy.sequence, energy.edit_id, len(from_file), int(energy.ready)]
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
    for row in totals.rows:
        state.extend(row[:PRICED_IMPORT])
    for row in totals.shown:
        state.extend(row)
    state.extend((power.first, power.n))
    for column in power.columns:
        state.extend(column[: power.n])
    # Later versions add numbers at the end, which earlier versions ignore.
    state.extend((1, len(history.closed)))  # 1: earlier versions price the running day again
    for closed in history.closed:
        state.extend(closed)
    for group in groups(energy):
        state.append(len(group))
        state.extend(group)
    return state


def groups(energy: "Energy") -> "list[list[int]]":
    """Further numbers of the state: of the totals, the registers, the branches, the meter's own
    months and the running slots' doubts. A later version may add some at the end of each."""
    totals, registers, history = energy.totals, energy.registers, energy.history
    of_totals = [totals.currency]
    for row in totals.rows:
        of_totals.extend(row[PRICED_IMPORT:])
    of_totals.append(len(totals.closed))
    for closed in totals.closed:
        of_totals.extend(closed)
    of_totals.append(totals.begun)
    of_registers = [registers.step, registers.highest_w, registers.learned_w]
    of_registers.extend(registers.held)
    of_history = [history.branch, history.lived, len(history.first)] + history.first
    of_history.append(len(history.nodes))
    for node in history.nodes:
        of_history.extend(node)
    months = energy.peaks.meter_months
    months = [len(months)] + months if months else months
    return [of_totals, of_registers, of_history, months, energy.settler.doubts]

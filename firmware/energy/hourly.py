"""The money of the hours of a local day: priced from its quarters, and kept when it is over.

In       the quarters of the history, the prices in force, a day's money as energy.money has it
Out      cost, income and the Wh that had a price, by the hour; a Block of them
Rules    The hours of a day are kept only if they add up to its money; else the older ones stay.
         They are written after the day's money. Whoever reads kept hours compares them with it:
         after a power cut between the two files they may be of the day's earlier money.
         Loaded on demand.
Wire     files of energy.stored.COSTS, by local day. A slot is an hour from the day's begin on:
         cost and income in 1e-5 of the currency, each a two's complement of 32 bits; the quality
         has the bits below
Limits   62 days at least, 77 at most; 25 hours, each below 21474 of the currency
"""

from fmt import divide
from micropython import const

from energy import stored
from energy.blocks import QUARTERS, Block
from energy.power import EXPORT, IMPORT, QUARTER_S
from energy.stored import COSTS
from energy.totals import COST
from energy.views import fill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from energy.history import History
    from energy.settler import Settler

PRICED = const(1)  # its import had a price
EARNED = const(2)  # its export had one
PART = const(4)  # some of its energy had none

HOURS = const(25)  # of the longest day
_PER_DAY = const(96)  # quarters
_SUMS = const(4)
_UNIT = const(10000)  # 1e-5 in 1e-9
_HALF = const(0x80000000)
_WHOLE = const(0x100000000)
_NEAR = const(25)  # a half of the unit for each hour, rounded, for two sums


def priced(
    settler: "Settler", day: int, first: int = 0, until: int = 0
) -> "Iterator[tuple[int, list[int], list[int]]]":
    """(number of the UTC hour, its cost, income, priced import and export, its import and export
    in Wh) of each hour of a local day, with the prices in force.

    first, until  numbers of UTC hours: only those from first on, and only those before until
    """
    zone, totals = settler.zone, settler.totals
    end = zone.day_start(day + 1) // 3600
    block = Block(_PER_DAY)
    held = -1
    for hour in range(max(first, zone.day_start(day) // 3600), min(until or end, end)):
        if hour // 24 != held:
            held = hour // 24
            fill(settler.history, QUARTERS, held, block)
        sums, energy = [0] * _SUMS, [0, 0]
        at = hour % 24 * 4
        for i in range(4):
            imported, exported = block.imported[at + i], block.exported[at + i]
            if imported or exported:
                energy[IMPORT] += imported
                energy[EXPORT] += exported
                money = totals.money(hour * 3600 + i * QUARTER_S, imported, exported)
                for k in range(_SUMS):
                    sums[k] += money[k]
        yield hour, sums, energy


def add_running(settler: "Settler", hour: int, sums: "list[int]", energy: "list[int]") -> None:
    """Add to an hour of the running day what is known of it by the received power alone."""
    power, until = settler.power, settler.settled_until
    begin, end = max(hour * 3600, until), max(hour * 3600 + 3600, until)
    if begin < end:
        totals = settler.totals
        row, after = totals.by_power(power, begin), totals.by_power(power, end)
        for k in range(_SUMS):
            sums[k] += row[COST + k] - after[COST + k]
        for k in (IMPORT, EXPORT):
            energy[k] += row[k] - after[k]


def put(block: Block, i: int, sums: "Sequence[int]", energy: "Sequence[int]") -> None:
    """Set an hour of a block."""
    cost, income, imported, exported = sums
    marks = (PRICED if imported else 0) | (EARNED if exported else 0)
    if imported < energy[IMPORT] or exported < energy[EXPORT]:
        marks |= PART
    block.put(i, divide(cost, _UNIT) % _WHOLE, divide(income, _UNIT) % _WHOLE, marks)


def of(block: Block, i: int) -> "tuple[int, int]":
    """Cost and income of an hour of a block in 1e-5."""
    cost, income = block.imported[i], block.exported[i]
    return (
        cost - _WHOLE if cost >= _HALF else cost,
        income - _WHOLE if income >= _HALF else income,
    )


def adds_up(block: Block, sums: "Sequence[int]") -> bool:
    """Whether the hours add up to a day's cost, income, priced import and priced export."""
    cost, income, marks = -divide(sums[0], _UNIT), -divide(sums[1], _UNIT), 0
    for i in range(block.n):
        of_hour = of(block, i)
        cost += of_hour[0]
        income += of_hour[1]
        marks |= block.quality[i]
    known = (PRICED if sums[2] else 0) | (EARNED if sums[3] else 0)
    return abs(cost) <= _NEAR and abs(income) <= _NEAR and marks & (PRICED | EARNED) == known


def read(history: "History", day: int, block: Block) -> bool:
    """Fill a block with the kept hours of a day. False, with all slots empty, without any."""
    for prefix in history.prefixes:
        if history.files is not None and COSTS.read(history.files, day, block, prefix):
            return True
    block.clear()
    return False


def note(history: "History", day: int, block: Block, packed: "dict[int, bytes]") -> None:
    """Add the hours of a day to those that keep() is to write, if they have changed."""
    new = stored.pack(block, day)
    old = Block(HOURS)
    if not read(history, day, old) or stored.pack(old, day) != new:
        packed[day] = new


def keep(history: "History", packed: "dict[int, bytes]") -> None:
    """Write packed hours by their days, the days of one file together."""
    while packed and history.files is not None:
        name = COSTS.name(max(packed))
        of_file = {day: packed.pop(day) for day in list(packed) if COSTS.name(day) == name}
        COSTS.write_all(history.files, of_file, history.prefixes[0])

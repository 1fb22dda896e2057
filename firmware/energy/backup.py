"""The history in a backup: blocks as text, and their way back.

In       the energy domain; blocks of a backup
Out      ("quarters", number, text) of each stored block, also of the running UTC day; counts of
         the slots that a backup adds, has too, or has otherwise
Wire     a block as energy.stored packs it and its CRC-32, low octet first, in base64
Rules    A backup fills gaps. A slot that is known stays, unless the owner asks to replace it.
         Slots that are not settled here are left out, and so are quarters older than 40 days and
         a file's blocks if that file would be one too many and the oldest.
         Blocks of one file are written together: after a power cut a file is the old or the new
         one, and the same backup fills the rest. Today's slots come with the next save.
         Loaded on demand.
Errors   ValueError: a block is damaged
"""

import struct
from binascii import a2b_base64, b2a_base64, crc32

import clock
from micropython import const
from ondemand import visit

from energy import stored, views
from energy.blocks import DAYS, GAP, HOURS, KEPT_DAYS, QUARTERS, Block
from energy.stored import STORES
from energy.totals import COLUMNS, COST, DAY, LAST_MONTH, MONTH, YESTERDAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy.history import History
    from energy.ledger import Energy

LEVELS = ("quarters", "hours", "days")
PER_FILE = (6, 24, 12)  # blocks, as STORES has them
_LENGTH_S = (900, 3600, 86400)
_MOST_NUMBER = const(65535)


def encode(block: Block, number: int) -> str:
    """The text of a block."""
    packed = stored.pack(block, number)
    octets = packed + struct.pack("<I", crc32(packed) & 0xFFFFFFFF)
    return b2a_base64(octets).decode().strip()


def decode(level: int, number: int, text: str, block: Block) -> None:
    """Fill a block with that of a text. ValueError if it is damaged."""
    octets = a2b_base64(text)
    packed = octets[:-4]
    if len(packed) < 4 or struct.pack("<I", crc32(packed) & 0xFFFFFFFF) != octets[-4:]:
        raise ValueError("a block of %s is damaged" % LEVELS[level])
    if not stored.unpack(block, packed, 0, len(packed)) or stored.pack(block, number) != packed:
        raise ValueError("a block of %s is not as it must be" % LEVELS[level])


def blocks(energy: "Energy") -> "Iterator[tuple[str, int, str]]":
    """(name of the level, number, text) of each block with a known slot."""
    history = energy.history
    if history.files is None:
        return
    for level in (QUARTERS, HOURS, DAYS):
        store = STORES[level]
        block = Block(store.slots)
        indices = {_running(history, level) // PER_FILE[level]}
        for prefix in history.prefixes:
            for name in store.names(history.files, prefix):
                indices.add(int(name[len(prefix) + 1 :]))
        for index in sorted(indices):
            for number in _known(history, level, index, block):
                yield LEVELS[level], number, encode(block, number)


def _running(history: "History", level: int) -> int:
    """The number of the running block; 0 if there is none."""
    if level == DAYS:
        return clock.month_of(history.open_day) if history.open_day >= 0 else 0
    return max(0, history.day)


def _known(history: "History", level: int, index: int, block: Block) -> "Iterator[int]":
    """The numbers of a file's blocks with a known slot; each is in `block`."""
    store = STORES[level]
    data = None
    first = index * PER_FILE[level]
    by_file = level != DAYS and len(history.prefixes) == 1 and not history.waiting
    if by_file and history.files is not None:
        data = history.files.read(store.name(first))
    for number in range(first, first + PER_FILE[level]):
        if by_file and number != history.day:
            if not stored.find(data, number, block) or 0 <= history.day < number:
                continue
        else:
            views.fill(history, level, number, block)
        for i in range(block.n):
            if views.is_known(block, i):
                yield number
                break


class Restore:
    """Enters the blocks of a backup, or counts only.

    counts   by level: slots that are new, equal, different; that are left out
    fault    flash has refused a file
    """

    def __init__(self, energy: "Energy", now: int, replace: bool, enter: bool) -> None:
        self.counts = [[0, 0, 0, 0] for _ in range(4)]  # the last one of months
        self.fault = False
        self._energy = energy
        self._replace = replace
        self._enter = enter
        self._last_month = False  # its sums were entered
        self._checked = ("", False)  # the last file, and whether it is too old
        self._packed: "dict[int, bytes]" = {}  # blocks of one file that are not written yet
        self._file = (QUARTERS, "")  # their level and prefix
        settler = energy.settler
        if enter and not settler.settled_until:
            with visit("energy.breaks") as breaks:
                breaks.start(settler, now - now % 3600)
        self._until = settler.settled_until or now - now % 3600
        self._day = energy.history.day if energy.history.day >= 0 else now // 86400
        if enter:
            stored.write_waiting(energy.history)

    def put(self, level: int, number: int, new: Block) -> None:
        """Take one block."""
        counts = self.counts[level]
        history = self._energy.history
        present = Block(new.n)
        if not 0 < number < _MOST_NUMBER or self._is_too_old(level, number):
            counts[3] += sum([1 for i in range(new.n) if views.is_known(new, i)])
            return
        views.fill(history, level, number, present)
        changed = False
        for i in range(new.n):
            if not views.is_known(new, i):
                continue
            slot = new.imported[i], new.exported[i], new.quality[i]
            old = present.imported[i], present.exported[i], present.quality[i]
            if not self._settled(level, number, i):
                counts[3] += 1
            elif slot == old:
                counts[1] += 1
            elif old[2] == GAP and (slot[2] != GAP or old[:2] == (0, 0)):
                counts[0] += 1
                present.put(i, *slot)
                changed = True
            else:
                counts[2] += 1
                if self._replace:
                    present.put(i, *slot)
                    changed = True
        if changed and self._enter:
            self._write(level, number, present)

    def _is_too_old(self, level: int, number: int) -> bool:
        """Whether a block is not kept. The files are listed once for each of them."""
        if level == QUARTERS and number <= self._day - KEPT_DAYS:
            return True
        name = STORES[level].name(number)
        files = self._energy.history.files
        if self._checked[0] != name and files is not None:
            self._checked = (name, STORES[level].is_too_old(files, number))
        return self._checked[1]

    def month(self, row: "list[int]") -> None:
        """Take the row of a month that is over, as stored.months() has it."""
        energy = self._energy
        counts = self.counts[3]
        running = energy.settler.zone.month(self._until)
        old = None
        for prefix in reversed(energy.history.prefixes):
            for other in stored.months(energy.history.files, prefix):
                if other[0] == row[0]:
                    old = other
        if not 0 < row[0] < running:
            counts[3] += 1
        elif old == row:
            counts[1] += 1
        else:
            counts[0 if old is None else 2] += 1
            if self._enter and (old is None or self._replace):
                stored.put_month(energy.history, row[0], row[1], row[2:])
                totals = energy.totals
                last = totals.rows[LAST_MONTH]
                if row[0] == running - 1 and (self._replace or not any(last)):
                    currency = row[8] if len(row) > 8 else 0
                    totals.currency = totals.currency or currency
                    money = row[4:8] if currency in (0, totals.currency) else []
                    last[:] = (row[2:4] + money + [0] * COLUMNS)[:COLUMNS]
                    self._last_month = True

    def flush(self) -> None:
        """Write the blocks that wait."""
        level, prefix = self._file
        files = self._energy.history.files
        if self._packed:
            if files is None or not STORES[level].write_all(files, self._packed, prefix):
                self.fault = True
            self._packed = {}

    def end(self, now: int) -> bool:
        """Write the rest, and compute sums and peaks again. False if flash has refused a part."""
        self.flush()
        energy = self._energy
        settler, totals = energy.settler, energy.totals
        views.find_energy(settler)
        yesterday = totals.numbers[DAY] - 1
        block = Block(31)
        views.fill(energy.history, DAYS, clock.month_of(yesterday), block)
        i = clock.civil(yesterday * 86400)[2] - 1
        if block.quality[i] != GAP:
            totals.rows[YESTERDAY][:COST] = (block.imported[i], block.exported[i])
        for period in totals.shown:
            period[0] = -1  # the sums are computed again
        if self._last_month:
            with visit("energy.money") as money:
                money.enter_last_month(settler)
        stored.load_months(energy.history, totals.numbers[MONTH])
        views.find_peaks(settler, energy.peaks, energy.peaks.month)
        totals.begun = 0
        return energy.save(now) and not self.fault

    def _settled(self, level: int, number: int, i: int) -> bool:
        """Whether a slot is over and settled here."""
        if level == DAYS:
            day = clock.days(number // 12, number % 12 + 1, 1) + i
            today = self._energy.settler.zone.day(self._until)
            return i < clock.month_length(number // 12, number % 12 + 1) and day < today
        length = _LENGTH_S[level]
        return number * 86400 + (i + 1) * length <= self._until

    def _write(self, level: int, number: int, block: Block) -> None:
        """Change a block: of the running day at once, of another one with those of its file."""
        history = self._energy.history
        if level != DAYS and number == history.day:
            history.low = 0
            history.rewrite = True
            if level == HOURS:
                history.hour_quality[:] = block.quality
            else:
                stored.copy(block, history.quarters)
            return
        prefix = history.prefixes[0]
        if len(history.prefixes) > 1:  # the block stays in the files that it was read from
            found = stored.read(history, level, number, Block(block.n))
            prefix = prefix if found is None else found
        per_file = PER_FILE[level]
        if self._file != (level, prefix) or (
            self._packed and min(self._packed) // per_file != number // per_file
        ):
            self.flush()
        self._file = (level, prefix)
        self._packed[number] = stored.pack(block, number)

"""Branches of the history: what is counted while the clock is not confirmed.

In       the time of a telegram that does not continue from the one before: after a start, or after
         the clock was set; the seconds since start
Out      the energy domain on the branch that this time belongs to; a text for the log
Rules    The ring is the confirmed history. A branch continues from the state of the ring, or of
         another branch, at the moment when the clock changed. It has its own files, so it changes
         nothing that was stored before. The branch that was left is kept with its state.
         A clock that agrees again with one of this run resumes its branch: the energy counted
         meanwhile goes to the time since that branch was left, by the registers. The branches that
         had begun from it are deleted.
         Another clock begins a branch. It continues from a branch whose clock it does not
         contradict, that is, one of an earlier start: from the one that is most likely right. If
         all are contradicted, it continues from the oldest: a clock that is ahead leaves a gap, a
         clock that is behind waits, and its energy goes to the running slot.
         A branch is confirmed by a register, and by two sources of time that agree, or by one that
         still agrees after a day; after a week without any source too. Its files are then merged
         into the ring, and the other branches are deleted.
Wire     bN the state of branch N as a journal's record, b0 that of the ring; bNq.., bNh.., bNd..
         bNmonths and bNmoney its history, as the ring's files. The journal has the table of
         branches: a power cut leaves the old or the new one
Limits   8 branches
"""

from micropython import const
from ondemand import visit

from energy import breaks, restored, saved, stored, views
from energy.blocks import Block
from energy.stored import COSTS, MONEY, MONTHS, STORES, branch_prefix, months
from energy.totals import DAY, MONTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.history import History
    from energy.ledger import Energy

# A node: a row of the table of branches.
NUMBER = const(0)  # 1 to 8; 0 is the ring
PARENT = const(1)  # the branch it has begun from
CLOCK = const(2)  # UTC by its clock when it was left; 0: it had no history
SEEN = const(3)  # seconds that have passed since, at least
RAN = const(4)  # seconds that it has run
STEPPED = const(5)  # 1: it has begun with a clock that contradicted one of the same run

_ROOM = const(4096)  # octets of heap in one piece: a file of the history
_STEP_S = const(120)  # a smaller change of the clock is a correction, as in energy.ledger
_DAY_S = const(86400)
_LISTS_S = const(7200)  # later, no list has come on the clock that was kept
_WEEK_S = const(7 * 86400)
_BEHIND_S = const(86400)  # a clock that is further behind the others is not continued from
_MOST = const(9)  # nodes, with the ring


def follow(energy: "Energy", now: int, run_s: int) -> str:
    """Continue on the branch of a clock that has changed to `now`, or has begun."""
    history = energy.history
    first = energy.offset is None
    offset = now - run_s
    until = energy.settler.settled_until
    bytearray(_ROOM)  # MemoryError before anything has changed: the next telegram tries again
    _age(energy, run_s)
    kept = energy.kept and now - until <= _LISTS_S
    if first and (energy.sure or kept) and until <= now + _STEP_S:
        energy.begun_s = run_s
        return ""
    stored.write_waiting(history)
    if history.waiting:
        return "the history cannot be stored: the new time is not kept apart"
    _note_left(energy, run_s)
    energy.offset, energy.run_s = offset, run_s
    text = _change(energy, now, run_s, first)
    if energy.listed_s >= 0:  # the newest list was on another branch
        energy.registers.list_at = energy.listed_s + offset
    return text


def _change(energy: "Energy", now: int, run_s: int, first: bool) -> str:
    """Go to the branch of another clock."""
    history = energy.history
    offset = now - run_s
    for node in history.nodes:
        if node[NUMBER] != history.branch and _near(energy.offsets.get(node[NUMBER]), offset):
            _resume(energy, node, now)
            return "the clock is as before: counting continues from %d s ago" % (
                now - energy.settler.settled_until
            )
    base = _base(energy, now)
    contradicted = base is None
    if base is None:  # the first node is the ring, or the oldest one
        base = history.nodes[0]
        if first:
            base = next(node for node in history.nodes if node[NUMBER] == history.branch)
    first_registers = history.first
    number = _fork(energy, base, run_s)
    history.nodes[-1][STEPPED] = int(contradicted and not first)
    settler = energy.settler
    if not _begin(energy, first_registers, now) and contradicted and not first:
        ahead = offset - energy.offsets.get(base[NUMBER], offset)
        if ahead > 0:
            breaks.move(energy.registers, ahead)
            breaks.jump(settler, settler.settled_until + ahead)
    energy.save(now)
    behind = settler.settled_until - now
    text = "the time is not confirmed: counted apart, branch %d" % number
    return text + (", waits for %d s" % behind if behind > _STEP_S else "")


def _base(energy: "Energy", now: int) -> "list[int] | None":
    """The branch to continue from at `now`: one whose clock has not been contradicted in this
    run and is not ahead. Clocks more than a day behind the others are left out."""
    nodes = [
        node
        for node in energy.history.nodes
        if node[NUMBER] not in energy.offsets and node[CLOCK] + node[SEEN] <= now + _STEP_S
    ]
    latest = max([node[CLOCK] + node[SEEN] for node in nodes], default=0)
    best = None
    for node in nodes:
        if node[CLOCK] + node[SEEN] >= latest - _BEHIND_S:
            if best is None or _better(energy.history, node, best):
                best = node
    return best


def _better(history: "History", a: "list[int]", b: "list[int]") -> bool:
    """Whether branch `a` is more likely to have the right clock than b.

    A branch replaces the one it has begun from, unless their clocks contradicted each other: then
    that with the longer time wins, as between two branches of the same one. The running branch,
    whose clock was believed last, counts four times.
    """
    chain_a = stored.chain(history, a[NUMBER])[::-1]
    chain_b = stored.chain(history, b[NUMBER])[::-1]
    n = 0
    while n < len(chain_a) and n < len(chain_b) and chain_a[n] == chain_b[n]:
        n += 1
    nodes = {node[NUMBER]: node for node in history.nodes}
    times = []
    for chain, other in ((chain_a, chain_b), (chain_b, chain_a)):
        if n < len(chain):
            if n == len(other) and not nodes[chain[n]][STEPPED]:
                return chain is chain_a
            seconds = sum([node[RAN] for node in history.nodes
                           if chain[n] in stored.chain(history, node[NUMBER])])  # fmt: skip
        else:
            seconds = nodes[chain[-1]][RAN] + (0 if chain[-1] else _DAY_S)
        times.append(seconds * (4 if history.branch in chain[n:] else 1))
    return times[0] > times[1]


def _near(a: "int | None", b: int) -> bool:
    return a is not None and -_STEP_S <= a - b <= _STEP_S


def _age(energy: "Energy", run_s: int) -> None:
    """Add the time that has passed to the table of branches."""
    history = energy.history
    passed = max(0, run_s - energy.aged_s)
    energy.aged_s = run_s
    history.lived += passed
    for node in history.nodes:
        runs = node[NUMBER] == history.branch and energy.offset is not None
        node[RAN if runs else SEEN] += passed


def _note_left(energy: "Energy", run_s: int) -> None:
    """Enter the running branch into the table as one that is left now."""
    history = energy.history
    if not history.nodes:
        history.nodes = [[0, 0, 0, 0, 0, 0]]
    for node in history.nodes:
        if node[NUMBER] == history.branch:
            until = energy.settler.settled_until
            if energy.offset is not None:
                energy.offsets[node[NUMBER]] = energy.offset
                node[CLOCK], node[SEEN] = energy.offset + run_s if until else 0, 0
            elif not node[CLOCK]:
                node[CLOCK] = until


def _leave(energy: "Energy") -> None:
    """Store the state of the running branch."""
    history = energy.history
    if history.files is not None and energy.settler.settled_until:
        history.low = 0
        history.files.write(_file(history.branch), (saved.record(energy),))


def _file(number: int) -> str:
    return "b%d" % number


def _load(energy: "Energy", node: "list[int]") -> None:
    """Continue from the stored state of a branch; from nothing if it has none."""
    history = energy.history
    nodes, lived = history.nodes, history.lived
    files = history.files
    data = (files.read(_file(node[NUMBER])) if files is not None and node[CLOCK] else None) or b""
    if restored.take(energy, data) < 0:
        restored.clear(energy.registers, energy.settler)
    history.nodes, history.lived = nodes, lived
    stored.use_branch(history, node[NUMBER])


def _prepare(energy: "Energy") -> None:
    """Recompute what is not stored in a state."""
    month = energy.totals.numbers[MONTH]
    stored.load_months(energy.history, month)
    if energy.settler.settled_until:
        views.find_peaks(energy.settler, energy.peaks, month)
        energy.totals.reprice = energy.totals.numbers[DAY] - 1  # prices may have changed since


def _fork(energy: "Energy", base: "list[int]", run_s: int) -> int:
    """Begin a branch with the state of `base`. Returns its number."""
    history = energy.history
    if len(history.nodes) >= _MOST:
        _make_room(energy, base)
    if history.branch in [node[NUMBER] for node in history.nodes]:
        _leave(energy)
    if base[NUMBER] != history.branch:
        _load(energy, base)
    used = [node[NUMBER] for node in history.nodes]
    number = next(n for n in range(1, _MOST + 1) if n not in used)
    _delete(energy, number)  # files of an earlier branch, if a power cut left some
    history.nodes.append([number, base[NUMBER], 0, 0, 0, 0])
    stored.use_branch(history, number)
    energy.offsets.pop(number, None)
    _prepare(energy)
    energy.begun_s = run_s
    history.rewrite = True
    history.low = 0
    return number


def _begin(energy: "Energy", first: "list[int]", now: int) -> bool:
    """Begin a branch without registers with the first ones that were received."""
    history, registers = energy.history, energy.registers
    if not first or registers.imported is not None:
        return False
    begin = now - history.lived
    if not energy.settler.settled_until:
        breaks.start(energy.settler, begin)
    breaks.begin(registers, first, begin)
    history.first = first
    return True


def _make_room(energy: "Energy", base: "list[int]") -> None:
    """Delete the branch that has run for the shortest time, of those that none has begun from and
    that `base` does not continue; without one, join the oldest branch with the ring."""
    history = energy.history
    needed = stored.chain(history, base[NUMBER])
    parents = [node[PARENT] for node in history.nodes]
    spare = None
    for node in history.nodes:
        if node[NUMBER] not in needed and node[NUMBER] not in parents:
            if spare is None or node[RAN] < spare[RAN]:
                spare = node
    if spare is not None:
        _remove(energy, spare)
        return
    ring, oldest = history.nodes[0], history.nodes[1]
    number = oldest[NUMBER]
    if number == history.branch:
        _leave(energy)
    _merge(energy, number)
    files = history.files
    state = files.read(_file(number)) if files is not None else None
    if files is not None and state:
        files.write(_file(0), (state,))
    for node in history.nodes:
        if node[PARENT] == number:
            node[PARENT] = 0
    if number in energy.offsets:
        energy.offsets[0] = energy.offsets[number]
    _remove(energy, oldest)
    ring[CLOCK], ring[SEEN] = oldest[CLOCK], oldest[SEEN]
    oldest[NUMBER] = 0  # it may be `base`
    history.first = []
    stored.use_branch(history, 0 if number == history.branch else history.branch)


def _resume(energy: "Energy", node: "list[int]", now: int) -> None:
    """Continue on a branch that was left, and delete those that had begun from it."""
    history = energy.history
    first = history.first
    _leave(energy)
    _load(energy, node)
    _begin(energy, first, now)
    number = node[NUMBER]
    later = [other for other in history.nodes if number in stored.chain(history, other[NUMBER])]
    for other in later:
        if other is not node:
            _remove(energy, other)
    node[CLOCK] = node[SEEN] = 0
    if len(history.nodes) == 1 and not history.branch:
        history.nodes = []
    _prepare(energy)
    energy.begun_s = energy.aged_s
    history.rewrite = True
    saved_now = energy.save(energy.settler.settled_until)
    if history.files is not None and saved.EDIT in history.files.names():
        with visit("energy.edits") as edits:
            edits.finish(energy, energy.settler.settled_until)
    tidy(energy, saved_now)


def _remove(energy: "Energy", node: "list[int]") -> None:
    """Delete a branch from the table; its files go when the journal no longer has it."""
    energy.history.nodes.remove(node)
    energy.offsets.pop(node[NUMBER], None)


def confirm(energy: "Energy", now: int) -> bool:
    """Merge the running branch into the ring and delete all others. The caller saves.
    False if its clock is not confirmed, or the file system refused."""
    history = energy.history
    _age(energy, energy.run_s)
    _note_left(energy, energy.run_s)
    behind = energy.settler.settled_until - now  # above 0: the clock waits
    agrees = energy.agreed_s - energy.begun_s >= _DAY_S or energy.run_s - energy.begun_s >= _WEEK_S
    if _STEP_S < behind <= _DAY_S or not (agrees or (energy.sure and behind <= _STEP_S)):
        return False
    if energy.registers.imported is None and not agrees:
        return False
    history.turn_to(energy.settler.settled_until // _DAY_S)
    stored.write_waiting(history)
    if history.waiting:
        return False
    for number in reversed(stored.chain(history, history.branch)):
        if number:
            _merge(energy, number)
    history.nodes, history.first = [], []
    stored.use_branch(history, 0)
    if behind > _STEP_S:
        breaks.jump(energy.settler, now)
    energy.offsets = {}
    history.rewrite = True
    history.low = 0
    return True


def _merge(energy: "Energy", number: int) -> None:
    """Write the blocks and months of a branch into the ring. It may be done twice."""
    history = energy.history
    files = history.files
    if files is None:
        return
    prefix = branch_prefix(number)
    for store in STORES + (COSTS,):
        block = Block(store.slots)
        for name in store.names(files, prefix):
            for at in store.numbers(files, name):
                if store.read(files, at, block, prefix):
                    store.write(files, at, block)
    money = files.read(prefix + MONEY)
    if money:
        files.write(MONEY, (money,))
    prefixes = history.prefixes
    history.prefixes = ("",)
    for row in list(months(files, prefix)):
        stored.put_month(history, row[0], row[1], row[2:])
    history.prefixes = prefixes


def tidy(energy: "Energy", saved_now: bool) -> None:
    """Delete the files of branches that the table does not have, if the journal has that table."""
    history = energy.history
    if not saved_now:
        return
    known = [node[NUMBER] for node in history.nodes]
    for number in range(_MOST + 1):
        if number not in known:
            _delete(energy, number)


def _delete(energy: "Energy", number: int) -> None:
    """Delete the files of a branch; of the ring, 0, only its state."""
    files = energy.history.files
    if files is None:
        return
    prefix = branch_prefix(number)
    for store in STORES + (COSTS,) if number else ():
        for name in store.names(files, prefix):
            files.remove(name)
    names = files.names()
    for name in (_file(number), prefix + MONTHS, prefix + MONEY):
        if name in names and name not in (MONTHS, MONEY):
            files.remove(name)


def note_first(energy: "Energy", imported: int, exported: "int | None") -> None:
    """Note the first registers, if the ring has no history and none are noted yet."""
    history = energy.history
    if not history.first and not history.nodes[0][CLOCK]:
        history.first = [imported, -1 if exported is None else exported]
        history.lived = 0
        energy.aged_s = energy.run_s

"""/health.json: how the device is, for whoever looks for the cause of a failure.

version board chip uptime  of the firmware; seconds since start
utc by        the believed time in seconds since 1970, 0 without; on what it rests, as in /now.json
reset         reason and cause of this start: the numbers of /sysinfo.json, and words
crash         the newest crash, also of an earlier start, "" without; short: starts in a row that
              have ended by one; safe: seconds of safe mode, 0 outside of it
heap          octets free now, largest free block or null if the board cannot say it, refused
              allocations, times that work was ended for want of heap; since start. history: octets
              free in each of the last 60 minutes, to 512 octets, the oldest first, null without
wifi          dBm now, and of the last 60 minutes, the oldest first, null without
supply        V now, null if it is not measured; the tier, 0 for full operation, as in
              /supply.json; the lowest of each of the last 60 minutes, the oldest first, null
              without
meter         the line, seconds since the newest telegram, null before the first one; telegrams,
              frames, lists that are not known, times that an invocation counter fell; errors by
              kind; since start
push          the reason in words why nothing is delivered to the owner's server, "" if it is, or
              if there is none; failures in a row
mqtt          status light: 0 off, 1 connected, 2 connecting, 3 failed; newest error
web           pages with a live stream, and those that have a place
writes held   files written since start; why nothing is stored just now, "" if it is
events        the newest 50 lines of the log, the oldest first: seconds since start, level, text
Rules         secrets are *** in each line
"""

import loglines
from fmt import fixed, quote
from micropython import const
from ondemand import visit
from state import ERRORS
from system import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_EVENTS = const(50)
_MINUTES = const(60)
_LOW_MV = const(20)  # a step of System.lows
_LEVELS = ("info", "warning", "error")
_INFO = const(3)
_KINDS = (  # of state.ERRORS
    "parse", "incomplete", "boundary", "header_checksum", "checksum", "unknown", "authentication",
    "decryption", "key", "not_understood", "silent", "overflow", "defect",
)  # fmt: skip
# The ROM's numbers.
_REASONS = (
    (1, "power on"),
    (3, "software"),
    (4, "watchdog"),
    (5, "deep sleep"),
    (6, "SDIO"),
    (7, "watchdog of timer group 0"),
    (8, "watchdog of timer group 1"),
    (9, "watchdog of the RTC"),
    (10, "intrusion test"),
    (11, "timer group, one core"),
    (12, "software, one core"),
    (13, "watchdog of the RTC, one core"),
    (14, "the other core"),
    (15, "brown-out: the supply voltage was too low"),
    (16, "watchdog of the RTC, everything"),
)
_CAUSES = (
    (0, "none of ours"),
    (1, "a restart that was put off"),
    (2, "settings were saved"),
    (3, "asked for a restart"),
    (4, "upgrade"),
    (5, "factory reset"),
    (90, "a service failed three times in a minute"),
    (91, "safe mode ended"),
    (92, "the heap stayed full"),
    (93, "no connection to Wi-Fi"),
)


def get(app: "App", request: "Request", most: int = _EVENTS) -> "Iterator[str]":
    """Pieces of /health.json with at most so many events."""
    yield '{"version":%s,%s' % (quote(VERSION), _device(app))
    secrets = loglines.secrets(app.config)
    with visit("crash") as crash:
        last = loglines.hidden(crash.last(app.storage), secrets)
        short = crash.short_starts(app.storage)
    yield ',"crash":%s,"short":%d,"safe":%d' % (quote(last), short, app.safe_s)
    yield ",%s" % _heap(app)
    yield from _minutes(app, True)
    yield ',"wifi":{"rssi":%s,"history":[' % fixed(app.system.board.rssi_dbm() or None, 0, 0)
    yield from _minutes(app, False)
    yield from _supply(app)
    yield from _meter(app)
    system, server = app.system, app.server
    yield ',"mqtt":{"light":%d,"error":%d}' % (system.mqtt_light, system.mqtt_error)
    fault = loglines.hidden(app.push_fault, secrets)
    yield ',"push":{"fault":%s,"failures":%d}' % (quote(fault), max(0, app.push_failures))
    yield ',"web":{"listeners":%d,"streams":%d}' % (server.listeners, server.streams)
    storage = app.storage
    yield ',"writes":%d,"held":%s,"events":[' % (
        storage.writes,
        quote(storage.absent or storage.held),
    )
    yield from _events(app, secrets, most)
    yield "]}"


def _device(app: "App") -> str:
    system = app.system
    board = system.board
    return (
        '"board":%s,"chip":%s,"uptime":%d,"utc":%d,"by":%d,"reset":{"reason":%d,"words":%s,'
        '"cause":%d,"cause_words":%s}'
    ) % (
        quote(board.name),
        quote(board.chip),
        system.uptime_s(),
        system.utc(),
        system.judge.source,
        system.boot_reason,
        quote(_words(_REASONS, system.boot_reason)),
        system.reset_cause,
        quote(_words(_CAUSES, system.reset_cause)),
    )


def _words(table: "tuple[tuple[int, str], ...]", number: int) -> str:
    for known, words in table:
        if known == number:
            return words
    return "unknown"


def _heap(app: "App") -> str:
    board, system = app.system.board, app.system
    return '"heap":{"free":%d,"largest":%s,"refused":%d,"sheds":%d,"history":[' % (
        board.heap_free(),
        fixed(board.heap_largest() or None, 0, 0),
        system.memory_errors,
        system.sheds,
    )


def _minutes(app: "App", heap: bool) -> "Iterator[str]":
    """The end of an array and its object: free heap or dBm of the last 60 minutes."""
    rings, minute = app.network.minutes, app.system.uptime_s() // 60
    for ago in range(_MINUTES - 1, -1, -1):
        octet = rings[(minute - ago) % _MINUTES + (_MINUTES if heap else 0)]
        value = str(octet << 9 if heap else -octet) if octet else "null"
        yield value + ("," if ago else "]}")


def _supply(app: "App") -> "Iterator[str]":
    system = app.system
    voltage = fixed(system.supply_mv() or None, 3, 3)
    yield ',"supply":{"v":%s,"tier":%d,"low":[' % (voltage, system.tier)
    yield ",".join([fixed(_LOW_MV * low or None, 3, 2) for low in system.lows]) + "]}"


def _meter(app: "App") -> "Iterator[str]":
    state, stream = app.state, app.reader.stream
    yield ',"meter":{"line":%s,"age":%s,"telegrams":%d,"frames":%d,"unknown":%d,"fell":%d' % (
        quote(state.line),
        fixed(state.age_ms(app.system.uptime_ms()), 3, 1),
        state.telegrams,
        stream.frames,
        state.unknown_lists,
        stream.counter_fell,
    )
    counts = [(kind, state.errors[i]) for i, kind in kinds()]
    yield ',"errors":{%s}}' % ",".join(['"%s":%d' % row for row in counts])


def kinds() -> "Iterator[tuple[int, str]]":
    """Place in State.errors and name of each kind of errors."""
    for i in range(len(ERRORS)):
        yield i, _KINDS[i]


def level(number: int) -> str:
    """The name of a level of the log."""
    return _LEVELS[number - _INFO]


def _events(app: "App", secrets: "list[str]", most: int) -> "Iterator[str]":
    """The newest lines of the log as JSON objects, with the commas between them."""
    lines = loglines.LogLines(app.log, True)
    comma = ""
    for _ in range(max(0, lines.left() - most)):
        lines.next()
    for _ in range(most):
        found = lines.next()
        if not found:
            return
        seconds, number, text = found
        text = quote(loglines.hidden(text, secrets))
        yield '%s{"s":%d,"level":"%s","text":%s}' % (comma, seconds, level(number), text)
        comma = ","

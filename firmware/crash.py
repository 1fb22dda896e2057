"""The last crashes, kept in a file over resets and power cuts; safe mode. Loaded on demand.

In       exceptions; the reasons of a start: numbers of /sysinfo.json
Out      texts for the log and documents; how long the start stays in safe mode
Wire     file "crash": the number of short starts in a row and a line feed; then the newest crash
         and the one before, each a line: UTC or 0, seconds since start, text
Rules    A start is short if it ends by a crash or the watchdog within SHORT_S; App then calls
         lasted(). After MOST short starts in a row a start is in safe mode: Wi-Fi and web only.
         It ends by itself after 10, 20, 40, then 60 minutes, by a restart that runs everything
         once; a planned restart or power-on ends it too, because the owner may have mended the
         cause. The supply may fail often, so power-on never counts.
         The file is written at crashes only. Secrets of the settings never get into a text.
Limits   texts of 160 characters
"""

import io
import sys

import clock
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from config import Config
    from contracts import Files

# Causes of our own resets, beside those of /sysinfo.json: 1 to 10.
CRASHES = const(90)  # three failures in a minute, or one that ended the firmware
RETRY = const(91)  # safe mode ends: try everything once
NO_MEMORY = const(92)  # the heap stayed full

SHORT_S = const(120)
MOST = const(5)
_FILE = "crash"
_WIDTH = const(160)
_TRACE = const(320)  # octets of a printed exception: its end has the innermost frame
_FIRST_SAFE_S = const(600)
_LONGEST_SAFE_S = const(3600)
_POWER_ON = const(1)
_SOFT = const(3)
_WATCHDOG = const(4)
_DEEP_SLEEP = const(5)
_BROWN_OUT = const(15)
_SECRETS = (
    "wifi_psk", "mqtt_password", "encryption_key", "authentication_key", "web_password",
    "setup_psk", "price_token", "push_token",
)  # fmt: skip


class _Tail(io.IOBase):
    """The end of what is printed into it."""

    def __init__(self) -> None:
        self.octets = bytearray(_TRACE)
        self.length = 0

    def write(self, piece: "str | bytes") -> int:
        for octet in piece.encode() if isinstance(piece, str) else piece:
            self.octets[self.length % _TRACE] = octet
            self.length += 1
        return len(piece)

    def text(self) -> str:
        at = self.length % _TRACE if self.length > _TRACE else 0
        octets = self.octets[at:] + self.octets[:at]
        text = "".join([chr(octet) for octet in octets[: self.length] if 0x20 <= octet < 0x7F])
        return text


def describe(e: BaseException, config: "Config | None") -> str:
    """ "ValueError: text (file.py:12)" with the innermost frame that raised.

    config  its secrets are masked in the text; None: the settings are not known, so the text of
            the exception is left out
    """
    kind = e.__class__.__name__
    try:
        text = "its text is not kept" if config is None else _masked(str(e), config)
        return "%s: %s%s" % (kind, text[: _WIDTH // 2], _place(e))
    except MemoryError:
        return kind


def _masked(text: str, config: "Config") -> str:
    for name in _SECRETS:
        secret = str(getattr(config, name, config.stored.get(name, "")))
        if secret:
            text = text.replace(secret, "***")
            # A text with other letters than ASCII may be shown escaped.
            text = text.replace(repr(secret)[1:-1], "***")
    return text


def _place(e: BaseException) -> str:
    """ " (file.py:12)" of the innermost frame; "" where the interpreter does not know it."""
    tail = _Tail()
    sys.print_exception(e, tail)
    _, found, rest = tail.text().rpartition('File "')
    name, _, rest = rest.partition('", line ')
    line = ""
    for letter in rest:
        if not letter.isdigit():
            break
        line += letter
    return " (%s:%s)" % ("/".join(name.split("/")[-2:])[-40:], line) if found and line else ""


def begin(files: "Files", reason: int, cause: int) -> "tuple[int, str]":
    """Count this start. Returns (seconds of safe mode, or 0; text for the log, or "").

    reason, cause  of Board.reset_cause()
    """
    count, lines = _read(files)
    asked = cause and cause not in (CRASHES, NO_MEMORY)
    if cause == RETRY:
        return 0, last(files)
    if asked or reason in (0, _POWER_ON, _SOFT, _DEEP_SLEEP, _BROWN_OUT):
        if count:
            _write(files, 0, lines)
        return 0, ""
    count += 1
    if not cause:
        lines.insert(0, "0 0 " + _unseen(reason))
    _write(files, count, lines)
    said = last(files)
    if count < MOST:
        return 0, said
    return min(_FIRST_SAFE_S << min(count - MOST, 4), _LONGEST_SAFE_S), said


def _unseen(reason: int) -> str:
    if reason == _WATCHDOG:
        return "watchdog: a service did not go on for a minute"
    return "reset by the chip: a crash of the interpreter, or the reset pin"


def lasted(files: "Files") -> None:
    """Note that a start has lasted: the next crash is the first one."""
    count, lines = _read(files)
    if count:
        _write(files, 0, lines)


def keep(files: "Files", text: str, utc: int, uptime_s: int) -> None:
    """Keep a crash."""
    count, lines = _read(files)
    text = text.replace("\n", " ")[:_WIDTH]
    lines.insert(0, "%d %d %s" % (utc, uptime_s, text))
    _write(files, count, lines)


def last(files: "Files") -> str:
    """The newest crash with its time, for the log and for documents; "" without one."""
    lines = _read(files)[1]
    if not lines:
        return ""
    utc, uptime_s, text = _parts(lines[0])
    if uptime_s:
        text += ", %d s after the start" % uptime_s
    return text + (" at %sZ" % clock.iso(utc) if utc else "")


def short_starts(files: "Files") -> int:
    """The number of short starts in a row."""
    return _read(files)[0]


def _parts(line: str) -> "tuple[int, int, str]":
    parts = line.split(" ", 2)
    if len(parts) == 3 and parts[0].isdigit() and parts[1].isdigit():
        return int(parts[0]), int(parts[1]), parts[2]
    return 0, 0, line


def _read(files: "Files") -> "tuple[int, list[str]]":
    """(short starts, lines, the newest first); 0 and none from a damaged file."""
    octets = files.read(_FILE) or b""
    if len(octets) > 1024:
        return 0, []
    text = "".join([chr(octet) for octet in octets if octet == 0x0A or 0x20 <= octet < 0x7F])
    count, *lines = text.split("\n")
    lines = [line for line in lines if line][:2]
    return int(count) if count.isdigit() and len(count) < 5 else 0, lines


def _write(files: "Files", count: int, lines: "list[str]") -> None:
    text = "\n".join([str(min(count, 9999))] + lines[:2]) + "\n"
    octets = bytes([ord(letter) if ord(letter) < 0x7F else 0x3F for letter in text])
    files.write(_FILE, (octets,))

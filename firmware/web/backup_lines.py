"""The lines of a backup, checked one by one. Loaded for POST /backup: see web.backup.

In       lines; records of energy.edit_log and energy.backup in them
Out      settings, descriptors and corrections; blocks and months for energy.backup
Errors   ValueError with the reason
"""

import binascii

from micropython import const
from ondemand import visit

from web.forms.fields import parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SETTINGS_OCTETS = const(8000)
_OTHER_OCTETS = const(4096)
_FILES_OCTETS = const(16000)
_FILES_OF = {
    "certificate": ("mqtt-ca", "mqtt-cert", "price-ca", "push-ca", "upgrade-ca"),
    "key": ("mqtt-key",),
}
_MOST_CORRECTIONS = const(10)
_MOST_NUMBER = const(65535)
_MOST_OF_MONTH = const(12)  # numbers
_LARGEST = 1 << 62
LEVELS = ("quarters", "hours", "days")
_SLOTS = (96, 24, 31)
_PART_OF = {
    "setting": "settings",
    "secret": "secrets",
    "certificate": "settings",
    "key": "secrets",
    "descriptor": "descriptors",
    "quarters": "history",
    "hours": "history",
    "days": "history",
    "month": "history",
    "correction": "corrections",
}


class Lines:
    """The lines of a backup. ValueError for one that is not as it must be."""

    def __init__(self) -> None:
        self.count = 0  # of records
        self.whole = False  # the last line has come
        self._begun = self._ended = False

    def record(self, line: bytes) -> "list[Any] | None":
        """The record of a line; None of another line."""
        try:
            text = line.decode().strip()
        except UnicodeError:
            raise ValueError("line %d is not UTF-8" % (self.count + 2))
        if not text:
            return None
        if not self._begun:
            head = _parsed(text + "]}")
            if not isinstance(head, dict) or head.get("backup") != 1:
                raise ValueError("its first line is not that of a backup of version 1")
            self._begun = True
            return None
        if self._ended:
            if self.whole or text != "]}":
                raise ValueError("it goes on after its end")
            self.whole = True
            return None
        found = _parsed(text.rstrip(","))
        if not isinstance(found, list) or not found:
            raise ValueError("line %d is no record" % (self.count + 2))
        if found[0] == "end":
            if found[1:] != [self.count]:
                raise ValueError("records are missing")
            self._ended = True
            return None
        self.count += 1
        return found


def _parsed(text: str) -> "Any":
    try:
        return parsed(text)
    except ValueError:
        raise ValueError("a line is not valid JSON: %s" % text[:20])


class Backup:
    """What a backup has, checked: all but the history, which `history` gets."""

    def __init__(self, parts: "list[str]") -> None:
        self.changes: "dict[str, Any]" = {}
        self.unknown: "list[str]" = []
        self.descriptors: "list[str]" = []
        self.corrections: "list[bytes]" = []
        self._parts = parts
        self.files: "dict[str, bytes]" = {}  # certificates and a key
        self._octets = [0, 0, 0, 0]

    def take(self, record: "list[Any]", octets: int, schema: "Any") -> bool:
        """Check a record and keep it. True if it is of the history and wanted."""
        kind = record[0]
        if not isinstance(kind, str) or kind not in _PART_OF:
            raise ValueError("there is no record of this kind")
        if self._parts and _PART_OF[kind] not in self._parts:
            return False
        if _PART_OF[kind] == "history":
            return True
        if kind == "descriptor":
            self._room(1, octets, _OTHER_OCTETS)
            if len(record) != 2 or not isinstance(record[1], str):
                raise ValueError("a descriptor must be a text")
            if [c for c in record[1] if not (" " <= c <= "~" or c == "\t")]:
                raise ValueError("a descriptor has letters, digits and signs of ASCII only")
            self.descriptors.append(record[1])
        elif kind in ("certificate", "key"):
            self._room(3, octets, _FILES_OCTETS)
            self._piece(record)
        elif kind == "correction":
            self._room(2, octets, _OTHER_OCTETS)
            if len(record) != 2 or not isinstance(record[1], str):
                raise ValueError("a correction must be a text")
            if len(self.corrections) < _MOST_CORRECTIONS:
                with visit("energy.edit_log") as log:
                    self.corrections.append(log.record_of(record[1]))
        else:
            self._setting(record, octets, schema)
        return False

    def _piece(self, record: "list[Any]") -> None:
        """A piece of a certificate or of a key."""
        if len(record) != 3 or record[1] not in _FILES_OF[record[0]]:
            raise ValueError("there is no such certificate")
        try:
            piece = binascii.a2b_base64(record[2])
        except (ValueError, TypeError):
            raise ValueError("%s must be base64" % record[1])
        self.files[record[1]] = self.files.get(record[1], b"") + piece

    def _setting(self, record: "list[Any]", octets: int, schema: "Any") -> None:
        if len(record) != 3 or not isinstance(record[1], str):
            raise ValueError("a setting must be a name and a value")
        name, value = record[1], record[2]
        self._room(0, octets, _SETTINGS_OCTETS)
        row = schema.row(name)
        if row is None:
            self.unknown.append(name)
            return
        if row[schema.SECRET] != (record[0] == "secret"):
            raise ValueError("%s is in the wrong part" % name)
        if value is None:
            raise ValueError("%s has no value" % name)
        reason = schema.fault(name, value)
        if reason:
            raise ValueError(reason)
        self.changes[name] = value

    def _room(self, of: int, octets: int, most: int) -> None:
        self._octets[of] += octets
        if self._octets[of] > most:
            raise ValueError("it has too many settings, certificates, descriptors or corrections")


class Blocks:
    """Records of the history, for `restore` or, without it, checked only."""

    def __init__(self, backup: "Any", restore: "Any") -> None:
        self._backup = backup
        self._restore = restore

    def take(self, record: "list[Any]") -> None:
        """Take one. ValueError if it is damaged."""
        kind = record[0]
        if kind == "month":
            row = record[1:]
            if not 6 <= len(row) <= _MOST_OF_MONTH or [n for n in row if type(n) is not int]:
                raise ValueError("a month must be 6 to %d numbers" % _MOST_OF_MONTH)
            if not 0 < row[0] < _MOST_NUMBER or min(row[1:4]) < 0 or max(row) > _LARGEST:
                raise ValueError("a month has a number that is too large or too small")
            if min(row) < -_LARGEST:
                raise ValueError("a month has a number that is too small")
            if self._restore:
                self._restore.month(row)
            return
        if len(record) != 3 or type(record[1]) is not int or not isinstance(record[2], str):
            raise ValueError("%s must be a number and a text" % kind)
        if not 0 < record[1] < _MOST_NUMBER:
            raise ValueError("%s have a number that is too large or too small" % kind)
        level = LEVELS.index(kind)
        block = self._backup.Block(_SLOTS[level])
        self._backup.decode(level, record[1], record[2], block)
        if self._restore:
            self._restore.put(level, record[1], block)

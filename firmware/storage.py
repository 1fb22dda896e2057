"""The only module that opens files. After a power cut a replaced file is the old or the new one.

Limits   8 KB a file: a longer one was not written here, and may find no free block in the heap
Errors   none are raised: an error of the file system becomes a log line and False; a JSON file
         that is damaged or cannot be read is renamed, so that no later write replaces it. While
         `held` is set, each write is refused so, but those of the names in `spared`
"""

import io
import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from log import Log

_MOST = 8192


class Storage:
    """Files in one folder."""

    def __init__(self, folder: str, log: "Log") -> None:
        self._folder = folder
        self._log = log
        self.writes = 0  # since start: each one wears the flash
        self.held = ""  # why nothing is written just now; set by device.power, upgrade.trial
        self.spared: "tuple[str, ...]" = ()
        self.absent = ""  # why there is no file system; set by start
        self._told: "list[str]" = []
        if folder:
            try:
                os.mkdir(folder)
            except OSError:
                pass  # it is there already; if it cannot be made, writing will say so

    def _path(self, name: str) -> str:
        return self._folder + "/" + name

    def names(self) -> "list[str]":
        """Names of the files."""
        try:
            return os.listdir(self._folder or "/")
        except OSError:
            return []

    def read(self, name: str) -> "bytes | None":
        """A file's octets; None if it is not there, cannot be read or is too long."""
        try:
            size = os.stat(self._path(name))[6]
            if size > _MOST:
                return None
            with open(self._path(name), "rb") as f:
                data: bytes = f.read(size)  # in one piece of heap: without a size it grows
                return data
        except OSError:
            return None

    def read_into(self, name: str, at: int, buf: "bytearray | memoryview") -> int:
        """Read a file's octets from offset `at` into buf. Returns the number of octets read."""
        try:
            with open(self._path(name), "rb") as f:
                f.seek(at)
                return f.readinto(buf) or 0
        except OSError:
            return 0

    def write(self, name: str, chunks: "Iterable[bytes]") -> bool:
        """Replace a file. False, with a log line, if that failed; then the old one stays."""
        if self._refuses("write", name):
            return False
        path = self._path(name)
        try:
            with open(path + ".new", "wb") as f:
                for chunk in chunks:
                    f.write(chunk)
            os.rename(path + ".new", path)
        except OSError as e:
            self.tell("cannot write %s: %r" % (name, e))
            self._discard(path + ".new")
            return False
        self.writes += 1
        return True

    def append(self, name: str, data: bytes) -> bool:
        """Append to a file, or make it. False, with a log line, if that failed."""
        if self._refuses("add to", name):
            return False
        try:
            with open(self._path(name), "ab") as f:
                f.write(data)
        except OSError as e:
            self.tell("cannot add to %s: %r" % (name, e))
            return False
        self.writes += 1
        return True

    def remove(self, name: str) -> None:
        """Delete a file if it exists."""
        if not self.held:
            self._discard(self._path(name))

    def tell(self, text: str) -> None:
        """Add a log line about a file, each text once since start."""
        if text not in self._told:
            self._told.append(text)
            del self._told[:-16]
            self._log.error(text)

    def _refuses(self, what: str, name: str) -> bool:
        """Whether nothing can be written just now; then with a log line."""
        refuses = bool(self.absent or (self.held and name not in self.spared))
        if refuses:
            reason = self.absent or self.held.split(":")[0]
            self.tell("cannot %s %s now: %s" % (what, name, reason))
        return refuses

    @staticmethod
    def _discard(path: str) -> None:
        try:
            os.remove(path)
        except OSError:
            pass

    def read_json(self, name: str) -> "dict[str, object]":
        """The object in a JSON file; {} if there is none. One that is damaged or cannot be read is
        set aside, with a log line. MemoryError says nothing about the file, which stays."""
        path = self._path(name)
        if name not in self.names():
            return {}
        try:
            text = ""
            if os.stat(path)[6] <= _MOST:
                with open(path) as f:
                    text = f.read()
            value = json.loads(text)
            if isinstance(value, dict):
                return value
        except (OSError, ValueError):
            pass
        self.set_aside(name)
        return {}

    def set_aside(self, name: str) -> None:
        """Rename a damaged file to name.bad, with a log line. The first one of that name is kept;
        later ones replace each other. While writes are held it keeps its name."""
        if self._refuses("rename", name):
            return
        bad = name + ".bad"
        if bad in self.names():
            bad += "2"
        self._log.error("%s is damaged: kept as %s, defaults are used" % (name, bad))
        try:
            os.rename(self._path(name), self._path(bad))
        except OSError as e:
            self.tell("cannot rename %s: %r" % (name, e))

    def write_json(self, name: str, value: "dict[str, object]") -> bool:
        """Replace a JSON file. False, with a log line, if that failed."""
        return self.write(name, (json.dumps(value).encode(),))


class Pages:
    """The files of the web page, compressed with gzip, to be read only.

    An image has them frozen, in the module page_files of tools/build.py: their octets stay in the
    flash. Else they are in a folder.
    """

    names: "set[str] | tuple[str, ...]"  # without .gz

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._octets: "tuple[bytes, ...]" = ()  # in the order of names
        try:
            import page_files

            self.names = page_files.NAMES
            self._octets = page_files.OCTETS
            return
        except ImportError:
            pass
        try:
            files = os.listdir(folder or "/")
        except OSError:
            files = []
        self.names = {name[:-3] for name in files if name.endswith(".gz")}

    def open(self, name: str) -> "BinaryIO | None":
        """The open file, or None. Only names found at start are joined to a path."""
        if name not in self.names:
            return None
        if isinstance(self.names, tuple):
            # It reads them where they are.
            frozen: "BinaryIO" = io.BytesIO(self._octets[self.names.index(name)])
            return frozen
        try:
            page: "BinaryIO" = open(self._folder + "/" + name + ".gz", "rb")
            return page
        except OSError:
            return None

"""The only opener of files that hold state. A file is the old one or the new one, never half.

Limits   32 KB a file: what is longer is not ours
Errors   OSError when the file system refuses; a damaged file is put aside, not read again
"""

import json
import os

_MOST = 32768


class Storage:
    """Files in one folder."""

    def __init__(self, folder: str, log: "object") -> None:
        self._folder = folder
        self._log = log
        if folder:
            try:
                os.mkdir(folder)
            except OSError:
                pass  # it is there already; if it cannot be made, writing will say so

    def _path(self, name: str) -> str:
        return self._folder + "/" + name

    def read_json(self, name: str) -> "dict[str, object]":
        """The object in a JSON file; {} if there is none, or if it is damaged (then it is kept
        aside as name.bad and the log says so)."""
        path = self._path(name)
        try:
            with open(path) as f:
                text = f.read(_MOST + 1)
        except OSError:
            return {}
        except (UnicodeError, ValueError):
            text = ""
        try:
            value = json.loads(text) if len(text) <= _MOST else None
        except ValueError:
            value = None
        if isinstance(value, dict):
            return value
        self._log.add("%s is damaged: kept as %s.bad, defaults are used" % (name, name))
        try:
            os.rename(path, path + ".bad")
        except OSError:
            pass
        return {}

    def write_json(self, name: str, value: "dict[str, object]") -> bool:
        """Replace a file. False, with a log line, if that failed: the old one is still there."""
        path = self._path(name)
        try:
            with open(path + ".new", "w") as f:
                f.write(json.dumps(value))
                f.flush()
            os.rename(path + ".new", path)
            return True
        except OSError as e:
            self._log.add("cannot write %s: %r" % (name, e))
            return False

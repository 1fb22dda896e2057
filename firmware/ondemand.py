"""Modules loaded for one piece of work and unloaded after it.

In       the name of a module
Out      the module, for as long as the visit is open
Rules    Visits are counted: the last one that ends unloads the module, and with it every module
         that was imported for it alone. A visit that fails to load leaves nothing loaded.
         Nobody keeps a function, class or object of a visited module beyond the visit: it would
         hold the module in the heap, and the next visit would load a second one.
Limits   Frozen modules cost no RAM once unloaded. Machine code loaded from a .mpy file stays in
         executable RAM: on a development install each visit of a module with viper code adds it.

    with visit("web.documents.history") as history:
        ...
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What is visited now, by name: how many visits are open, the module, the modules loaded for it.
_visited: "dict[str, list[Any]]" = {}


class visit:
    """One visit. A with statement opens and closes it; an owner that lives on calls open() and
    close(). Closing twice does no harm."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open = False

    def open(self) -> "Any":
        """The module, imported if nobody visits it. Raises what the import raises."""
        entry = _visited.get(self._name) or _load(self._name)
        if not self._open:
            self._open = True
            entry[0] += 1
        return entry[1]

    def close(self) -> None:
        """End the visit; the last one unloads what was loaded for the first."""
        if self._open:
            self._open = False
            entry = _visited[self._name]
            entry[0] -= 1
            if not entry[0]:
                del _visited[self._name]
                _unload(entry[2])

    def __enter__(self) -> "Any":
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()


class Place:
    """Room for one visited module: the one used last stays loaded."""

    def __init__(self) -> None:
        self._name = ""
        self._visit: "visit | None" = None
        self._module: "Any" = None

    def use(self, name: str) -> "Any":
        """The module of that name, in the place of another one. Allocates only to load it."""
        if self._name != name:
            self.leave()
            self._visit = visit(name)
            self._module = self._visit.open()
            self._name = name
        return self._module

    def leave(self) -> None:
        """Unload what is here."""
        self._name = ""
        self._module = None
        if self._visit is not None:
            self._visit.close()


def _load(name: str) -> "list[Any]":
    before = tuple(sys.modules)
    try:
        __import__(name)
        loaded = [new for new in sys.modules if new not in before]
        _visited[name] = [0, sys.modules[name], loaded]
    except BaseException:
        _unload([new for new in sys.modules if new not in before])
        raise
    return _visited[name]


def _unload(names: "list[str]") -> None:
    """Forget modules, in the interpreter's table and in the packages they belong to. One that is
    visited by its own name stays until that visit ends."""
    for name in names:
        if name in _visited:
            _visited[name][2].append(name)
            continue
        sys.modules.pop(name, None)
        package, _, own = name.rpartition(".")
        if package in sys.modules and hasattr(sys.modules[package], own):
            delattr(sys.modules[package], own)

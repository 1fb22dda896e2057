"""Modules loaded for one piece of work and unloaded after it.

In       the name of a module
Out      the module, for as long as the visit is open
Rules    Visits are counted: the end of the last one unloads the module and every module that was
         imported for it alone. A visit whose import fails leaves nothing loaded.
         A function, class or object of a visited module must not be kept after the visit: it
         would hold the module in the heap, and the next visit would load a second one.
Limits   Frozen modules cost no RAM once unloaded. Machine code of a .mpy file stays in executable
         RAM: on a development install each visit of a module with viper code adds it again.

    with visit("web.documents.history") as history:
        ...
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST_MODULES = 80  # loaded at once, with a dozen requests
_MOST_VISITS = 24

# The packages, which have nothing but modules. Each takes over 100 octets of heap, so a visit
# drops them: the next import of one of their modules makes them again.
_PACKAGES = (
    "device",
    "energy",
    "han",
    "han.meters",
    "mqtt",
    "mqtt.payloads",
    "net",
    "prices",
    "prices.sources",
    "push",
    "umqtt",
    "upgrade",
    "web",
    "web.documents",
    "web.forms",
)

# Visited modules by name: number of open visits, the module, the names loaded for it.
_visited: "dict[str, list[Any]]" = {}


def _make_room(table: "dict[Any, Any]", entries: int) -> None:
    """Let a table grow now: later it would lie among what is free."""
    added = range(len(table), entries)
    for key in added:
        table[key] = None
    for key in added:
        del table[key]


if sys.implementation.name == "micropython":
    _make_room(sys.modules, _MOST_MODULES)
    _make_room(_visited, _MOST_VISITS)


class visit:
    """One visit, by a with statement, or by open() and close() if it lasts longer. A second
    close() has no effect."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open = False

    def open(self) -> "Any":
        """The module, imported if it has no other visit. Raises what the import raises."""
        entry = _visited.get(self._name) or _load(self._name)
        if not self._open:
            self._open = True
            entry[0] += 1
        return entry[1]

    def close(self) -> None:
        """End the visit. The last one unloads the module and the modules loaded for it."""
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
    """Keeps one visited module loaded: the one used last."""

    def __init__(self) -> None:
        self._name = ""
        self._visit: "visit | None" = None
        self._module: "Any" = None

    def use(self, name: str) -> "Any":
        """The module of that name; it replaces another one. Allocates only to load it."""
        if self._name != name:
            self.leave()
            self._visit = visit(name)
            self._module = self._visit.open()
            self._name = name
        return self._module

    def leave(self) -> None:
        """Unload the module."""
        self._name = ""
        self._module = None
        if self._visit is not None:
            self._visit.close()


def _load(name: str) -> "list[Any]":
    before = tuple(sys.modules)
    try:
        __import__(name)
        for package in _PACKAGES:
            sys.modules.pop(package, None)
        loaded = [new for new in sys.modules if new not in before]
        _visited[name] = [0, sys.modules[name], loaded]
    except BaseException:
        _unload([new for new in sys.modules if new not in before])
        raise
    return _visited[name]


def _unload(names: "list[str]") -> None:
    """Remove modules from sys.modules and from their packages. A module that is visited by its own
    name stays until that visit ends."""
    for name in names:
        if name in _visited:
            _visited[name][2].append(name)
            continue
        sys.modules.pop(name, None)
        package, _, own = name.rpartition(".")
        if package in sys.modules and hasattr(sys.modules[package], own):
            delattr(sys.modules[package], own)

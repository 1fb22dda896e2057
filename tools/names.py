"""Saves the heap that names take: of modules and classes, and of what is imported while running.

In       sources after tools/inline.py; the names of all modules
Out      the sources, each statement on its old line; the source of one more module
Saves    MicroPython stores __file__ in each module, and __module__ and __qualname__ in each class:
         8 octets of heap for each, and the firmware uses none. They are deleted at the beginning,
         because a namespace that has once grown does not shrink.
         A private constant of a module, as _HEADERS = (b"host", b"origin"), becomes
         const((b"host", b"origin")), which the compiler puts in place of each use: 8 octets.
         An import makes a string of the heap from each name that no frozen code has: some 12
         octets each and never freed, in tables that double. All names are in the module of
         known_names(), which nobody imports
Limits   a class without a docstring keeps its names. A private name that is bound twice, read
         above its line, or that another module reads, stays. Other strings than module names and
         single characters are not looked for
"""

import ast
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tools.inline import bindings

_OF_MODULE = "del __file__; "
_OF_CLASS = "del __module__, __qualname__; "


def without_own_names(text: str) -> str:
    """The source of a module that deletes the names which MicroPython gives it."""
    tree = ast.parse(text)
    places = [(_docstring(tree), _OF_MODULE)]
    places += [(_docstring(n), _OF_CLASS) for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    lines = text.encode().split(b"\n")  # columns count octets
    for node, deletion in places:
        if node is not None:
            line = lines[node.lineno - 1]
            at = node.col_offset
            lines[node.lineno - 1] = line[:at] + deletion.encode() + line[at:]
    return b"\n".join(lines).decode()


def _docstring(node: ast.Module | ast.ClassDef) -> ast.stmt | None:
    """The statement with the docstring: another may stand before it on its line."""
    return node.body[0] if ast.get_docstring(node, clean=False) is not None else None


def private_constants(texts: Mapping[str, str]) -> dict[str, str]:
    """The sources of these modules, with const() around the private constants."""
    trees = {name: ast.parse(text) for name, text in texts.items()}
    read = {name for tree in trees.values() for name in _read_elsewhere(tree)}
    return {name: _constants(text, trees[name], read) for name, text in texts.items()}


def _read_elsewhere(tree: ast.Module) -> Iterator[str]:
    """The names that a module reads of another one, or as an attribute of whatever."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value  # as for getattr()


def _constants(text: str, tree: ast.Module, read: set[str]) -> str:
    bound = Counter(bindings(list(ast.walk(tree))))
    first_read: dict[str, int] = {}  # the compiler knows a constant from its line on
    for name in ast.walk(tree):
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load):
            first_read[name.id] = min(name.lineno, first_read.get(name.id, name.lineno))
    lines = text.encode().split(b"\n")  # columns count octets
    for node in reversed(tree.body):
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        target = node.targets[0]
        private = target.id.startswith("_") and bound[target.id] == 1 and target.id not in read
        private = private and node.lineno < first_read.get(target.id, node.lineno + 1)
        if private and len(node.targets) == 1 and _is_constant(node.value):
            assert node.end_lineno and node.end_col_offset and target.end_col_offset
            bare = _is_bare_tuple(node.value)
            last = lines[node.end_lineno - 1]
            end = node.end_col_offset
            lines[node.end_lineno - 1] = last[:end] + (b"))" if bare else b")") + last[end:]
            first = lines[node.lineno - 1]
            begin = target.end_col_offset + len(" = ")
            head = b"const((" if bare else b"const("
            lines[node.lineno - 1] = first[:begin] + head + first[begin:]
    return b"\n".join(lines).decode()


def _is_constant(node: ast.expr) -> bool:
    """Whether this is an integer, a text, octets or a tuple of these."""
    if isinstance(node, ast.Tuple):
        return all(map(_is_constant, node.elts))
    try:
        return type(ast.literal_eval(node)) in (int, str, bytes)
    except ValueError:
        return False


def _is_bare_tuple(node: ast.expr) -> bool:
    """Whether this is a tuple without parentheses: it begins where its first member does."""
    if not isinstance(node, ast.Tuple) or not node.elts:
        return False
    first = node.elts[0]
    return (node.lineno, node.col_offset) == (first.lineno, first.col_offset)


def known_names(modules: Iterable[str]) -> str:
    """The source of a module that has the names of `modules` and single characters as strings.

    An attribute's name and that of an import become strings in flash, also long ones. Short texts
    do in a list; in a tuple they would be constants of another kind.
    """
    lines = ['"""The names of all modules, for the imports of others. Made by the build."""']
    lines += ["", "", "def names():"]
    for name in sorted(modules):
        lines.append(f"    import {name}")
        if "." in name:
            lines.append(f"    {name}")
    characters = ", ".join(repr(c) for c in string.ascii_letters + string.digits)
    lines.append(f"    return [{characters}]")
    return "\n".join(lines) + "\n"

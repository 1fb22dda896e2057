"""Removes type imports and public constants from the sources, as they cost heap on the device.

In       the firmware's modules as {name: source}
Out      the same modules, each statement on its old line
Removed  `if TYPE_CHECKING:` blocks; the imports of `const` and `micropython`, if the compiler
         alone uses them: NAME = const(7) and @micropython.viper; a public `NAME = const(7 * 8)`,
         with 56 in place of each use by import or as module.NAME. MicroPython itself does this
         only for names with an underscore within their own module
Limits   an ambiguous constant stays: its name is bound twice, also in a module that imports it,
         re-exported, looked up by getattr or used in an f-string, or its module is imported as
         a.b or by *
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

Edit = tuple[int, int, int, int, str]  # line and column of begin and end, replacement
Place = tuple[str, str]  # module, name in it


def inline(sources: Mapping[str, str]) -> dict[str, str]:
    """The modules without type imports and public constants.

    SyntaxError as from ast.parse(); ValueError for an import that cannot be followed.
    """
    modules = {name: _Module(name, text) for name, text in sources.items()}
    values = {place: v for m in modules.values() for place, v in m.constants()}
    unclear = {place for m in modules.values() for place in values if m.is_unclear(place)}
    for module, name in [use for m in modules.values() for use in m.uses()]:
        if module in modules and name in modules[module].imported:
            unclear.add(modules[module].imported[name])
    values = {place: v for place, v in values.items() if place not in unclear}
    return {name: m.without(values) for name, m in modules.items()}


class _Module:
    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.tree = ast.parse(text)
        self.typing = [node for node in self.tree.body if _is_typing(node)]
        skipped = {id(node) for block in self.typing for node in ast.walk(block)}
        self.nodes = [node for node in ast.walk(self.tree) if id(node) not in skipped]
        self.looked_up = set(_looked_up(self.nodes))
        self.bound = Counter(bindings(self.nodes))
        self.modules: dict[str, str] = {}  # local name: module
        self.imported: dict[str, Place] = {}  # local name: its origin
        self.opaque: set[str] = set()  # modules with uses that inline() cannot follow
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname or "." not in alias.name:
                        self.modules[alias.asname or alias.name] = alias.name
                    else:
                        self.opaque.add(alias.name)
            elif isinstance(node, ast.ImportFrom):
                if node.level or not node.module:
                    raise ValueError(f"{name}: relative imports are not followed")
                for alias in node.names:
                    if alias.name == "*":
                        self.opaque.add(node.module)
                    local = alias.asname or alias.name
                    self.imported[local] = (node.module, alias.name)
                    self.modules[local] = f"{node.module}.{alias.name}"

    def constants(self) -> Iterator[tuple[Place, int]]:
        """Each public NAME = const(integer) of the module's own level, and its value."""
        for node in self.tree.body:
            found = _constant(node)
            if found and self.bound[found[0]] == 1:
                yield (self.name, found[0]), found[1]

    def uses(self) -> Iterator[Place]:
        """The names that this module imports from others."""
        yield from self.imported.values()
        for node in self.nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                yield self.modules.get(node.value.id, ""), node.attr

    def is_unclear(self, place: Place) -> bool:
        """Whether this module may use a constant in a way that this file cannot follow."""
        module, constant = place
        if module in self.opaque or constant in self.looked_up:
            return True
        for local, meant in self.imported.items():
            if meant == place and self.bound[local] > 1:
                return True
        locals_ = [local for local, meant in self.modules.items() if meant == module]
        return any(self.bound[local] > 1 for local in locals_)

    def is_folded(self, name: str) -> bool:
        """Whether the compiler alone uses this name of MicroPython."""
        used = sum(isinstance(node, ast.Name) and node.id == name for node in self.nodes)
        return self.bound[name] == 1 and used == sum(
            _is_definition(node) if name == "const" else _decorators(node) for node in self.nodes
        )

    def without(self, values: Mapping[Place, int]) -> str:
        """The source with values in place of names."""
        edits: list[Edit] = [_edit(block, "") for block in self.typing]
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom):
                kept = [a for a in node.names if (node.module, a.name) not in values]
                if node.module == "micropython" and self.is_folded("const"):
                    kept = [a for a in kept if a.name != "const" or a.asname]
                if len(kept) < len(node.names):
                    edits.append(_edit(node, _import_of(node.module, kept)))
            elif isinstance(node, ast.Import) and ast.unparse(node) == "import micropython":
                if self.is_folded("micropython"):
                    edits.append(_edit(node, "pass"))
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                place = self.imported.get(node.id, (self.name, node.id))
                if place in values:
                    edits.append(_edit(node, f"({values[place]})"))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                place = (self.modules.get(node.value.id, ""), node.attr)
                if place in values:
                    edits.append(_edit(node, f"({values[place]})"))
        for statement in self.tree.body:
            found = _constant(statement)
            if found and (self.name, found[0]) in values:
                edits.append(_edit(statement, ""))
        return _apply(self.text, edits)


def _is_typing(node: ast.stmt) -> bool:
    """Whether this is TYPE_CHECKING = False or the block that it guards."""
    if isinstance(node, ast.Assign):
        return ast.unparse(node) == "TYPE_CHECKING = False"
    if not isinstance(node, ast.If) or node.orelse:
        return False
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _constant(node: ast.stmt) -> tuple[str, int] | None:
    """Name and value of NAME = const(integer), None if this is another statement."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return None
    target, call = node.targets[0], node.value
    if not isinstance(target, ast.Name) or target.id.startswith("_") or len(node.targets) > 1:
        return None
    if not isinstance(call.func, ast.Name) or call.func.id != "const":
        return None
    value = _product(call.args[0])
    return (target.id, value) if type(value) is int else None


def _is_definition(node: ast.AST) -> bool:
    """Whether this is NAME = const(...)."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return False
    function = node.value.func
    plain = len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    return plain and isinstance(function, ast.Name) and function.id == "const"


def _decorators(node: ast.AST) -> int:
    """The number of decorators @micropython.name of a function."""
    found = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return sum(ast.unparse(decorator).startswith("micropython.") for decorator in found)


def _product(node: ast.expr) -> object:
    """The value of a literal or of a product of integers, None if it is another expression."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = _product(node.left), _product(node.right)
        return left * right if isinstance(left, int) and isinstance(right, int) else None
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None  # an expression of other names


def _looked_up(nodes: list[ast.AST]) -> Iterator[str]:
    """String arguments of getattr, hasattr and setattr; names within an f-string, for which Python
    before 3.12 has no positions."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("getattr", "hasattr", "setattr", "delattr"):
                yield from (a.value for a in node.args if isinstance(a, ast.Constant))
        elif isinstance(node, ast.JoinedStr):
            for part in ast.walk(node):
                if isinstance(part, ast.Name | ast.Attribute):
                    yield part.id if isinstance(part, ast.Name) else part.attr


def bindings(nodes: list[ast.AST]) -> Iterator[str]:
    """Every bound name, once per binding, of all nodes of a module."""
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name.split(".")[0]
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names


def _import_of(module: str | None, names: list[ast.alias]) -> str:
    if not names:
        return "pass"
    return f"from {module} import " + ", ".join(ast.unparse(name) for name in names)


def _edit(node: ast.stmt | ast.expr, text: str) -> Edit:
    assert node.end_lineno is not None and node.end_col_offset is not None
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, text


def _apply(text: str, edits: list[Edit]) -> str:
    """The text after all edits. Lines keep their numbers."""
    lines = text.encode().split(b"\n")  # columns count octets
    for line, column, last, end, new in sorted(edits, reverse=True):
        after = lines[last - 1][end:]
        lines[line - 1] = lines[line - 1][:column] + new.encode()
        for i in range(line, last):
            lines[i] = b""
        lines[last - 1] += after
    return b"\n".join(lines).decode()

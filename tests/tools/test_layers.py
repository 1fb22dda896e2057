"""Import levels. The table is the documentation: an import against it fails."""

import ast
from pathlib import Path

import pytest

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"

# Level of each module, or of each package with a dot. A module imports its own level or lower
# ones; the packages of SEPARATE never import each other.
LEVELS = {
    "clock": 0,
    "fmt": 0,
    "judge": 0,
    "certificates": 2,
    "schema": 2,
    "doubts": 2,
    "schema_texts": 2,
    "factory": 2,
    "log": 0,
    "lookup": 4,
    "trust": 4,
    "boardchoice": 2,
    "loglines": 2,
    "ondemand": 0,
    "han.fields": 0,
    "han": 1,
    "state": 2,
    "config": 2,
    "refine": 2,
    "system": 2,
    "inspection": 3,
    "linecatch": 3,
    "mqtt.payloads": 3,
    "mqtt.events": 3,
    "web.documents": 3,
    "energy": 2,
    "web.forms": 3,
    "web.forms.firmware": 4,
    "web.documents.upgrade": 4,
    "web.documents.recovery": 4,
    "upgrade": 4,
    "upgrade.versions": 2,
    "device.otadata": 0,
    "web.forms.login": 4,
    "web.forms.token": 4,
    "records": 0,
    "prices": 1,
    "prices.table": 2,
    "prices.advice": 2,
    "prices.rules": 2,
    "prices.stored": 2,
    "prices.ruletext": 2,
    "prices.areas": 2,
    "prices.ask": 4,
    "prices.checks": 2,
    "prices.fetch": 4,
    "prices.plan": 2,
    "prices.schedule": 4,
    "prices.store": 4,
    "storage": 4,
    "crash": 2,
    "passwords": 4,
    "nofiles": 0,
    "leave": 5,
    "start": 5,
    "supervisor": 5,
    "han.reader": 4,
    "mqtt": 4,
    "web": 4,
    "net": 4,
    "device.tiers": 2,
    "device": 4,
    "app": 5,
    "changes": 5,
    "push": 3,
    "push.address": 2,
    "push.sender": 5,
    "keytest": 5,
    "mqtttest": 5,
    "pipeline": 5,
    "main": 5,
}
SEPARATE = ("han", "mqtt", "web", "net", "device", "prices")
MEET_IN = (
    "han.fields",
    "device.tiers",
    "prices.advice",
    "prices.rules",
    "prices.ruletext",
    "prices.areas",
)  # importable from any package
SHELL = {
    "asyncio",
    "socket",
    "select",
    "time",
    "os",
    "ssl",
    "tls",
    "errno",
    "gc",
    "machine",
    "network",
}  # levels 4 and 5 only
MOST_MODULES = 242
MOST_FUNCTIONS = 1800
HARDWARE = {"hardware", "board"}  # main only
LIBRARIES = {
    "micropython",
    "sys",
    "io",
    "array",
    "binascii",
    "hashlib",
    "json",
    "random",
    "struct",
    "microdot",
    "umqtt",
    "page_files",  # of an image: tools/build.py
    "board_list",  # tools/boards.py
    "requests",
    "typing",  # these two for types only
    "collections",
}

# Stubs for `if TYPE_CHECKING` only: interfaces between the lower rooms, and the members of the
# composition root that services and documents use.
STUBS = {"contracts": 0, "composition": 3}
TYPING = FIRMWARE.parent / "tools" / "typing"


def level(module: str) -> int:
    name = module
    if name in STUBS:
        return STUBS[name]
    while name not in LEVELS:
        assert name, f"{module} has no level in the table"
        name = name.rpartition(".")[0]
    return LEVELS[name]


def modules() -> list[str]:
    names = []
    for path in sorted(FIRMWARE.rglob("*.py")):
        name = ".".join(path.relative_to(FIRMWARE).with_suffix("").parts)
        if not name.endswith("__init__"):
            names.append(name)
    return names


ALL = modules()


def tree_of(module: str) -> ast.Module:
    stub = TYPING / f"{module}.pyi"
    path = stub if module in STUBS else FIRMWARE / (module.replace(".", "/") + ".py")
    return ast.parse(path.read_text())


def imports(module: str) -> set[str]:
    """The imports of a module, also those for types only."""
    found = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "relative imports are not used"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in ALL else node.module)
    return found


def visits(module: str) -> set[str]:
    """The modules that a module names in visit("...")."""
    found = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "visit":
            found |= {a.value for a in node.args if isinstance(a, ast.Constant) and a.value}
    return found


@pytest.mark.parametrize("module", ALL)
def test_imports_point_down(module: str) -> None:
    own = level(module)
    for name in imports(module) | visits(module):
        if name in ALL or name in STUBS:
            assert level(name) <= own, f"{module} (level {own}) imports {name} ({level(name)})"
            mine, theirs = module.split(".")[0], name.split(".")[0]
            if mine != theirs and mine in SEPARATE and theirs in SEPARATE:
                assert name in MEET_IN, f"{module} imports {name}: they meet in state"
        elif name in HARDWARE:
            assert module == "main"
        elif name.split(".")[0] in SHELL:
            assert own >= 4, f"{module} (level {own}) imports {name}"
        else:
            assert name.split(".")[0] in LIBRARIES, f"{module} imports {name}"


def test_visited_modules_exist() -> None:
    named = {name for module in ALL for name in visits(module)}
    assert named and named <= set(ALL)


def test_open_is_called_in_levels_4_and_5_only() -> None:
    for module in ALL:
        tree = ast.parse((FIRMWARE / (module.replace(".", "/") + ".py")).read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open":
                assert level(module) >= 4, module


def test_no_cycles_not_even_for_types() -> None:
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " -> ".join((*above, module))
        if module not in done:
            for name in imports(module) & {*ALL, *STUBS}:
                visit(name, (*above, module))
            done.add(module)

    for module in ALL:
        visit(module, ())


def test_vendor_modules_import_little() -> None:
    allowed = {"han.items", "han.fields", "han.codes", "han.positional"}
    for module in ALL:
        if module.startswith("han.meters."):
            assert imports(module) - {"micropython"} <= allowed, module


def test_no_float_and_no_forbidden_module_size() -> None:
    for module in ALL:
        path = FIRMWARE / (module.replace(".", "/") + ".py")
        text = path.read_text()
        assert len(text.splitlines()) <= 400, f"{module} has over 400 lines"
        if level(module) <= 2:
            for node in ast.walk(ast.parse(text)):
                is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
                assert not is_float, f"{module}: a float in the domain"
                divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
                assert not divides, f"{module}: / makes a float"


def test_only_storage_opens_files() -> None:
    for module in ALL:
        path = FIRMWARE / (module.replace(".", "/") + ".py")
        for node in ast.walk(ast.parse(path.read_text())):
            opens = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open"
            assert not opens or module == "storage", f"{module} opens a file"


def test_modules_and_functions_stay_within_their_limits() -> None:
    """The heap pays 16 octets for each resident function and 72 for each module."""
    functions = 0
    lines = 0
    for module in ALL:
        functions += sum(
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(tree_of(module))
        )
        lines += len((FIRMWARE / (module.replace(".", "/") + ".py")).read_text().splitlines())
    print(f"{len(ALL)} modules, {functions} functions, {lines} lines")
    assert len(ALL) <= MOST_MODULES
    assert functions <= MOST_FUNCTIONS

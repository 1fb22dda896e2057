"""The parts that the build removes from the sources, and those that must stay."""

import ast

import pytest

from tools import build
from tools.inline import inline

DEFINING = "from micropython import const\n\nFULL = const(-2)\nONE = const(1)\n_OWN = const(3)\n"


def user(source):
    """A module that uses the constants of `codes`, after inline()."""
    return inline({"codes": DEFINING, "user": source})["user"]


def test_a_definition_is_removed_and_its_module_uses_the_value():
    source = DEFINING + "def f(a=FULL):\n    return a + ONE + _OWN\n"
    done = inline({"codes": source})["codes"]
    assert done == ("pass\n\n\n\n_OWN = const(3)\ndef f(a=(-2)):\n    return a + (1) + _OWN\n")


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("from codes import ONE\nx = ONE\n", "pass\nx = (1)\n"),
        ("from codes import ONE as FIRST, go\nx = FIRST\n", "from codes import go\nx = (1)\n"),
        ("from codes import (\n    FULL,\n    go,\n)\nx = FULL\n",
         "from codes import go\n\n\n\nx = (-2)\n"),
        ("import codes\nx = codes.ONE + codes.go()\n", "import codes\nx = (1) + codes.go()\n"),
        ("import codes as c\nx = [c.ONE, c.FULL]\n", "import codes as c\nx = [(1), (-2)]\n"),
        ('def f():\n    from codes import ONE\n    return "æøå", ONE\n',
         'def f():\n    pass\n    return "æøå", (1)\n'),
        ("x = ONE\n", "x = ONE\n"),  # of no known module
    ],
)  # fmt: skip
def test_a_use_becomes_the_value(source, wanted):
    assert user(source) == wanted


@pytest.mark.parametrize(
    "source",
    [
        "from codes import ONE\nONE = 2\n",
        "from codes import ONE\ndef f(ONE):\n    return ONE\n",
        "from codes import ONE\ndef f():\n    global ONE\n    ONE = 3\n",
        "import codes\ndef f(codes):\n    return codes.ONE\n",
        "import codes\nx = getattr(codes, 'ONE')\n",
        "from codes import *\n",
        "from codes import ONE\nx = f'{ONE}'\n",
    ],
)
def test_an_ambiguous_constant_stays(source):
    done = inline({"codes": DEFINING, "user": source})
    assert done["user"] == source
    assert "ONE = const(1)" in done["codes"]


def test_a_reexported_constant_stays():
    sources = {"codes": DEFINING, "between": "from codes import ONE, FULL\n",
               "user": "from between import ONE\n"}  # fmt: skip
    done = inline(sources)
    assert "ONE = const(1)" in done["codes"] and "FULL" not in done["codes"]
    assert done["between"] == "from codes import ONE\n"
    assert done["user"] == sources["user"]


def test_a_constant_that_is_bound_twice_or_is_no_integer_stays():
    source = DEFINING + "ONE = 2\nTEXT = const('a')\nSUM = const(_OWN + 1)\nPLAIN = 5\n"
    done = inline({"codes": source})["codes"]
    for kept in ("ONE = const(1)", "TEXT = const('a')", "SUM = const(_OWN + 1)", "PLAIN = 5"):
        assert kept in done


def test_a_product_is_a_constant():
    done = inline(
        {"codes": "DAYS_S = const(40 * 86400)\n", "user": "import codes\nx = codes.DAYS_S"}
    )
    assert done == {"codes": "\n", "user": "import codes\nx = (3456000)"}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("from micropython import const\n_A = const(1)\n", "pass\n_A = const(1)\n"),
        ("from micropython import const, mem_info\n_A = const(1)\n",
         "from micropython import mem_info\n_A = const(1)\n"),
        ("import micropython\n@micropython.viper\ndef f():\n    pass\n",
         "pass\n@micropython.viper\ndef f():\n    pass\n"),
    ],
)  # fmt: skip
def test_names_of_the_compiler_are_not_imported(source, wanted):
    assert inline({"m": source})["m"] == wanted


@pytest.mark.parametrize(
    "source",
    [
        "from micropython import const\n_A = const(1)\nb = [const(2)]\n",
        "from micropython import const\n_A, _B = const(1), const(2)\n",
        "from micropython import const\n_A = const(1)\nconst = 5\n",
        "import micropython\n@micropython.viper\ndef f():\n    micropython.mem_info()\n",
    ],
)
def test_names_that_the_program_uses_stay_imported(source):
    assert inline({"m": source})["m"] == source


def test_type_imports_are_removed():
    source = (
        "import a\n\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    from typing import Any\n"
        "    class Sink:\n        pass\n\nx = a.x\n"
    )
    assert inline({"m": source})["m"] == "import a\n\n\n\n\n\n\n\nx = a.x\n"


def test_relative_imports_are_refused():
    with pytest.raises(ValueError, match="relative"):
        inline({"m": "from . import n\n"})


def test_the_firmware_keeps_its_lines_and_every_import_finds_its_name():
    files = build.collect([build.ROOT / "firmware"])
    before = {build._module(name): path.read_text() for name, path in files.items()}
    after = inline(before)
    bound = {}
    for name, text in after.items():
        tree = ast.parse(text)
        assert text.count("\n") == before[name].count("\n")
        assert lines_of_functions(tree) <= lines_of_functions(ast.parse(before[name]))
        bound[name] = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        bound[name] |= {n.name for n in tree.body if hasattr(n, "name")}
        imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
        bound[name] |= {a.asname or a.name for n in imports for a in n.names}
    for name, text in after.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module in after:
                for alias in node.names:
                    known = alias.name in bound[node.module]
                    assert known or f"{node.module}.{alias.name}" in after, (name, alias.name)
    assert sum(text.count("= const(") for text in after.values()) > 0
    assert not any("TYPE_CHECKING" in text for text in after.values())


def lines_of_functions(tree):
    return {(n.name, n.lineno) for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}

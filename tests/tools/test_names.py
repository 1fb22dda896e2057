"""Names that take no heap: what the build deletes, and the module that has all names."""

import ast
import subprocess
from pathlib import Path

import ondemand
import pytest

from tools import build
from tools.names import known_names, private_constants, without_own_names
from tools.runtime import MICROPYTHON


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('"""Text."""\nx = 1\n', 'del __file__; """Text."""\nx = 1\n'),
        ('"""Two\nlines."""\nx = 1\n', 'del __file__; """Two\nlines."""\nx = 1\n'),
        ('x = "æ"\nclass C:\n    """Text."""\n    y = 1\n',
         'x = "æ"\nclass C:\n    del __module__, __qualname__; """Text."""\n    y = 1\n'),
        ("class C:\n    x = 1\n", "class C:\n    x = 1\n"),
        ("# nothing\n", "# nothing\n"),
        ("", ""),
    ],
)  # fmt: skip
def test_names_are_deleted_where_a_docstring_stands(source, wanted):
    assert without_own_names(source) == wanted


def test_the_deletions_run_under_micropython():
    source = without_own_names('class C:\n    """Text."""\n    y = 3\n    def f(self):\n'
                               "        return self.y\n\nprint(C().f(), dir(C))\n")  # fmt: skip
    printed = subprocess.run([MICROPYTHON, "-c", source], capture_output=True, text=True)
    assert printed.stdout.startswith("3 ") and "'f'" in printed.stdout, printed.stderr
    assert "__qualname__" not in printed.stdout and "__module__" not in printed.stdout


def test_each_module_of_the_firmware_keeps_its_lines():
    for path in sorted((build.ROOT / "firmware").rglob("*.py")):
        text = path.read_text()
        shorter = without_own_names(text)
        assert shorter.count("\n") == text.count("\n")
        classes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
        assert shorter.count("del __module__") == len(classes), f"{path}: a class has no docstring"
        assert shorter.count("del __file__") == 1


def test_the_names_of_all_modules_are_imports_and_attributes():
    tree = ast.parse(known_names(["han.meters.kaifa", "app"]))
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    attributes = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    assert imported == {"app", "han.meters.kaifa"}
    assert attributes == {"meters", "kaifa"}


def test_a_visit_drops_the_packages_that_have_nothing_but_modules():
    firmware = build.ROOT / "firmware"
    packages = {path.parent.relative_to(firmware) for path in firmware.rglob("*.py")}
    packages.discard(Path())
    with_names = [
        path
        for path in firmware.rglob("__init__.py")
        if len(ast.parse(path.read_text()).body) > 1  # more than a docstring
    ]
    assert not with_names
    ours = {path.as_posix().replace("/", ".") for path in packages}
    assert set(ondemand._PACKAGES) == ours | {"umqtt"}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("_A = 5\n", "_A = const(5)\n"),
        ('_A = (b"x", (1, -2))  # why\n', '_A = const((b"x", (1, -2)))  # why\n'),
        (
            '_A = (\n    "x"\n    "æ",\n)\nb = _A\n',
            '_A = const((\n    "x"\n    "æ",\n))\nb = _A\n',
        ),
        ("_A = (1, 2), (3, 4)\n", "_A = const(((1, 2), (3, 4)))\n"),
        ("_A = ()\n", "_A = const(())\n"),
    ],
)
def test_a_private_constant_is_put_in_place_of_its_uses(source, wanted):
    assert private_constants({"m": source}) == {"m": wanted}


@pytest.mark.parametrize(
    "source",
    [
        "A = 5\n",
        "_A = 5\n_A = 6\n",
        "_A = 5\ndef f():\n    global _A\n    _A = 6\n",
        "_A = 5\ndef f(_A):\n    return _A\n",
        "_A = [1]\n",
        "_A = None\n",
        "_A = 1.5\n",
        "_A = f()\n",
        "_A = (1, f())\n",
        "_A = const(5)\n",
        "_A = _B = 5\n",
        "_A = 5\nx = getattr(m, '_A')\n",
        "class C:\n    _A = 5\n",
        "def f():\n    return _A\n\n\n_A = (1, 2)\n",
    ],
)
def test_other_names_stay(source):
    assert private_constants({"m": source}) == {"m": source}


def test_a_private_name_that_another_module_reads_stays():
    sources = {"m": "_A = 5\n_B = 6\n_C = 7\n", "n": "import m\nfrom m import _A\nx = m._B\n"}
    assert private_constants(sources)["m"] == "_A = 5\n_B = 6\n_C = const(7)\n"


def test_micropython_has_no_name_for_a_private_constant():
    source = private_constants({"m": "_A = (1, 'a', b'b'), 2\n_B = 'text'\n"})["m"]
    source += "print(_A, _B, '_A' in globals(), '_B' in globals())\n"
    printed = subprocess.run([MICROPYTHON, "-c", source], capture_output=True, text=True)
    assert printed.stdout == "((1, 'a', b'b'), 2) text False False\n", printed.stderr

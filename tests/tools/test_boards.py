"""The boards: same methods on chip and PC, the right pins, code that compiles for the chip."""

import ast
import re

import pytest

from tools.build import ROOT, build
from tools.flash import BOARDS, board_constants

CHIP = ROOT / "boards/esp32/hardware.py"
SIM = ROOT / "boards/sim/hardware.py"
SIM_ONLY = {"leds", "fed_at"}  # attributes of the simulator for tests


def board_class(path):
    tree = ast.parse(path.read_text())
    return next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Board")


def public_methods(path):
    """name -> (parameters in order, defaults, other kinds of parameter)"""
    methods = {}
    for node in board_class(path).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name[0] != "_":
            a = node.args
            names = [arg.arg for arg in a.posonlyargs + a.args]
            defaults = [ast.unparse(d) for d in a.defaults]
            others = [arg.arg for arg in a.kwonlyargs] + [x.arg for x in (a.vararg, a.kwarg) if x]
            methods[node.name] = (type(node), names, defaults, others)
    return methods


def public_attributes(path):
    init = next(n for n in board_class(path).body if getattr(n, "name", "") == "__init__")
    assert [a.arg for a in init.args.args] == ["self"]
    stored = {
        n.attr
        for n in ast.walk(init)
        if isinstance(n, ast.Attribute)
        and isinstance(n.ctx, ast.Store)
        and ast.unparse(n.value) == "self"
    }
    return {name for name in stored if name[0] != "_"}


def test_both_boards_have_the_same_methods():
    chip, sim = public_methods(CHIP), public_methods(SIM)
    assert chip.keys() == sim.keys()
    for name in chip:
        assert chip[name] == sim[name], name


def test_both_boards_have_the_same_attributes():
    assert public_attributes(SIM) - public_attributes(CHIP) == SIM_ONLY
    assert public_attributes(CHIP) <= public_attributes(SIM)


def test_readme_names_every_member_and_its_parameters():
    table = {}
    _, members = (ROOT / "boards/README.md").read_text().split("| member | contract |")
    for line in members.splitlines():
        if line.startswith("| `"):
            for member in re.findall(r"`([^`]+)`", line.split("|")[1]):
                name, _, rest = member.partition("(")
                table[name] = [p.strip() for p in rest.rstrip(")").split(",") if p.strip()]
    expected = {name: names[1:] for name, (_, names, _, _) in public_methods(CHIP).items()}
    expected.update((name, []) for name in public_attributes(CHIP))
    assert table == expected


def test_readme_has_a_row_for_every_board():
    table, _ = (ROOT / "boards/README.md").read_text().split("| member | contract |")
    for board in BOARDS:
        (row,) = [line for line in table.splitlines() if line.startswith(f"| `{board}` |")]
        cells = [cell.strip() for cell in row.split("|")]
        c = board_constants(board)
        assert cells[2].lower().replace("-", "").startswith(c["CHIP"]), board
        assert (
            cells[3].split(":")[0] == {True: "yes", False: "no", None: "some modules"}[c["PSRAM"]]
        )
        assert cells[4] == f"GPIO {c['HAN_RX']}"
        assert ("BUS_POWERED" in cells[5]) is c["BUS_POWERED"]


def test_every_board_has_the_same_constants():
    names = board_constants("esp32").keys()
    assert len(names) == 18
    for board in BOARDS:
        assert list(board_constants(board)) == list(names), board
    assert board_constants("sim").keys() <= names


def test_a_board_file_holds_constants_only():
    for board in (*BOARDS, "sim"):
        body = ast.parse((ROOT / f"boards/{board}/board.py").read_text()).body
        assert len(board_constants(board)) == len(body) - 1, board  # one is the docstring


# A second copy on purpose: an error in a board.py drives the wrong pin.
POW = {
    "CHIP": "esp32s2",
    "CPU_MHZ": 160,
    "PSRAM": False,
    "HAN_RX": 16,
    "HAN_RX_PULLUP": True,
    "BUTTON": 0,
    "LED": None,
    "RGB": (13, 14, None),
    "RGB_INVERTED": True,
    "VCC_ADC": 10,
    "VCC_DIVIDER": (33, 22),
}


@pytest.mark.parametrize(
    ("board", "expected"),
    [
        ("pow_k", {**POW, "NAME": "Pow-K+", "ID": 5, "WIFI_PM": 1, "BUS_POWERED": False}),
        ("pow_u", {**POW, "NAME": "Pow-U+", "ID": 7, "WIFI_PM": 2, "BUS_POWERED": True}),
        ("pow_p1", {**POW, "NAME": "Pow-P1", "ID": 6, "WIFI_PM": None, "BUS_POWERED": False}),
        (
            "esp32s2",
            {"ID": 50, "CHIP": "esp32s2", "HAN_RX": 18, "BUTTON": None, "LED": None, "WIFI_PM": 1},
        ),
        ("esp32", {"ID": 200, "CHIP": "esp32", "HAN_RX": 16, "BUTTON": None, "LED": 2}),
        ("esp32_psram", {"ID": 200, "CHIP": "esp32", "HAN_RX": 18, "BUTTON": None, "LED": 2}),
    ],
)
def test_pins(board, expected):
    constants = board_constants(board)
    assert {name: constants[name] for name in expected} == expected


@pytest.mark.parametrize("board", BOARDS)
def test_no_pin_is_used_twice_or_reserved(board):
    c = board_constants(board)
    pins = [c["HAN_RX"], c["HAN_TX_PARKED"], c["BUTTON"], c["LED"], *c["RGB"], c["VCC_ADC"]]
    used = [pin for pin in pins if pin is not None]
    assert len(set(used)) == len(used)
    flash_and_console = {
        "esp32": {1, 3, *range(6, 12)},
        "esp32s2": {19, 20, *range(26, 33), 43, 44},
    }
    assert not set(used) & flash_and_console[c["CHIP"]]
    if c["CHIP"] == "esp32" and c["PSRAM"] is not False:
        assert not set(used) & {16, 17}


@pytest.mark.parametrize("board", BOARDS)
def test_everything_compiles_for_the_chip(board, tmp_path):
    built = dict(build("xtensawin", tmp_path / "out", [CHIP, ROOT / f"boards/{board}/board.py"]))
    assert {"hardware.mpy", "board.mpy", "main.py", "app.mpy", "han/hdlc.mpy"} <= built.keys()

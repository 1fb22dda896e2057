"""The boards: same methods on chip and PC, the right pins, code that compiles for the chip."""

import ast
import importlib
import re
import types

import pytest
from config import Config
from device import boot
from energy import saved
from energy.stored import MONTHS
from log import Log
from storage import Storage

from tools.boards import BOARDS, board_constants, choices, modules
from tools.build import BOARD_CLASS, ROOT, build
from tools.install import files_for

CHIP = ROOT / "boards/esp32/hardware.py"
SIM = ROOT / "boards/sim/hardware.py"
CONTRACTS = ROOT / "tools/typing/contracts.pyi"
SIM_ONLY = {"leds", "fed_at"}  # attributes of the simulator for tests
MADE_BY_MICROPYTHON = {"uart", "aes"}  # results of classes that the contract describes


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


def annotations(path):
    """name -> (types of the parameters, type of the result)"""

    def text(node):
        return node.value if isinstance(node, ast.Constant) and node.value else ast.unparse(node)

    return {
        node.name: ([text(a.annotation) for a in node.args.args[1:]], text(node.returns))
        for node in board_class(path).body
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_"
    }


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


def test_both_boards_have_what_the_firmware_calls_and_no_more():
    contract, chip, sim = public_methods(CONTRACTS), public_methods(CHIP), public_methods(SIM)
    assert contract.keys() == chip.keys() == sim.keys()
    for name in contract:
        assert contract[name] == chip[name] == sim[name], name
    attributes = {
        node.target.id
        for node in board_class(CONTRACTS).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert attributes == public_attributes(CHIP)


def test_types_of_the_chips_methods_are_those_of_the_contract():
    """mypy also accepts wider parameters and narrower results, and does not read boards/sim."""
    contract, chip = annotations(CONTRACTS), annotations(CHIP)
    for name, (parameters, result) in contract.items():
        assert chip[name][0] == parameters, name
        if name not in MADE_BY_MICROPYTHON:
            assert chip[name][1] == result, name


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
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    assert len(rows) == len(BOARDS)
    for board in BOARDS:
        (row,) = [line for line in rows if line.startswith(f"| `{board}` ")]
        cells = [cell.strip() for cell in row.split("|")]
        c = board_constants(board)
        assert cells[2] == str(c["ID"])
        assert cells[3] == {"esp32": "ESP32", "esp32s2": "ESP32-S2"}[c["CHIP"]] + (
            "FH4" if board.startswith("pow_") else ""
        )
        assert (
            cells[4].split(":")[0] == {True: "yes", False: "no", None: "some modules"}[c["PSRAM"]]
        )
        assert cells[5] == f"GPIO {c['HAN_RX']}"
        assert cells[6] == f"`{c['POWER']}`"


def test_every_folder_with_pins_can_be_installed():
    folders = {path.parent.name for path in (ROOT / "boards").glob("*/board.py")}
    assert folders - {"sim"} == set(BOARDS)


def test_every_board_has_the_same_constants():
    names = board_constants("esp32").keys()
    assert len(names) == 21
    for board in BOARDS:
        assert list(board_constants(board)) == list(names), board
    assert board_constants("sim").keys() <= names


def test_a_board_file_holds_constants_only():
    for board in (*BOARDS, "sim"):
        body = ast.parse((ROOT / f"boards/{board}/board.py").read_text()).body
        assert len(board_constants(board)) == len(body) - 1, board  # one is the docstring


# A second copy on purpose: an error in a board.py drives the wrong pin. The facts of
# spec/behaviour.md 1.2: tables of pins and of the Wi-Fi sleep presets (255 there is None here).
POW = {
    "MAKER": "amsleser.no",
    "CHIP": "esp32s2",
    "POWER": "meter",
    "PSRAM": False,
    "HAN_RX": 16,
    "BUTTON": 0,
    "RGB": (13, 14, None),
    "RGB_INVERTED": True,
    "VCC_ADC": 10,
    "VCC_DIVIDER": (33, 22),
}
ESP32 = {"CHIP": "esp32", "PSRAM": False, "HAN_RX": 16, "MAKER": "Espressif"}
S2 = {"CHIP": "esp32s2", "HAN_RX": 18, "WIFI_PM": 1, "MAKER": "Espressif"}
FACTS = {
    "pow_k": {**POW, "NAME": "Pow-K+", "ID": 5, "WIFI_PM": 1},
    "pow_u": {**POW, "NAME": "Pow-U+", "ID": 7, "WIFI_PM": 2, "POWER": "bus"},
    "pow_p1": {**POW, "NAME": "Pow-P1", "ID": 6},
    "esp32s2": {**S2, "NAME": "ESP32-S2", "ID": 50, "PSRAM": None},
    "s2_mini": {
        **S2, "NAME": "S2 mini", "MAKER": "Wemos", "ID": 51, "PSRAM": True, "BUTTON": 0, "LED": 15,
    },
    "esp32": {**ESP32, "NAME": "ESP32", "ID": 200, "LED": 2},
    # Not in the table: there the generic board's owner selects the pin.
    "esp32_psram": {**ESP32, "NAME": "ESP32", "ID": 200, "LED": 2, "PSRAM": True, "HAN_RX": 18},
    "d32": {
        **ESP32, "NAME": "LOLIN D32", "MAKER": "Wemos", "ID": 201,
        "BUTTON": 4, "LED": 5, "LED_INVERTED": True,
    },
    "huzzah32": {**ESP32, "NAME": "HUZZAH32", "MAKER": "Adafruit", "ID": 202, "LED": 2},
    "devkitc": {**ESP32, "NAME": "DevKitC", "ID": 203, "LED": 2},
    "t_eth_poe": {
        **ESP32, "NAME": "T-ETH-POE", "MAKER": "Custom", "ID": 241, "PSRAM": None,
        "HAN_RX": 39, "BUTTON": 0, "LED": 2, "LED_INVERTED": True,
    },
    "poesp32": {**ESP32, "NAME": "M5 PoESP32", "MAKER": "Custom", "ID": 242},
    "wt32_eth01": {**ESP32, "NAME": "WT32-ETH01", "MAKER": "Custom", "ID": 243, "HAN_RX": 39},
    # The table has a button on GPIO 0, where the Ethernet chip's clock would press it.
    "wesp32": {**ESP32, "NAME": "wESP32", "MAKER": "Custom", "ID": 245, "HAN_RX": 39},
}  # fmt: skip
UNLESS_STATED = {
    "CPU_MHZ": 160,
    "POWER": "usb",
    "HAN_RX_PULLUP": True,
    "BUTTON": None,
    "LED": None,
    "LED_INVERTED": False,
    "RGB": (None, None, None),
    "RGB_INVERTED": False,
    "VCC_ADC": None,
    "VCC_DIVIDER": None,
    "ONE_WIRE": None,
    "WIFI_PM": None,
    "WIFI_TX_DBM": None,
}


@pytest.mark.parametrize("board", BOARDS)
def test_facts(board):
    constants = board_constants(board)
    del constants["HAN_TX_PARKED"]  # any unused pin
    assert constants == {**UNLESS_STATED, "FAMILY": board, **FACTS[board]}


def test_chip_and_id_name_one_set_of_pins():
    """But for the generic ESP32, whose owner selects the pin."""
    names = [(c["CHIP"], c["ID"]) for c in map(board_constants, BOARDS) if c["ID"] != 200]
    assert len(set(names)) == len(names) == len(BOARDS) - 2


def literals(tree):
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def test_no_other_file_depends_on_a_board_number_or_name():
    names = {board_constants(board)["NAME"] for board in BOARDS}
    for folder in ("firmware", "tools"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text())
            assert not literals(tree) & (names - {"ESP32"}), path
            uses = [n for n in ast.walk(tree) if getattr(n, "attr", "") == "board_id"]
            if path.name in ("sysinfo.py", "configfile.py") and uses:
                (use,) = uses  # a value of the document
                tuples = [n for n in ast.walk(tree) if isinstance(n, ast.Tuple) and use in n.elts]
                calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and use in n.args]
                assert len(tuples) + len(calls) == 1
            else:
                assert not uses, path
            reads = [n.slice for n in ast.walk(tree) if isinstance(n, ast.Subscript)]
            known = path == ROOT / "tools/boards.py"  # makes the list of an image's boards
            assert known or not [n for n in reads if getattr(n, "value", "") == "ID"], path
    for path in (ROOT / "firmware/web/static").rglob("*.js"):
        text = path.read_text()
        assert not re.search(r"\bboard(_id)?\W*[=!]=|[=!]=\s*\w+\.board\b", text), path
        assert not [name for name in names - {"ESP32"} if f'"{name}"' in text], path


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


def test_no_file_of_a_board_has_over_400_lines():
    paths = sorted((ROOT / "boards").rglob("*.py"))
    assert set(BOARD_CLASS) < set(paths)
    assert not [path for path in paths if len(path.read_text().splitlines()) > 400]


@pytest.mark.parametrize("board", BOARDS)
def test_everything_compiles_for_the_chip(board, tmp_path):
    built = dict(build("xtensawin", tmp_path / "out", [*BOARD_CLASS, *modules(board)]))
    assert {
        "hardware.mpy",
        "sensors.mpy",
        "slots.mpy",
        "board.mpy",
        "main.py",
        "app.mpy",
        "han/hdlc.mpy",
    } <= built.keys()


@pytest.mark.parametrize("board", ["pow_u", "d32"])
def test_a_factory_reset_removes_no_file_of_the_installation(board, tmp_path):
    extra = [*BOARD_CLASS, *modules(board)]
    built = build("xtensawin", tmp_path / "out", extra)
    root = tmp_path / "root"  # of a chip: data_dir is ""
    for file in files_for(built, tmp_path / "out", tmp_path / "no page", None):
        path = root / file.remote[1:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.local.read_bytes())
    installed = contents(root)
    assert {"board.mpy", "hardware.mpy", "config.mpy", "main.py"} <= installed.keys()
    history = {saved.JOURNAL: b"journal", MONTHS: b"months"}
    for name, octets in history.items():
        (root / name).write_bytes(octets)
    for name in ("config.json", "config.json.bad", "lists.txt"):
        (root / name).write_bytes(b"the owner's")
    assert boot.clear(Storage(str(root), Log(lambda: 0)))
    assert contents(root) == {**installed, **history}


def contents(folder):
    """name in the folder -> octets"""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_no_setting_is_a_constant_of_the_board():
    names = {name.lower() for name in board_constants("pow_u")}
    settings = {name for name in vars(Config) if name[0] != "_"}
    assert "wifi_ssid" in settings
    assert not settings & (names | {"board", "board_id", "gpio"})


def image_modules(board):
    """name of each module with a board's constants in an image -> its constants; BOARDS"""
    found = {}
    for path in modules(board):
        module = types.ModuleType(path.stem)
        exec(path.read_text(), module.__dict__)
        found[path.stem] = module
    return found, found.pop("board_list").BOARDS


@pytest.mark.parametrize("board", BOARDS)
def test_an_image_has_the_boards_of_its_chip_and_memory(board):
    found, rows = image_modules(board)
    own = board_constants(board)
    assert rows[0] == (own["ID"], "board") and {name for _, name in rows} == found.keys()
    assert len({number for number, _ in rows}) == len(rows)
    for number, name in rows:
        assert number == found[name].ID and own["CHIP"] == found[name].CHIP
        assert (found[name].PSRAM is True) == (own["PSRAM"] is True)
    wanted = [
        c["ID"]
        for c in map(board_constants, BOARDS)
        if c["CHIP"] == own["CHIP"] and (c["PSRAM"] is True) == (own["PSRAM"] is True)
    ]
    assert sorted(number for number, _ in rows) == sorted(wanted)


def test_the_boards_of_the_images():
    assert choices("esp32s2") == ["pow_k", "pow_u", "pow_p1"]
    assert choices("pow_u") == ["pow_k", "pow_p1", "esp32s2"]
    assert choices("s2_mini") == choices("esp32_psram") == []
    assert len(choices("esp32")) == 7 and "esp32_psram" not in choices("d32")


@pytest.mark.parametrize("board", BOARDS)
def test_the_line_of_a_board_can_be_where_it_is(board):
    boardchoice = importlib.import_module("boardchoice")
    found, _ = image_modules(board)
    for one in found.values():
        assert boardchoice.why(one, one.HAN_RX) == "", one.NAME
        pins = boardchoice.pins(one)
        if one.POWER != "usb":
            assert pins == []
            continue
        assert one.HAN_RX in pins and len(pins) > 10
        taken = {one.BUTTON, one.LED, *one.RGB, one.VCC_ADC, one.ONE_WIRE}
        reserved = {
            "esp32": {0, 1, 2, 3, 5, *range(6, 13), 15, 20, 24, *range(28, 32)},
            "esp32s2": {0, 19, 20, *range(22, 33), *range(43, 47)},
        }[one.CHIP]
        if one.CHIP == "esp32" and one.PSRAM is not False:
            reserved |= {16, 17}
        last = {"esp32": 39, "esp32s2": 46}[one.CHIP]
        assert set(pins) == set(range(last + 1)) - taken - reserved

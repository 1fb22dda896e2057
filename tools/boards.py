"""The boards: their names, their constants, what an image of each has and is made for."""

import ast
from pathlib import Path

from tools.runtime import ROOT

IMAGES = ROOT / "build" / "firmware"  # what tools/firmware.py builds
TABLE = ROOT / "boards" / "common" / "partitions.csv"
BOARDS = (
    "pow_k",
    "pow_u",
    "pow_p1",
    "esp32s2",
    "s2_mini",
    "esp32",
    "esp32_psram",
    "d32",
    "huzzah32",
    "devkitc",
    "t_eth_poe",
    "poesp32",
    "wt32_eth01",
    "wesp32",
)


def board_file(board: str) -> Path:
    """The source of a board's constants."""
    return ROOT / "boards" / board / "board.py"


def choices(board: str) -> list[str]:
    """The boards that the owner of a board's image can choose, beside its own: of the same chip
    and class of memory, each with a number of its own."""
    own = board_constants(board)
    seen = {own["ID"]}
    found = []
    for other in BOARDS:
        c = board_constants(other)
        same = c["CHIP"] == own["CHIP"] and (c["PSRAM"] is True) == (own["PSRAM"] is True)
        if same and c["ID"] not in seen:
            seen.add(c["ID"])
            found.append(other)
    return found


def modules(board: str, own: Path | None = None) -> list[Path]:
    """The files with the boards of an image, made in build/boards: board.py, those of choices()
    under the names of modules, and board_list.py. own: board.py in place of the board's.
    The first one of "sim" is its folder."""
    folder = ROOT / "build" / "boards" / board
    others = choices(board)
    rows = [(board_constants(name)["ID"], f"board_{name}") for name in others]
    texts = {f"board_{name}.py": board_file(name).read_text() for name in others}
    listed = ((board_constants(board)["ID"], "board"), *rows)
    texts["board_list.py"] = f"BOARDS = {listed!r}\n"
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in texts and path.suffix == ".py":
            path.unlink()
    for name, text in texts.items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    first = board_file(board).parent if board == "sim" else own or board_file(board)
    return [first, *(folder / name for name in texts)]


def folders(board: str) -> list[Path]:
    """The folders with the files of modules()."""
    return list(dict.fromkeys(path if path.is_dir() else path.parent for path in modules(board)))


def board_constants(board: str) -> dict[str, object]:
    """The constants of boards/<board>/board.py."""
    found: dict[str, object] = {}
    for node in ast.parse(board_file(board).read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = ast.literal_eval(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = ast.literal_eval(node.value)
    return found


def chip(board: str) -> str:
    """esp32 or esp32s2"""
    return str(board_constants(board)["CHIP"])


def family(board: str) -> str:
    """The boards that an image is for, as its trailer says it: the board itself, as its pins are
    frozen in the image."""
    return str(board_constants(board)["FAMILY"])

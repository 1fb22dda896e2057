"""The boards: their names, their constants and what an image of each is made for."""

import ast

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


def board_constants(board: str) -> dict[str, object]:
    """The constants of boards/<board>/board.py."""
    found: dict[str, object] = {}
    for node in ast.parse((ROOT / "boards" / board / "board.py").read_text()).body:
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

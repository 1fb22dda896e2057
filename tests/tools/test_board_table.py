"""The boards' constants against the table of spec/behaviour.md 1.2, cell by cell.

The rows are those of the chips that this firmware runs on. A cell that differs on purpose is in
DIFFERS with the reason.
"""

import pytest
from config import Config
from han import detect

from tools.boards import BOARDS, board_constants

COLUMNS = (
    "id", "chip", "HAN RX", "pull-up", "button", "single LED", "RGB", "RGB inverted",
    "Vcc pin", "divider", "factor", "boot limit", "sensor", "sleep",
)  # fmt: skip
# S2 is the ESP32-S2. The last column is from the table of defaults: 1 minimum, 2 maximum.
TABLE = """
pow_k      | 5   | S2    | 16 |yes| 0 | -       | 13 14 - |yes| 10 | 33:22 | 2.5   | off | - | 1
pow_u      | 7   | S2    | 16 |yes| 0 | -       | 13 14 - |yes| 10 | 33:22 | 2.5   | off | - | 2
pow_p1     | 6   | S2    | 16 |yes| 0 | -       | 13 14 - |yes| 10 | 33:22 | 2.5   | off | - | -
s2_mini    | 51  | S2    | 18 |yes| 0 | 15 high | -       | -   | 18 | 10:45 | 1.2222| off | - | 1
esp32s2    | 50  | S2    | 18 |yes| - | -       | -       | -   | -  | -     | -     | off | - | 1
d32        | 201 | ESP32 | 16 |yes| 4 | 5 low   | -       | -   | -  | -     | -     | off | - | -
huzzah32   | 202 | ESP32 | 16 |yes| - | 2 high  | -       | -   | -  | -     | -     | off | - | -
devkitc    | 203 | ESP32 | 16 |yes| - | 2 high  | -       | -   | -  | -     | -     | off | - | -
esp32      | 200 | ESP32 | 16 |yes| - | 2 high  | -       | -   | -  | -     | -     | off | - | -
t_eth_poe  | 241 | ESP32 | 39 |yes| 0 | 2 low   | -       | -   | -  | -     | -     | off | - | -
poesp32    | 242 | ESP32 | 16 |yes| - | -       | -       | -   | -  | -     | -     | off | - | -
wt32_eth01 | 243 | ESP32 | 39 |yes| - | -       | -       | -   | -  | -     | -     | off | - | -
wesp32     | 245 | ESP32 | 39 |yes| 0 | -       | -       | -   | -  | -     | -     | off | - | -
"""
NOT_AT_18 = "the pin is the meter's: the table measures there only if the meter is on another one"
DIFFERS = {
    ("s2_mini", "Vcc pin"): ("-", NOT_AT_18),
    ("s2_mini", "divider"): ("-", NOT_AT_18),
    ("s2_mini", "factor"): ("-", NOT_AT_18),
    ("wesp32", "button"): ("-", "the clock of the board's Ethernet chip is on GPIO 0"),
}


def cells() -> list[tuple[str, str, str]]:
    """(board, column, what the table says)"""
    found = []
    for line in TABLE.strip().splitlines():
        board, *values = (cell.strip() for cell in line.split("|"))
        found += [(board, column, value) for column, value in zip(COLUMNS, values, strict=True)]
    return found


def text(board: str, column: str) -> str:
    """What a board's constants say, in the words of the table."""
    c = board_constants(board)
    divider = c["VCC_DIVIDER"]

    def fitted(value: object) -> str:
        return "-" if value is None else str(value)

    if column == "single LED":
        return "-" if c["LED"] is None else f"{c['LED']} {'low' if c['LED_INVERTED'] else 'high'}"
    if column == "RGB":
        return "-" if set(c["RGB"]) == {None} else " ".join(fitted(pin) for pin in c["RGB"])
    if column == "divider":
        return "-" if divider is None else "{}:{}".format(*divider)
    if column == "factor":
        return "-" if divider is None else f"{sum(divider) / divider[1]:.5g}"
    return {
        "id": str(c["ID"]),
        "chip": {"esp32": "ESP32", "esp32s2": "S2"}[c["CHIP"]],
        "HAN RX": str(c["HAN_RX"]),
        "pull-up": "yes" if c["HAN_RX_PULLUP"] else "no",
        "button": fitted(c["BUTTON"]),
        "RGB inverted": "yes" if c["RGB_INVERTED"] else "-",
        "Vcc pin": fitted(c["VCC_ADC"]),
        "boot limit": "on" if [name for name in c if "LIMIT" in name] else "off",
        "sensor": fitted(c["ONE_WIRE"]),
        "sleep": fitted(c["WIFI_PM"]),
    }[column]


@pytest.mark.parametrize(("board", "column", "said"), cells())
def test_cell(board: str, column: str, said: str) -> None:
    ours, reason = DIFFERS.get((board, column), (said, ""))
    assert text(board, column) == ours, reason


def test_each_board_is_a_row_and_each_difference_is_one() -> None:
    rows = {board for board, _, _ in cells()}
    # The generic ESP32 with PSRAM has the generic ESP32's id; its owner selects the pin there.
    assert set(BOARDS) - rows == {"esp32_psram"}
    said = {(board, column): value for board, column, value in cells()}
    assert all(said[cell] != ours for cell, (ours, _) in DIFFERS.items())


def test_bus_powered_is_the_pow_u_alone() -> None:
    # "ids 2, 4, 7": 2 and 4 are boards with an ESP8266.
    assert [b for b in BOARDS if board_constants(b)["POWER"] == "bus"] == ["pow_u"]


def test_line_presets_are_among_the_settings_that_are_tried() -> None:
    # "Pow-P1 115200 8N1, Pow-K 2400 8N1 (HEAD: no preset)": here every board detects its line.
    assert Config.meter_baud == 0
    tried = [(row[0], row[1]) for row in detect.COMBINATIONS]
    assert (115200, "8N1") in tried and (2400, "8N1") in tried

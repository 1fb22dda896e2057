"""The owner's choice of the board, which is read before Board() is made. Loaded on demand.

In       the file board.txt; board_list, the boards of this image: tools/boards.py
Out      the module with the constants of the board in use
Wire     a line: number of the board, GPIO of the meter's line or -1 for the board's own, starts
         left; the CRC-32 of these as a decimal number
Rules    A file that is damaged, or names what this image does not have or take, leaves the image's
         own board in use. So does a new choice of which none of the first three starts has lasted
         for two minutes. A factory reset and an upgrade leave the file as it is.
"""

import sys
from binascii import crc32

from board_list import BOARDS
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from contracts import Board, Files

FILE = "board.txt"
_OWN = const(-1)  # in place of a GPIO
_TRIES = const(3)
_LASTED = const(9)  # in place of the starts left
_BOOT = "decides at the start how the chip boots"
_FLASH = "is wired to the flash"
_CONSOLE = "is the console's"
_USB = "is USB's"
_NONE = "does not exist"
_TAKEN = {  # first and last GPIO, why
    "esp32": (
        (0, 0, _BOOT), (1, 1, _CONSOLE), (2, 2, _BOOT), (3, 3, _CONSOLE), (5, 5, _BOOT),
        (6, 11, _FLASH), (12, 12, _BOOT), (15, 15, _BOOT), (20, 20, _NONE), (24, 24, _NONE),
        (28, 31, _NONE),
    ),
    "esp32s2": (
        (0, 0, _BOOT), (19, 20, _USB), (22, 25, _NONE), (26, 32, _FLASH), (43, 44, _CONSOLE),
        (45, 46, _BOOT),
    ),
}  # fmt: skip
_LAST = {"esp32": 39, "esp32s2": 46}


class NoLog:
    """For Storage before there is a log."""

    def error(self, text: str) -> None:
        """Drop a line."""


def choose(files: "Files") -> "tuple[Any, str]":
    """The module of the board to use, and why it is not the chosen one; "" if it is or there is
    no choice. Counts a start of a new choice."""
    octets = files.read(FILE)
    if octets is None:
        return _module(BOARDS[0][1]), ""
    try:
        number, pin, left = _parse(octets)
        if not left:
            raise ValueError("none of its first %d starts lasted for two minutes" % _TRIES)
        found = _use(number, pin)
        if left == _LASTED or files.write(FILE, (_line(number, pin, left - 1),)):
            return found, ""
        raise ValueError("flash takes no note of its start")
    except ValueError as e:
        return _module(BOARDS[0][1]), "the chosen board is not used: %s" % e


def _parse(octets: bytes) -> "tuple[int, int, int]":
    parts = octets.split()
    try:
        number, pin, left, _ = [int(part) for part in parts]
    except ValueError:
        raise ValueError(FILE + " is damaged")
    if octets != _line(number, pin, left):
        raise ValueError(FILE + " is damaged")
    return number, pin, left


def _line(number: int, pin: int, left: int) -> bytes:
    text = "%d %d %d " % (number, pin, left)
    return ("%s%d\n" % (text, crc32(text.encode()) & 0xFFFFFFFF)).encode()


def _module(name: str) -> "Any":
    __import__(name)
    return sys.modules[name]


def _name(number: int) -> str:
    for known, name in BOARDS:
        if known == number:
            return str(name)
    raise ValueError("this image has no board %d" % number)


def _use(number: int, pin: int) -> "Any":
    """The module of a board, with that GPIO for the meter's line."""
    found = _module(_name(number))
    if pin != _OWN:
        _check(found, pin)
        if pin == found.HAN_TX_PARKED:
            found.HAN_TX_PARKED = found.HAN_RX
        found.OWN_RX = own_pin(found)
        found.HAN_RX = pin
    return found


def own_pin(board: "Any") -> int:
    """A board's own GPIO of the meter's line, also of the board in use with another one."""
    return int(getattr(board, "OWN_RX", board.HAN_RX))


def _check(board: "Any", pin: int) -> None:
    reason = why(board, pin)
    if reason:
        raise ValueError("GPIO %d cannot be the meter's line: it %s" % (pin, reason))


def why(board: "Any", pin: int) -> str:
    """Why a GPIO cannot be the meter's line of a board; "" if it can."""
    if board.POWER != "usb" and pin != board.HAN_RX:
        return "is not where the line is wired on %s" % board.NAME
    if not 0 <= pin <= _LAST[board.CHIP]:
        return _NONE
    for first, last, reason in _TAKEN[board.CHIP]:
        if first <= pin <= last:
            return str(reason)
    if board.CHIP == "esp32" and board.PSRAM is not False and 16 <= pin <= 17:
        return "is wired to the PSRAM"
    if pin in (board.BUTTON, board.LED, board.VCC_ADC, board.ONE_WIRE) or pin in board.RGB:
        return "is wired to another part of the board"
    return ""


def pins(board: "Any") -> "list[int]":
    """The GPIOs that can be the meter's line of a board whose line the owner wires."""
    if board.POWER != "usb":
        return []
    return [pin for pin in range(_LAST[board.CHIP] + 1) if not why(board, pin)]


def in_use(files: "Files", board: "Board") -> "tuple[int, int | None]":
    """Number and GPIO of the choice in use, None for the board's own; without a choice those of
    the image's board."""
    octets = files.read(FILE)
    if octets is None or board.not_chosen:
        return BOARDS[0][0], None
    number, pin, _ = _parse(octets)
    return number, None if pin == _OWN else pin


def store(files: "Files", number: int, pin: "int | None") -> bool:
    """Store a choice for the next start. ValueError if the image does not have the board or the
    GPIO cannot be used; False if flash does not take it."""
    with visit(_name(number)) as board:
        if pin is None or pin == own_pin(board) or board.POWER != "usb":
            pin = _OWN
        else:
            _check(board, pin)
    octets = files.read(FILE)
    if octets in [_line(number, pin, left) for left in (1, 2, _LASTED)]:
        return True  # it is in use
    if pin == _OWN and number == BOARDS[0][0]:
        files.remove(FILE)
        return FILE not in files.names()
    return files.write(FILE, (_line(number, pin, _TRIES),))


def lasted(files: "Files") -> None:
    """Note that a start with the choice has lasted."""
    octets = files.read(FILE)
    if octets is not None:
        number, pin, left = _parse(octets)
        if left < _TRIES:
            files.write(FILE, (_line(number, pin, _LASTED),))

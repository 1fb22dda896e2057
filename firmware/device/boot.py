"""The start: the emergency factory reset and a test of the lights. Loaded for that time.

In       the board, the uptime, the files
Out      lights; removed settings
Rules    The button is read before any service runs, and on a board that has one. Cleared are the
         settings and the owner's list descriptors. History, prices and corrections stay, and the
         choice of the board.
"""

import asyncio

from micropython import const
from ondemand import visit

from device.button import EmergencyReset
from device.light import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Board, Milliseconds
    from storage import Storage

_RED = const(1)
_COLOURS = const(3)  # red and green
_BUTTON = const(16)
_TESTED = (8, 1, 3, 2, 4)  # the single LED, red, yellow, green, blue
_TICK_MS = const(10)
_ON_MS = const(80)
_OFF_MS = const(160)
_CONFIRMED = const(6)


async def reset_wanted(board: "Board", uptime_ms: "Milliseconds") -> bool:
    """Whether the owner asks by the button to clear the settings. Takes 1 s, up to 5 s while the
    button is pressed; no time without a button."""
    if not board.fitted & _BUTTON:
        return False
    coloured = board.fitted & _COLOURS == _COLOURS
    reset = EmergencyReset(uptime_ms(), coloured)
    while not reset.over:
        show(board, reset.tick(uptime_ms(), board.button()))
        await asyncio.sleep_ms(_TICK_MS)
    return reset.clear


def clear(storage: "Storage") -> bool:
    """Remove the settings. False if a file could not be removed."""
    with visit("factory") as factory:
        factory.begin(storage, factory.SETTINGS)  # the next start goes on after a power cut
        done: bool = factory.sweep(storage, factory.SETTINGS)
        factory.end(storage)
    return done


async def confirm(board: "Board") -> None:
    """Six rapid red flashes."""
    for _ in range(_CONFIRMED):
        await _flash(board, _RED)


async def try_lights(board: "Board") -> None:
    """One flash of each light that the board has."""
    for colour in _TESTED:
        if colour & board.fitted == colour:
            await _flash(board, colour)


async def _flash(board: "Board", colour: int) -> None:
    show(board, colour)
    await asyncio.sleep_ms(_ON_MS)
    show(board, 0)
    await asyncio.sleep_ms(_OFF_MS)

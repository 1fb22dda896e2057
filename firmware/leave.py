"""The end of a run before a restart: nothing is lost. Loaded on demand.

In       the composition root; whether the restart was planned
Out      the energy in the journal and, with the recent power, in RTC memory; a broker that knows
Rules    What the file system refuses is in the snapshot in RTC memory, which survives the restart.
         Without a start of the energy domain that memory stays as it was.
         After a failure the journal is not written: the state may be what failed.
Limits   MQTT may take MQTT_MS; the caller limits the whole
"""

import asyncio

from micropython import const
from ondemand import visit
from state import GREEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App

RTC_OCTETS = const(2043)
MQTT_MS = const(1500)
_LOOK_MS = const(50)
_RESTART = const(2)


async def flush(app: "App", planned: bool) -> None:
    """Store what would be lost, and say goodbye."""
    if app.unstored:  # nothing else has them
        app.storage.held = ""
        app.store_settings()
    if app.counts():
        utc = app.system.utc()
        if planned and utc:
            _save(app, utc)
        keep(app)
    await _leave_broker(app)


def _save(app: "App", utc: int) -> None:
    try:
        if not app.energy.save(utc):
            app.log.error("energy: it could not be stored: a snapshot is kept over the restart")
    except Exception as e:
        app.log.error("energy: not stored: %r" % e)


def keep(app: "App", also: bytes = b"") -> None:
    """Keep the energy, the record `also` and, where it has room beside them, the recent power in
    RTC memory."""
    board = app.system.board
    if not app.counts():
        board.rtc_write(board.rtc_read() + also)
        return
    snapshot = app.energy.snapshot() + also
    board.rtc_write(snapshot)
    with visit("energy.recent_record") as record:
        recent = record.pack(app.recent, RTC_OCTETS - len(snapshot))
    if recent:
        board.rtc_write(snapshot + recent)


async def _leave_broker(app: "App") -> None:
    """Ask the publisher to end its connection; wait until it has."""
    system = app.system
    system.mqtt_off |= _RESTART
    waited_ms = 0
    while system.mqtt_light == GREEN and waited_ms < MQTT_MS:
        await asyncio.sleep_ms(_LOOK_MS)
        waited_ms += _LOOK_MS

"""The supply voltage: calibration, the start at a low one, and what each tier switches off.

In       the setting `supply`; the samples of System.supply
Out      System.tier, which services ask before a piece of work; writes to flash held; the radio's
         sleep, on and off; deep sleep; a log line at each change
Wire     RTC memory, behind the records of the energy domain: kind 53, deep sleeps in a row 1
Rules    device.tiers has the tiers and their numbers. Loaded at the start, once a minute, and when
         the voltage leaves the bounds of its tier
Source   the boot limit is that of the AMS reader: below min(3.29 V, limit) it sleeps for 10 s, if
         2.5 V < limit < 3.3 V and the button is not pressed
"""

import records
from fmt import fixed
from micropython import const
from ondemand import visit

from device import tiers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App

# Places in System.supply.
_OFFSET_MV = const(0)
_MULTIPLIER = const(1)
_MV = const(2)
_TIER = const(8)
_HELD = const(12)
_STEP = const(14)
_SLEEPS = const(15)

_UNMEASURED_MV = const(2000)
_MINUTES = const(60)
_MOST_LIMIT_MV = const(3290)
_LIMIT_ABOVE_MV = const(2500)
_LIMIT_SLEEP_MS = const(10000)
_SLEEP_MS = const(30000)
_WOKEN = const(5)  # boot_reason after a deep sleep
_OFF_SUPPLY = const(4)  # bit of System.mqtt_off
_KIND = const(0x53)
_VERSION = const(1)


def begin(app: "App") -> None:
    """Use the calibration and measure. Sleeps, and does not return, below the boot limit. Call it
    before RTC memory is written and before the radio is used."""
    system = app.system
    board = system.board
    limit_mv = calibrate(app)
    mv = system.supply_mv()
    if _UNMEASURED_MV <= mv < limit_mv and not board.button():
        app.log.warn("supply %s V: below the boot limit, sleeping" % volts(mv))
        board.deep_sleep(_LIMIT_SLEEP_MS)
    if mv >= _UNMEASURED_MV:
        system.lows = bytearray(_MINUTES)
    sleeps = _sleeps(board.rtc_read()) if system.boot_reason == _WOKEN else 0
    tiers.begin(system.supply, mv, board.meter_powered, sleeps, system.uptime_s())
    system.tier = system.supply[_TIER]
    if system.supply[_STEP]:
        app.log.warn("supply %s V: the radio waits for more, half a minute at most" % volts(mv))
    _hold(app)


def calibrate(app: "App") -> int:
    """Use the setting `supply`. Returns the boot limit in mV, 0 for none."""
    with visit("schema") as schema:
        offset_mv, multiplier, limit_mv = schema.supply(app.config.supply)
    app.system.supply[_OFFSET_MV] = offset_mv
    app.system.supply[_MULTIPLIER] = multiplier
    return min(limit_mv, _MOST_LIMIT_MV) if limit_mv > _LIMIT_ABOVE_MV else 0


def look(app: "App") -> None:
    """Judge the newest samples, and act on a change."""
    system = app.system
    s = system.supply
    if s[_STEP] and system.board.button():
        tiers.skip_start(s, system.uptime_s())
    tiers.step(s, system.lows, system.uptime_s())
    _hold(app)
    if s[_TIER] != system.tier:
        before, system.tier = system.tier, s[_TIER]
        say = app.log.warn if system.tier > before else app.log.add
        say("supply %s V: %s" % (volts(s[_MV]), tiers.TIERS[system.tier][3]))
        app.network.allowed = system.tier < tiers.RADIO_OFF
        system.mqtt_off &= ~_OFF_SUPPLY
        if system.tier >= tiers.NO_MQTT:
            system.mqtt_off |= _OFF_SUPPLY
        if not before or not system.tier:
            app.network.tune()
        if system.tier == tiers.ASLEEP:
            _sleep(app)


def volts(mv: int) -> str:
    """A voltage for people: 3.02."""
    return fixed(mv, 3, 2)


def _hold(app: "App") -> None:
    """Hold or release writes to flash, unless the trial of a new version holds them."""
    if app.storage.spared:
        return
    held = ""
    if app.system.supply[_HELD] > 0:
        held = "supply voltage too low: %s V; try again when it is above 3.14 V" % volts(
            app.system.supply[_MV]
        )
    if bool(held) != bool(app.storage.held):
        if held:
            app.log.warn("flash: writes wait for the supply")
        else:
            app.log.add("flash: writes go on")
    app.storage.held = held
    if app.unstored and not held:
        app.store_settings()


def _sleeps(memory: bytes) -> int:
    """The deep sleeps in a row before this start, by the last record; without one too many to
    sleep again."""
    count = tiers.MOST_SLEEPS
    for kind, version, begin, end in records.scan(memory):
        if kind == _KIND and version == _VERSION and end - begin == 1:
            count = memory[begin]
    return count


def _sleep(app: "App") -> None:
    """Sleep, with the state kept in RTC memory."""
    count = bytes((min(app.system.supply[_SLEEPS] + 1, 255),))
    app.keep(records.pack(_KIND, _VERSION, count))
    app.system.board.deep_sleep(_SLEEP_MS)

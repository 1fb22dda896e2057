"""Conditions that are published when they begin and when they end. Loaded for a look.

meter_silent      no telegram for mqtt_silence_s, or none since the start
phase_overload    a current above main_fuse_a, if that is set; it ends below 95 % of that
hour_above_limit  the running interval of the capacity tariff is expected above its limit, see
                  energy.outlook: from its sixth minute on; it ends below 95 % or with it
price_negative    the price of the running quarter-hour is below 0
Rules    While the meter is silent, overload and limit stay as they were.
"""

from energy.outlook import Outlook
from han.fields import CURRENT_L1_MA
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App
    from system import System

NAMES = ("meter_silent", "phase_overload", "hour_above_limit", "price_negative")

_SILENT = const(1)  # bits of System.alarms: 1 << place in NAMES
_OVERLOAD = const(2)
_ABOVE = const(4)
_NEGATIVE = const(8)
_SURE_S = const(300)  # of an interval, before its forecast is believed
_END_PERCENT = const(95)


def look(app: "App") -> bool:
    """Update system.alarms and system.alarms_changed. Whether a condition has changed."""
    system = app.system
    active = system.alarms
    age_ms = app.state.age_ms(system.uptime_ms())
    silence_ms = app.config.mqtt_silence_s * 1000
    if (system.uptime_ms() if age_ms is None else age_ms) > silence_ms:
        active |= _SILENT
    elif age_ms is not None:
        active = _set(active & ~_SILENT, _OVERLOAD, _overload(app, active & _OVERLOAD))
        active = _set(active, _ABOVE, _above(app, active & _ABOVE))
    utc = system.utc()
    price = app.prices.price(utc) if utc else None
    active = _set(active, _NEGATIVE, price is not None and price < 0)
    changed = active ^ system.alarms
    system.alarms = active
    system.alarms_changed |= changed
    return changed != 0


def take(system: "System") -> "list[tuple[str, bool]]":
    """(name, whether it has begun) of each condition that has changed since the last call."""
    changed, system.alarms_changed = system.alarms_changed, 0
    return [
        (NAMES[i], bool(system.alarms >> i & 1)) for i in range(len(NAMES)) if changed >> i & 1
    ]


def _set(bits: int, bit: int, on: bool) -> int:
    return bits | bit if on else bits & ~bit


def _overload(app: "App", was: int) -> bool:
    if not app.config.is_set("main_fuse_a"):
        return False  # the default says nothing about this house
    limit_ma = app.config.main_fuse_a * 1000
    if was:
        limit_ma = limit_ma * _END_PERCENT // 100
    currents = [app.state.number(CURRENT_L1_MA + phase) or 0 for phase in range(3)]
    return limit_ma > 0 and max(currents) > limit_ma


def _above(app: "App", was: int) -> bool:
    energy, now = app.energy, app.system.utc()
    length = energy.peaks.tariff.interval_min * 60
    if not now or not energy.certain(now) or now % length < _SURE_S:
        return False
    outlook = Outlook(energy, now, None)
    if outlook.limit_w is None:
        return False
    limit_w = outlook.limit_w * _END_PERCENT // 100 if was else outlook.limit_w
    return outlook.expected_w > limit_w

"""/now.json: the dashboard's document, and the data of each event. Unknown values are null.

`ps` is the pause in seconds that a page should keep, `ea` the object of summary().
"""

from energy.totals import COST, EXPORT, IMPORT, INCOME
from fmt import boolean, fixed, quote
from han.fields import (
    CURRENT_L1_MA,
    ENERGY_EXPORT_WH,
    ENERGY_IMPORT_WH,
    METER_ID,
    METER_MODEL,
    POWER_EXPORT_L1_W,
    POWER_EXPORT_W,
    POWER_FACTOR_L1_PERMILLE,
    POWER_FACTOR_PERMILLE,
    POWER_IMPORT_L1_W,
    POWER_IMPORT_W,
    REACTIVE_ENERGY_EXPORT_VARH,
    REACTIVE_ENERGY_IMPORT_VARH,
    REACTIVE_EXPORT_VAR,
    REACTIVE_IMPORT_VAR,
    VOLTAGE_L1_MV,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request
    from config import Config
    from energy.ledger import Energy
    from state import State


_SUMS = (("u", IMPORT, 3, 3), ("p", EXPORT, 3, 3), ("c", COST, 9, 2), ("g", INCOME, 9, 2))


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /now.json."""
    state, config, system, energy = app.state, app.config, app.system, app.energy
    uptime = system.uptime_ms()
    age = state.age_ms(uptime)
    board = system.board
    yield '{"n":%d,"s":%s,"i":%s,"e":%s,"ri":%s,"re":%s' % (
        state.revision,
        fixed(age, 3, 1),
        fixed(state.number(POWER_IMPORT_W), 0, 0),
        fixed(state.number(POWER_EXPORT_W), 0, 0),
        fixed(state.number(REACTIVE_IMPORT_VAR), 0, 0),
        fixed(state.number(REACTIVE_EXPORT_VAR), 0, 0),
    )
    yield ',"ic":%s,"ec":%s,"ric":%s,"rec":%s,"f":%s' % (
        fixed(state.live(ENERGY_IMPORT_WH), 3, 3),
        fixed(state.live(ENERGY_EXPORT_WH), 3, 3),
        fixed(state.live(REACTIVE_ENERGY_IMPORT_VARH), 3, 3),
        fixed(state.live(REACTIVE_ENERGY_EXPORT_VARH), 3, 3),
        fixed(state.number(POWER_FACTOR_PERMILLE), 3, 3),
    )
    missing = boolean(state.l2_current_missing())
    for phase in range(3):
        yield ',"l%d":{"u":%s,"i":%s,"p":%s,"q":%s,"f":%s%s}' % (
            phase + 1,
            fixed(state.number(VOLTAGE_L1_MV + phase), 3, 1),
            fixed(state.number(CURRENT_L1_MA + phase), 3, 2),
            fixed(state.number(POWER_IMPORT_L1_W + phase), 0, 0),
            fixed(state.number(POWER_EXPORT_L1_W + phase), 0, 0),
            fixed(state.number(POWER_FACTOR_L1_PERMILLE + phase), 3, 3),
            ',"e":' + missing if phase == 1 else "",
        )
    yield ',"lt":%d,"mt":%d,"model":%s,"id":%s,"ds":%d,"mf":%d,"im":%d,"om":%d' % (
        state.list_type,
        state.vendor,
        quote(state.text(METER_MODEL) or ""),
        quote(state.text(METER_ID) or ""),
        config.distribution_system,
        config.main_fuse_a or 40,
        gauge_max_w(state, config),
        config.production_kwp,
    )
    yield ',"v":%s,"r":%d,"em":%d,"hm":%d,"wm":%d,"mm":%d,"me":%d,"he":%d,"c":%d,"u":%d' % (
        fixed(board.supply_mv(), 3, 3),
        board.rssi_dbm(),
        system.supply_light(),
        state.light(uptime),
        system.wifi_light(),
        system.mqtt_light,
        system.mqtt_error,
        state.error(),
        system.unix_time(),
        uptime // 1000,
    )
    yield ',"ps":%d,"ea":' % system.poll_s()
    yield from summary(energy, system.unix_time())
    yield "}"


def gauge_max_w(state: "State", config: "Config") -> int:
    """The power at which the import gauge is full, from fuse, grid and phases."""
    phases = state.phases()
    fuse = config.main_fuse_a
    grid = config.distribution_system
    if state.list_type < 2 or not fuse or not grid:
        return 20000 if phases == 3 else 10000
    volts = 400 if grid == 2 else 230
    if phases == 3:
        return fuse * volts * 1732051 // 1000000
    return fuse * volts if phases == 2 else fuse * 230


def summary(energy: "Energy", now: int) -> "Iterator[str]":
    """Pieces of the `ea` object of /now.json; null until the sums are certain.

    u p c g  in this hour, day, month, yesterday, last month: import and export in kWh, cost and
             income in `cur`
    iv       the tariff's interval in minutes: iu its kWh so far, ix the mean W expected at its
             end, ir the mean W its rest may have before the next step, null without one
    x t k    the month's value in kW, the limit of its step, how many peaks count
    cc       the cost of that value for the month, null where the tariff has no prices
    pn       the price of a kWh now, null if it is unknown
    """
    if not energy.certain(now):
        yield "null"
        return
    rows = energy.running(now)
    comma = "{"
    for key, i, scale, decimals in _SUMS:
        yield comma + '"%s":[%s]' % (
            key,
            ",".join([fixed(row[i], scale, decimals) for row in rows]),
        )
        comma = ","
    used, expected, room = energy.interval(now)
    value = energy.month_value()
    cost = energy.peaks.tariff.cost_micro(value)
    price = energy.totals.price(now)
    yield ',"iv":%d,"iu":%s,"ix":%d,"ir":%s,"x":%s,"t":%d,"k":%d,"cc":%s,"pn":%s,"cur":%s}' % (
        energy.peaks.tariff.interval_min,
        fixed(used, 3, 3),
        expected,
        fixed(room, 0, 0),
        fixed(value, 3, 2),
        energy.peaks.tariff.step_kw(value),
        energy.peaks.tariff.count,
        fixed(cost, 6, 2),
        fixed(price, 6, 4),
        quote(energy.currency),
    )

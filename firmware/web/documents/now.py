"""/now.json: the dashboard's document, also the data of each live event. Unknown values are null.

`ps` is the pause in seconds that a page should make between requests, `ea` the object that
summary() writes.
"""

from energy.totals import COST, EXPORT, IMPORT, INCOME
from fmt import boolean, fixed, quote
from han import fields

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
        fixed(state.number(fields.POWER_IMPORT_W), 0, 0),
        fixed(state.number(fields.POWER_EXPORT_W), 0, 0),
        fixed(state.number(fields.REACTIVE_IMPORT_VAR), 0, 0),
        fixed(state.number(fields.REACTIVE_EXPORT_VAR), 0, 0),
    )
    yield ',"ic":%s,"ec":%s,"ric":%s,"rec":%s,"f":%s' % (
        fixed(state.live(fields.ENERGY_IMPORT_WH), 3, 3),
        fixed(state.live(fields.ENERGY_EXPORT_WH), 3, 3),
        fixed(state.live(fields.REACTIVE_ENERGY_IMPORT_VARH), 3, 3),
        fixed(state.live(fields.REACTIVE_ENERGY_EXPORT_VARH), 3, 3),
        fixed(state.number(fields.POWER_FACTOR_PERMILLE), 3, 3),
    )
    missing = boolean(state.l2_current_missing())
    for phase in range(3):
        yield ',"l%d":{"u":%s,"i":%s,"p":%s,"q":%s,"f":%s%s}' % (
            phase + 1,
            fixed(state.number(fields.VOLTAGE_L1_MV + phase), 3, 1),
            fixed(state.number(fields.CURRENT_L1_MA + phase), 3, 2),
            fixed(state.number(fields.POWER_IMPORT_L1_W + phase), 0, 0),
            fixed(state.number(fields.POWER_EXPORT_L1_W + phase), 0, 0),
            fixed(state.number(fields.POWER_FACTOR_L1_PERMILLE + phase), 3, 3),
            ',"e":' + missing if phase == 1 else "",
        )
    yield ',"lt":%d,"mt":%d,"model":%s,"id":%s,"ds":%d,"mf":%d,"im":%d,"om":%d' % (
        state.list_type,
        state.vendor,
        quote(state.text(fields.METER_MODEL) or ""),
        quote(state.text(fields.METER_ID) or ""),
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
    """The import power in W at which the gauge is full, from fuse, grid and phases."""
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

    u p c g  import and export in kWh, cost and income in `cur`; each is a list: this hour, this
             day, this month, yesterday, last month
    iv       length of the tariff's interval in minutes
    iu ix    kWh in the running interval so far, mean power in W expected at its end
    ir       mean power in W that the rest of the interval may have without reaching the next
             step; null if there is no next step or the interval does not count
    x t k    the month's capacity value in kW, the limit of its step in kW, the number of peaks
             that count
    cc       the month's cost of that value; null if the tariff has no step prices
    pn       the price of a kWh now; null if it is unknown
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

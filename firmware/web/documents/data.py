"""/data.json, for programs that poll AMS readers, with the phase keys of both generations.

Generation 2.2 has u1, i1, f1 and so on; 2.3 and later have an object for each phase: l1, l2, l3.
Unknown values are 0, as those programs expect.
"""

from energy.totals import COST, EXPORT, IMPORT, INCOME
from fmt import boolean, fixed, quote
from han import fields

from web.documents.now import gauge_max_w

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request
    from energy.ledger import Energy


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /data.json."""
    state, config, system, energy = app.state, app.config, app.system, app.energy
    board = system.board
    now = system.uptime_ms()
    imported = state.number(fields.POWER_IMPORT_W) or 0
    exported = state.number(fields.POWER_EXPORT_W) or 0
    yield '{"im":%d,"om":%d,"mf":%d' % (
        gauge_max_w(state, config),
        config.production_kwp,
        config.main_fuse_a or 40,
    )
    yield ',"i":%d,"e":%d,"w":%d,"ri":%d,"re":%d' % (
        imported,
        exported,
        imported - exported,
        state.number(fields.REACTIVE_IMPORT_VAR) or 0,
        state.number(fields.REACTIVE_EXPORT_VAR) or 0,
    )
    for key, value in (
        ("ic", state.live(fields.ENERGY_IMPORT_WH)),
        ("ict1", state.number(fields.ENERGY_IMPORT_T1_WH)),
        ("ict2", state.number(fields.ENERGY_IMPORT_T2_WH)),
        ("ec", state.live(fields.ENERGY_EXPORT_WH)),
        ("ect1", state.number(fields.ENERGY_EXPORT_T1_WH)),
        ("ect2", state.number(fields.ENERGY_EXPORT_T2_WH)),
        ("ric", state.live(fields.REACTIVE_ENERGY_IMPORT_VARH)),
        ("rec", state.live(fields.REACTIVE_ENERGY_EXPORT_VARH)),
    ):
        yield ',"%s":%s' % (key, fixed(value or 0, 3, 3))
    missing = boolean(state.l2_current_missing())
    for key, field in (
        ("u1", fields.VOLTAGE_L1_MV),
        ("u2", fields.VOLTAGE_L2_MV),
        ("u3", fields.VOLTAGE_L3_MV),
        ("i1", fields.CURRENT_L1_MA),
        ("i2", fields.CURRENT_L2_MA),
        ("i3", fields.CURRENT_L3_MA),
        ("f", fields.POWER_FACTOR_PERMILLE),
        ("f1", fields.POWER_FACTOR_L1_PERMILLE),
        ("f2", fields.POWER_FACTOR_L2_PERMILLE),
        ("f3", fields.POWER_FACTOR_L3_PERMILLE),
    ):
        yield ',"%s":%s' % (key, fixed(state.number(field) or 0, 3, 2))
        if key == "i2":
            yield ',"i2e":' + missing
    for phase in range(3):
        yield ',"l%d":{"u":%s,"i":%s,"p":%d,"q":%d,"f":%s%s}' % (
            phase + 1,
            fixed(state.number(fields.VOLTAGE_L1_MV + phase) or 0, 3, 2),
            fixed(state.number(fields.CURRENT_L1_MA + phase) or 0, 3, 2),
            state.number(fields.POWER_IMPORT_L1_W + phase) or 0,
            state.number(fields.POWER_EXPORT_L1_W + phase) or 0,
            fixed(state.number(fields.POWER_FACTOR_L1_PERMILLE + phase) or 0, 3, 2),
            ',"e":' + missing if phase == 1 else "",
        )
    yield ',"v":%s,"r":%d,"t":%s,"u":%d,"m":%d' % (
        fixed(system.supply_mv(), 3, 3),
        board.rssi_dbm(),
        fixed(system.temperature_cdeg, 2, 2),
        now // 1000,
        board.heap_free(),
    )
    yield ',"em":%d,"hm":%d,"wm":%d,"mm":%d,"me":%d' % (
        system.supply_light(),
        state.light(now),
        system.wifi_light(),
        system.mqtt_light,
        system.mqtt_error,
    )
    utc = system.unix_time()
    totals = energy.totals
    price = _price(totals.price(utc))
    yield ',"p":%s,"px":%s,"mt":%d,"ds":%d' % (
        price,
        price if totals.export_price is None else _price(totals.export_price(utc)),
        state.vendor,
        config.distribution_system,
    )
    yield ',"ea":'
    yield from accounting(energy, utc)
    yield ',"pe":%s,"pr":%s,"pc":%s,"he":%d,"ee":0,"c":%d,"a":%s}' % (
        boolean(price != "null"),
        quote(config.price_area),
        quote(energy.currency),
        state.error(),
        utc,
        boolean(getattr(request, "owner", True)),
    )


def _price(micro: "int | None") -> str:
    """A price with two decimals, four for less than 1."""
    return fixed(micro, 6, 2 if abs(micro or 0) > 1000000 else 4)


def accounting(energy: "Energy", utc: int) -> "Iterator[str]":
    """Pieces of the object `ea`.

    x p t  the month's capacity value in kW, its peaks in kW, the limit of its step in kW
    h d m  this hour, day and month: import u and export p in kWh, cost c and income i
    """
    yield '{"x":%s,"p":[' % fixed(energy.month_value(), 3, 1)
    peaks = [watts for _, watts in energy.peaks.chosen()]
    for i in range(max(len(peaks), energy.peaks.tariff.count)):
        yield ("," if i else "") + fixed(peaks[i] if i < len(peaks) else 0, 3, 2)
    yield '],"t":%d' % energy.peaks.tariff.step_kw(energy.month_value())
    for key, row in zip("hdm", energy.running(utc)):
        yield ',"%s":{"u":%s,"c":%s,"p":%s,"i":%s}' % (
            key,
            fixed(row[IMPORT], 3, 2),
            fixed(row[COST], 9, 2),
            fixed(row[EXPORT], 3, 2),
            fixed(row[INCOME], 9, 2),
        )
    yield "}"

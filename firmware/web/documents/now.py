"""/now.json: the dashboard's document, also the data of each live event. Unknown values are null.

`ps` is the pause in seconds that a page should make between requests, `tz` the reader's time zone,
"Europe/Oslo", `ea` the object that summary() writes, `tf` why a stored setting of the tariff is
not used, "" without such, `pw` the tier of the supply voltage, 0 for full operation: see
/supply.json, `co` the object of web.documents.costs, `clk` the clock:

by sure  on what the time rests: 0 nothing, none is believed; 1 NTP, 2 the meter's clock, 3 both,
         4 the clock that was kept over a restart; whether two kinds have agreed on it
no at    the kind, 1 or 2, that says another time, which is not believed, and that time now in
         seconds since 1970 UTC; both null without one
br       0, or the number of the branch that counts the energy until the time is confirmed

`sm` is the number of minutes for which safe mode still lasts: only Wi-Fi and the web run; 0: it is
off.

`nf` is there only while nothing can be stored, as the data partition has something else on it:
what was found. POST /reset with format=true formats it.

`up` is null, or what an upgrade does: `ph` its phase, "" while nothing is done, `d` octets of `s`
that are written, `l` a newer version, "" without. See /upgrade.json.
"""

from energy import outlook
from energy.totals import COLUMNS, COST, EXPORT, IMPORT, INCOME
from fmt import boolean, fixed, quote
from han import fields
from micropython import const

from web.documents import costs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from composition import App, Request
    from config import Config
    from energy.ledger import Energy
    from state import State


_LATE_S = const(120)  # sums are estimates while a register is later than this after its hour
_ENERGY = (("u", IMPORT), ("p", EXPORT))
_MONEY = (("c", COST), ("g", INCOME))


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
        fixed(system.supply_mv(), 3, 3),
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
    yield from summary(energy, system.utc(), fuse_w(state, config), counts(config))
    judge = system.judge
    yield ',"clk":{"by":%d,"sure":%s,"no":%s,"at":%s,"br":%d}' % (
        judge.source,
        boolean(judge.sure),
        fixed(judge.refused or None, 0, 0),
        fixed(judge.refused_zero + judge.run_s() if judge.refused else None, 0, 0),
        energy.history.branch,
    )
    yield ',"tz":%s,"tf":%s,"pw":%d' % (
        quote(config.timezone),
        quote(tariff_fault(config)),
        system.tier,
    )
    if system.utc():
        yield from costs.pieces(app, system.utc())
    if app.storage.absent:
        yield ',"nf":' + quote(app.storage.absent)
    left_s = app.safe_s - uptime // 1000 if app.safe_s else 0
    yield ',"sm":%d,"up":' % max(0, -(-left_s // 60))
    up = system.upgrade
    if up is None:
        yield "null}"
    else:
        yield '{"ph":%s,"d":%d,"s":%d,"l":%s}}' % (quote(up[0]), up[1], up[2], quote(up[3]))


def tariff_fault(config: "Config") -> str:
    """The reason why a stored setting of the tariff is not used; "" without one."""
    for message in config.faults + config.doubts:
        if message.startswith("tariff"):
            return message
    return ""


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


def fuse_w(state: "State", config: "Config") -> "int | None":
    """The highest import power in W that the main fuse allows; None while it is not known."""
    if state.list_type < 2 or not config.main_fuse_a or not config.distribution_system:
        return None
    return gauge_max_w(state, config)


def counts(config: "Config") -> bool:
    """Whether the tariff is shown: not Norway's, which is the default, in another price area."""
    area = config.price_area
    own = config.is_set("tariff_profile") or config.tariff or config.stored.get("ui_peaks") == 1
    return bool(own) or not area or area[:5] == "10YNO" or area == "10Y1001A1001A48H"


def summary(
    energy: "Energy", now: int, most_w: "int | None" = None, tariff_counts: bool = True
) -> "Iterator[str]":
    """Pieces of the `ea` object of /now.json; null while the clock is not set: now is 0.

    most_w         the highest import power in W that the fuse allows; None: not known
    tariff_counts  False: k, w, ir, li, nx, np are null: the tariff is of another country

    u p c g  import and export in kWh, cost and income in `cur`, null if there is energy, but no
             price; each is a list: this hour, this day, this month, yesterday, last month; null
             before the first telegram
    iv       length of the tariff's interval in minutes
    iu ix    kWh in the running interval so far, mean power in W expected at its end
    ir       mean power in W that the rest of the interval may have below its limit, at most
             most_w; null without a limit
    x t k    the month's capacity value in kW, the limit of its step in kW, the number of peaks
             that count; k is 0 in a tariff without peaks
    cc       the month's cost of that value; null if the tariff has no prices
    pn       the price of a kWh now; null if it is unknown
    w wt     how much the running interval counts, in thousandths, and the UTC at which that
             changes; null if there is no capacity tariff, or it does not change
    li       the interval's limit in kWh: of the month's step, or without steps of its value; null
             above the last step, before the first peak, or if the interval does not count
    hf       true if the fuse allows no power that would reach that limit
    mv fl    this month's own value in kW, and true if that is the tariff's floor
    nx np    the limit of the next step in kW, 65535 above the last one, null without; its price a
             month, or that of a kW a month without steps
    xr cr    x and cc if the interval ends as expected and no later one is higher
    lv lt    the grid's energy price by time of day, 0 low, 1 high, 2 peak, and the UTC of its end
    si       of this hour, day and month: the UTC at which counting began, null if it is counted
             from its begin
    es       of the same: whether a register will still correct the sum, because energy was missed
             in a restart or a register has not come. Until it comes an hour is by received power
             in any case
    """
    if not now:
        yield "null"
        return
    begun = energy.settler.settled_until > 0
    rows: "Sequence[Sequence[int | None]]" = [[None] * COLUMNS] * 5
    if begun:
        rows = energy.running(now)
    comma = "{"
    for key, i in _ENERGY:
        yield comma + '"%s":[%s]' % (key, ",".join([fixed(row[i], 3, 3) for row in rows]))
        comma = ","
    for key, i in _MONEY:
        yield ',"%s":[%s]' % (key, ",".join([fixed(costs.known(row, i), 9, 2) for row in rows]))
    tariff = energy.peaks.tariff
    ahead = outlook.Outlook(energy, now, most_w)
    value = energy.month_value()
    yield ',"iv":%d,"iu":%s,"ix":%s,"ir":%s,"x":%s,"t":%d,"k":%s,"cc":%s,"pn":%s,"cur":%s' % (
        tariff.interval_min,
        fixed(ahead.used_wh if begun else None, 3, 3),
        fixed(ahead.expected_w if begun else None, 0, 0),
        fixed(ahead.left_w if begun and tariff_counts else None, 0, 0),
        fixed(value, 3, 2),
        tariff.step_kw(value),
        fixed(tariff.count if tariff_counts else None, 0, 0),
        fixed(outlook.cost_micro(tariff, value), 6, 2),
        fixed(energy.totals.price(now), 6, 4),
        quote(energy.currency),
    )
    limit = ahead.limit_w if tariff_counts else None
    step, price = outlook.next_step(tariff, value) if tariff_counts else (None, None)
    yield ',"w":%s,"wt":%s,"li":%s,"hf":%s,"mv":%s,"fl":%s,"nx":%s,"np":%s,"xr":%s,"cr":%s' % (
        fixed(ahead.weight if tariff.count and tariff_counts else None, 0, 0),
        fixed(outlook.weight_until(tariff, energy.settler.zone, now), 0, 0),
        fixed(limit * tariff.interval_min // 60 if limit is not None else None, 3, 3),
        boolean(ahead.free),
        fixed(ahead.month_w, 3, 2),
        boolean(ahead.at_floor),
        fixed(step, 0, 0),
        fixed(price, 6, 2),
        fixed(ahead.rate_w if begun else None, 3, 2),
        fixed(ahead.rate_cost if begun else None, 6, 2),
    )
    level, until = outlook.band(tariff, energy.settler.zone, now) or (None, None)
    yield ',"lv":%s,"lt":%s' % (fixed(level, 0, 0), fixed(until, 0, 0))
    since, estimates = [], []
    for begin, estimate in counted(energy, now):
        since.append(str(begin) if begin else "null")
        estimates.append(boolean(estimate))
    yield ',"si":[%s],"es":[%s]}' % (",".join(since), ",".join(estimates))


def counted(energy: "Energy", now: int) -> "Iterator[tuple[int, bool]]":
    """(since, estimate) of this hour, local day and month: `si` and `es` of summary(), 0 for null.

    While the sums are not certain, energy between the last save and counted_from may be missing.
    """
    settler, registers = energy.settler, energy.registers
    zone, until, since = settler.zone, settler.settled_until, energy.totals.begun
    resumed = 0 if energy.ready else energy.counted_from or now
    hour = now - now % 3600
    late = registers.read_at < hour and now - hour >= _LATE_S
    for begin in (hour, zone.day_start(zone.day(now)), zone.month_start(zone.month(now))):
        missed = resumed if until <= begin < resumed else 0
        estimate = begin < resumed or (late and begin < hour) or registers.imported is None
        yield (since if begin < since else missed, estimate) if until else (0, False)

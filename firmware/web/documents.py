"""The JSON bodies, written key by key from integers.

/data.json   both generations of phase keys in one object: flat u1 i1 f1 (2.2) and nested l1 (2.3+)
/now.json    the dashboard's document, also each server-sent event: null where nothing is known;
             `ps` is the pause in seconds that a page should keep, `ea` is energy_documents.brief
/sysinfo.json
Unknown values are 0 in /data.json, as its readers expect.
"""

from energy.accounting import LAST_MONTH
from fmt import boolean, fixed, mac, quote
from han.fields import (
    CURRENT_L1_MA,
    ENERGY_EXPORT_T1_WH,
    ENERGY_EXPORT_T2_WH,
    ENERGY_EXPORT_WH,
    ENERGY_IMPORT_T1_WH,
    ENERGY_IMPORT_T2_WH,
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
from system import VERSION

from web.energy_documents import accounting, brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Config
    from energy.domain import Energy
    from state import State
    from system import System


def gauge_max_w(state: "State", config: "Config") -> int:
    """The power at which the import gauge is full: what fuse, grid and phases allow."""
    phases = state.phases()
    fuse = config.main_fuse_a
    grid = config.distribution_system
    if state.list_type < 2 or not fuse or not grid:
        return 20000 if phases == 3 else 10000
    volts = 400 if grid == 2 else 230
    if phases == 3:
        return fuse * volts * 1732051 // 1000000
    return fuse * volts if phases == 2 else fuse * 230


def data(state: "State", config: "Config", system: "System", energy: "Energy") -> "Iterator[str]":
    """Chunks of /data.json."""
    board = system.board
    now = system.uptime_ms()
    imported = state.number(POWER_IMPORT_W) or 0
    exported = state.number(POWER_EXPORT_W) or 0
    yield '{"im":%d,"om":%d,"mf":%d' % (
        gauge_max_w(state, config),
        config.production_kwp,
        config.main_fuse_a or 40,
    )
    yield ',"i":%d,"e":%d,"w":%d,"ri":%d,"re":%d' % (
        imported,
        exported,
        imported - exported,
        state.number(REACTIVE_IMPORT_VAR) or 0,
        state.number(REACTIVE_EXPORT_VAR) or 0,
    )
    for key, value in (
        ("ic", state.live(ENERGY_IMPORT_WH)),
        ("ict1", state.number(ENERGY_IMPORT_T1_WH)),
        ("ict2", state.number(ENERGY_IMPORT_T2_WH)),
        ("ec", state.live(ENERGY_EXPORT_WH)),
        ("ect1", state.number(ENERGY_EXPORT_T1_WH)),
        ("ect2", state.number(ENERGY_EXPORT_T2_WH)),
        ("ric", state.live(REACTIVE_ENERGY_IMPORT_VARH)),
        ("rec", state.live(REACTIVE_ENERGY_EXPORT_VARH)),
    ):
        yield ',"%s":%s' % (key, fixed(value or 0, 3, 3))
    missing = boolean(state.l2_current_missing())
    for phase in range(3):
        yield ',"u%d":%s' % (phase + 1, fixed(state.number(VOLTAGE_L1_MV + phase) or 0, 3, 2))
    for phase in range(3):
        yield ',"i%d":%s' % (phase + 1, fixed(state.number(CURRENT_L1_MA + phase) or 0, 3, 2))
        if phase == 1:
            yield ',"i2e":' + missing
    yield ',"f":' + fixed(state.number(POWER_FACTOR_PERMILLE) or 0, 3, 2)
    for phase in range(3):
        yield ',"f%d":%s' % (
            phase + 1,
            fixed(state.number(POWER_FACTOR_L1_PERMILLE + phase) or 0, 3, 2),
        )
    for phase in range(3):
        yield ',"l%d":{"u":%s,"i":%s,"p":%d,"q":%d,"f":%s%s}' % (
            phase + 1,
            fixed(state.number(VOLTAGE_L1_MV + phase) or 0, 3, 2),
            fixed(state.number(CURRENT_L1_MA + phase) or 0, 3, 2),
            state.number(POWER_IMPORT_L1_W + phase) or 0,
            state.number(POWER_EXPORT_L1_W + phase) or 0,
            fixed(state.number(POWER_FACTOR_L1_PERMILLE + phase) or 0, 3, 2),
            ',"e":' + missing if phase == 1 else "",
        )
    yield ',"v":%s,"r":%d,"t":-127.00,"u":%d,"m":%d' % (
        fixed(board.supply_mv(), 3, 3),
        board.rssi_dbm(),
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
    price = _price(energy, system.unix_time())
    yield ',"p":%s,"px":%s,"mt":%d,"ds":%d' % (
        price,
        price,
        state.vendor,
        config.distribution_system,
    )
    yield ',"ea":' + accounting(energy, system.unix_time())
    yield ',"pe":%s,"pr":%s,"pc":%s,"he":%d,"ee":0,"c":%d,"a":true}' % (
        boolean(price != "null"),
        quote(config.price_area),
        quote(energy.currency),
        state.error(),
        system.unix_time(),
    )


def _price(energy: "Energy", now: int) -> str:
    """What a kWh costs now: two decimals, four for less than 1."""
    micro = energy.sums.price(now)
    if micro is None:
        return "null"
    return fixed(micro, 6, 2 if abs(micro) > 1000000 else 4)


def now(state: "State", config: "Config", system: "System", energy: "Energy") -> "Iterator[str]":
    """Chunks of /now.json, which goes out at every revision: small ones, as memory is short."""
    uptime = system.uptime_ms()
    age = state.age_ms(uptime)
    board = system.board
    yield '{"n":%d,"s":%s,"i":%s,"e":%s,"ri":%s,"re":%s' % (
        state.revision,
        "null" if age is None else fixed(age, 3, 1),
        _or_null(state.number(POWER_IMPORT_W), 0, 0),
        _or_null(state.number(POWER_EXPORT_W), 0, 0),
        _or_null(state.number(REACTIVE_IMPORT_VAR), 0, 0),
        _or_null(state.number(REACTIVE_EXPORT_VAR), 0, 0),
    )
    yield ',"ic":%s,"ec":%s,"ric":%s,"rec":%s,"f":%s' % (
        _or_null(state.live(ENERGY_IMPORT_WH), 3, 3),
        _or_null(state.live(ENERGY_EXPORT_WH), 3, 3),
        _or_null(state.live(REACTIVE_ENERGY_IMPORT_VARH), 3, 3),
        _or_null(state.live(REACTIVE_ENERGY_EXPORT_VARH), 3, 3),
        _or_null(state.number(POWER_FACTOR_PERMILLE), 3, 3),
    )
    missing = boolean(state.l2_current_missing())
    for phase in range(3):
        yield ',"l%d":{"u":%s,"i":%s,"p":%s,"q":%s,"f":%s%s}' % (
            phase + 1,
            _or_null(state.number(VOLTAGE_L1_MV + phase), 3, 1),
            _or_null(state.number(CURRENT_L1_MA + phase), 3, 2),
            _or_null(state.number(POWER_IMPORT_L1_W + phase), 0, 0),
            _or_null(state.number(POWER_EXPORT_L1_W + phase), 0, 0),
            _or_null(state.number(POWER_FACTOR_L1_PERMILLE + phase), 3, 3),
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
    yield from brief(energy, system.unix_time())
    yield "}"


def sysinfo(
    state: "State", config: "Config", system: "System", energy: "Energy"
) -> "Iterator[str]":
    """Chunks of /sysinfo.json: what is known so far."""
    board = system.board
    octets = board.mac()
    yield '{"version":%s,"chip":%s,"chipId":"%02x%02x","cpu":%d,"mac":"%s"' % (
        quote(VERSION),
        quote(board.chip),
        octets[5],
        octets[4],
        board.cpu_mhz,
        mac(octets),
    )
    yield ',"board":%d,"vndcfg":true,"usrcfg":%s,"hostname":%s' % (
        board.board_id,
        boolean(config.wifi_ssid),
        quote(system.hostname(config.hostname)),
    )
    ip, mask, gateway, dns = board.ip_config()
    yield ',"booting":false,"upgrading":false'
    yield ',"net":{"ip":%s,"mask":%s,"gw":%s,"dns1":%s,"dns2":""}' % (
        quote(ip),
        quote(mask),
        quote(gateway),
        quote(dns),
    )
    yield ',"if":{"eth":false},"meter":{"mfg":%d,"model":%s,"id":%s}' % (
        state.vendor,
        quote(state.text(METER_MODEL) or ""),
        quote(state.text(METER_ID) or ""),
    )
    now = system.unix_time()
    used, produced, cost, income = energy.running(now)[LAST_MONTH]
    yield ',"security":0,"boot_reason":%d,"ex_cause":%d' % (system.boot_reason, system.reset_cause)
    yield ',"last_month":{"u":%s,"c":%s,"p":%s,"i":%s},"clock_offset":%d,"line":%s}' % (
        fixed(used, 3, 2),
        fixed(cost, 9, 2),
        fixed(produced, 3, 2),
        fixed(income, 9, 2),
        energy.zone.offset_s(now) // 3600,
        quote(state.line),
    )


def _or_null(value: "int | None", scale: int, decimals: int) -> str:
    """A fixed-point number, null if unknown."""
    return "null" if value is None else fixed(value, scale, decimals)

"""/sysinfo.json: the device, its network, its meter and the sums of last month."""

from energy.totals import LAST_MONTH
from fmt import boolean, fixed, mac, quote
from han.fields import METER_ID, METER_MODEL
from system import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /sysinfo.json; a text that is not known yet is empty."""
    state, config, system, energy = app.state, app.config, app.system, app.energy
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
        energy.settler.zone.offset_s(now) // 3600,
        quote(state.line),
    )

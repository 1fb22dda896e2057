"""/sysinfo.json: the device, its network, its meter and the sums of last month.

"apmac" is that of the reader's own network: the next address. "fwconsent" is 1 with the setting
upgrade_auto, else 2: declined; "upgrade" has "e" 255 and the version in "t" if the boot loader has
gone back from one.
"""

from energy.totals import LAST_MONTH
from fmt import boolean, fixed, mac, quote
from han.fields import METER_ID, METER_MODEL
from micropython import const
from ondemand import visit
from system import VERSION

_PHASE = const(0)  # of System.upgrade
_BUSY = ("loading", "verifying", "restarting")
_ALL = const(2)  # web_security: everything needs a password, so the meter's number does too

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /sysinfo.json; a text that is not known yet is empty."""
    state, config, system, energy = app.state, app.config, app.system, app.energy
    board = system.board
    octets = board.mac()
    shown = config.web_security < _ALL or getattr(request, "owner", True)
    yield '{"version":%s,"chip":%s,"chipId":"%02x%02x","cpu":%d,"mac":"%s","apmac":"%s"' % (
        quote(VERSION),
        quote(board.chip),
        octets[5],
        octets[4],
        board.cpu_mhz,
        mac(octets),
        mac(octets[:5] + bytes((octets[5] + 1 & 0xFF,))),
    )
    yield ',"board":%d,"vndcfg":true,"usrcfg":%s,"fwconsent":%d,"hostname":%s' % (
        board.board_id,
        boolean(config.wifi_ssid),
        1 if config.stored.get("upgrade_auto") else 2,
        quote(system.hostname(config.hostname)),
    )
    ip, mask, gateway, dns = board.ip_config()
    up = system.upgrade
    yield ',"booting":false,"upgrading":%s' % boolean(up is not None and up[_PHASE] in _BUSY)
    yield ',"net":{"ip":%s,"mask":%s,"gw":%s,"dns1":%s,"dns2":""}' % (
        quote(ip),
        quote(mask),
        quote(gateway),
        quote(dns),
    )
    yield ',"if":{"eth":false},"meter":{"mfg":%d,"model":%s,"id":%s}' % (
        state.vendor,
        quote(state.text(METER_MODEL) or ""),
        quote(state.text(METER_ID) or "" if shown else ""),
    )
    with visit("web.documents.configuration") as configuration:
        yield ',"ui":{%s}' % configuration.shown(config)
    now = system.unix_time()
    used, produced, cost, income = energy.running(now)[LAST_MONTH][:4]
    yield ',"security":%d,"boot_reason":%d,"ex_cause":%d' % (
        config.web_security, system.boot_reason, system.reset_cause,
    )  # fmt: skip
    last = app.storage.read_json("upgrade.json").get("last")
    if isinstance(last, dict):
        yield ',"upgrade":{"x":0,"e":255,"f":%s,"t":%s}' % (
            quote(VERSION), quote(last.get("version", "")),
        )  # fmt: skip
    else:
        yield ',"upgrade":{"x":-1,"e":0,"f":"","t":""}'
    yield ',"last_month":{"u":%s,"c":%s,"p":%s,"i":%s},"clock_offset":%d,"line":%s}' % (
        fixed(used, 3, 2),
        fixed(cost, 9, 2),
        fixed(produced, 3, 2),
        fixed(income, 9, 2),
        energy.settler.zone.offset_s(now) // 3600,
        quote(state.line),
    )

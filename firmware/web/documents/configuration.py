"""/configuration.json: the settings as the AMS reader 2.2.28 has them.

Rules    No secret is sent: passwords, the keys of the meter and the token of prices are "***" if
         they are set, as the AMS reader's passwords are. Its keys and token are sent in clear.
         A key that is not set is 32 zeros. "***" in POST /save leaves a value as it is.
         What the image decides is told as it is: hardware pins are null, 802.11b and mDNS are on,
         the buffer is that of the receive window, time servers do not come by DHCP, there are no
         certificates and no cloud.
         w.w is 0.0 and p.f null while they are not set
"""

from energy.tariff import ABOVE_ALL
from fmt import boolean, fixed, quote
from ondemand import visit
from system import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from composition import App, Request
    from config import Config

_MASK = "***"
_NO_KEY = "00000000000000000000000000000000"
_PARITY = {"": 0, "7N1": 2, "8N1": 3, "8N2": 7, "7E1": 10, "8E1": 11}
_SHOWN = (
    ("i", "ui_import"),
    ("e", "ui_export"),
    ("v", "ui_voltage"),
    ("a", "ui_current"),
    ("r", "ui_reactive"),
    ("c", "ui_running"),
    ("t", "ui_peaks"),
    ("p", "ui_price"),
    ("d", "ui_day"),
    ("m", "ui_month"),
    ("s", "ui_temperature"),
)
_DOMOTICZ = (
    ("e", "domoticz_energy_idx"),
    ("c", "domoticz_current_idx"),
    ("u1", "domoticz_l1_idx"),
    ("u2", "domoticz_l2_idx"),
    ("u3", "domoticz_l3_idx"),
)
_PINS = (
    ',"i":{"h":{"p":null,"u":true},"a":null,"l":{"p":null,"i":false},"r":{"r":null,"g":null,'
    '"b":null,"i":false},"t":{"d":null,"a":null},"v":{"p":null,"o":%s,"m":%s,"d":{"v":null,"g":null},'
    '"b":%s}}'
)


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Its pieces, a section each."""
    config = app.config
    with visit("schema") as schema:

        def stored(name: str) -> "Any":
            return schema.value(config, name)

        yield '{"version":%s,"g":{"t":%s,"h":%s,"s":%d,"u":%s,"p":%s}' % (
            quote(VERSION),
            quote(config.timezone),
            quote(app.system.hostname(config.hostname)),
            stored("web_security"),
            quote(stored("web_user")),
            _masked(config.web_password),
        )
        yield _meter(app)
        steps = list(app.energy.peaks.tariff.steps[:9])
        steps += [ABOVE_ALL] * (10 - len(steps))
        yield ',"t":{"t":[%s],"h":%d}' % (
            ",".join([str(step) for step in steps]),
            app.energy.peaks.tariff.count,
        )
        yield ',"w":{"s":%s,"p":%s,"w":%s,"z":%d,"a":%s,"b":true}' % (
            quote(config.wifi_ssid),
            _masked(config.wifi_psk),
            fixed(config.wifi_power_ddbm, 1, 1),
            config.wifi_sleep,
            boolean(config.wifi_reboot),
        )
        yield _network(config, schema.parse_address(config.address))
        yield _mqtt(config, app.storage.names())
        fixed_price = config.price_fixed_micro
        yield ',"p":{"e":%s,"t":%s,"r":%s,"c":%s,"m":%s,"f":%s}' % (
            boolean(stored("price_enabled")),
            _masked(stored("price_token")),
            quote(config.price_area),
            quote(config.price_currency),
            fixed(config.price_multiplier, 3, 3),
            fixed(fixed_price, 6, 10) if fixed_price else "null",
        )
        yield ',"d":{"s":%s,"t":%s,"l":%d}' % (
            boolean(config.debug_serial),
            boolean(config.telnet_port),
            config.debug_level,
        )
        offset_mv, multiplier, limit_mv = schema.supply(config.supply)
        yield _PINS % (
            fixed(offset_mv, 3, 2),
            fixed(multiplier, 3, 3),
            fixed(limit_mv, 3, 1),
        )
        yield ',"u":{%s}' % shown(config)
        yield ',"o":{%s}' % _numbers(stored, _DOMOTICZ)
        yield ',"h":{"t":%s,"h":%s,"n":%s},"c":{"es":null}}' % (
            quote(stored("ha_prefix")),
            quote(stored("ha_host")),
            quote(stored("ha_tag")),
        )


def shown(config: "Config") -> str:
    """What the AMS reader's page shows, as the members of an object: /sysinfo.json has it too."""
    with visit("schema") as schema:
        return _numbers(lambda name: schema.value(config, name), _SHOWN)


def _masked(secret: object) -> str:
    return quote(_MASK if secret else "")


def _numbers(stored: "Callable[[str], Any]", names: "tuple[tuple[str, str], ...]") -> str:
    return ",".join(['"%s":%d' % (key, stored(name)) for key, name in names])


def _meter(app: "App") -> str:
    config = app.config
    parts = (config.multiplier_w, config.multiplier_v, config.multiplier_a, config.multiplier_wh)
    keys = [_masked(key) if key else quote(_NO_KEY) for key in (
        config.encryption_key, config.authentication_key)]  # fmt: skip
    return (
        ',"m":{"b":%d,"p":%d,"i":%s,"s":%d,"d":%d,"f":%d,"r":%d,"e":{"e":%s,"k":%s,"a":%s},'
        '"m":{"e":%s,"w":%s,"v":%s,"a":%s,"c":%s}}'
    ) % (
        config.meter_baud,
        _PARITY[config.meter_format],
        boolean(config.meter_invert),
        len(app.reader.stream.window.buf),
        config.distribution_system,
        config.main_fuse_a,
        config.production_kwp,
        boolean(config.encryption_key or config.authentication_key),
        keys[0],
        keys[1],
        boolean([part for part in parts if part != 1000]),
        fixed(parts[0], 3, 3),
        fixed(parts[1], 3, 3),
        fixed(parts[2], 3, 3),
        fixed(parts[3], 3, 3),
    )


def _network(config: "Config", address: "tuple[str, ...]") -> str:
    ip, mask, gateway, dns = address or ("", "", "", "")
    return (
        ',"n":{"m":"%s","i":"%s","s":"%s","g":"%s","d1":"%s","d2":"","d":true,"n1":%s,"h":false}'
    ) % (
        "static" if address else "dhcp",
        ip,
        mask,
        gateway,
        dns,
        quote(config.ntp_server),
    )


def _mqtt(config: "Config", files: "list[str]") -> str:
    return (
        ',"q":{"h":%s,"p":%d,"u":%s,"a":%s,"c":%s,"b":%s,"m":%d,"s":{"e":%s,"c":%s,"r":%s,"k":%s}}'
    ) % (
        quote(config.mqtt_host),
        config.mqtt_port,
        quote(config.mqtt_user),
        _masked(config.mqtt_password),
        quote(config.mqtt_client_id),
        quote(config.mqtt_topic),
        config.mqtt_payload,
        boolean(config.mqtt_tls),
        boolean("mqtt-ca" in files),
        boolean("mqtt-cert" in files),
        boolean("mqtt-key" in files),
    )

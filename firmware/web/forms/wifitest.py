"""POST /wifitest.json, as an AMS reader of 2.5 has it: begin to try a network.

In       the form's ssid and psk
Out      as GET /wifitest.json
Errors   ValueError outside setup mode, or if the rules of the settings refuse a value
"""

from micropython import const
from ondemand import visit

from web.forms.fields import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App, Request

_FIELD_OCTETS = const(300)  # 3 for each of 64 octets, and room


async def begin(app: "App", request: "Request") -> str:
    """POST /wifitest.json."""
    with visit("web.documents.wifi") as wifi:
        wifi.require_setup(app)
    form = await read(request, _FIELD_OCTETS, ("ssid", "psk"))
    ssid, psk = form.get("ssid", ""), form.get("psk", "")
    if not ssid:
        raise ValueError("ssid is missing: the name of the network")
    with visit("schema") as schema:
        for name, value in (("wifi_ssid", ssid), ("wifi_psk", psk)):
            fault = schema.fault(name, value)
            if fault:
                raise ValueError(fault)
    app.network.try_wifi(ssid, psk)
    with visit("web.documents.wifiscan") as wifiscan:
        text: str = wifiscan.test(app, request)
    return text

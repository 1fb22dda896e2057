"""POST /reset: the factory reset.

In       perform=true; keep=records keeps history, money, corrections and prices
Out      {"success", "message", "reboot": true}; the reader clears and restarts a second later. It
         begins the setup then, as no network is set
Rules    Without perform=true nothing is done, and the reason says what would be lost. The AMS
         reader restarts even then
Errors   ValueError, then nothing is changed
"""

from fmt import quote
from micropython import const
from ondemand import visit

from web.forms.fields import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App, Request

_CAUSE_FACTORY_RESET = const(5)
_FIELD_OCTETS = const(100)
_SETTINGS = "all settings, passwords, keys and own list descriptors"
_RECORDS = "history, costs, corrections and prices"


async def post(app: "App", request: "Request") -> str:
    """POST /reset."""
    form = await read(request, _FIELD_OCTETS, ("perform", "keep"))
    keep = form.get("keep", "")
    if keep not in ("", "records"):
        raise ValueError("keep: only records can be kept")
    if form.get("perform") != "true":
        raise ValueError(
            "perform=true is missing. It clears %s; and %s, unless keep=records is sent too"
            % (_SETTINGS, _RECORDS)
        )
    with visit("factory") as factory:
        what = factory.SETTINGS if keep else factory.ALL
        if not factory.begin(app.storage, what):
            raise ValueError("flash takes no note of it, so nothing is cleared: see the log")
    message = "cleared are %s" % _SETTINGS
    message += "; kept are " + _RECORDS if keep else ", " + _RECORDS
    app.log.add("factory reset: settings" + ("" if keep else " and records"))
    app.restart(_CAUSE_FACTORY_RESET)
    return '{"success":true,"message":%s,"reboot":true}' % quote(
        message + ". The reader restarts and opens its own network for the setup"
    )

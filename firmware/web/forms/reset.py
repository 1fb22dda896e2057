"""POST /reset: the factory reset.

In       perform=true; keep=records keeps history, money, corrections and prices; format=true makes
         a file system where the board has none
Out      {"success", "message", "reboot": true}; the reader clears and restarts a second later. It
         begins the setup then, as no network is set
Rules    Without perform=true nothing is done, and the reason says what would be lost. The AMS
         reader restarts even then.
         A data partition with something else on it is formatted by format=true alone, which does
         nothing to files of our own
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
_FORMATS = "It makes an empty file system: all that another firmware has there is lost"
_RECORDS = "history, costs, corrections and prices"


async def post(app: "App", request: "Request") -> str:
    """POST /reset."""
    form = await read(request, _FIELD_OCTETS, ("perform", "keep", "format"))
    keep = form.get("keep", "")
    if keep not in ("", "records"):
        raise ValueError("keep: only records can be kept")
    if form.get("perform") != "true":
        raise ValueError(
            "perform=true is missing. It clears %s; and %s, unless keep=records is sent too"
            % (_SETTINGS, _RECORDS)
        )
    absent, asked = app.storage.absent, form.get("format") == "true"
    if absent and not asked:
        raise ValueError("format=true is missing: %s. %s" % (absent, _FORMATS))
    if asked and not absent:
        raise ValueError("format: the files here are the reader's own, so none are formatted")
    if asked:
        return _format(app)
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


def _format(app: "App") -> str:
    """Make a file system where there is none."""
    try:
        app.storage.absent = app.system.board.files(True)
    except OSError as e:
        raise ValueError("The data partition cannot be formatted: %r" % e)
    app.log.add("the data partition is formatted")
    app.restart(_CAUSE_FACTORY_RESET)
    message = "The data partition has an empty file system. The reader restarts"
    return '{"success":true,"message":%s,"reboot":true}' % quote(message)

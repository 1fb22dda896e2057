"""What is pushed to a webhook: one JSON object.

In       the newest telegram; slots of the history: (UTC, import Wh, export Wh, quality)
Out      address, headers and body of a POST
         {"device":"ams-4b1e","mac":"7C:DF:A1:00:1E:4B","meter":"7359992890000001",
          "t":1773742800,"reading":{"power_import_w":2143,...},
          "slots":[{"t":1773741600,"s":900,"import_wh":250,"export_wh":0,"q":"measured"},...]}
         t: UTC in seconds since 1970, of the telegram and of a slot's begin; s: seconds of a slot.
         Without a telegram t is 0 and reading is null
Rules    A slot may come again after a failure: its t tells that it is the same
"""

from energy.blocks import NAMES
from fmt import mac, quote

from push import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from composition import App

    Row = tuple[int, int, int, int]


def request(
    app: "App", setting: "Callable[[str], Any]", live: bool, rows: "list[Row]"
) -> "tuple[str, dict[str, str], bytes]":
    """Address, headers and body. live: with the newest telegram."""
    headers = {"Content-Type": "application/json"}
    if setting("push_token"):
        headers["Authorization"] = "Bearer " + setting("push_token")
    values = "null"
    if live:
        values = "{%s}" % ",".join(['"%s":%d' % pair for pair in reading.numbers(app.state)])
    body = '{"device":%s,"mac":"%s","meter":%s,"t":%d,"reading":%s,"slots":[%s]}' % (
        quote(app.system.hostname(app.config.hostname)),
        mac(app.system.board.mac()),
        quote(reading.meter_id(app.state)),
        app.state.reading_unix if live else 0,
        values,
        ",".join([_slot(row) for row in rows]),
    )
    return setting("push_url"), headers, body.encode()


def _slot(row: "Row") -> str:
    utc, imported, exported, quality = row
    return '{"t":%d,"s":900,"import_wh":%d,"export_wh":%d,"q":"%s"}' % (
        utc,
        imported,
        exported,
        NAMES[quality],
    )

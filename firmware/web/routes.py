"""The route table: a row for each path and method.

path, method, module, function, content type, flags

A document is a module in web/documents, a form one in web/forms. It is loaded for the request:
    def get(app, request)         returns the text, or a generator of its pieces. The first piece
                                  is made before the head is sent: ValueError becomes 400 with
                                  the reason, no piece at all 404
    async def post(app, request)  reads request.stream, makes the change, returns the JSON answer;
                                  ValueError becomes 400 with the reason
To add a document, add a file and a row. A GET of a path without a row is answered with the file of
the page that has this name.
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    Row = tuple[str, str, str, str, str, int]

# Flags.
OPEN = const(0)  # every client may send this request
CHANGE = const(1)  # it changes something: refused to pages of other sites
NEEDS_CLOCK = const(2)  # it changes dated values: refused until the clock is set
ALONE = const(4)  # it takes much memory: one such request at a time
LONG = const(8)  # its body may have 128 KB, else 4 KB
KEPT = const(16)  # a browser may cache the answer
ANY_SITE = const(32)  # pages of other sites may read the answer
STREAM = const(64)  # the live stream follows the head

_EDIT = const(7)  # CHANGE, NEEDS_CLOCK, ALONE
ROUTES = (
    ("/now.json", "GET", "documents.now", "get", "application/json", OPEN),
    ("/data.json", "GET", "documents.data", "get", "application/json", OPEN),
    ("/events", "GET", "", "", "text/event-stream", STREAM),
    ("/is-alive", "GET", "forms.files", "alive", "text/plain; charset=UTF-8", KEPT | ANY_SITE),
    ("/sysinfo.json", "GET", "documents.sysinfo", "get", "application/json", OPEN),
    ("/dayplot.json", "GET", "documents.plots", "day", "application/json", OPEN),
    ("/monthplot.json", "GET", "documents.plots", "month", "application/json", OPEN),
    ("/tariff.json", "GET", "documents.plots", "tariff", "application/json", OPEN),
    ("/energyprice.json", "GET", "documents.prices", "hours", "application/json", OPEN),
    ("/importprice.json", "GET", "documents.prices", "quarters", "application/json", OPEN),
    ("/history.csv", "GET", "documents.history", "csv", "text/csv; charset=UTF-8", OPEN),
    ("/history.json", "GET", "documents.history", "json", "application/json", OPEN),
    ("/lists.txt", "GET", "forms.files", "lists", "text/plain; charset=UTF-8", OPEN),
    ("/unknown.txt", "GET", "forms.files", "unknown", "text/plain; charset=UTF-8", OPEN),
    ("/robots.txt", "GET", "forms.files", "robots", "text/plain", KEPT),
    ("/dayplot", "POST", "forms.history", "day", "application/json", _EDIT),
    ("/monthplot", "POST", "forms.history", "month", "application/json", _EDIT),
    ("/configfile", "POST", "forms.files", "configfile", "application/json", _EDIT),
    ("/prices", "POST", "forms.prices", "post", "application/json", _EDIT | LONG),
    ("/lists.txt", "POST", "forms.files", "replace_lists", "application/json", CHANGE | ALONE),
    ("/reboot", "POST", "forms.files", "reboot", "application/json", CHANGE),
)


def find(path: str, method: str) -> "Row | None":
    """The row of a path and method, or None."""
    for row in ROUTES:
        if row[0] == path and row[1] == method:
            return row
    return None

"""What is served: a row for each path and method.

path, method, module, function, content type, flags

A document is a module in web/documents, a form one in web/forms, loaded for the request:
    def get(app, request)         a generator of pieces of text, or the text; the first piece is
                                  made before the head goes out: ValueError is 400 with the
                                  reason, no piece at all is 404
    async def post(app, request)  reads request.stream, changes what it is for, returns the
                                  JSON answer; ValueError is 400 with the reason
A new document is a file and a row. What has no row is looked for among the page's files.
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    Row = tuple[str, str, str, str, str, int]

# Who may, and how.
OPEN = const(0)  # whoever reaches the reader
CHANGE = const(1)  # scripts and the reader's own page, not another site's page
NEEDS_CLOCK = const(2)  # what is changed carries a date
ALONE = const(4)  # takes memory: one such request at a time
LONG = const(8)  # a body of up to 128 KB, else 4 KB
KEPT = const(16)  # a browser may keep the answer
ANY_SITE = const(32)  # other sites' pages may read the answer
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
    """The row of a path and method; None if there is none."""
    for row in ROUTES:
        if row[0] == path and row[1] == method:
            return row
    return None

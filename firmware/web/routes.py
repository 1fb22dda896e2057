"""The route table: a row for each path and method.

path, method, module, function, content type, flags

A document is a module in web/documents, a form one in web/forms. It is loaded for the request:
    def get(app, request)         returns the text, or a generator of its pieces. The first piece
                                  is made before the head is sent: ValueError becomes 400 with
                                  the reason, no piece at all 404. After a piece that is None the
                                  next one is asked for 20 ms later
    async def post(app, request)  reads request.stream, makes the change, returns the JSON answer,
                                  also in pieces;
                                  ValueError becomes 400 with the reason, and with its second
                                  argument as further members: ',"errors":{}'
To add a document, add a file and a row. A GET of a path without a row is answered with the file of
the page that has this name.
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    Row = tuple[str, str, str, str, str, int]

# Flags.
OPEN = const(0)  # none
CHANGE = const(1)  # it changes something: refused to pages of other sites
NEEDS_CLOCK = const(2)  # it changes dated values: refused until the clock is set
ALONE = const(4)  # it takes much memory: one such request at a time
LONG = const(8)  # its body may have 128 KB, else 4 KB
KEPT = const(16)  # a browser may cache the answer
ANY_SITE = const(32)  # pages of other sites may read the answer
IMAGE = const(1024)  # its body may have 4 MB
BACKUP = const(8192)  # its body may have 192 KB
STREAM = const(64)  # the live stream follows the head
JSON = const(128)  # its body is JSON and says so
STORES = const(256)  # it writes to flash: refused while the supply voltage is too low
SAVED = const(512)  # a browser saves the answer as a file, under the path's name
PUBLIC = const(2048)  # no password is asked for
OWNER = const(4096)  # a password is asked for also when only the settings are protected

_TEXT = "text/plain; charset=UTF-8"
_HTML = "text/html; charset=UTF-8"
_EDIT = const(263)  # CHANGE, NEEDS_CLOCK, ALONE, STORES
_PATCH = const(389)  # CHANGE, ALONE, JSON, STORES
_TRY = const(133)  # CHANGE, ALONE, JSON
_READ = const(13)  # CHANGE, ALONE, LONG
_REPLACE = const(261)  # CHANGE, ALONE, STORES
_UPLOAD = const(269)  # CHANGE, ALONE, LONG, STORES
_WRITE = const(1281)  # CHANGE, IMAGE, STORES
ROUTES = (
    ("/now.json", "GET", "documents.now", "get", "application/json", OPEN),
    ("/live.json", "GET", "documents.live", "get", "application/json", OPEN),
    ("/data.json", "GET", "documents.data", "get", "application/json", OPEN),
    ("/events", "GET", "", "", "text/event-stream", STREAM),
    (
        "/is-alive",
        "GET",
        "forms.files",
        "alive",
        "text/plain; charset=UTF-8",
        KEPT | ANY_SITE | PUBLIC,
    ),
    ("/sysinfo.json", "GET", "documents.sysinfo", "get", "application/json", PUBLIC),
    ("/temperature.json", "GET", "documents.temperature", "get", "application/json", OPEN),
    ("/dayplot.json", "GET", "documents.plots", "day", "application/json", OPEN),
    ("/monthplot.json", "GET", "documents.plots", "month", "application/json", OPEN),
    ("/tariff.json", "GET", "documents.plots", "tariff", "application/json", OPEN),
    ("/energyprice.json", "GET", "documents.prices", "hours", "application/json", OPEN),
    ("/importprice.json", "GET", "documents.prices", "imported", "application/json", OPEN),
    ("/exportprice.json", "GET", "documents.prices", "exported", "application/json", OPEN),
    ("/cheapest.json", "GET", "documents.cheapest", "get", "application/json", OPEN),
    ("/pricepreview.json", "GET", "documents.pricepreview", "get", "application/json", OWNER),
    ("/pricepreview.json", "POST", "documents.pricepreview", "post", "application/json", _TRY),
    ("/prices.json", "GET", "documents.pricestate", "get", "application/json", OPEN),
    ("/priceconfig.json", "GET", "documents.priceconfig", "get", "application/json", OWNER),
    ("/realtime.json", "GET", "documents.realtime", "get", "application/json", PUBLIC),
    ("/ssdp/schema.xml", "GET", "documents.ssdp", "get", "text/xml; charset=UTF-8", PUBLIC),
    ("/money.json", "GET", "documents.money", "get", "application/json", OPEN),
    ("/steps.json", "GET", "documents.steps", "get", "application/json", OPEN),
    ("/supply.json", "GET", "documents.supply", "get", "application/json", OPEN),
    ("/health.json", "GET", "documents.health", "get", "application/json", OPEN),
    ("/metrics", "GET", "documents.metrics", "get", "text/plain; version=0.0.4", OPEN),
    ("/diagnostics.txt", "GET", "documents.diagnostics", "get", _TEXT, OWNER),
    ("/history.csv", "GET", "documents.history", "csv", "text/csv; charset=UTF-8", OPEN),
    ("/history.json", "GET", "documents.history", "json", "application/json", OPEN),
    ("/edits.json", "GET", "documents.edits", "get", "application/json", OPEN),
    ("/network.json", "GET", "documents.network", "get", "application/json", OPEN),
    ("/lists.txt", "GET", "forms.files", "lists", "text/plain; charset=UTF-8", OWNER),
    ("/unknown.txt", "GET", "forms.files", "unknown", "text/plain; charset=UTF-8", OPEN),
    ("/inspect.json", "GET", "documents.inspect", "get", "application/json", OWNER),
    ("/capture.hex", "GET", "documents.inspect", "capture", _TEXT, SAVED | OWNER),
    ("/robots.txt", "GET", "forms.files", "robots", "text/plain", KEPT | PUBLIC),
    ("/setup.html", "GET", "documents.setup", "page", _HTML, OPEN),
    ("/wifi/test.json", "GET", "documents.wifi", "tested", "application/json", OWNER),
    ("/wifi.json", "GET", "documents.wifi", "networks", "application/json", OWNER),
    ("/wifiscan.json", "GET", "documents.wifiscan", "scan", "application/json", OWNER),
    ("/wifitest.json", "GET", "documents.wifiscan", "test", "application/json", OWNER),
    ("/wifitest.json", "POST", "forms.wifitest", "begin", "application/json", CHANGE),
    ("/login.html", "GET", "documents.login", "page", _HTML, PUBLIC),
    ("/login", "POST", "forms.login", "login", _HTML, CHANGE | PUBLIC),
    ("/logout", "POST", "forms.login", "logout", _HTML, CHANGE | PUBLIC),
    ("/welcome.html", "GET", "documents.login", "welcome", _HTML, OPEN),
    ("/welcome", "POST", "forms.login", "choose", _HTML, CHANGE | STORES),
    ("/api/tokens", "GET", "documents.tokens", "get", "application/json", OWNER),
    ("/api/token", "POST", "forms.token", "make", "application/json", CHANGE | STORES),
    ("/api/token/revoke", "POST", "forms.token", "revoke", "application/json", CHANGE | STORES),
    ("/setup", "POST", "forms.setup", "submit", _HTML, CHANGE),
    ("/configuration.json", "GET", "documents.configuration", "get", "application/json", OWNER),
    ("/api/settings.json", "GET", "documents.settings", "get", "application/json", OWNER),
    (
        "/configfile.cfg",
        "GET",
        "documents.configfile",
        "get",
        "text/plain; charset=UTF-8",
        SAVED | OWNER,
    ),
    ("/backup.json", "GET", "documents.backup", "get", "application/json", SAVED | OWNER),
    ("/backup", "POST", "backup", "post", "application/json", _UPLOAD | BACKUP),
    ("/board.json", "GET", "forms.board", "get", "application/json", OWNER),
    ("/save", "POST", "forms.save", "post", "application/json", _REPLACE),
    ("/api/config", "PATCH", "forms.config", "patch", "application/json", _PATCH),
    ("/api/key-test", "POST", "forms.config", "try_keys", "application/json", _TRY),
    ("/api/mqtt-test", "POST", "forms.config", "try_mqtt", "application/json", _TRY),
    ("/api/inspect", "POST", "forms.inspect", "post", "application/json", _READ),
    ("/reset", "POST", "forms.reset", "post", "application/json", CHANGE),
    ("/wifi/test", "POST", "forms.setup", "test", "application/json", CHANGE),
    ("/dayplot", "POST", "forms.history", "day", "application/json", _EDIT),
    ("/monthplot", "POST", "forms.history", "month", "application/json", _EDIT),
    ("/configfile", "POST", "forms.configfile", "post", "application/json", _UPLOAD),
    ("/prices", "POST", "forms.prices", "post", "application/json", _EDIT | LONG),
    ("/lists.txt", "POST", "forms.files", "replace_lists", "application/json", _REPLACE),
    ("/network/confirm", "POST", "forms.network", "confirm", "application/json", CHANGE),
    ("/api/certificates.json", "GET", "documents.certificates", "get", "application/json", OWNER),
    ("/mqtt-ca", "GET", "documents.certificates", "page", _HTML, OWNER),
    ("/price-ca", "GET", "documents.certificates", "page", _HTML, OWNER),
    ("/push-ca", "GET", "documents.certificates", "page", _HTML, OWNER),
    ("/upgrade-ca", "GET", "documents.certificates", "page", _HTML, OWNER),
    ("/mqtt-cert", "GET", "documents.certificates", "page", _HTML, OWNER),
    ("/mqtt-key", "GET", "documents.certificates", "page", _HTML, OWNER),
    ("/mqtt-ca", "POST", "forms.certificates", "post", "application/json", _UPLOAD),
    ("/price-ca", "POST", "forms.certificates", "post", "application/json", _UPLOAD),
    ("/push-ca", "POST", "forms.certificates", "post", "application/json", _UPLOAD),
    ("/upgrade-ca", "POST", "forms.certificates", "post", "application/json", _UPLOAD),
    ("/mqtt-cert", "POST", "forms.certificates", "post", "application/json", _UPLOAD),
    ("/mqtt-key", "POST", "forms.certificates", "post", "application/json", _UPLOAD),
    ("/upgrade.json", "GET", "documents.upgrade", "get", "application/json", OPEN),
    ("/firmware", "GET", "documents.recovery", "page", _HTML, OWNER),
    ("/recovery", "GET", "documents.recovery", "page", _HTML, OWNER),
    ("/firmware", "POST", "forms.firmware", "upload", "application/json", _WRITE),
    ("/upgrade", "POST", "forms.firmware", "pull", "application/json", CHANGE | STORES),
    ("/upgrade/check", "POST", "forms.firmware", "check", "application/json", CHANGE),
    ("/upgrade/back", "POST", "forms.firmware", "back", "application/json", CHANGE),
    ("/fwchannel", "GET", "documents.upgrade", "channel", "application/json", OWNER),
    ("/fwchannel", "POST", "forms.firmware", "channel", "text/plain", CHANGE | STORES),
    ("/reboot", "POST", "forms.files", "reboot", "application/json", CHANGE),
)
# Paths that are answered with a file of another name: pages, and those of the AMS reader's page.
_FILES = (
    ("/", "index.html"),
    ("/history", "index.html"),
    ("/settings", "index.html"),
    ("/device", "index.html"),
    ("/setup", "index.html"),
    ("/login", "index.html"),
    ("/welcome", "index.html"),
    ("/configuration", "index.html"),
    ("/status", "index.html"),
    ("/consent", "index.html"),
    ("/vendor", "index.html"),
    ("/priceconfig", "index.html"),
    ("/edit-day", "index.html"),
    ("/edit-month", "index.html"),
    ("/api/openapi.json", "openapi.json"),
    ("/logo.svg", "favicon.svg"),
    ("/github.svg", "favicon.svg"),
)


def level(row: "Row | None", path: str, method: str) -> int:
    """The level of web_security from which on a request needs a password: 1 what changes or shows
    settings, 2 everything else, 0 never. Source: formats of the AMS reader, 1.2."""
    if row is None:  # a file of the page has nothing of the owner, and the login needs some
        return 0 if path == "/login" or path.endswith((".svg", ".css", ".js")) else 2
    if row[5] & PUBLIC:
        return 0
    return 1 if method != "GET" or row[5] & (CHANGE | OWNER) else 2


def find(path: str, method: str) -> "Row | None":
    """The row of a path and method, or None."""
    for row in ROUTES:
        if row[0] == path and row[1] == method:
            return row
    return None


def file_of(path: str) -> str:
    """The name of the page's file that answers a path."""
    for known, name in _FILES:
        if known == path:
            return name
    return path[1:]


def allowed(path: str, names: "set[str] | tuple[str, ...]") -> str:
    """The methods of a path, as the header Allow has them; "" if there is no such path.

    names  of the page's files
    """
    methods = [row[1] for row in ROUTES if row[0] == path or path == "*"]
    if file_of(path) in names and "GET" not in methods:
        methods.append("GET")
    if not methods:
        return ""
    known = ("GET", "HEAD", "POST", "PATCH")
    if "GET" in methods:
        methods.append("HEAD")
    return ", ".join([method for method in known if method in methods]) + ", OPTIONS"

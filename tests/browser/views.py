"""What the pages can show, as a table: each page, its parts, and each card in its states."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.browser import device, settings
from tests.browser.energy import CHART, HOUR, NOW, row, save, table
from tests.browser.fake_reader import FakeReader
from tests.browser.now import CARDS, RUNNING, prices, sell, show, silence
from tests.browser.screen import Screen

POINTS = [
    {"s": "Hjemme", "r": -55, "e": "WPA2"}, {"s": "Kaffebrenneriet gjest", "r": -68, "e": "open"},
    {"s": "Nabo <b> med et langt navn " + "x" * 5, "r": -83, "e": "WPA2"},
]  # fmt: skip
NO_TEST = {"state": "none", "ssid": "", "reason": 0, "ip": ""}
UNKNOWN: dict[str, Any] = {"u": None, "i": None, "p": None, "q": None, "f": None}
SENSORS = {"c": 1, "s": [{"i": 0, "a": "28FF641E93160342", "n": "Attic", "c": 1, "v": 21.4}]}
STEP = "document.querySelector('#step-body').childElementCount"


def nothing(_: Any) -> None:
    """No preparation, or nothing to do."""


@dataclass
class View:
    """One thing that a page can show."""

    name: str
    path: str
    ready: str  # a JavaScript expression: it is shown
    prepare: Callable[[FakeReader], None] = nothing
    act: Callable[[Screen], None] = nothing


def serve(reader: FakeReader) -> None:
    """The documents of all pages, of a reader in its owner's network."""
    settings.serve(reader)
    usual = reader.documents["/sysinfo.json"]
    device.serve(reader)
    reader.documents["/sysinfo.json"] = {**usual, **device.SYSINFO}
    reader.documents["/network.json"] = {**device.NETWORK, "setup": False, "trial": 0, "bus": 0,
                                         "board": "Pow-K+"}  # fmt: skip
    reader.documents["/wifi.json"] = {"n": POINTS}
    reader.documents["/wifi/test.json"] = dict(NO_TEST)


def access_point(reader: FakeReader) -> None:
    """The reader is in a network of its own."""
    reader.documents["/network.json"].update(setup=True, board="Pow-K+", bus=1)


def not_used(reader: FakeReader) -> None:
    access_point(reader)
    reader.documents["/board.json"]["why"] = "the chosen board is not used: board.txt is damaged"


def says(**changes: Any) -> Callable[[FakeReader], None]:
    return lambda reader: reader.set(**changes)


def sold(changes: dict[int, float] | None = None, usual: float = 1.0) -> Any:
    return lambda reader: sell(reader, prices(changes, usual=usual))


def no_rate(reader: FakeReader) -> None:
    show(reader, p=1)
    reader.set(ea={"cur": "SEK"}, co=None)


def warm(reader: FakeReader) -> None:
    reader.documents["/temperature.json"] = SENSORS


def begun(reader: FakeReader) -> None:
    """The first hour: energy is estimated since 14:08."""
    reader.house.hours.clear()
    since = [NOW - 720] * 3
    reader.set(ea={"u": [0.31, 0.31, 0.31, 0, 0], "p": [0] * 5, "iu": 0.31, "si": since,
                   "es": [True] * 3})  # fmt: skip


def doubtful(reader: FakeReader) -> None:
    """A history with each quality."""
    for ago, quality in ((2, "estimated"), (3, "interpolated"), (6, "edited"), (7, "gap")):
        reader.house.hours[HOUR - ago * 3600][2] = quality
    del reader.house.hours[HOUR - 8 * 3600]


def kept(reader: FakeReader) -> None:
    """Power of the last ten minutes, with import, export and a hole."""
    tens = [2000 + 40 * n for n in range(20)] + [None] * 5 + [-900] * 30
    reader.live = {"ta": 3.0, "t": tens, "ma": 33.0, "m": [None]}


def chosen(name: str) -> Callable[[Screen], None]:
    def act(screen: Screen) -> None:
        screen.page.locator(f"#views input[value={name}]").check()
        screen.until("!document.getElementById('energy-data').inert")
        screen.settle()

    return act


def corrected(screen: Screen) -> None:
    """The table after one correction, with the form of the next one and its effect."""
    table(screen)
    screen.page.locator("#edits summary").click()
    row(screen, "08:00").get_by_role("button").click()
    screen.page.locator("#correct-i").fill("2.5")
    save(screen)
    screen.wait_text("#edits-list", "Undo")
    row(screen, "09:00").get_by_role("button").click()
    screen.page.locator("#correct-i").fill("9")
    screen.page.keyboard.press("Enter")
    screen.wait_text("#effect-list", "March 2026")


def pressed(button: str, words: str) -> Callable[[Screen], None]:
    """A button that opens a dialog with these words."""

    def act(screen: Screen) -> None:
        screen.page.locator(button).click()
        screen.wait_text("dialog", words)

    return act


def hidden_network(screen: Screen) -> None:
    """A hidden network with a password that is too short."""
    screen.page.locator("#f-ss").fill("Skjult ")
    screen.page.locator("#f-sp").fill("kort")
    screen.page.locator("#step-next").click()
    screen.wait_text("#e-sp", "8 characters")


def refused(reader: FakeReader) -> None:
    access_point(reader)
    reader.answers["POST", "/wifi/test"] = 200, {"success": True, "message": ""}
    reader.documents["/wifi/test.json"] = {**NO_TEST, "state": "failed", "reason": 202}


def try_network(screen: Screen) -> None:
    screen.page.get_by_role("button", name="Hjemme").click()
    screen.page.locator("#f-sp").fill("feil passord")
    screen.page.locator("#step-next").click()
    screen.wait_text("#step-body", "Wrong password?")


def fixed(screen: Screen) -> None:
    """A name and an address that are wrong."""
    screen.page.locator("#f-sh").fill("Stue!")
    screen.page.get_by_label("Static IP address").check()
    screen.page.locator("#f-si").fill("10.0.0")
    screen.page.locator("#step-next").click()
    screen.wait_text("#e-sh", "a-z")


def no_file(screen: Screen) -> None:
    screen.page.locator("#step-next").click()
    screen.wait_text("#e-file", "backup.json")


def unheard(reader: FakeReader) -> None:
    silence(reader)
    reader.documents["/inspect.json"] = {"heard": {"octets": 41}, "line": {"settings": "2400 8E1"}}


def broker(reader: FakeReader) -> None:
    answer = {"success": False, "message": "192.168.1.9:1883: not accepted", "stage": "login"}
    reader.answers["POST", "/api/mqtt-test"] = 200, answer


def try_broker(screen: Screen) -> None:
    screen.page.locator("#f-mqtt_host").fill("192.168.1.9")
    screen.page.get_by_role("button", name="Test").click()
    screen.wait_text(".stages", "not accepted")


def keys(reader: FakeReader) -> None:
    silence(reader)
    answer = {"success": False, "message": "", "result": "wrong key"}
    reader.answers["POST", "/api/key-test"] = 200, answer


def try_keys(screen: Screen) -> None:
    screen.page.locator("#f-encryption_key").fill("00" * 16)
    screen.page.get_by_role("button", name="Test").click()
    screen.wait_text("#step-body .bad-text", "")


def troubled(reader: FakeReader) -> None:
    """Each service has something to look at."""
    reader.set(wm=3, mm=3, em=3, v=2.9, r=-97, s=None, clk={"by": 0, "sure": False})
    reader.documents["/prices.json"] = {**device.PRICES, "error": "no answer of ENTSO-E"}


def wrong_passwords(screen: Screen) -> None:
    screen.page.locator("#f-password").fill("kort")
    screen.page.locator("#login-do").click()
    screen.wait_text("#e-password", "8 characters")


def wrong_password(screen: Screen) -> None:
    screen.page.locator("#f-password").fill("galt passord")
    screen.page.locator("#login-do").click()
    screen.wait_text("#login-why", "password")


def no_login(reader: FakeReader) -> None:
    reader.answers["POST", "/login"] = 403, {"success": False, "message": "not the password"}


def unsaved(screen: Screen) -> None:
    screen.page.locator("#f-mqtt_host").fill("nas.local")
    screen.page.locator("#places a[href='/']").click()
    screen.wait_text("dialog", "MQTT")


def step(name: str, *more: Any, of: str = "guide") -> View:
    return View(f"{of}-{name}", f"/setup#{name}", STEP, *more)


def section(name: str) -> View:
    return View(f"settings-{name}", f"/settings#{name}", "document.querySelector('#section h2')")


FIELD = "document.querySelector('#step-body .field')"
LIST = "document.querySelector('.networks button')"
RUNNING_VERSION = "document.querySelector('[data-v=running]').textContent.includes('v0')"
VIEWS = [
    View("now", "/", CARDS, warm),
    View("now-live", "/", "document.querySelector('#live:not([hidden])')", kept),
    View("now-stale", "/", CARDS, says(s=400)),
    View("now-silent", "/", CARDS, silence),
    View("now-export", "/", CARDS, says(i=0, e=5200, om=8)),
    View("now-it-grid", "/", CARDS, says(ds=1, l2={"e": True, "i": 3.0})),
    View("now-fault", "/", CARDS,
         says(wm=3, mm=3, me=-10, em=3, v=2.9, he=94, i=16900)),
    View("now-no-sums", "/", CARDS, says(ea=None)),
    View("now-free", "/", CARDS, says(ea={"w": 0, "wt": NOW + 9000, "li": None})),
    View("now-first-hour", "/", CARDS, begun),
    View("now-no-rate", "/", CARDS, no_rate),
    View("now-price", "/", "document.querySelector('#prices .now').getAttribute('d')", sold()),
    View("now-negative-price", "/", "document.querySelector('#prices .now').getAttribute('d')",
         sold({RUNNING: -0.12, **{RUNNING + n: -0.3 for n in range(3, 9)}}, 0.4)),
    View("history", "/history", CHART),
    View("history-doubt", "/history", CHART, doubtful),
    View("history-first-hour", "/history", CHART, begun),
    View("history-year", "/history", CHART, nothing, chosen("year")),
    View("history-correction", "/history", CHART, says(ea={"cur": "NOK"}), corrected),
    View("history-no-clock", "/history", "document.querySelector('#energy')", says(c=0)),
    View("settings", "/settings", settings.READY),
    *map(section, ("prices", "wifi", "mqtt", "thresholds", "actions")),
    View("settings-unsaved", "/settings#mqtt", "document.querySelector('#f-mqtt_host')", nothing,
         unsaved),
    View("device", "/device", RUNNING_VERSION),
    View("device-former", "/device", RUNNING_VERSION, nothing, pressed("#former", "Back to")),
    View("device-reset", "/device#backup", "document.querySelector('#backup-link').href", nothing,
         pressed("#reset button", "Factory reset")),
    step("wifi", access_point, of="setup"),
    step("wifi", access_point, hidden_network, of="setup-hidden"),
    step("wifi", refused, try_network, of="setup-refused"),
    step("name", access_point, fixed, of="setup"),
    step("join", access_point, of="setup"),
    step("restore", access_point, no_file, of="setup"),
    step("board", not_used, of="setup"),
    step("meter"),
    step("meter", unheard, of="guide-silent"),
    step("key", keys, try_keys),
    *(step(name) for name in ("fuse", "zone", "tariff", "consent")),
    step("broker", broker, try_broker),
    step("checks"),
    step("checks", troubled, of="guide-trouble"),
    step("restore"),
    View("login", "/login?next=/history", "document.querySelector('#f-password')", no_login,
         wrong_password),
    View("welcome", "/welcome", "document.querySelector('#f-again')", nothing, wrong_passwords),
]  # fmt: skip

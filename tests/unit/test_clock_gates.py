"""What needs the time, and what it does while the clock is not set: a row for each.

The reader of these rows has prices, rates and a history, and no clock: judge.utc() is 0. It counts
nothing and changes nothing that has a date, and says why to whoever asks.
"""

import json

from device.light import signs
from doubles import BoardDouble, app, reading
from energy import profiles
from energy.ledger import Energy
from energy.recent import Recent
from files import FilesDouble
from judge import Judge
from log import Log
from mqtt.payloads import json as payload
from prices.store import Prices
from state import State
from system import BUILT_UTC, System
from test_exchange import ServerDouble, ask, posted
from test_light import NetworkDouble
from web import routes
from web.documents import data, now, sysinfo

TRY_AGAIN = "the clock is not set yet: try again in a minute"
TELEGRAM = {"energy_import_wh": 48211734, "power_import_w": 1200}


class Unset(BoardDouble):
    """A chip after power-on."""

    clock_right = clock_sure = False
    fitted = 0

    def clock_is_set(self):
        return False

    def unix_time(self):
        return 946684800 + self.ticks // 1000

    def heap_free(self):
        return 88340


def reader(**settings):
    """An app without a time, a minute after its start, with a telegram."""
    found = app(reading(3, **TELEGRAM), **settings)
    found.system = System(Unset())
    found.system.judge.begin(0, print)
    found.system.board.ticks = 60000
    found.state = State()
    found.state.update(reading(3, **TELEGRAM), found.system.uptime_ms(), found.system.utc())
    return found


def test_the_judge_believes_no_time():
    judge = Judge(Unset(), BUILT_UTC)
    judge.begin(0, print)
    assert judge.utc() == 0 and reader().system.utc() == 0
    assert reader().system.unix_time() == 60  # seconds since the start, for documents that say so


def test_energy_counts_nothing():
    energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
    held_ms = [10000] * 2
    values = reading(3, **TELEGRAM).values
    for _ in range(10):
        assert energy.update(values, 0, held_ms, None, False, 60) == ""
    assert not energy.ready and energy.settler.settled_until == 0 and energy.counted_from == 0
    assert energy.running(0) == [[0] * 6] * 5 and not energy.certain(0)
    assert energy.certain(60) is False


def test_a_telegram_has_no_date():
    found = reader(mqtt_topic="ams")
    assert found.state.reading_unix == 0
    parts = payload.messages(found, 0)
    ((topic, pieces, _),) = parts
    body = json.loads("".join(pieces))
    assert topic == "ams" and body["t"] == 0 and body["up"] == 60
    assert body["data"]["tPI"] == 48211.734 and "realtime" not in body


def test_status_documents_have_no_sums_and_no_price():
    found = reader()
    found.recent, found.prices = Recent(), Prices(FilesDouble(), found.config, Log(lambda: 0))
    shown = json.loads("".join(now.get(found, None)))
    assert shown["ea"] is None and "co" not in shown
    assert shown["clk"] == {"by": 0, "sure": False, "no": None, "at": None, "br": 0}
    assert shown["i"] == 1200  # the telegram itself is shown
    old = json.loads("".join(data.get(found, None)))
    assert old["c"] == 60 and old["p"] is None and old["i"] == 1200
    for period in "hdm":
        assert old["ea"][period] == {"u": 0, "c": 0, "p": 0, "i": 0}
    about = json.loads("".join(sysinfo.get(found, None)))
    assert about["last_month"] == {"u": 0, "c": 0, "p": 0, "i": 0}


def test_forms_that_change_dated_values_are_refused_with_the_reason():
    dated = ("/dayplot", "/monthplot", "/prices")
    for path in dated:
        server = ServerDouble()
        server.app.system.clocked = False
        status, headers, body = posted(server, path, b"i19=1")
        assert (status, headers["Retry-After"]) == (503, "5"), path
        assert json.loads(body)["message"] == TRY_AGAIN, path
        assert server.app.energy.edit_id == 0 and not server.changes
        assert not server.app.prices.end
    flagged = [row[0] for row in routes.ROUTES if row[5] & routes.NEEDS_CLOCK]
    assert sorted(flagged) == sorted(dated)


def test_documents_about_the_present_say_why_they_have_nothing():
    name_it = "the clock is not set yet: name the range with from and to"
    for path, reason in (
        ("/history.csv", name_it),
        ("/history.json?from=2026-03-01", name_it),
        ("/importprice.json", TRY_AGAIN),
    ):
        server = ServerDouble()
        server.app.config.set("price_fixed_micro", 1000000)  # a price without a date
        server.app.system.clocked = False
        status, _, body = ask(server, "GET %s HTTP/1.0" % path)
        assert (status, body) == (400, reason), path
    server = ServerDouble()
    server.app.system.clocked = False
    status, _, body = ask(server, "GET /history.csv?from=1773000000&to=1774000000 HTTP/1.0")
    assert status == 200 and body.startswith("time_local,")


def test_prices_of_the_running_hours_are_unknown():
    server = ServerDouble()
    server.app.system.clocked = False
    server.app.system.now = 60  # as unix_time() without a time
    status, _, body = ask(server, "GET /energyprice.json HTTP/1.0")
    assert status == 200
    found = json.loads(body)
    assert [found["%02d" % i] for i in range(36)] == [None] * 36


def test_plots_of_the_last_hours_and_days_are_empty():
    server = ServerDouble()
    assert max(json.loads(ask(server, "GET /dayplot.json HTTP/1.0")[2]).values()) > 0
    server.app.system.now = 60
    for path in ("/dayplot.json", "/monthplot.json"):
        body = json.loads(ask(server, "GET %s HTTP/1.0" % path)[2])
        assert len(body) >= 48 and not any(body.values()), path


def test_the_hours_of_the_lights_do_not_count():
    for hours in ("all 0-1", "all 1-2", "all 12-13", "all 23-0"):
        found = reader(lights=hours, wifi_ssid="home")
        found.network = NetworkDouble()
        assert signs(found, 60000) == 16, hours

"""Prices in force and their documents, by hand. The CET day 2026-07-01 begins at MIDNIGHT."""

import asyncio
import json

import factory
import ondemand
from config import Config
from doubles import AppDouble, RequestDouble, SystemDouble
from files import FilesDouble
from log import Log
from ondemand import visit
from prices.store import Prices
from schema import fault
from test_entsoe import MIDNIGHT, document, period, series
from test_prices import answer
from test_prices import series as rate_series
from web.documents import prices as documents

DAY = "2026-06-30T22:00Z", "2026-07-01T22:00Z"
NEXT = "2026-07-01T22:00Z", "2026-07-02T22:00Z"
RATES = answer(rate_series("EUR", 0, [("2026-06-30", "11.50")]))


def day_of(span, first):
    """Hours of first, first + 1 .. EUR/MWh."""
    return document(series(period(span, "PT60M", [(i + 1, first + i) for i in range(24)])))


def prices_with(files, *texts, **settings):
    prices = Prices(files, Config(settings, {}), Log(lambda: 0))
    prices.load()
    for text in texts:
        received = prices.receive()
        received.feed(text if isinstance(text, bytes) else text.encode())
        assert prices.take(received, MIDNIGHT)[0] == ""
    return prices


def rates(prices):
    with ondemand.visit("prices.stored") as stored:
        return stored.rates(prices)


def since(prices):
    with ondemand.visit("prices.rules") as rules:
        return rules.since(prices, prices._config)


def shown(document, prices, utc):
    app = AppDouble(config=prices._config, system=SystemDouble(utc), prices=prices)
    return json.loads("".join(document(app, None)))


def test_prices_and_rates_are_recognised_stored_and_read_again():
    files = FilesDouble()
    prices_with(files, day_of(DAY, 50), RATES, price_currency="NOK", price_multiplier=1250)
    for _ in range(2):
        prices = prices_with(files, price_currency="NOK", price_multiplier=1250)
        assert prices.currency() == "NOK" and prices.spot_source == "EOE"
        # 50 EUR/MWh x 11.5 x 1.25 = 0.71875 NOK/kWh
        assert prices.price(MIDNIGHT) == 718750 and prices.price(MIDNIGHT + 86400) is None
    assert prices_with(files).price(MIDNIGHT) == 50000  # EUR where nobody chose
    assert prices_with(files, price_currency="SEK").price(MIDNIGHT) is None  # no rate
    assert prices_with(files, price_fixed_micro=900000).price(0) == 900000


def test_the_revision_counts_changes_of_prices_rates_and_settings():
    prices = prices_with(FilesDouble(), day_of(DAY, 50), price_currency="NOK")
    seen = prices.revision
    received = prices.receive()
    received.feed(RATES)
    assert prices.revision == seen and prices.price(MIDNIGHT) is None
    assert prices.take(received, MIDNIGHT)[0] == "" and prices.revision > seen
    seen = prices.revision
    prices._config.set("price_multiplier", 1250)
    prices.update_rate()
    assert prices.revision > seen and prices.price(MIDNIGHT) == 718750


def test_tomorrow_keeps_today():
    files = FilesDouble()
    prices = prices_with(files, day_of(DAY, 50), day_of(NEXT, 90))
    assert prices.price(MIDNIGHT + 86399) == 73000 and prices.price(MIDNIGHT + 86400) == 90000
    assert prices_with(files).price(MIDNIGHT) == 50000


def test_a_document_with_a_fault_changes_nothing():
    files = FilesDouble()
    prices = prices_with(files, day_of(DAY, 50), RATES)
    before = dict(files.data)
    acknowledgement = (
        "<Acknowledgement_MarketDocument><Reason><code>999</code><text>No matching data found"
        "</text></Reason></Acknowledgement_MarketDocument>"
    )
    for text, words in (
        (acknowledgement, "No matching data found"),
        (day_of(DAY, 90)[:-40], "cut after"),
        ("", "were expected"),
        ("hello", "were expected"),
        ("<a/>", "were expected"),
        (RATES.decode().replace('MULT="0"', 'MULT="9"'), "UNIT_MULT"),
    ):
        received = prices.receive()
        received.feed(text.encode())
        reason, message = prices.take(received, MIDNIGHT)
        assert words in reason and message == "", (text[:40], reason)
        assert prices.price(MIDNIGHT) == 50000 and files.data == before
    files.full = True
    received = prices.receive()
    received.feed(day_of(DAY, 60).encode())
    assert "cannot be stored" in prices.take(received, MIDNIGHT)[1]
    assert prices.price(MIDNIGHT) == 60000


def test_whole_local_days_are_kept():
    # The table begins with a day that is dropped when the document of the third day comes.
    for zone, first in (("Europe/Oslo", MIDNIGHT), ("Europe/Helsinki", MIDNIGHT - 3600)):
        span = "2026-06-29T22:00Z", "2026-07-01T22:00Z"
        hours = [(i + 1, 20 + i) for i in range(48)]
        text = document(series(period(span, "PT60M", hours)))
        prices = prices_with(FilesDouble(), text, timezone=zone)
        received = prices.receive()
        later = "2026-07-02T22:00Z", "2026-07-03T22:00Z"
        received.feed(day_of(later, 90).encode())
        assert prices.take(received, MIDNIGHT + 2 * 86400 + 50000)[0] == ""
        assert since(prices) == (first, first)
        assert prices.price(first) is not None and prices.price(first - 900) is None


def test_export_has_its_own_price_if_one_is_set():
    prices = prices_with(FilesDouble(), day_of(DAY, 50), price_multiplier=1250)
    assert since(prices) == (MIDNIGHT, MIDNIGHT)
    spot = prices_with(
        FilesDouble(), day_of(DAY, 50), price_multiplier=1250, export_price="spot",
        export_multiplier=900,
    )  # fmt: skip
    assert spot.price(MIDNIGHT) == 62500 and spot.export_price(MIDNIGHT) == 45000
    assert spot.export_price(MIDNIGHT - 900) is None
    fixed = prices_with(
        FilesDouble(), day_of(DAY, 50), export_price="fixed", export_fixed_micro=-1
    )
    assert fixed.export_price(0) == -1 and since(fixed) == (MIDNIGHT, 0)
    both = prices_with(FilesDouble(), price_fixed_micro=900000, export_price="spot")
    assert since(both) == (0, -1) and both.export_price(MIDNIGHT) is None


def test_a_missing_rate_is_said_and_logged_once():
    files = FilesDouble()
    log = Log(lambda: 0)
    prices_with(files, day_of(DAY, 50))
    config = Config({"price_currency": "SEK"}, {})
    prices = Prices(files, config, log)
    prices.load()
    assert prices.missing == "no EUR to SEK rate" and prices.price(MIDNIGHT) is None
    assert since(prices) == (-1, -1)
    prices.save({"EUR": 11500000})  # that of SEK is missing still
    assert prices.missing == "no EUR to SEK rate"
    assert len([text for _, text in log.lines() if "no EUR to SEK rate" in text]) == 1
    prices.save({"EUR": 11500000, "SEK": 1000000})
    assert prices.missing == "" and prices.price(MIDNIGHT) == 575000
    config.set("price_currency", "DKK")
    prices.update_rate()
    assert prices.missing == "no EUR to DKK rate"
    config.set("price_fixed_micro", 1)  # a fixed price needs no rate
    prices.update_rate()
    assert prices.missing == ""
    assert prices_with(FilesDouble(), price_currency="SEK").missing == ""  # no prices at all


OLD = "2026-05-01T22:00Z", "2026-05-02T22:00Z"
LATER = "2026-09-01T22:00Z", "2026-09-02T22:00Z"
BEFORE = "2026-06-27T22:00Z", "2026-06-29T22:00Z"


def test_prices_of_other_days_cost_nothing():
    files = FilesDouble()
    prices = prices_with(files, day_of(DAY, 50), day_of(NEXT, 90))
    before = dict(files.data)
    for text in (day_of(OLD, 10), day_of(LATER, 10), day_of(NEXT, 5).replace("EUR", "SEK")):
        received = prices.receive()
        received.feed(text.encode())
        assert prices.take(received, MIDNIGHT + 40000)[0] != ""
        assert prices.price(MIDNIGHT + 40000) == 61000 and files.data == before
    hours = [(i + 1, 10 + i) for i in range(48)]  # the three days before, late: all of them fit
    received = prices.receive()
    received.feed(document(series(period(BEFORE, "PT60M", hours))).encode())
    now = MIDNIGHT + 40000
    assert prices.take(received, now)[0] == ""
    assert prices.price(now) == 61000 and prices.price(now - 2 * 86400) == 45000
    assert (
        prices.price(MIDNIGHT + 2 * 86400 - 1) == 113000 and prices.price(now - 3 * 86400) is None
    )


def test_the_number_of_currencies_is_limited():
    prices = prices_with(FilesDouble(), RATES)
    names = ["A" + a + b for a in "ABCDE" for b in "ABCDEFGH"]
    reasons = []
    for i in range(0, 40, 8):
        received = prices.receive()
        received.feed(
            answer(*[rate_series(n, 0, [("2026-06-30", "2")]) for n in names[i : i + 8]])
        )
        reasons.append(prices.take(received, MIDNIGHT)[0])
    assert reasons[:3] == [""] * 3 and "32 currencies" in reasons[4] and len(rates(prices)) <= 32
    assert rates(prices)["EUR"] == 11500000


def test_an_abandoned_document_holds_no_memory():
    prices = prices_with(FilesDouble(), day_of(DAY, 50))
    first = prices.receive()
    second = prices.receive()
    prices.give_up(first)
    first.feed(b"<a>")
    assert "prices.sources.entsoe" not in ondemand._visited
    second.feed(b"<a>")
    assert "prices.sources.entsoe" in ondemand._visited
    prices.give_up(second)
    assert "prices.sources.entsoe" not in ondemand._visited
    assert prices.take(second, MIDNIGHT)[0] != "" and prices.price(MIDNIGHT) == 50000


def test_of_two_documents_at_once_the_later_one_counts():
    prices = prices_with(FilesDouble())
    first, text = prices.receive(), day_of(DAY, 10).encode()
    first.feed(text[:900])
    second = prices.receive()
    second.feed(day_of(DAY, 20).encode())
    first.feed(text[900:])
    assert prices.take(first, MIDNIGHT) == ("another document has come in meanwhile", "")
    assert prices.price(MIDNIGHT) is None
    assert prices.take(second, MIDNIGHT)[0] == "" and prices.price(MIDNIGHT) == 20000
    assert prices.take(second, MIDNIGHT)[0] != "" and prices.price(MIDNIGHT) == 20000


def test_prices_that_were_damaged_since_start_are_unknown():
    files = FilesDouble()
    prices = prices_with(files, day_of(DAY, 50))
    data = bytearray(files.data["prices.bin"])
    data[17 + 3] = 0x7F  # of the first price: beyond the limit
    files.data["prices.bin"] = bytes(data)
    assert prices.price(MIDNIGHT) is None and prices.price(MIDNIGHT + 900) == 50000
    files.data["prices.bin"] = bytes(data[: 17 + 4 * 8 + 2])  # after half of the ninth price
    prices._first = 0  # quarter of the window: forget what was read
    found = [prices.price(MIDNIGHT + 900 * i) for i in range(10)]
    assert found == [None] + [50000] * 3 + [51000] * 4 + [None] * 2
    del files.data["prices.bin"]
    prices._first = 0
    assert prices.price(MIDNIGHT + 900) is None


def test_damaged_files_are_no_prices():
    files = FilesDouble()
    prices_with(files, day_of(DAY, 50))
    files.data["prices.bin"] = files.data["prices.bin"][:-1]
    files.data["rates.json"] = b'{"EUR": -1, "SEK": "x", "DKK": 1500000}'
    log = Log(lambda: 0)
    prices = Prices(files, Config({}, {}), log)
    prices.load()
    assert prices.price(MIDNIGHT) is None and rates(prices) == {"DKK": 1500000}
    assert prices.currency() == prices.spot_source == ""


def test_energyprice_json():
    prices = prices_with(FilesDouble(), day_of(DAY, 50))
    body = shown(documents.hours, prices, MIDNIGHT + 20 * 3600 + 1800)
    assert body["currency"] == "EUR" and body["source"] == "EOE" and len(body) == 38
    assert [body["%02d" % i] for i in range(5)] == [0.07, 0.071, 0.072, 0.073, None]
    empty = shown(documents.hours, prices_with(FilesDouble()), MIDNIGHT)
    assert empty["currency"] == empty["source"] == "" and empty["00"] is None


def test_importprice_json():
    prices = prices_with(FilesDouble(), day_of(DAY, 50))
    body = shown(documents.imported, prices, MIDNIGHT + 3600)
    assert body["cursor"] == 4 and body["resolution"] == 15 and len(body["prices"]) == 96
    assert body["prices"][3:5] == [0.05, 0.051] and body["direction"] == "import"
    prices = prices_with(FilesDouble())
    app = AppDouble(config=Config({}, {}), system=SystemDouble(MIDNIGHT), prices=prices)
    assert list(documents.imported(app, None)) == []  # 404
    fixed = shown(documents.imported, prices_with(FilesDouble(), price_fixed_micro=1), MIDNIGHT)
    assert fixed["source"] == "FIX" and len(fixed["prices"]) == 192


def test_exportprice_json():
    def export(**settings):
        prices = prices_with(FilesDouble(), day_of(DAY, 50), **settings)
        return shown(documents.exported, prices, MIDNIGHT + 3600)

    body = export()
    assert body["direction"] == "export" and body["importExportPriceDifferent"] is False
    assert body["prices"][3:5] == [0.05, 0.051] and body["cursor"] == 4
    body = export(export_price="spot", export_multiplier=500, price_multiplier=1250)
    assert body["prices"][3:5] == [0.025, 0.0255] and body["source"] == "EOE"
    assert body["importExportPriceDifferent"] is True and len(body["prices"]) == 96
    body = export(export_price="fixed", export_fixed_micro=-12300)
    assert body["prices"] == [-0.0123] * 192 and body["source"] == "FIX"
    prices = prices_with(FilesDouble())
    app = AppDouble(config=Config({}, {}), system=SystemDouble(MIDNIGHT), prices=prices)
    assert list(documents.exported(app, None)) == []  # 404


def test_settings_of_prices():
    assert fault("price_currency", "NOK") == fault("price_currency", "") == ""
    for value in ("nok", "N", "NOKK"):
        assert fault("price_currency", value) != ""


def test_prices_that_home_assistant_pushes():
    files = FilesDouble()
    prices = Prices(files, Config({}, {}), Log(lambda: 0))
    app = AppDouble(system=SystemDouble(MIDNIGHT + 3600), prices=prices, config=Config({}, {}))
    app.log = Log(lambda: 0)
    app.storage = files
    used = []
    app.use_prices = lambda: used.append(1)

    def post(body):
        with visit("web.forms.prices") as module:
            try:
                return json.loads(asyncio.run(module.post(app, RequestDouble({}, body))))
            except ValueError as e:
                return str(e)

    body = '{"start":"2026-07-01T00:00:00+02:00","resolution":60,"currency":"SEK","prices":[%s]}'
    answer = post(body % ",".join(["0.5"] * 24))
    assert answer == {"success": True, "message": "prices of 96 quarters in SEK"}
    assert prices.price(MIDNIGHT) == 500000 and prices.spot_source == "OWN" and used == [1]
    assert "no price" in post(body % "x1") or "no JSON" in post(body % "x1")
    assert post(body % '"1"') == "no price: 1"
    assert prices.price(MIDNIGHT) == 500000 and used == [1]
    with visit("web.documents.pricestate") as document:
        shown_now = json.loads(document.get(app, None))
    assert shown_now["source"] == "OWN" and not (shown_now["enabled"] or shown_now["stale"])
    assert (shown_now["begin"], shown_now["end"]) == (MIDNIGHT, MIDNIGHT + 86400)
    assert shown_now["next"] is shown_now["error"] is shown_now["fetched"] is None


def test_a_factory_reset_clears_prices_and_what_belongs_to_their_settings():
    for name, with_settings in (
        ("prices.bin", False),
        ("rates.json", False),
        ("fetch.json", True),
        ("price-ca", True),
    ):
        assert factory.is_cleared(name, factory.ALL)
        assert factory.is_cleared(name, factory.SETTINGS) == with_settings, name

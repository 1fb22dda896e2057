"""Prices by the quarter, what an owner pays, exchange rates. Sums by hand.

2026-06-30 22:00 UTC, where the CET day 2026-07-01 begins, is 20,634 days and 22 hours from 1970.
"""

import json
import struct

import records
from config import Config
from doubles import AppDouble, SystemDouble
from files import FilesDouble
from fmt import divide
from log import Log
from prices.numbers import decimal
from prices.sources import norgesbank
from prices.store import Prices
from prices.stored import rate_ppm, valid
from prices.table import LIMIT, SLOTS, PriceTable
from web.documents import prices as documents

MIDNIGHT = (20634 * 24 + 22) * 3600
FIRST = MIDNIGHT // 900


def table_of(prices, first=FIRST, currency="EUR", source="EOE"):
    table = PriceTable()
    table.spot_currency, table.spot_source = currency, source
    for i in range(len(prices)):
        if prices[i] is not None:
            assert table.put(first + i, prices[i])
    return table


def prices_of_table(prices, first=FIRST, currency="EUR", **settings):
    """Prices in force that were restored from a stored table."""
    files = FilesDouble()
    table = table_of(prices, first, currency)
    files.data["prices.bin"] = records.pack(0x50, 1, table.pack())
    prices = Prices(files, Config(settings, {}), Log(lambda: 0))
    prices.load()
    return prices


def quarters(table, n, utc=MIDNIGHT):
    return [table.at(utc // 900 + i) for i in range(n)]


def test_a_slot_is_a_quarter_of_an_hour():
    table = table_of([85000, -120, None, 0])
    assert quarters(table, 5, MIDNIGHT - 900) == [None, 85000, -120, None, 0]
    assert (table.begin, table.end) == (FIRST, FIRST + 4)
    assert PriceTable().at(FIRST) is None and PriceTable().at(0) is None
    stored = prices_of_table([85000, -120, None, 0])
    assert stored.price(MIDNIGHT + 899) == 85000 and stored.price(MIDNIGHT + 900) == -120
    assert stored.price(MIDNIGHT - 1) is stored.price(MIDNIGHT + 3600) is None


def test_an_hour_is_the_mean_of_its_known_quarters():
    for prices, mean in (
        ([1000, 2000, 3000, 4000], 25),  # 2,500 is 0.0025
        ([10, 20, 30, 42], 0),
        ([-1000, -2000, -3000, -4199], -26),  # -2549.75, rounded to -2550
        ([49, 50, 50, 51], 1),
        ([49, 49, 50, 50], 1),  # 49.5, rounded to 50
        ([49, 49, 49, 50], 0),  # 49.25, rounded to 49
        ([None, 49, None, 50], 1),  # 49.5
        ([None, None, -300, None], -3),
        ([100, 0, 0, 0], 0),
    ):
        shown = prices_of_table(prices)
        for utc in (MIDNIGHT, MIDNIGHT + 3599):
            app = AppDouble(config=Config({}, {}), system=SystemDouble(utc), prices=shown)
            body = json.loads("".join(documents.hours(app, None)))
            assert body["00"] == mean / 10000 and body["01"] is None, prices


def test_four_days_and_no_more():
    table = table_of([1])
    assert table.put(FIRST + SLOTS - 1, 2) and not table.put(FIRST + SLOTS, 3)
    assert not table.put(FIRST - 1, 3)
    assert table.at(FIRST) == 1 and table.at(FIRST + SLOTS - 1) == 2
    assert table.at(FIRST + SLOTS) is table.at(FIRST - 1) is None
    backwards = PriceTable()
    for i in range(SLOTS):
        assert backwards.put(FIRST - i, i)
    assert not backwards.put(FIRST - SLOTS, 0) and not backwards.put(FIRST + 1, 0)
    assert quarters(backwards, 3, MIDNIGHT - 1800) == [2, 1, 0]


def test_prices_and_times_beyond_reason_are_refused():
    table = PriceTable()
    for quarter, micro in (
        (FIRST, LIMIT + 1),
        (FIRST, -LIMIT - 1),
        (FIRST, -(1 << 40)),
        (-1, 0),
        (1 << 40, 0),
    ):
        assert not table.put(quarter, micro)
    assert table.begin == table.end == 0
    assert table.put(FIRST, LIMIT) and table.put(FIRST + 1, -LIMIT)
    assert quarters(table, 2) == [LIMIT, -LIMIT]


def test_a_new_table_keeps_what_only_the_older_knows():
    older = table_of([1, 2, 3, 4, 5, None, 7])
    newer = table_of([50, None, 70, 80], FIRST + 4)
    assert newer.copy_missing(older, MIDNIGHT + 2 * 900 + 1) == 2
    assert quarters(newer, 8) == [None, None, 3, 4, 50, None, 70, 80]
    assert newer.spot_source == "EOE"
    assert quarters(older, 7) == [1, 2, 3, 4, 5, None, 7]
    other = table_of([9], FIRST + 6, "EUR", "HKS")
    assert other.copy_missing(older, MIDNIGHT + 5 * 900) == 0 and other.spot_source == "HKS"
    assert other.copy_missing(older, MIDNIGHT + 4 * 900) == 1 and other.spot_source == "MIX"
    assert table_of([9], FIRST + 6, "NOK").copy_missing(older, MIDNIGHT) == 0
    far = table_of([9], FIRST + SLOTS + 2)
    assert far.copy_missing(older, 0) == 3 and far.begin == FIRST + 3
    assert newer.copy_missing(PriceTable(), 0) == 0


def restored(payload):
    files = FilesDouble()
    files.data["prices.bin"] = records.pack(0x50, 1, payload)
    prices = Prices(files, Config({}, {}), Log(lambda: 0, False))
    prices.load()
    return prices


def test_a_table_comes_back_from_its_record():
    table = table_of([85000, None, -LIMIT, LIMIT])
    data = table.pack()
    assert data == struct.pack(
        "<IH3s3siiii", FIRST, 4, b"EOE", b"EUR", 85000, -0x3FFFFFFF, -LIMIT, LIMIT
    )
    other = restored(data)
    assert quarters(other, 6, MIDNIGHT - 900) == [None, 85000, None, -LIMIT, LIMIT, None]
    assert other.spot_currency == "EUR" and other.spot_source == "EOE"
    empty = restored(PriceTable().pack())
    assert empty.spot_currency == empty.spot_source == "" and empty.begin == empty.end == 0
    full = restored(table_of(list(range(SLOTS))).pack())
    for _ in range(2):  # the window goes forward and back
        assert quarters(full, 400) == list(range(400))
    backwards = [full.at(FIRST + i) for i in range(399, -1, -1)]
    assert backwards == list(range(399, -1, -1))


def test_a_forged_record_is_none():
    good = bytes(table_of([85000, -120]).pack())
    many = struct.pack("<IH", FIRST, SLOTS + 1) + b"EOEEUR" + bytes(4 * (SLOTS + 1))
    for data in (
        b"",
        good[:11],
        good[:-1],
        good + b"\x00",
        many,
        struct.pack("<I", 0x800000) + good[4:],
        good[:6] + b"eOE" + good[9:],
        good[:9] + b"E R" + good[12:],
        good[:9] + b"\xc3\xa5R" + good[12:],
        good[:12] + struct.pack("<i", LIMIT + 1) + good[16:],
        good[:16] + struct.pack("<i", -0x80000000),
    ):
        assert not valid(data, 0, len(data))
        assert restored(data).at(FIRST) is None and restored(data).spot_currency == ""
    for begin, end in ((0, len(good) + 4), (-1, len(good)), (8, 4), (len(good), len(good))):
        assert not valid(good, begin, end)
    assert valid(b"xx" + good + b"yyyy", 2, 2 + len(good))


def test_the_owners_price_has_rate_and_multiplier():
    prices = prices_of_table([3, -3, 85000], price_currency="EUR", price_multiplier=500)
    assert prices.price(MIDNIGHT) == 2 and prices.price(MIDNIGHT + 900) == -2  # 1.5
    prices.save({"EUR": 11500000})  # the table's own needs none
    assert prices.price(MIDNIGHT + 1800) == 42500 and prices.price(0) is None
    fixed = prices_of_table([3], price_fixed_micro=500000)
    assert fixed.price(MIDNIGHT) == 500000 and fixed.price(MIDNIGHT + 3600) == 500000
    # One rounding: 1 x 0.5 x 0.999 is 0 at once, but 1 in two steps.
    small = prices_of_table([1], price_currency="NOK", price_multiplier=999)
    small.save({"EUR": 500000})
    assert small.price(MIDNIGHT) == 0


def test_prices_as_text():
    for text, micro in (
        ("85.00", 85000),
        ("0", 0),
        ("-0", 0),
        ("-0.01", -10),
        ("+5.", 5000),
        (".5", 500),
        ("0085.5", 85500),
        ("1.2345", 1235),
        ("1.23449999999", 1234),
        ("-1.2345", -1235),
        ("0.0004", 0),
        ("100000", LIMIT),
        ("-100000.000", -LIMIT),
        ("99999.9994", LIMIT - 1),
        ("99999.9995", LIMIT),
    ):
        assert decimal(text.encode(), 3, LIMIT) == micro, text
    bad = "- + . -. e2 1e2 1E+2 0x10 1,5 1.2.3 --1 1- NaN INF -INF 1_000 \u0661 -100001"
    for text in bad.split() + ["", " 1", "1 ", "100000.001", "100000.0005", "1" * 40, "9" * 30,
                               "0." + "0" * 31]:  # fmt: skip
        octets = text.encode()
        assert decimal(octets, 3, LIMIT) is None, text


def test_halves_are_rounded_away_from_zero():
    for value, by, quotient in (
        (5, 2, 3),
        (-5, 2, -3),
        (4, 3, 1),
        (-4, 3, -1),
        (0, 7, 0),
        (10**18 + 5 * 10**8, 10**9, 10**9 + 1),
    ):
        assert divide(value, by) == quotient


def series(currency, multiplier, observations, quote='"', more=""):
    text = '<Series FREQ="B" BASE_CUR="%s" QUOTE_CUR="NOK" UNIT_MULT="%s" %s>' % (
        currency,
        multiplier,
        more,
    )
    for date, value in observations:
        text += '<Obs TIME_PERIOD="%s" OBS_VALUE="%s"/>' % (date, value)
    return (text + "</Series>").replace('"', quote)


def answer(*parts):
    return (
        '<?xml version="1.0"?><m:StructureSpecificData xmlns:m="u:m"><m:Header><m:ID>a</m:ID>'
        '</m:Header><m:DataSet m:action="I">' + "".join(parts) + "</m:DataSet>"
        "</m:StructureSpecificData>"
    ).encode()


class DocumentDouble:
    """Stands for Prices, which a parser fills."""

    def __init__(self, rates):
        self.rates = rates
        self.wanted = ""


def rates_of(octets, chunk=0):
    """(rates, fault) of an answer."""
    rates = {}
    parser = norgesbank.Parser(DocumentDouble(rates))
    for at in range(0, len(octets), chunk or len(octets)):
        parser.feed(octets[at : at + (chunk or len(octets))])
    assert parser.close() == len(rates)
    return rates, parser.fault


def test_rates_from_and_to_the_kroner():
    rates = {"EUR": 11500000, "SEK": 1012500}
    assert rate_ppm("NOK", "EUR", rates) == 86957  # 1 / 11.5 = 0.0869565
    assert rate_ppm("NOK", "NOK", rates) == rate_ppm("DKK", "DKK", {}) == 1000000
    assert rate_ppm("EUR", "DKK", rates) is rate_ppm("CHF", "NOK", rates) is None
    assert rate_ppm("EUR", "SEK", {"EUR": 1, "SEK": 0}) is None


def test_the_newest_observation_counts():
    days = [("2026-06-29", "11.3"), ("2026-07-01", "11.5"), ("2026-06-30", "11.4")]
    assert rates_of(answer(series("EUR", 0, days))) == ({"EUR": 11500000}, "")
    assert rates_of(answer(series("EUR", 0, days + [("2026-07-01", "11.6")]))) == (
        {"EUR": 11600000},
        "",
    )


def test_rates_that_cannot_be_are_refused():
    good = series("EUR", 0, [("2026-07-01", "11.5")])
    one = [("2026-07-01", "7.25")]
    for bad in (
        series("USD", 0, [("2026-07-01", "0")]),
        series("USD", 0, [("2026-07-01", "-7.25")]),
        series("USD", 0, [("2026-07-01", "7,25")]),
        series("USD", 0, [("2026-07-01", "1e1")]),
        series("USD", 0, [("2026-07-01", "1000.000001")]),
        series("USD", 0, [("2026-07-01", "0.0000004")]),
        series("USD", 7, one),
        series("USD", -1, one),
        series("USD", "", one),
        series("I44", 0, one),
        series("usd", 0, one),
        series("DOLLAR", 0, one),
        series("USD", 0, one).replace('UNIT_MULT="0"', ""),
        series("USD", 0, one).replace('"NOK"', '"SEK"'),
        series("USD", 0, one).replace("OBS_VALUE", "VALUE"),
    ):
        rates, fault = rates_of(answer(good, bad))
        assert rates == {"EUR": 11500000} and fault, bad
    rates, fault = rates_of(answer(good)[:-40])
    assert rates == {"EUR": 11500000} and "cut" in fault
    for octets in (answer(), b"<html><body>busy</body></html>", b"no rates", b" "):
        rates, fault = rates_of(octets)
        assert not rates and fault
    many = [series("A%c%c" % (65 + i // 26, 65 + i % 26), 0, one) for i in range(40)]
    rates, fault = rates_of(answer(*many))
    assert len(rates) == 16 and "16" in fault

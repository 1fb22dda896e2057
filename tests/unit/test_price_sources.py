"""Keyless sources of prices, pushed prices and ECB's rates. Documents and sums by hand.

2026-06-30 22:00 UTC, where the CET day 2026-07-01 begins, is 20,634 days and 22 hours from 1970.
"""

from prices import checks
from prices.flatjson import Scanner
from prices.numbers import decimal
from prices.sources import ecb, elprisetjustnu, energidataservice, hvakosterstrommen, pushed
from prices.table import LIMIT, PriceTable

MIDNIGHT = (20634 * 24 + 22) * 4  # in quarters
NO = (
    '{"NOK_per_kWh":%s,"EUR_per_kWh":%s,"EXR":11.5,"time_start":"2026-07-01T%s:00+02:00",'
    '"time_end":"2026-07-01T%s:00+02:00"}'
)
SE = NO.replace("NOK", "SEK")
DK = (
    '{"TimeUTC":"2026-06-30T%s:00","TimeDK":"2026-07-01T00:00:00","PriceArea":"DK1",'
    '"DayAheadPriceEUR":%s,"DayAheadPriceDKK":%s}'
)
DKS = '{"total":2,"sort":"TimeUTC","limit":200,"dataset":"DayAheadPrices","records":[%s]}'
PUSH = '{"start":"2026-07-01T00:00:00+02:00","resolution":%s,"currency":%s,"prices":[%s]}'


class DocumentDouble:
    """Stands for a Document, which a parser fills."""

    def __init__(self, wanted=""):
        self.table = PriceTable()
        self.rates = {}
        self.wanted = wanted


def parsed(source, text, wanted="", chunk=0):
    """(prices of the first 9 quarters, fault, currency)."""
    document = DocumentDouble(wanted)
    parser = source.Parser(document)
    octets = text if isinstance(text, bytes) else text.encode()
    size = chunk or max(len(octets), 1)
    for at in range(0, len(octets), size):
        parser.feed(octets[at : at + size])
    parser.close()
    table = document.table
    return [table.at(MIDNIGHT + i) for i in range(9)], parser.fault, table.spot_currency


def rows(row, *values):
    return "[" + ",".join([row % value for value in values]) + "]"


def test_hours_and_quarters_of_norway_and_sweden():
    hours = rows(NO, ("0.53", "0.046", "00:00", "01:00"), ("-1.0e-5", "0", "01:00", "02:00"))
    expected = [530000] * 4 + [-10] * 4 + [None]
    for chunk in (0, 1, 7):
        assert parsed(hvakosterstrommen, hours, "", chunk) == (expected, "", "NOK")
    assert parsed(hvakosterstrommen, hours, "EUR")[0] == [46000] * 4 + [0] * 4 + [None]
    assert parsed(hvakosterstrommen, hours, "EUR")[2] == "EUR"
    assert parsed(hvakosterstrommen, hours, "SEK")[2] == "NOK"  # has none
    quarters = rows(SE, ("1", "0.1", "00:00", "00:15"), ("1.5", "0.1", "00:15", "00:30"))
    found = parsed(elprisetjustnu, " " + quarters + "\n")
    assert found == ([1000000, 1500000] + [None] * 7, "", "SEK")
    halves = rows(SE, ("1", "0.1", "00:00", "00:30"), ("2", "0.1", "00:30", "01:00"))
    assert parsed(elprisetjustnu, halves)[0] == [1000000] * 2 + [2000000] * 2 + [None] * 5


def test_quarters_of_denmark():
    text = DKS % rows(DK, ("22:00", "83.41", "622.5"), ("22:15", "1", "-7.46"))[1:-1]
    assert parsed(energidataservice, text) == ([622500, -7460] + [None] * 7, "", "DKK")
    assert parsed(energidataservice, text, "EUR", 5)[0][:2] == [83410, 1000]
    hours = DKS % rows(DK, ("22:00", "1", "2"), ("23:00", "1", "4"))[1:-1]
    assert parsed(energidataservice, hours)[0] == [2000] * 4 + [4000] * 4 + [None]
    other = text.replace("DK1", "DK2", 1)
    assert parsed(energidataservice, other)[1] == "prices of DK2 and DK1"
    missing = DKS % (DK % ("22:00", "83.41", "null"))
    assert "an interval without a price in DKK" in parsed(energidataservice, missing)[1]
    assert parsed(energidataservice, missing, "EUR")[1] != ""  # one interval has no length
    assert "no prices" in parsed(energidataservice, DKS % "")[1]


def test_answers_that_are_no_prices():
    good = NO % ("0.5", "0.04", "00:00", "01:00")
    for text, words in (
        ("", "cut after 0"),
        ("[]", "no prices"),
        ("[" + good, "cut after"),
        ("[" + good + "]x", "no JSON at octet"),
        ("[" + good + ",]", "no JSON"),
        ("{" + good + "}", "no JSON"),
        ("[" + good.replace("0.5", '"0.5"') + "]", "no price"),
        ("[" + good.replace("0.5", "0.5.1") + "]", "no price"),
        ("[" + good.replace("0.5", "1e9") + "]", "no price"),
        ("[" + good.replace("0.5", "NaN") + "]", "no JSON"),
        ("[" + good.replace("0.5", "null") + "]", "without a price in NOK"),
        ("[" + good.replace("+02:00", "") + "]", "no time of an interval"),
        ("[" + good.replace("01:00:00", "01:15:00") + "]", "intervals of 75 and 75 minutes"),
        ("[" + good.replace("01:00:00", "00:00:00") + "]", "intervals of 0 and 0 minutes"),
        ("[" + good + "," + NO % ("1", "1", "01:00", "01:15") + "]", "of 60 and 15 minutes"),
        ("[" + ",".join([good] * 401) + "]", "over 400 intervals"),
        ("<html>", "no JSON at octet 1: ask again"),
        ('{"a":"\\u0041"}', "no JSON"),
        ("[" * 9, "no JSON"),
        ('{"a"}', "no JSON"),
        ('{"a":1,}', "no JSON"),
        ('{"a":1 2}', "no JSON"),
        ('["a\x01"]', "no JSON"),
    ):
        for chunk in (0, 1):
            found = parsed(hvakosterstrommen, text, "", chunk)
            assert words in found[1], (text[:60], found[1])
    assert parsed(hvakosterstrommen, "[" + good + "]")[1] == ""


class Values(Scanner):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle(self, key, value, quoted):
        self.found.append((self.depth, key, value, quoted))

    def ended(self):
        self.found.append(self.depth)


def test_json_as_a_stream():
    text = b' {"a" : "x\\"\\\\/" ,"b":[ -1.5e3,true,[],{} ], "c":{"d":null}}\n '
    expected = [(1, b"a", b'x"\\/', True), (2, b"b", b"-1.5e3", False), (2, b"b", b"true", False)]
    expected += [3, (2, b"d", b"null", False), 2, 1]
    for chunk in (1, 2, 3, 100):
        values = Values()
        for at in range(0, len(text), chunk):
            values.feed(text[at : at + chunk])
        assert values.found == expected and values.complete and not values.fault
    values = Values()
    values.feed(b'{"%s":"%s"}' % (b"k" * 5000, b"v" * 5000))
    assert values.found == [(1, b"k" * 64, b"v" * 64, True), 1] and not values.fault
    values.feed(b"1", 1)
    assert values.fault == "no JSON at octet 10008: ask again"


def test_pushed_prices():
    found = parsed(pushed, PUSH % ("60", '"SEK"', "0.5, null"), "", 3)
    assert found == ([500000] * 4 + [None] * 5, "", "SEK")
    found = parsed(pushed, PUSH % ("15", '"EUR"', "0.1,-0.02,1e-3"))
    assert found == ([100000, -20000, 1000] + [None] * 6, "", "EUR")
    assert parsed(pushed, PUSH % ("30", '"EUR"', "1"))[0] == [1000000] * 2 + [None] * 7
    for text, words in (
        (PUSH % ("45", '"SEK"', "1"), "resolution must be"),
        (PUSH % ('"15"', '"SEK"', "1"), "resolution must be"),
        (PUSH % ("15", '"sek"', "1"), "a currency of three letters"),
        (PUSH % ("15", '"SEK"', '"1"'), "no price: 1"),
        (PUSH % ("15", '"SEK"', "101"), "no price: 101"),
        (PUSH % ("15", '"SEK"', ""), "has no prices"),
        (PUSH % ("15", '"SEK"', "null"), "has no prices"),
        (PUSH % ("15", '"SEK"', "[1]"), "not known: prices"),
        (PUSH % ("15", '"SEK"', ",".join(["1"] * 401)), "over 400 prices"),
        (PUSH % ("15", '"SEK"', "1") + "]", "no JSON"),
        ((PUSH % ("15", '"SEK"', "1"))[:-1], "cut after"),
        ('{"prices":[1],"start":"2026-07-01T00:00:00Z"}', "were expected before"),
        ('{"start":"2026-07-01T00:00:00"}', "start must be as"),
        ('{"begin":1}', "not known: begin"),
    ):
        assert words in parsed(pushed, text)[1], (text, parsed(pushed, text)[1])


EURO = (
    "<gesmes:Envelope xmlns:gesmes='u'><Cube><Cube time='2026-06-30'>%s</Cube></Cube>"
    "</gesmes:Envelope>"
)


def rates(text, wanted=""):
    document = DocumentDouble(wanted)
    parser = ecb.Parser(document)
    parser.feed(text.encode())
    count = parser.close()
    return document.rates, count, parser.fault


def test_rates_of_the_european_central_bank():
    row = "<Cube currency='%s' rate='%s'/>"
    nok, sek, jpy = row % ("NOK", "11.5"), row % ("SEK", "10"), row % ("JPY", "170.25")
    # 11.5 NOK a EUR, 1.15 a SEK, 11.5 / 170.25 = 0.06754772... a JPY.
    every = {"EUR": 11500000, "SEK": 1150000, "JPY": 67548}
    assert rates(EURO % (nok + sek + jpy)) == (every, 3, "")
    assert rates(EURO % (jpy + sek + nok)) == (every, 3, "")
    some = {"EUR": 11500000, "SEK": 1150000}
    assert rates(EURO % (nok + sek + jpy), "SEK+DKK") == (some, 2, "")
    for inner, words in (
        (sek, "no exchange rate of NOK"),
        (nok + row % ("SEK", "0"), "no exchange rate for SEK"),
        (nok + row % ("SEK", "-1"), "no exchange rate for SEK"),
        (nok + row % ("SEK", "x"), "no exchange rate for SEK"),
        (nok + row % ("sek", "1"), "three letters"),
        (nok + row % ("SEK", "0.001"), "from 0 to 1000 NOK for SEK"),
        (nok * 33, ""),
    ):
        found = rates(EURO % inner)
        assert words in found[2] and (not words or found[:2] == ({}, 0)), (inner, found)
    assert rates("<a/>")[2] == "the answer has no reference rates"
    assert "cut after" in rates((EURO % nok)[:-5])[2]


def test_numbers_with_an_exponent():
    for text, micro in (
        (b"1.0e-5", 10),
        (b"1.5E-6", 2),
        (b"1.4e-6", 1),
        (b"-2.5e-7", 0),
        (b"5e+1", 50000000),
        (b"0e0", 0),
        (b"1234567890123456789012e-21", 1234568),
        (b"e5", None),
        (b"1e", None),
        (b"1e-", None),
        (b"1e31", None),
        (b"1e1e1", None),
        (b"1e9", None),
        (b"1e2.0", None),
        (b"", None),
        (b"+-1", None),
    ):
        assert decimal(text, 6, LIMIT, True) == micro, text
    assert decimal(b"1e2", 6, LIMIT) is None


def test_a_day_of_25_hours_in_which_the_source_leaves_out_one():
    """2026-10-25 in Norway, as a source that counts 24 hours has it."""
    summer = ["2026-10-25T%02d:00:00+02:00" % hour for hour in range(3)]
    winter = ["2026-10-25T%02d:00:00+01:00" % hour for hour in range(3, 24)]
    ends = summer[1:] + ["2026-10-25T02:00:00+01:00"] + winter[1:]
    ends.append("2026-10-26T00:00:00+01:00")
    parts = [
        '{"NOK_per_kWh":0.5,"time_start":"%s","time_end":"%s"}' % times
        for times in zip(summer + winter, ends)
    ]
    document = DocumentDouble()
    parser = hvakosterstrommen.Parser(document)
    parser.feed(("[" + ",".join(parts) + "]").encode())
    assert parser.close() == 24 and parser.fault == ""
    begin = 1792879200 // 900
    assert checks.fault(document.table, begin, begin + 100) == ""
    known = [document.table.at(begin + i) is not None for i in range(100)]
    assert known == [True] * 12 + [False] * 4 + [True] * 84


def test_checks_of_a_day():
    def table(prices, currency="EUR", first=MIDNIGHT):
        made = PriceTable()
        made.spot_currency = currency
        for i in range(len(prices)):
            if prices[i] is not None:
                made.put(first + i, prices[i])
        return made

    day = MIDNIGHT, MIDNIGHT + 96
    assert checks.fault(table([100000] * 96), *day) == ""
    assert checks.fault(table([100000] * 192, first=MIDNIGHT - 96), *day) == ""
    part = checks.fault(table([100000] * 95), *day)
    assert part == "95 of 96 quarters of 2026-07-01: ask again later"
    autumn = (1792879200 // 900, 1792969200 // 900)  # 2026-10-25, 25 hours
    for prices, fault in (
        ([1] * 100, ""),
        ([1] * 12 + [None] * 4 + [1] * 84, ""),
        ([1] * 12 + [None] * 5 + [1] * 83, "95 of 100 quarters of 2026-10-25: ask again later"),
        ([1] * 96, "96 of 100 quarters of 2026-10-25: ask again later"),
        ([None] * 4 + [1] * 96, "96 of 100 quarters of 2026-10-25: ask again later"),
    ):
        assert checks.fault(table(prices, first=autumn[0]), *autumn) == fault
    wrong = checks.fault(table([100000] * 96, first=MIDNIGHT - 96), *day)
    assert wrong == "prices of 2026-06-30 in place of 2026-07-01"
    assert checks.fault(table([1], "XAU"), 0, 0) == "the currency XAU is not known"
    assert checks.fault(table([10000000, -2000000]), 0, 0) == ""
    high = checks.fault(table([10000001]), 0, 0)
    assert high == "a price of 10000 EUR a MWh cannot be right"
    assert "cannot be right" in checks.fault(table([1, -2000001]), 0, 0)
    assert checks.fault(table([10000001], "NOK"), 0, 0) == ""

"""XML as a stream, and ENTSO-E's prices in it. Documents and expectations by hand.

2026-06-30 22:00 UTC, where the CET day 2026-07-01 begins, is 20,634 days and 22 hours from 1970.
"""

from prices.numbers import quarter_of
from prices.sources import entsoe
from prices.table import LIMIT, PriceTable
from prices.xml import CLOSE, OPEN, TEXT_MAX, Scanner, plain

MIDNIGHT = (20634 * 24 + 22) * 3600


class DocumentDouble:
    """Stands for Prices, which a parser fills."""

    def __init__(self, table):
        self.table = table
        self.rates = {}
        self.wanted = ""


def A44Parser(table):
    return entsoe.Parser(DocumentDouble(table))


class Events(Scanner):
    """Keeps (event, name, text) of each event and of each attribute of the names a, b and c."""

    def __init__(self, names):
        super().__init__(names)
        self.events = []

    def handle(self, event):
        self.events.append((event, self.name, "" if event == OPEN else self.value()))
        if event == OPEN:
            for name in "abc":
                value = self.attribute(name.encode())
                if value:
                    self.events.append((ATTRIBUTE, name, plain(value)))


ATTRIBUTE = 3
KINDS = {OPEN: "+", CLOSE: "-", ATTRIBUTE: "@"}


def scanned(octets, chunk=0):
    """ "+1 @b=value -1" of elements a, b, c and attributes; the fault; whether it was whole."""
    scanner = Events("a b c")
    for at in range(0, len(octets), chunk or len(octets)):
        scanner.feed(octets[at : at + (chunk or len(octets))])
    words = []
    for event, name, text in scanner.events:
        words.append(KINDS[event] + str(name) + ("=" + text if text else ""))
    return " ".join(words), scanner.fault, scanner.complete


def same(text, expected):
    """Whether a whole document gives that, however it is split."""
    octets = text.encode()
    for chunk in (0, 1, 2, 3, 7):
        found = scanned(octets, chunk)
        assert found == (expected, "", True), (text, chunk, found)


def test_elements_attributes_and_texts():
    same("<a><b>1</b><c>2</c></a>", "+1 +2 -2=1 +3 -3=2 -1")
    same("<?xml version='1.0' encoding='UTF-8'?>\n<a/>", "+1 -1")
    same("\ufeff<?xml version='1.0'?><a >\n <b  c = '1\"' a=\"'2'\" />\t</a >\n",
         '+1 +2 @a=\'2\' @c=1" -2 -1')  # fmt: skip
    same("<x:a xmlns:x='u:n' x:c='1'><x:b>2</x:b></x:a>", "+1 @c=1 +2 -2=2 -1")
    same("<a><b> 1 2\r\n</b></a>", "+1 +2 -2=1 2 -1")
    same("<a b='x>y' c='/'>3</a>", "+1 @b=x>y @c=/ -1=3")
    same("<a><b>\u00e5&lt;&amp;lt;&#65;\u20ac</b></a>", "+1 +2 -2=??<&lt;&#65;??? -1")
    same("<a>x<aa>y</aa><ab/>z</a>", "+1 +0 -0 +0 -0 -1=z")
    same("<a></a><b>junk <", "+1 -1")


def test_malformed_xml_is_refused_and_what_no_price_document_has():
    for text, words in (
        ("<a><b></a>", "+1 +2"),
        ("<a></b></a>", "+1"),
        ("</a>", ""),
        ("<a><1/></a>", "+1"),
        ("<a><!ELEMENT b></a>", "+1"),
        ("<!DOCTYPE a><a/>", ""),
        ("<!DOCTYPE a [<!ENTITY b 'b'>]><a/>", ""),
        ("<a><![CDATA[1]]></a>", "+1"),
        ("<!-- a --><a/>", ""),
        ("<?php 1?><a/>", ""),
        ("<a><?xml version='1.0'?></a>", "+1"),
        ("<a b></a>", ""),
        ("<a b=c></a>", ""),
        ("<a b='1'c='2'></a>", ""),
        ("<a b='<'></a>", ""),
        ("<a b 'c'></a>", ""),
        ("<a 1='c'></a>", ""),
        ("<a/ >", ""),
        ("<a>\x00</a>", "+1"),
        ("<a><b/></a x>", "+1 +2 -2"),
        ("< a/>", ""),
        ("<:a/>", ""),
        ("<a:/>", ""),
        ("<></a>", ""),
        ("<a><b><" + "c><" * 15, "+1 +2" + " +3" * 14),
    ):
        for chunk in (0, 1, 3):
            found, fault, whole = scanned(text.encode(), chunk)
            assert found == words and "no XML" in fault and not whole, (text, found, fault)
    octets = b"<a>12345678\x01</a>"
    for chunk in (0, 1, 5):
        assert scanned(octets, chunk)[1] == "no XML at octet 12: ask again"


def test_lengths_have_an_end():
    scanner = Events("a b")
    scanner.feed("<a><b>%s" % ("2" * 100))
    scanner.feed("2" * 4000 + "</b>")
    assert scanner.events[-1] == (CLOSE, 2, "2" * TEXT_MAX)
    scanner = Events("a")
    scanner.feed("<a b='1' x='%s' c='2'/>" % ("z" * 5000))
    assert [e for e in scanner.events if e[0] == ATTRIBUTE] == [(ATTRIBUTE, "b", "1")]
    assert scanner.complete and not scanner.fault
    scanner = Events("a")
    scanner.feed("<a %s>" % ("b='1' " * 5000))
    assert scanner.depth == 1 and not scanner.fault


NAMESPACE = "urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3"
HOUR = "2026-06-30T22:00Z", "2026-06-30T23:00Z"
TWO_HOURS = "2026-06-30T22:00Z", "2026-07-01T00:00Z"


def points(prices):
    """Points of (position, price), one Point a line."""
    text = ""
    for position, price in prices:
        text += "<Point>\n<position>%s</position>" % position
        text += "<price.amount>%s</price.amount></Point>\n" % price
    return text


def period(span, resolution, prices):
    text = "<Period><timeInterval><start>%s</start><end>%s</end></timeInterval>" % span
    return text + "<resolution>%s</resolution>%s</Period>" % (resolution, points(prices))


def series(*periods, curve="A01", currency="EUR", unit="MWH", more=""):
    return (
        "<TimeSeries><mRID>1</mRID><currency_Unit.name>%s</currency_Unit.name>%s"
        "<price_Measure_Unit.name>%s</price_Measure_Unit.name><curveType>%s</curveType>"
        % (currency, more, unit, curve)
        + "".join(periods)
        + "</TimeSeries>"
    )


def sequence(number):
    name = "classificationSequence_AttributeInstanceComponent.position"
    return "<%s>%s</%s>" % (name, number, name)


def document(*parts):
    root = "Publication_MarketDocument"
    head = '<?xml version="1.0" encoding="utf-8"?><%s xmlns="%s"><type>A44</type>'
    head += "<period.timeInterval><start>2020-01-01T00:00Z</start></period.timeInterval>"
    return head % (root, NAMESPACE) + "".join(parts) + "</%s>" % root


def parsed(text, chunk=512):
    """(table, slots filled, fault)."""
    table = PriceTable()
    parser = A44Parser(table)
    octets = text.encode()
    for at in range(0, len(octets), chunk):
        parser.feed(octets[at : at + chunk])
    count = parser.close()
    return table, count, parser.fault


def prices_of(table, n, utc=MIDNIGHT):
    return [table.at(utc // 900 + i) for i in range(n)]


def test_resolutions():
    for resolution, each in (("PT15M", 1), ("PT30M", 2), ("PT60M", 4)):
        prices = [(i + 1, "%d.5" % i) for i in range(8 // each)]
        table, count, fault = parsed(document(series(period(TWO_HOURS, resolution, prices))))
        assert not fault and count == 8
        assert prices_of(table, 8) == [i // each * 1000 + 500 for i in range(8)]
    for resolution in ("P1D", "PT1H", "PT5M", "PT1M", "", "PT15M PT60M"):
        text = document(series(period(TWO_HOURS, resolution, ((1, "1"),))))
        table, count, fault = parsed(text)
        assert not count and fault.startswith("resolution") and fault.endswith(": " + resolution)


def test_a_curve_a01_does_not_carry_forward():
    text = document(series(period(HOUR, "PT15M", ((1, "-1"), (3, "0.001")))))
    table, count, fault = parsed(text)
    assert count == 2 and not fault and prices_of(table, 4) == [-1000, None, 1, None]
    table, count, fault = parsed(text.replace("A01", "A02"))
    assert not count and "A02" in fault


def test_periods_and_series_have_their_own_start():
    first = period(HOUR, "PT60M", ((1, "10"),))
    second = period(("2026-06-30T23:00Z", "2026-07-01T00:00Z"), "PT15M", ((1, "20"), (4, "21")))
    third = period(("2026-06-30T21:00:00Z", "2026-06-30T22:00:00Z"), "PT30M", ((1, "30"),))
    for text in (
        document(series(first, second, third, curve="A03")),
        document(*[series(p, curve="A03") for p in (second, third, first)]),
    ):
        table, count, fault = parsed(text)
        assert count == 12 and not fault
        assert prices_of(table, 4, MIDNIGHT - 3600) == [30000] * 4
        assert prices_of(table, 9) == [10000] * 4 + [20000] * 3 + [21000, None]


def test_sdac_counts_before_exaa():
    sdac = series(period(HOUR, "PT15M", ((1, "1"), (3, "3"))), more=sequence(1))
    exaa = series(period(TWO_HOURS, "PT60M", ((1, "9"), (2, "8"))), more=sequence(2))
    for text in (document(sdac, exaa), document(exaa, sdac), document(exaa, sdac, exaa)):
        table, count, fault = parsed(text)
        assert not fault and count == 8
        assert prices_of(table, 8) == [1000, 9000, 3000, 9000] + [8000] * 4
    table, count, fault = parsed(document(exaa))
    assert not fault and prices_of(table, 8) == [9000] * 4 + [8000] * 4
    plain = series(period(HOUR, "PT60M", ((1, "7"),)))
    assert prices_of(parsed(document(exaa, plain))[0], 5) == [7000] * 4 + [8000]
    assert prices_of(parsed(document(plain, sdac))[0], 4) == [7000] * 4  # the first of one rank
    for number in ("0", "256", "A", "", "-1", "1.0"):
        assert parsed(document(sdac.replace(sequence(1), sequence(number))))[1] == 0


def test_intraday_auctions_are_passed_over():
    name = "contract_MarketAgreement.type"
    more = "<%s>A07</%s>" % (name, name)
    intraday = series(period(HOUR, "PT5M", ((9, "x"),)), currency="GBP", unit="?", more=more)
    ahead = series(period(HOUR, "PT60M", ((1, "7"),)), more=more.replace("A07", "A01"))
    for text in (document(intraday, ahead), document(ahead, intraday)):
        table, count, fault = parsed(text)
        assert not fault and count == 4 and table.spot_currency == "EUR"
        assert prices_of(table, 4) == [7000] * 4
    assert parsed(document(intraday))[1:] == (0, "the answer has no prices: ask again later")


def test_units_and_currencies():
    point = period(HOUR, "PT60M", ((1, "0.0854321"),))
    assert (
        parsed(document(series(point, unit="KWH", currency="NOK")))[0].at(MIDNIGHT // 900) == 85432
    )
    assert parsed(document(series(point)))[0].at(MIDNIGHT // 900) == 85
    for text, word in (
        (document(series(point, unit="MW")), "MW"),
        (document(series(point, unit="mwh")), "mwh"),
        (document(series(point, currency="EURO")), "EURO"),
        (document(series(point, currency="")), "currency"),
        (document(series(point, currency="eur")), "eur"),
        (document(series(point).replace("currency_Unit", "unit")), "currency"),
        (document(series(point).replace("price_Measure_Unit", "unit")), "unit"),
    ):
        table, count, fault = parsed(text)
        assert count == 0 and word in fault and table.at(MIDNIGHT // 900) is None, fault
    second = period(("2026-06-30T23:00Z", "2026-07-01T00:00Z"), "PT60M", ((1, "1"),))
    table, count, fault = parsed(document(series(point), series(second, currency="SEK")))
    assert fault == "prices in EUR and in SEK" and count == 4 and table.spot_currency == "EUR"


def test_prices_and_positions_that_cannot_be():
    for price in ("1e3", "1,5", "", "abc", "--1", "1" * 33, "1" * 129, "100000.001", "NaN", "1 2"):
        text = document(series(period(HOUR, "PT15M", ((1, "5"), (2, price), (3, "7")))))
        table, count, fault = parsed(text)
        assert count == 1 and "price" in fault and prices_of(table, 3) == [5000, None, None]
    for limit in (LIMIT, -LIMIT):
        text = document(series(period(HOUR, "PT60M", ((1, str(limit // 1000)),))))
        assert parsed(text)[0].at(MIDNIGHT // 900) == limit
    for position in ("0", "1", "5", "-2", "2.0", "", "x", "4294967298", "9" * 200):
        for curve in ("A01", "A03"):
            prices = ((1, "5"), (position, "6"), (3, "7"))
            text = document(series(period(HOUR, "PT15M", prices), curve=curve))
            table, count, fault = parsed(text)
            assert count == 1 and "position" in fault, (position, fault)
            assert prices_of(table, 4) == [5000, None, None, None]
    text = document(series(period(HOUR, "PT15M", ((2, "5"),)), curve="A03"))
    assert parsed(text)[1:] == (0, "a curve A03 must begin with position 1")
    for part in ("<position>2</position>", "<price.amount>6</price.amount>"):
        text = document(series(period(HOUR, "PT15M", ((1, "5"), (2, "6"))))).replace(part, "")
        table, count, fault = parsed(text)
        assert count == 1 and fault and prices_of(table, 4) == [5000, None, None, None]


def test_intervals_that_cannot_be():
    for span in (
        ("2026-06-30T22:00Z", "2026-06-30T22:00Z"),
        ("2026-06-30T22:00Z", "2026-06-30T21:00Z"),
        ("2026-06-30T22:00Z", "2026-07-05T00:00Z"),
        ("2026-06-30T22:00Z", "2026-06-30T23:15Z"),
        ("2026-06-30T22:00Z", "2026-06-30T22:15Z"),  # not of an hour
        ("2026-06-30T22:10Z", "2026-06-30T23:10Z"),
        ("2026-06-30T22:00:01Z", "2026-06-30T23:00:00Z"),
        ("2026-06-30T22:00", "2026-06-30T23:00Z"),
        ("2026-06-30T22:00+0:000", "2026-06-30T23:00Z"),
        ("2026-06-30T22:00+00:10", "2026-06-30T23:00Z"),
        ("2026-06-31T22:00Z", "2026-07-01T23:00Z"),
        ("2026-02-29T22:00Z", "2026-02-29T23:00Z"),
        ("2026-13-01T22:00Z", "2026-13-01T23:00Z"),
        ("2026-06-30T24:00Z", "2026-06-30T25:00Z"),
        ("2026-06-30 22:00Z", "2026-06-30 23:00Z"),
        ("9999-06-30T22:00Z", "9999-06-30T23:00Z"),
        ("1969-06-30T22:00Z", "1969-06-30T23:00Z"),
        ("-026-06-30T22:00Z", "2026-06-30T23:00Z"),
        ("", ""),
        ("2", "2026-06-30T23:00Z"),
    ):
        _, count, fault = parsed(document(series(period(span, "PT60M", ((1, "5"),)))))
        assert count == 0 and fault, span
    one = period(HOUR, "PT60M", ((1, "5"),))
    for gone in ("<resolution>PT60M</resolution>", "<start>%s</start>" % HOUR[0]):
        text = document(series(one.replace(gone, "")))
        assert parsed(text)[1] == 0 and "period" in parsed(text)[2]
    four = period(("2026-06-30T22:00Z", "2026-07-04T23:00Z"), "PT60M", ((1, "5"),))
    assert parsed(document(series(four, curve="A03")))[1:] == (388, "")
    fifth = period(("2026-07-05T02:00Z", "2026-07-05T03:00Z"), "PT60M", ((1, "6"),))
    for text in (document(series(four, fifth, curve="A03")), document(series(fifth, four))):
        assert "four days" in parsed(text)[2]
    late = one + "<curveType>A03</curveType>"
    assert "header" in parsed(document(series(late)))[2]


def test_no_data_is_an_acknowledgement():
    text = (
        "<?xml version='1.0'?><Acknowledgement_MarketDocument xmlns='urn:x'><mRID>9</mRID>"
        "<Reason><code>999</code><text>No matching data found for Data item %s</text></Reason>"
        "<Reason><code>A01</code><text>more</text></Reason></Acknowledgement_MarketDocument>"
    )
    for chunk in (1, 5, 1000):
        for item in ("Energy &quot;Prices&quot;", "x" * 500):
            table = PriceTable()
            parser = A44Parser(table)
            octets = (text % item).encode()
            for at in range(0, len(octets), chunk):
                parser.feed(octets[at : at + chunk])
            assert parser.close() == 0 and parser.code == "999"
            expected = "No matching data found for Data item "
            assert parser.fault.startswith(expected) and len(parser.fault) <= 128
            if item[0] == "E":
                assert parser.fault == expected + 'Energy "Prices"'
            else:
                assert len(parser.fault) == 128
    for cut in ("<Reason><code>999</code></Reason>", ""):
        parser = A44Parser(PriceTable())
        parser.feed("<Acknowledgement_MarketDocument>" + cut)
        assert parser.close() == 0 and parser.fault and parser.code == ("999" if cut else "")
    # A reason in a document with prices is none of an acknowledgement.
    one = series(period(HOUR, "PT60M", ((1, "5"),)))
    parser = A44Parser(PriceTable())
    parser.feed(document("<Reason><code>999</code><text>none</text></Reason>", one))
    assert parser.close() == 4 and parser.code == parser.fault == ""


def test_other_documents_are_refused():
    for text, word in (
        ("<html><head><title>503</title><br></head></html>", "no price document"),
        ("Unauthorized", "cut"),
        ("{}", "cut"),
        ("", "cut"),
        ("PK\x03\x04\x14", "no XML"),
        ("<Publication_MarketDocument/>", "no prices"),
        ("<GL_MarketDocument></GL_MarketDocument>", "no price document"),
    ):
        _, count, fault = parsed(text)
        assert count == 0 and word in fault, (text, fault)


def test_a_document_cut_anywhere_gives_what_was_whole():
    prices = [(i + 1, str(10 + i)) for i in range(8)]
    text = document(series(period(TWO_HOURS, "PT15M", prices)))
    for end in range(len(text) - 1):
        table, count, fault = parsed(text[:end])
        assert fault == "the answer is cut after %d octets: ask again" % end
        assert count == text[:end].count("</Point>")
        assert prices_of(table, 8) == [10000 + 1000 * i for i in range(count)] + [None] * (
            8 - count
        )
    text = document(series(period(TWO_HOURS, "PT15M", ((1, "1"), (4, "4"))), curve="A03"))
    for end, count in (("</Point>", 1), ("<position>4", 1), ("</Period>", 8)):
        at = text.index(end) + len(end)
        assert parsed(text[:at])[1] == count and parsed(text[:at])[2]
    last = text.rindex("</Point>") + 8
    assert prices_of(parsed(text[:last])[0], 8) == [1000] * 3 + [4000] + [None] * 4


def test_after_a_fault_nothing_is_taken():
    parser = A44Parser(PriceTable())
    parser.feed(b"<a/>" + document().encode())
    fault = parser.fault
    parser.feed(document(series(period(HOUR, "PT60M", ((1, "5"),)))))
    assert parser.close() == 0 and fault and parser.fault == fault


def test_a_read_buffer_may_be_longer_than_what_was_read():
    octets = document(series(period(HOUR, "PT60M", ((1, "5"),)))).encode()
    buf = bytearray(64)
    table = PriceTable()
    parser = A44Parser(table)
    for at in range(0, len(octets), 50):
        n = len(octets[at : at + 50])
        buf[:n] = octets[at : at + n]
        parser.feed(buf, n)
    assert parser.close() == 4 and not parser.fault and table.at(MIDNIGHT // 900) == 5000


def test_quarters_as_text():
    for text, quarter in (
        (b"1970-01-01T00:00Z", 0),
        (b"2026-06-30T22:00Z", MIDNIGHT // 900),
        (b"2026-06-30T22:45:00Z", MIDNIGHT // 900 + 3),
        (b"2024-02-29T00:00Z", (19782 * 24) * 4),
        (b"2024-02-29T00:00ZZ", -1),
        (b"2024-02-29T00:00z", -1),
        (b"", -1),
    ):
        assert quarter_of(text) == quarter, text


def test_times_with_an_offset():
    for text, quarter in (
        (b"2026-07-01T00:00:00+02:00", MIDNIGHT // 900),
        (b"2026-06-30T20:00-02:00", MIDNIGHT // 900),
        (b"2026-07-01T03:45+05:45", MIDNIGHT // 900),
        (b"2026-07-01T00:00:00+02:10", -1),
        (b"2026-07-01T00:00:00+15:00", -1),
        (b"2026-07-01T00:00:00+0200", -1),
        (b"2026-07-01T00:00:30+02:00", -1),
        (b"2026-06-30T22:00", -1),
    ):
        assert quarter_of(text) == quarter, text
    assert quarter_of(b"2026-06-30T22:00", True) == MIDNIGHT // 900
    assert quarter_of(b"2026-06-30T22:00Z", True) == -1

"""Price rules, by hand. Prices are in 1e-6 of the currency a kWh.

Europe/Oslo: 2026-01-05 is a Monday; the clock goes to summer time on Sunday 2026-03-29 and back on
Sunday 2026-10-25, each at 01:00 UTC.
"""

from array import array

import clock
import ondemand
from config import Config
from files import FilesDouble
from ondemand import visit
from test_price_store import prices_with
from test_prices import prices_of_table

ALL_HOURS = 0xFFFFFF


def utc(year, month, day, hour=0, minute=0):
    return clock.seconds(year, month, day, hour, minute, 0)


def made(text, spot, at, steps=None, direction="IMPORT", **settings):
    """The price at a UTC of the four equal spot prices of its hour; spot may be a list of four."""
    spots = spot if isinstance(spot, list) else [spot] * 4
    settings.setdefault("price_currency", "EUR")
    prices = prices_of_table(spots, at // 3600 * 4, price_rules=text, **settings)
    name = prices.price if direction == "IMPORT" else prices.export_price
    if steps is not None:
        with visit("prices.rules") as rules:
            slots = array("i", bytes(16))
            prices.fill(slots, at // 3600 * 4)
            pricing = rules.Pricing(prices, prices._config, getattr(rules, direction))
            pricing.hour(at // 3600 * 3600, slots, 0)
            assert pricing.price(slots[at // 900 % 4], steps) == name(at)
            found = name(at)
            assert found is None or sum([amount for _, amount in steps]) == found
    return name(at)


MONDAY = utc(2026, 1, 5, 11)  # 12:00 in Oslo


def test_each_kind():
    for rule, price in (
        ("", 500000),
        ('"a" both add 0.391', 891000),
        ('"a" both subtract 0.6', -100000),
        ('"VAT" both percent 25', 625000),
        ('"discount" both percent -10', 450000),
        ('"a" both fixed 0.9', 900000),
        ('"a" both fixed 0', 0),
        ('"a" both add 0.000001', 500001),
    ):
        assert made(rule, 500000, MONDAY) == price, rule


def test_the_order_of_the_rules_counts():
    grid, vat = '"grid" both add 0.4', '"VAT" both percent 25'
    assert made(grid + ";" + vat, 500000, MONDAY) == 1125000  # (0.5 + 0.4) x 1.25
    assert made(vat + "; " + grid, 500000, MONDAY) == 1025000  # 0.5 x 1.25 + 0.4
    # Fixed ones come before all others wherever they stand, and add up.
    fixed = '"a" both fixed 0.7;' + vat + ';"b" both fixed 0.1'
    assert made(fixed, 500000, MONDAY) == 1000000  # (0.7 + 0.1) x 1.25
    assert made(fixed, None, MONDAY) == 1000000  # the spot price is not needed
    assert made(grid, None, MONDAY) is None


def test_the_multiplier_is_of_the_spot_price_and_the_rest_follows():
    # 85.00 EUR/MWh at 11.50 is 0.9775 NOK, times 1.25 is 1.221875: appendix F.
    grid = '"grid" both add 0.391;"fee" both subtract 0.1'
    prices = prices_of_table([85000] * 4, MONDAY // 900, price_currency="NOK",
                             price_multiplier=1250, price_rules=grid)  # fmt: skip
    assert prices.price(MONDAY) is None  # no rate
    prices.save({"EUR": 11500000})
    assert prices.price(MONDAY) == 1221875 + 391000 - 100000
    # The fixed price of the settings is without multiplier; rules change it.
    assert made(grid, 85000, MONDAY, price_fixed_micro=800000, price_multiplier=1250) == 1091000
    assert made("", None, MONDAY, price_fixed_micro=800000) == 800000


def test_halves_are_rounded_away_from_zero_at_each_step():
    vat = '"VAT" both percent 25'
    assert made(vat, 2, MONDAY) == 3  # 0.5 is 1
    assert made(vat, -2, MONDAY) == -3
    assert made(vat, 1, MONDAY) == 1  # 0.25
    assert made(vat + ";" + vat, 2, MONDAY) == 4  # 2 + 1, then 3 + 0.75
    assert made('"x" both percent 0.000001', 50000000, MONDAY) == 50000001  # 0.5


def test_negative_prices():
    assert made('"VAT" both percent 25', -500000, MONDAY) == -625000
    assert made('"fee" both subtract 0.1;"VAT" both percent 25', 50000, MONDAY) == -62500


def test_directions():
    text = '"grid" import add 0.4;"VAT" both percent 25;"feed-in" export subtract 0.02'
    assert made(text, 500000, MONDAY) == 1125000
    assert made(text, 500000, MONDAY, direction="EXPORT") == 605000  # 0.625 - 0.02
    assert made("", 500000, MONDAY, direction="EXPORT", price_multiplier=1250) == 625000
    # The base of export by the setting export_price.
    half = {"export_price": "spot", "export_multiplier": 500, "price_fixed_micro": 900000}
    assert made(text, 500000, MONDAY, direction="EXPORT", **half) == 292500  # 0.3125 - 0.02
    own = {"export_price": "fixed", "export_fixed_micro": -10000}
    assert made(text, None, MONDAY, direction="EXPORT", **own) == -32500


def test_weekdays():
    """Each day's 12:00, from Monday 2026-01-05 on."""
    weekend = '"weekend" both subtract 0.1 sa,su'
    found = [made(weekend, 500000, MONDAY + i * 86400) for i in range(8)]
    assert found == [500000] * 5 + [400000] * 2 + [500000]
    work = '"work" both add 0.1 mo-fr'
    found = [made(work, 500000, MONDAY + i * 86400) for i in range(8)]
    assert found == [600000] * 5 + [500000] * 2 + [600000]
    over = '"over" both add 0.1 su-mo'
    found = [made(over, 500000, MONDAY + i * 86400) for i in range(7)]
    assert found == [600000] + [500000] * 5 + [600000]
    # A weekday is that of local time: Sunday 23:00 UTC is Monday 00:00 in Oslo.
    assert made(work, 500000, utc(2026, 1, 11, 22, 45)) == 500000
    assert made(work, 500000, utc(2026, 1, 11, 23)) == 600000


def test_hours():
    day = '"day" both add 0.1 all 06-21'
    # 06:00 in Oslo is 05:00 UTC in winter and 04:00 in summer.
    for at, price in (
        (utc(2026, 1, 5, 4, 45), 500000),
        (utc(2026, 1, 5, 5), 600000),
        (utc(2026, 1, 5, 20, 45), 600000),
        (utc(2026, 1, 5, 21), 500000),
        (utc(2026, 7, 6, 3, 45), 500000),
        (utc(2026, 7, 6, 4), 600000),
        (utc(2026, 7, 6, 19, 45), 600000),
        (utc(2026, 7, 6, 20), 500000),
    ):
        assert made(day, 500000, at) == price, at
    night = '"night" both add 0.1 all 22-05'
    for hour in range(24):
        inside = hour >= 22 or hour <= 5
        price = made(night, 500000, utc(2026, 1, 5, hour), timezone="Europe/London")
        assert price == (600000 if inside else 500000), hour
    odd = '"odd" both add 0.1 all 01,03,23'
    assert [made(odd, 0, utc(2026, 1, 5, h), timezone="Europe/London") for h in (1, 2, 3, 23)] == [
        100000, 0, 100000, 100000
    ]  # fmt: skip


def test_the_zone_is_that_of_the_settings():
    day = '"day" both add 0.1 all 06'
    assert made(day, 0, utc(2026, 1, 5, 5)) == 100000
    assert made(day, 0, utc(2026, 1, 5, 5), timezone="Europe/Helsinki") == 0
    assert made(day, 0, utc(2026, 1, 5, 4), timezone="Europe/Helsinki") == 100000


def test_a_season_has_both_its_days_and_may_go_over_the_new_year():
    summer = '"summer" both add 0.1 all all 01-04 30-09'
    for month, day, inside in ((3, 31, 0), (4, 1, 1), (9, 30, 1), (10, 1, 0), (1, 1, 0)):
        assert made(summer, 0, utc(2026, month, day, 12)) == 100000 * inside, (month, day)
    winter = '"winter" both add 0.1 all all 15-11 14-03'
    for month, day, inside in (
        (11, 14, 0), (11, 15, 1), (12, 31, 1), (1, 1, 1), (2, 28, 1), (3, 14, 1), (3, 15, 0),
    ):  # fmt: skip
        assert made(winter, 0, utc(2026, month, day, 12)) == 100000 * inside, (month, day)
    # The last second of a season is that of local time: 23:00 UTC begins the next day in Oslo.
    assert made(winter, 0, utc(2026, 3, 14, 22, 45)) == 100000
    assert made(winter, 0, utc(2026, 3, 14, 23)) == 0
    # The new year begins at 23:00 UTC; one open end is the year's.
    year = '"first" both add 0.1 all all 00-00 01-01'
    assert made(year, 0, utc(2025, 12, 31, 22, 45)) == 0
    assert made(year, 0, utc(2025, 12, 31, 23)) == 100000
    rest = '"rest" both add 0.1 all all 31-12 00-00'
    assert made(rest, 0, utc(2025, 12, 31, 22, 45)) == 100000
    assert made(rest, 0, utc(2025, 12, 31, 23)) == 0
    leap = '"leap" both add 0.1 all all 29-02 29-02'
    assert made(leap, 0, utc(2028, 2, 29, 12)) == 100000 and made(leap, 0, utc(2026, 3, 1)) == 0


def test_the_hour_that_spring_leaves_out():
    """2026-03-29 in Oslo: 01:59 is followed by 03:00, at 01:00 UTC."""
    two, three = '"two" both add 0.1 all 02', '"three" both add 0.1 all 03'
    day = [utc(2026, 3, 28, 23) + i * 3600 for i in range(23)]
    assert sum([made(two, 0, at) for at in day]) == 0
    assert [i for i in range(23) if made(three, 0, day[i])] == [2]
    sunday = '"su" both add 0.1 su'
    assert [made(sunday, 0, at) for at in day] == [100000] * 23
    assert made(sunday, 0, day[0] - 3600) == made(sunday, 0, day[22] + 3600) == 0


def test_the_hour_that_comes_twice_in_autumn():
    """2026-10-25 in Oslo: 02:59 is followed by 02:00, at 01:00 UTC."""
    two, three = '"two" both add 0.1 all 02', '"three" both add 0.1 all 03'
    day = [utc(2026, 10, 24, 22) + i * 3600 for i in range(25)]
    assert [i for i in range(25) if made(two, 0, day[i])] == [2, 3]
    assert [i for i in range(25) if made(three, 0, day[i])] == [4]
    sunday = '"su" both add 0.1 su'
    assert [made(sunday, 0, at) for at in day] == [100000] * 25
    assert made(sunday, 0, day[0] - 3600) == made(sunday, 0, day[24] + 3600) == 0


NOK = {"price_currency": "NOK", "price_multiplier": 1250}


def norwegian(text, spot, at, currency="NOK", **settings):
    """The price at a UTC of spot prices in NOK."""
    spots = spot if isinstance(spot, list) else [spot] * 4
    prices = prices_of_table(spots, at // 3600 * 4, currency, price_rules=text, **settings)
    return prices.price(at)


def test_the_norwegian_subsidy():
    rule = '"Strømstøtte" import subsidy 0'
    # 2026: 1.50 x 1.25 less 0.9 x (1.50 - 0.77) x 1.25 = 1.875 - 0.82125
    at = utc(2026, 1, 5, 11)
    assert norwegian(rule, 1500000, at, **NOK) == 1053750
    assert norwegian(rule, 770000, at, **NOK) == 962500  # 0.9625: the threshold with VAT
    assert norwegian(rule, 770010, at, **NOK) == 962513 - 11  # 962512.5 - 11.25
    assert norwegian(rule, -100000, at, **NOK) == -125000
    # VAT as a rule after it: (1.50 - 0.657) x 1.25
    assert norwegian(rule + ';"VAT" import percent 25', 1500000, at) == 1053750
    # Northern Norway: no VAT.
    assert norwegian(rule, 1500000, at) == 843000
    # The threshold of each year; none before September 2023.
    for year, month, price in (
        (2023, 8, 1500000), (2023, 9, 780000), (2024, 1, 807000), (2025, 1, 825000),
        (2026, 1, 843000), (2027, 1, 843000),
    ):  # fmt: skip
        assert norwegian(rule, 1500000, utc(year, month, 15)) == price, year
    assert norwegian(rule, 1500000, utc(2023, 12, 31, 22, 45)) == 780000  # local dates
    assert norwegian(rule, 1500000, utc(2023, 12, 31, 23)) == 807000
    # A threshold of the owner; 1.50 - 0.9 x 0.5
    assert norwegian('"s" import subsidy 1', 1500000, at) == 1050000


def test_the_subsidy_is_by_the_hours_mean():
    rule = '"s" import subsidy 0.75'
    hour = utc(2026, 1, 5, 11)
    spots = [500000, 700000, 900000, 1100000]  # mean 0.8: 0.045 each
    found = [norwegian(rule, spots, hour + i * 900) for i in range(4)]
    assert found == [455000, 655000, 855000, 1055000]
    assert norwegian(rule, [500000, None, 900000, 1100000], hour) is None  # the mean is unknown
    assert norwegian('"a" import add 0', [500000, None, 900000, 1100000], hour) == 500000


def test_the_law_is_in_kroner():
    at = utc(2026, 1, 5, 11)
    rule = '"s" import subsidy 0'
    assert norwegian(rule, 1500000, at, currency="EUR") == 1500000  # no effect
    assert norwegian('"s" import subsidy 0.5', 1500000, at, currency="EUR") == 600000


def test_a_rule_of_the_law_in_another_currency_is_doubted():
    law, own = '"s" import subsidy 0', '"s" import subsidy 0.75'
    for rule, currency, doubted in (
        (law, "SEK", 1), (law, "NOK", 0), (law, "", 0), (own, "SEK", 0), ("", "SEK", 0),
    ):  # fmt: skip
        config = Config({"price_rules": rule, "price_currency": currency}, {})
        assert len([d for d in config.doubts if "Norwegian law" in d]) == doubted, rule


def test_norgespris():
    rule = '"Norgespris" import norgespris 0'
    assert norwegian(rule, 1500000, utc(2025, 9, 30, 21, 45), **NOK) == 1875000
    assert norwegian(rule, 1500000, utc(2025, 9, 30, 22), **NOK) == 500000  # 0.40 x 1.25
    assert norwegian(rule, None, utc(2026, 1, 5), **NOK) == 500000
    assert norwegian(rule, 100000, utc(2026, 1, 5)) == 400000  # dearer than spot, without VAT
    more = rule + ';"grid" import add 0.35;"VAT" import percent 25'
    assert norwegian(more, 1500000, utc(2026, 1, 5)) == 937500  # (0.40 + 0.35) x 1.25
    assert norwegian('"n" import norgespris 0.44', 0, utc(2027, 1, 5)) == 440000
    both = rule + ';"s" import subsidy 0'
    assert norwegian(both, 1500000, utc(2026, 1, 5), **NOK) == 500000  # one or the other


def test_steps_explain_a_price():
    steps = []
    text = '"Grid" both add 0.391;"Night" both subtract 0.1 all 23;"VAT" both percent 25'
    assert made(text, 500000, MONDAY, steps, price_multiplier=1100) == 1176250
    assert steps == [
        ("Spot", 500000), ("Multiplier", 50000), ("Grid", 391000), ("VAT", 235250),
    ]  # fmt: skip
    steps = []
    made(text, 1, MONDAY, steps, price_fixed_micro=600000)
    assert steps == [("Fixed price", 600000), ("Grid", 391000), ("VAT", 247750)]
    steps = []
    made('"Contract" both fixed 0.5;"VAT" both percent 25', 1, MONDAY, steps)
    assert steps == [("Contract", 500000), ("VAT", 125000)]
    steps = []
    assert made('"Grid" both add 0.391', None, MONDAY, steps) is None and steps == []


def test_a_price_beyond_all_bounds_is_unknown():
    assert made('"x" both add 1000;"y" both add 1000', 0, MONDAY) == 2000000000
    assert made('"x" both add 1000;"y" both add 1000', 1, MONDAY) is None
    assert made('"x" both subtract 1000', -1, MONDAY) is None


def parsed(text):
    with visit("prices.ruletext") as rules:
        return [
            (r.name, r.direction, r.kind, r.micro, r.days, r.hours, r.begin, r.end, r.kwh)
            for r in rules.parse(text)
        ]


def written(text):
    """The canonical text of a rule, and whether the AMS reader has no such rule."""
    with visit("prices.ruletext") as rules:
        rule = rules.parse(text)[0]
        again = rules.parse(rule.text())[0]
        assert rule.text() == again.text() and rule.kwh == again.kwh
        return rule.text(), rule.is_foreign()


def test_a_text_is_read_and_written():
    grid = '"Grid day" both add 0.3910 mo,tu,we,th,fr 06,07,08 15-10 31-03'
    assert parsed(grid) == [("Grid day", 3, 1, 391000, 0x1F, 7 << 6, 1015, 331, 0)]
    short = '"Grid day" both add .391 mo-fr 06-08 15-10 31-03;'
    assert parsed(short) == parsed(grid) and parsed("") == parsed(" ; ") == []
    vat = parsed('"VAT" import percent 25')[0]
    assert vat == ("VAT", 1, 2, 25000000, 0x7F, ALL_HOURS, 0, 0, 0)
    subsidy = parsed('"Strømstøtte" import subsidy 0 all all 00-00 00-00')[0]
    assert subsidy[2:4] == (4, 0) and subsidy[8] == 5000
    cabin = parsed('"n" import norgespris 0 all all 00-00 00-00 1000')[0]
    assert cabin[8] == 1000
    assert written(short) == (grid, False)
    plain = " all all 00-00 00-00"
    assert written('"VAT" import percent 25') == ('"VAT" import percent 25.0000' + plain, False)
    support = '"Strømstøtte" import subsidy 0.0000' + plain
    assert written('"Strømstøtte" import subsidy 0') == (support, True)
    cabin = '"n" import norgespris 0.0000' + plain + " 1000"
    assert written(cabin) == (cabin, True)
    fine = '"a" export fixed -0.123456 mo,su 00,23 00-00 00-00'
    assert written(fine) == (fine, False)
    assert written('"a" both add 1' + plain + " 500")[1]


def test_a_wrong_text_is_refused_with_a_reason():
    for text, words in (
        ("VAT import percent 25", "must be as"),
        ('"VAT import percent 25', "must be as"),
        ('x "VAT" import percent 25', "must be as"),
        ('"VAT" import percent', "must be as"),
        ('"VAT" import percent 25 all all 01-01', "must be as"),
        ('"VAT" import percent 25 all all 01-01 31-12 0 1', "must be as"),
        ('"%s" import percent 25' % ("x" * 32), "31 characters"),
        ('"a\tb" import percent 25', "31 characters"),
        ('"VAT" inward percent 25', "inward is not a direction: import export both"),
        ('"VAT" import plus 25', "plus is not a kind: fixed add"),
        ('"VAT" import percent 25%', "25% is not a number"),
        ('"VAT" import percent 1e3', "not a number"),
        ('"VAT" import percent -', "not a number"),
        ('"VAT" import percent .', "not a number"),
        ('"VAT" import percent 0.1234567', "at most 6 decimals"),
        ('"VAT" import percent \u0662', "not a number"),
        ('"VAT" import percent 1000.000001', "-1000 to 1000"),
        ('"VAT" import percent -1000.01', "-1000 to 1000"),
        ('"VAT" import add 1 xx', "xx is not one of days: mo tu"),
        ('"VAT" import add 1 mo,', "is not one of days"),
        ('"VAT" import add 1 all 24', "24 is not one of hours"),
        ('"VAT" import add 1 all 6', "6 is not one of hours"),
        ('"VAT" import add 1 all all 32-01 31-12', "32-01 is not a day"),
        ('"VAT" import add 1 all all 30-02 31-12', "30-02 is not a day"),
        ('"VAT" import add 1 all all 01-13 31-12', "01-13 is not a day"),
        ('"VAT" import add 1 all all 01-00 31-12', "01-00 is not a day"),
        ('"VAT" import add 1 all all 01 31-12', "not a whole number"),
        ('"VAT" import add 1 all all 00-00 00-00 -1', "0 to 1000000"),
        ('"VAT" import add 1 all all 00-00 00-00 x', "not a whole number"),
        ('"s" both subsidy 0', "subsidy is of import"),
        ('"s" import subsidy -0.1', "0 or a value above"),
        (";".join(['"a" both add 1'] * 17), "at most 16 rules"),
    ):
        try:
            parsed(text)
            raise AssertionError(text)
        except ValueError as e:
            assert words in str(e), (text, str(e))
    try:
        parsed('"a" both add 1;;"b" both add x')
        raise AssertionError
    except ValueError as e:
        assert str(e).startswith("rule 3: x is not a number")


def test_since_and_difference():
    def of(text, **settings):
        prices = prices_of_table([1], 40000, price_rules=text, **settings)
        with visit("prices.rules") as rules:
            return rules.since(prices, prices._config), rules.is_different(prices._config)

    begin = 40000 * 900
    assert of("") == ((begin, begin), False)
    assert of('"a" both add 1') == ((begin, begin), False)
    assert of('"a" import add 1') == ((begin, begin), True)
    assert of("", export_price="spot") == ((begin, begin), True)
    assert of('"a" import fixed 1') == ((0, begin), True)
    assert of('"a" both fixed 1') == ((0, 0), False)
    assert of('"a" both fixed 1 mo') == ((begin, begin), False)
    assert of('"a" both fixed 1 all 00') == ((begin, begin), False)
    assert of('"a" both fixed 1 all all 01-01 02-01') == ((begin, begin), False)
    assert of("", price_fixed_micro=1, export_price="spot") == ((0, begin), True)


def test_the_window_gives_what_each_slot_gives_wherever_it_begins():
    spots = [(i * 37) % 97 * 1000 - 9000 for i in range(380)]
    text = '"d" import add 0.4 mo-fr 06-21;"e" export subtract 0.01;"VAT" both percent 25'
    begin = utc(2026, 3, 27, 23) // 900
    prices = prices_of_table(spots, begin, price_rules=text)
    wanted = {}
    with visit("prices.rules") as rules:
        for direction in (rules.IMPORT, rules.EXPORT):
            slots = array("i", bytes(4 * 380))
            rules.fill(prices, prices._config, slots, begin, direction)
            wanted[direction] = list(slots)
    for order in (1, 59, 173):  # also back and forth
        for i in range(380):
            at = i * order % 380
            assert prices.price((begin + at) * 900 + 899) == wanted[1][at], (order, at)
            assert prices.export_price((begin + at) * 900) == wanted[2][at], (order, at)
    assert prices.price((begin - 1) * 900) is prices.price((begin + 380) * 900) is None


def test_nothing_stays_loaded_and_settings_without_prices_do_no_harm():
    prices = prices_with(FilesDouble(), price_rules='"a" both add 1')
    assert prices.price(MONDAY) is prices.export_price(MONDAY) is None
    assert not [name for name in ondemand._visited if name.startswith("prices")]
    assert Config({"price_rules": "nonsense"}, {}).price_rules == ""  # a stored one with a fault

"""Documents of prices with rules: previews, the cheapest hours, the AMS reader's list.

The CET day 2026-07-01 begins at MIDNIGHT, which is midnight in Oslo too.
"""

import json

from config import Config
from doubles import AppDouble, RequestDouble, SystemDouble
from files import FilesDouble
from golden import same_as_golden
from test_price_store import DAY, NEXT, day_of, prices_with
from test_prices import MIDNIGHT, prices_of_table
from web.documents import cheapest, priceconfig, pricepreview
from web.documents import prices as documents

GRID = '"Grid day" import add 0.391 mo-fr 06-21;"VAT" both percent 25;"Feed-in" export add -0.01'


def app_of(prices, utc, **settings):
    return AppDouble(config=Config(settings, {}), system=SystemDouble(utc), prices=prices)


def body(document, app, **args):
    return json.loads("".join(document(app, RequestDouble(args))))


def reason(document, app, **args):
    try:
        list(document(app, RequestDouble(args)))
    except ValueError as e:
        return str(e)
    raise AssertionError("not refused")


def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as e:
        return e.value
    raise AssertionError("it waits")


def test_documents_of_prices_have_the_rules():
    prices = prices_with(FilesDouble(), day_of(DAY, 50), price_rules=GRID)
    app = app_of(prices, MIDNIGHT + 3600, price_rules=GRID)
    imported = body(documents.imported, app)
    # Wednesday. 01:00: 0.051 x 1.25; 06:00: (0.056 + 0.391) x 1.25
    assert imported["prices"][4] == 0.0638 and imported["prices"][24] == 0.5588
    assert imported["importExportPriceDifferent"] is True and imported["source"] == "EOE"
    exported = body(documents.exported, app)
    assert exported["prices"][4] == 0.0538 and exported["prices"][24] == 0.06
    hours = body(documents.hours, app)
    assert hours["00"] == 0.0638 and hours["05"] == 0.5588 and hours["23"] is None
    fixed = app_of(prices, MIDNIGHT, price_rules=GRID, price_fixed_micro=1000000)
    assert body(documents.hours, fixed)["00"] == 0.0625  # without the settings' fixed price
    assert body(documents.imported, fixed)["prices"][0] == 1.25
    assert body(documents.imported, fixed)["source"] == "FIX"


def test_priceconfig_json_with_rules():
    rules = GRID + ';"Winter" both subtract 0.05 sa,su all 15-11 14-03;"S" import subsidy 0'
    app = app_of(None, MIDNIGHT, price_multiplier=1100, price_rules=rules)
    same_as_golden("priceconfig_rules.json", "".join(priceconfig.get(app, None)))


def test_documents_of_a_small_table():
    """A Wednesday's first two hours, with a multiplier of 1.1 and three rules."""
    rules = '"Fee" import add 0.05;"VAT" both percent 25;"Feed-in" export subtract 0.002'
    spots = [50000, 52000, 54000, 57000, 60000, -8000, 0, 100000]
    prices = prices_of_table(spots, price_rules=rules, price_multiplier=1100)
    now = MIDNIGHT + 5 * 900 + 60
    app = app_of(prices, now, price_rules=rules, price_multiplier=1100)
    for name, document, args in (
        ("importprice.json", documents.imported, {}),
        ("exportprice.json", documents.exported, {}),
        ("energyprice.json", documents.hours, {}),
        ("pricepreview.json", pricepreview.get, {}),
        ("cheapest.json", cheapest.get, {"hours": "0.5"}),
    ):
        same_as_golden(name, "".join(document(app, RequestDouble(args))))


def test_a_preview_explains_each_slot():
    prices = prices_with(FilesDouble(), day_of(DAY, 50), price_rules=GRID)
    app = app_of(prices, MIDNIGHT + 3600, price_rules=GRID)
    found = body(pricepreview.get, app)
    assert (found["currency"], found["direction"], len(found["slots"])) == ("EUR", "import", 96)
    assert found["slots"][0] == {
        "t": MIDNIGHT, "l": "2026-07-01T00:00", "s": 0.05, "p": 0.0625,
        "w": [["Spot", 0.05], ["VAT", 0.0125]],
    }  # fmt: skip
    assert found["slots"][26] == {
        "t": MIDNIGHT + 26 * 900, "l": "2026-07-01T06:30", "s": 0.056, "p": 0.55875,
        "w": [["Spot", 0.056], ["Grid day", 0.391], ["VAT", 0.11175]],
    }  # fmt: skip
    exported = body(pricepreview.get, app, direction="export")["slots"][26]
    assert exported["w"] == [["Spot", 0.056], ["VAT", 0.014], ["Feed-in", -0.01]]
    assert exported["p"] == 0.06
    both = prices_with(FilesDouble(), day_of(DAY, 50), day_of(NEXT, 90))
    assert len(body(pricepreview.get, app_of(both, MIDNIGHT + 3600))["slots"]) == 192
    none = body(pricepreview.get, app_of(prices_with(FilesDouble()), MIDNIGHT))
    assert none["slots"][5]["p"] is none["slots"][5]["s"] is None and none["slots"][5]["w"] == []
    assert "import or export" in reason(pricepreview.get, app, direction="x")
    assert "clock" in reason(pricepreview.get, app_of(prices, 0))


def previewed(app, sent):
    text = sent if isinstance(sent, (str, bytes)) else json.dumps(sent)
    return "".join(run(pricepreview.post(app, RequestDouble(None, text))))


def test_rules_that_are_not_saved_are_previewed():
    prices = prices_with(FilesDouble(), day_of(DAY, 50))
    app = app_of(prices, MIDNIGHT, price_rules='"saved" both add 9')
    sent = {"price_rules": '"VAT" both percent 25', "price_multiplier": 2000}
    found = json.loads(previewed(app, sent))
    assert found["slots"][0]["w"] == [["Spot", 0.05], ["Multiplier", 0.05], ["VAT", 0.025]]
    assert app.config.price_rules == '"saved" both add 9' and app.config.price_multiplier == 1000
    found = json.loads(previewed(app, {"price_rules": None, "direction": "export"}))
    assert found["direction"] == "export" and found["slots"][0]["w"] == [["Spot", 0.05]]
    assert json.loads(previewed(app, {}))["slots"][0]["p"] == 9.05
    for sent, words in (
        ("[]", "must be an object"),
        ("{", "not valid JSON"),
        ({"price_rules": '"VAT" both percent x'}, "rule 1: x is not a number"),
        ({"price_rules": 5}, "price_rules must be text"),
        ({"price_multiplier": 0}, "price_multiplier must be 1 to 1000000"),
        ({"main_fuse_a": 25}, "main_fuse_a cannot be tried"),
        ({"timezone": "Europe/Oslo"}, "timezone cannot be tried"),
        ({"price_rule": ""}, "there is no setting price_rule"),
        ({"direction": "up"}, "import or export"),
        ({"direction": ["import"]}, "import or export"),
    ):
        try:
            previewed(app, sent)
            raise AssertionError(sent)
        except ValueError as e:
            assert words in str(e), (sent, str(e))


def test_days_of_23_and_25_hours_in_a_preview():
    rules = '"two" both add 1 all 02'
    for day, quarters, first, inside in (
        (1_774_738_800, 92, "2026-03-29T03:00", 0),
        (1_792_879_200, 100, "2026-10-25T02:00", 8),
    ):
        prices = prices_of_table([1000] * quarters, day // 900)
        found = body(pricepreview.get, app_of(prices, day, price_rules=rules))["slots"]
        assert len(found) == quarters and found[8]["l"] == first
        assert len([slot for slot in found if slot["p"] == 1.001]) == inside


def test_cheapest_json():
    # Hours of 50, 51 .. 73: the cheapest come first.
    prices = prices_with(FilesDouble(), day_of(DAY, 50))
    app = app_of(prices, MIDNIGHT + 3 * 3600 + 60)
    at = MIDNIGHT + 3 * 3600
    found = body(cheapest.get, app, hours="1")
    assert found == {
        "currency": "EUR", "now": at + 60, "before": MIDNIGHT + 86400, "hours": 1,
        "contiguous": True, "level": 1, "price": 0.053, "dearest": MIDNIGHT + 23 * 3600,
        "slots": [{"from": at, "until": at + 3600, "price": 0.053}],
    }  # fmt: skip
    three = body(cheapest.get, app, hours="3")["slots"]
    assert three == [{"from": at, "until": at + 3 * 3600, "price": 0.054}]
    assert body(cheapest.get, app, hours="6")["dearest"] == MIDNIGHT + 18 * 3600
    half = body(cheapest.get, app, hours="0.5")
    assert half["hours"] == 0.5 and half["slots"][0]["until"] == at + 1800
    assert body(cheapest.get, app)["hours"] == 1


def test_cheapest_json_before_a_deadline():
    prices = prices_with(FilesDouble(), day_of(DAY, 50), day_of(NEXT, 10))
    app = app_of(prices, MIDNIGHT + 20 * 3600)
    for before, wanted in (
        ("07:00", MIDNIGHT + 31 * 3600),
        ("7:30", MIDNIGHT + 31 * 3600 + 1800),
        ("20:15", MIDNIGHT + 20 * 3600 + 900),
        ("20:00", MIDNIGHT + 44 * 3600),  # the next one
        ("24:00", MIDNIGHT + 86400),
        (str(MIDNIGHT + 90000), MIDNIGHT + 90000),
    ):
        assert body(cheapest.get, app, hours="0.25", before=before)["before"] == wanted, before
    # Until midnight the prices rise; after it they begin at 0.010.
    assert body(cheapest.get, app, hours="2", before="24:00")["slots"][0]["from"] == (
        MIDNIGHT + 20 * 3600
    )
    assert body(cheapest.get, app, hours="2", before="07:00")["slots"][0]["from"] == (
        MIDNIGHT + 86400
    )


def test_cheapest_json_has_what_is_known():
    # Before midnight, with the prices of today alone: 22:30, hours of 72 and 73.
    prices = prices_with(FilesDouble(), day_of(DAY, 50))
    app = app_of(prices, MIDNIGHT + 22 * 3600 + 1860)
    begin, end = MIDNIGHT + 22 * 3600 + 1800, MIDNIGHT + 86400
    text = "".join(cheapest.get(app, RequestDouble({"hours": "3"})))
    assert text.endswith('"price":0.0727}],"missing":1.50}')  # (2 x 72 + 4 x 73) / 6
    found = json.loads(text)
    assert found["hours"] == 3 and found["dearest"] == begin and found["price"] == 0.0727
    assert found["slots"] == [{"from": begin, "until": end, "price": 0.0727}]
    apart = body(cheapest.get, app, hours="3", contiguous="false")
    assert apart["slots"] == found["slots"] and apart["missing"] == 1.5
    assert "missing" not in body(cheapest.get, app, hours="1.5")
    # A deadline that is too early: the whole time until then.
    soon = body(cheapest.get, app, hours="2", before=str(begin + 2700))
    assert soon["slots"][0]["until"] == begin + 2700 and soon["missing"] == 1.25
    last = body(cheapest.get, app_of(prices, end - 1), hours="1")
    assert last["slots"] == [{"from": end - 900, "until": end, "price": 0.073}]
    assert last["missing"] == 0.75
    # No quarter until then, and no price at all.
    for reader, before in ((app, str(begin + 600)), (app_of(prices, end), "")):
        assert list(cheapest.get(reader, RequestDouble({"before": before}))) == []


def test_cheapest_json_takes_the_longest_run():
    prices = prices_with(
        FilesDouble(), day_of(DAY, 50), price_rules='"x" import fixed 2 all 01-03'
    )
    app = app_of(prices, MIDNIGHT + 20 * 3600)
    # The rule has a price for two hours of tomorrow, but not for the hour before them.
    found = body(cheapest.get, app, hours="5", before="07:00")
    assert found["slots"] == [
        {"from": app.system.utc(), "until": MIDNIGHT + 86400, "price": 0.0715}
    ]
    assert found["missing"] == 1
    apart = body(cheapest.get, app, hours="5", before="07:00", contiguous="false")
    assert [slot["price"] for slot in apart["slots"]] == [0.0715, 2] and "missing" not in apart


def test_cheapest_json_goes_on_past_midnight_with_a_fixed_price():
    for now in (MIDNIGHT + 86400 - 600, MIDNIGHT + 86400):
        app = app_of(
            prices_with(FilesDouble(), price_fixed_micro=1500000, price_currency="NOK"), now
        )
        begin = now // 900 * 900
        day = MIDNIGHT + 86400 if now < MIDNIGHT + 86400 else MIDNIGHT + 2 * 86400
        found = body(cheapest.get, app, hours="3")
        assert found["slots"] == [{"from": begin, "until": begin + 3 * 3600, "price": 1.5}]
        assert found["before"] == day + 86400 and "missing" not in found
        assert "missing" not in body(cheapest.get, app, hours="24")
    # With spot prices of today too.
    prices = prices_with(FilesDouble(), day_of(DAY, 50), price_fixed_micro=1500000)
    assert body(cheapest.get, app_of(prices, MIDNIGHT + 3600))["before"] == MIDNIGHT + 2 * 86400


def test_cheapest_json_need_not_be_contiguous():
    spots = [900, 100, 900, 900, 100, 100, 900, 300]
    prices = prices_of_table([micro * 1000 for micro in spots])
    found = body(cheapest.get, app_of(prices, MIDNIGHT), hours="1", contiguous="false")
    q = MIDNIGHT
    assert found["slots"] == [
        {"from": q + 900, "until": q + 1800, "price": 0.1},
        {"from": q + 3600, "until": q + 5400, "price": 0.1},
        {"from": q + 6300, "until": q + 7200, "price": 0.3},
    ]
    assert found["price"] == 0.15 and found["dearest"] is None and not found["contiguous"]


def test_cheapest_json_refuses_nonsense_in_words():
    app = app_of(prices_with(FilesDouble(), day_of(DAY, 50)), MIDNIGHT)
    for hours in ("0", "0.1", "24.25", "x", "", "-1", "1.2.3", "1e1", "999999", ".", "1.251"):
        assert "hours must be" in reason(cheapest.get, app, hours=hours), hours
    for before in ("25:00", "24:01", "07:60", "07:0", "x", ":", "-1", ":00", "07:00:00"):
        assert "before must be" in reason(cheapest.get, app, before=before), before
    for utc in (MIDNIGHT, 1, MIDNIGHT + 5 * 86400):
        assert "four days" in reason(cheapest.get, app, before=str(utc))
    assert "contiguous must be" in reason(cheapest.get, app, contiguous="1")
    assert "clock" in reason(cheapest.get, app_of(app.prices, 0))

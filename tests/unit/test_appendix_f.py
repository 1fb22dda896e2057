"""The test vectors of the AMS reader's rules, appendix F: a test for each row, with its name.

Rows  Peak insert, Month value, Threshold edges, U2, I2, Import gauge max, Hour normal, Hour gap,
      Hour counter reset, Day DST, Zone, A44 A03, Price, FX, Hostname, UI poll
No test here
      Vcc: tests/tools/test_esp32_board.py has it, for the board's class needs the chip's modules
      A44 period: there is no code; the reader does not ask a server for prices
      Hostname, the form with six digits: another version's
"""

import json

import clock
from config import Config
from doubles import LIST_2, AppDouble, SystemDouble, merged, reading, world
from energy import blocks, profiles, views
from energy.blocks import Block
from energy.tariff import ABOVE_ALL, Peaks
from han.fields import CURRENT_L2_MA, VOLTAGE_L2_MV
from prices.stored import rate_ppm
from system import System
from test_energy_clock import SPRING, local
from test_energy_ledger import Meter, at
from test_energy_peaks import ZONE, norway
from test_entsoe import MIDNIGHT, TWO_HOURS, document, parsed, period, prices_of
from test_entsoe import series as price_series
from test_prices import answer, prices_of_table, rates_of, series
from test_refine import ESTIMATE, LINES, refined
from test_state_config import Ticks
from web.documents import now
from web.documents import prices as price_documents


def test_peak_insert():
    kept = [(clock.civil(ZONE.day(begin) * 86400)[2], watts) for begin, watts in norway().places]
    assert kept == [(16, 8100), (18, 7900), (20, 7400), (3, 6000), (8, 6100)]


def test_month_value():
    peaks = norway()
    assert peaks.value() == 7800 and peaks.tariff.step_kw(peaks.value()) == 10
    peaks.tariff = profiles.tariff("NO", {"count": 5})
    assert peaks.value() == 7100 and peaks.tariff.step_kw(peaks.value()) == 10


def test_threshold_edges():
    tariff = profiles.tariff("NO", {})
    assert [tariff.step_kw(watts) for watts in (5000, 5010, 160000)] == [5, 10, ABOVE_ALL]
    assert tariff.step_kw(0) == 5 and Peaks(tariff).value() == 0


def test_u2():
    r = refined(
        {"distribution_system": 1}, voltage_l1_mv=231200, voltage_l3_mv=229900, current_l1_ma=1
    )
    assert r.number(VOLTAGE_L2_MV) // 10 == 23055


def test_i2():
    """(5196.2 - 1150 - 920) / 230 = 13.59 A, where the owner wants the estimate."""
    r = refined(ESTIMATE, power_import_w=3000, power_export_w=0, **LINES)
    assert r.number(CURRENT_L2_MA) // 10 == 1359 and r.estimated_i2


def test_import_gauge_maximum():
    def gauge(**changes):
        grid = changes.pop("grid")
        state, config, _, _ = world(
            reading(2, **merged(LIST_2, changes)), distribution_system=grid, main_fuse_a=40
        )
        return now.gauge_max_w(state, config)

    assert gauge(grid=2) == 27712 and gauge(grid=1) == 15934
    assert gauge(grid=1, voltage_l2_mv=0) == 9200  # two phases
    assert gauge(grid=2, voltage_l2_mv=None, voltage_l3_mv=None) == 9200
    assert gauge(grid=0) == 20000


def test_hour_normal():
    for dated in (True, False):
        m = Meter()
        m.register(at(10, 0, 6), 1000000, dated=dated)
        m.register(at(11, 0, 7), 1001250)
        # Without power the hour is shared out by time; a first list without a clock may be old.
        assert m.hour(10) == (1250, blocks.MEASURED if dated else blocks.INTERPOLATED)


def test_hour_gap():
    m = Meter()
    m.register(at(10), 1000000)
    m.register(at(13), 1003600)
    for hour in (10, 11, 12):
        assert m.hour(hour) == (1200, blocks.INTERPOLATED)
    assert m.quarters(11)[0] == [300] * 4


def test_hour_counter_reset():
    m = Meter()
    m.register(at(10), 5000)
    m.register(at(11), 10)
    m.register(at(12), 1010)
    assert m.hour(10) == (0, blocks.GAP) and m.hour(11) == (1000, blocks.MEASURED)


def test_day_dst():
    for month, day, seconds in ((3, 29, 82800), (10, 25, 90000)):
        zone = clock.Zone("Europe/Oslo")
        number = clock.days(2026, month, day)
        begin, end = zone.day_start(number), zone.day_start(number + 1)
        assert end - begin == seconds
        m = Meter("Europe/Oslo")
        m.register(begin, 10000)
        m.register(end, 10000 + seconds)
        block = Block(31)
        views.fill(m.energy.history, blocks.DAYS, 2026 * 12 + month - 1, block)
        assert block.imported[day - 1] == seconds


def test_zone():
    for city, before, after in (
        ("Oslo", "01:59:59", "03:00:00"),
        ("Helsinki", "02:59:59", "04:00:00"),
        ("London", "00:59:59", "02:00:00"),
    ):
        zone = clock.Zone("Europe/" + city)
        assert local(zone, SPRING - 1) == before and local(zone, SPRING) == after


def test_a44_a03():
    text = document(
        price_series(period(TWO_HOURS, "PT15M", ((1, "50"), (5, "60"), (7, "40"))), curve="A03")
    )
    for chunk in (1, 2, 3, 64, 100000):
        table, count, fault = parsed(text, chunk)
        assert not fault and count == 8
        assert prices_of(table, 9) == [50000] * 4 + [60000, 60000, 40000, 40000, None]
        assert table.spot_currency == "EUR" and table.spot_source == "EOE"
    prices = prices_of_table(prices_of(table, 8))
    app = AppDouble(config=Config({}, {}), system=SystemDouble(MIDNIGHT), prices=prices)
    hours = json.loads("".join(price_documents.hours(app, None)))
    assert hours["00"] == hours["01"] == 0.05 and hours["02"] is None  # 50.00 a MWh


def test_price():
    settings = {"price_currency": "NOK", "price_multiplier": 1250}
    prices = prices_of_table([85000], **settings)  # 85.00 EUR/MWh
    assert prices.price(MIDNIGHT) is None  # no rate yet
    prices.save({"EUR": 11500000})
    assert prices.price(MIDNIGHT) == 1221875
    assert prices.price(MIDNIGHT + 900) is None


def test_fx():
    octets = answer(
        series("SEK", 2, [("2026-06-30", "101.25")]),
        series("EUR", 0, [("2026-06-30", "11.50")], "'"),
    )
    for chunk in (0, 1, 7):
        rates, fault = rates_of(octets, chunk)
        assert not fault and sorted(rates.items()) == [("EUR", 11500000), ("SEK", 1012500)]
    assert rate_ppm("SEK", "NOK", rates) == 1012500
    assert rate_ppm("EUR", "SEK", rates) == 11358025  # 11.35802469


def test_hostname():
    board = Ticks(0)
    board.mac = lambda: b"\xd4\xf9\x8d\x6e\x43\xce"
    assert System(board).hostname("") == "ams-ce43"
    assert System(board).hostname("meter") == "meter"


def test_ui_poll():
    board = Ticks(0)
    board.bus_powered, board.supply_mv = True, lambda: 3100
    assert System(board).poll_s() == 10
    for mv in (3280, 3300):
        board.supply_mv = lambda mv=mv: mv
        assert System(board).poll_s() == 5
    board.supply_mv = lambda: 3100
    board.bus_powered = False
    assert System(board).poll_s() == 5

"""The energy domain's documents, exports, edits and the import of an AMS reader's file."""

import json

import clock
from config import Config
from doubles import AppDouble, RequestDouble, SystemDouble
from energy import blocks, importing, profiles, views
from energy.blocks import Block
from energy.stored import months
from files import FilesDouble
from test_energy_ledger import DAY, Meter, at
from test_events import run
from web.documents import data, history, now, plots
from web.forms import history as forms


def days_of_hours(zone="Europe/Oslo", days=4, date=(2026, 3, 1), price=None):
    """Hours of 1000 Wh and, by UTC hour of the day, that many Wh more; export 10 Wh."""
    m = Meter(zone)
    if price:
        m.energy.currency = "NOK"
        m.energy.set_prices(price)
    begin = clock.seconds(*date, 0, 0, 0)
    wh = 5000
    for hour in range(days * 24):
        utc = begin + hour * 3600
        m.register(utc + 6, wh, hour * 10)
        m.energy.save(utc + 6)
        wh += 1000 + hour % 24
    return m, begin + (days * 24 - 1) * 3600 + 6


def joined(pieces):
    return "".join(pieces)


def app_of(energy, utc):
    return AppDouble(system=SystemDouble(utc), energy=energy)


def exported(document, energy, query, utc):
    return joined(document(app_of(energy, utc), RequestDouble(query)))


def edit(form, energy, fields, utc):
    """The answer to a form that is posted."""
    body = "&".join(["%s=%s" % field for field in fields.items()])
    return json.loads(run(form(app_of(energy, utc), RequestDouble(body=body))))


def test_day_plot():
    m, utc = days_of_hours()  # the running hour is 23 UTC
    body = json.loads(joined(plots.day(app_of(m.energy, utc), None)))
    assert len(body) == 48  # no "unit": clients sum all members
    for hour in range(24):
        assert body["i%02d" % hour] == (1000 + hour) / 1000 and body["e%02d" % hour] == 0.01
    text = joined(plots.day(app_of(m.energy, utc), None))
    members = ['"i%02d":1.%03d,"e%02d":0.010' % (hour, hour, hour) for hour in range(24)]
    assert text == "{" + ",".join(members) + "}"


def test_day_plot_estimates_an_hour_whose_list_is_late():
    m, utc = days_of_hours()
    utc += 3600
    m.power(utc - 3600, utc, 2000)
    body = json.loads(joined(plots.day(app_of(m.energy, utc), None)))
    assert 1.98 <= body["i23"] <= 2.0 and body["i00"] == 1.0


def test_month_plot_has_local_days_that_are_over():
    m, utc = days_of_hours()
    body = json.loads(joined(plots.month(app_of(m.energy, utc), None)))
    assert len(body) == 62
    # 4 March 23:00 UTC is 5 March in Oslo; 1 March began an hour before the first register.
    whole = 24.0 + sum(range(24)) / 1000
    assert [body["i%02d" % day] for day in (2, 3, 4, 5, 28)] == [whole] * 3 + [0, 0]
    assert body["i01"] == 23.0 + sum(range(23)) / 1000 and body["e02"] == 0.24
    known = ["23.253 0.230"] + ["24.276 0.240"] * 3 + ["0.000 0.000"] * 27
    members = [(i + 1, known[i].split()[0], i + 1, known[i].split()[1]) for i in range(31)]
    text = joined(plots.month(app_of(m.energy, utc), None))
    assert text == "{" + ",".join(['"i%02d":%s,"e%02d":%s' % row for row in members]) + "}"


def test_tariff():
    m, _ = days_of_hours()
    body = json.loads(plots.tariff(app_of(m.energy, 0), None))
    assert body["t"] == [5, 10, 15, 20, 25, 50, 75, 100, 150, 65535] and body["c"] == 5
    # 23 UTC, the hour of most, is the local day's first
    assert [(peak["d"], peak["h"]) for peak in body["p"]] == [(2, 0), (3, 0), (4, 0)]
    assert body["m"] == 1.02 and set(body["p"][0]) == {"d", "h", "v"}
    peaks = ",".join(['{"d":%d,"h":0,"v":1.02}' % day for day in (2, 3, 4)])
    assert plots.tariff(app_of(m.energy, 0), None) == (
        '{"t":[5,10,15,20,25,50,75,100,150,65535],"p":[%s],"c":5,"m":1.02}' % peaks
    )
    assert set(json.loads(plots.tariff(app_of(Meter().energy, 0), None))["p"][0].values()) == {0}


def test_accounting():
    m, utc = days_of_hours()
    m.energy.set_prices(lambda utc: 1500000)
    m.register(utc + 3600, 5000 + sum([1000 + h % 24 for h in range(96)]), 1000)
    ea = json.loads(joined(data.accounting(m.energy, utc + 3600)))
    assert ea["x"] == 1.0 and ea["t"] == 5 and len(ea["p"]) == 3
    assert ea["h"] == {"u": 0.0, "c": 0.0, "p": 0.0, "i": 0.0}
    assert ea["d"]["u"] == 1.02 and ea["d"]["c"] == 1.53 and ea["d"]["p"] == 0.05
    # 24 hours of each of 4 days
    assert ea["m"]["u"] == 97.1


def test_the_default_tariff_is_norway_s_alone():
    other = {"price_area": "10YDK-1--------W"}
    for settings, wanted in (
        ({}, True),
        ({"price_area": "10YNO-1--------2"}, True),
        ({"price_area": "10Y1001A1001A48H"}, True),  # NO5
        (other, False),
        (dict(other, tariff_profile="DK"), True),
        (dict(other, tariff={"steps": [5]}), True),
        (dict(other, ui_peaks=1), True),  # always
        (dict(other, ui_peaks=2), False),
    ):
        assert now.counts(Config(settings, {})) is wanted, settings
    m = Meter("Europe/Oslo")
    m.register(at(10), 1000000, 0)
    m.register(at(11), 1001250, 10)
    shown = json.loads(joined(now.summary(m.energy, at(11, 30), None, False)))
    assert [shown[key] for key in ("k", "w", "ir", "li", "nx", "np")] == [None] * 6
    assert shown["u"][0] is not None and shown["ix"] is not None


def test_summary():
    m = Meter("Europe/Oslo")
    m.energy.set_prices(lambda utc: 1500000)
    m.energy.currency = "NOK"
    assert joined(now.summary(m.energy, 0)) == "null"  # no clock
    parsed = json.loads(joined(now.summary(m.energy, at(10))))  # no telegram: prices alone
    assert parsed["pn"] == 1.5 and parsed["cur"] == "NOK" and parsed["iu"] is parsed["ix"] is None
    assert parsed["u"] == parsed["p"] == parsed["c"] == parsed["g"] == [None] * 5
    assert parsed["si"] == [None] * 3 and parsed["es"] == [False] * 3
    m.register(at(10), 1000000, 0)
    m.register(at(11), 1001250, 10)
    m.power(at(11), at(11, 30), 2000)
    parsed = json.loads(joined(now.summary(m.energy, at(11, 30))))
    assert parsed == {
        "u": [1.0, 2.25, 2.25, 0, 0], "p": [0, 0.01, 0.01, 0, 0],
        "c": [1.5, 3.38, 3.38, 0, 0], "g": [0, 0.02, 0.02, 0, 0],
        "iv": 60, "iu": 1.0, "ix": 2000, "ir": 8000, "x": 1.25, "t": 5, "k": 3,
        "cc": None, "pn": 1.5, "cur": "NOK",
        "w": 1000, "wt": None, "li": 5.0, "hf": False, "mv": 1.25, "fl": False, "nx": 10,
        "np": None, "xr": 2.0, "cr": None, "lv": None, "lt": None,
        "si": [None, at(10), at(10)], "es": [False] * 3,
    }  # fmt: skip
    again = m.restart(m.energy.snapshot())
    assert not again.energy.ready  # nothing was saved
    m.energy.save(at(11, 30))
    again = m.restart(m.energy.snapshot())
    assert again.energy.ready and joined(now.summary(again.energy, 0)) == "null"
    m.energy.set_rules("Europe/Oslo", profiles.tariff("DK", {}))
    parsed = json.loads(joined(now.summary(m.energy, at(11, 30))))
    assert parsed["k"] == 0 and parsed["ir"] is None and parsed["w"] is None
    assert parsed["lv"] == 1 and parsed["lt"] == at(16)  # 12:30 in Oslo, the peak begins at 17
    m.energy.set_rules("Europe/Oslo", profiles.tariff("", {"price_micro_per_kw": 47500000}))
    assert json.loads(joined(now.summary(m.energy, at(11, 30))))["cc"] == 59.38  # 1.25 kW at 47.50
    assert json.loads(joined(now.summary(m.energy, at(11, 30))))["cr"] == 95.0  # 2 kW


def test_history_csv_of_hours_on_the_short_day():
    m = Meter("Europe/Oslo")
    begin = clock.Zone("Europe/Oslo").day_start(clock.days(2026, 3, 29))
    for hour in range(26):
        m.register(begin + hour * 3600 + 6, hour * 1500)
    query = {"from": "2026-03-29", "to": "2026-03-30", "step": "60"}
    lines = exported(history.csv, m.energy, query, begin + 26 * 3600).split("\r\n")
    assert lines[0] == "time_local,import_kwh,export_kwh,quality" and len(lines) == 25
    assert lines[2] == "2026-03-29T01:00+01:00,1.500,0.000,measured"
    assert lines[3] == "2026-03-29T03:00+02:00,1.500,0.000,measured"
    query["time"] = "utc"
    query["from"] = str(begin)
    lines = exported(history.csv, m.energy, query, begin + 26 * 3600).split("\r\n")
    assert lines[0] == "time_utc,import_kwh,export_kwh,quality"
    assert lines[1] == "2026-03-28T23:00Z,1.500,0.000,measured"


def test_a_day_of_23_hours_is_exported_when_it_is_over():
    m = Meter("Europe/Oslo")
    zone = clock.Zone("Europe/Oslo")
    day = clock.days(2026, 3, 29)
    begin, end = zone.day_start(day), zone.day_start(day + 1)
    for hour in range(24):
        m.register(begin + hour * 3600, hour * 1000)
    rows = list(history.Stretch({"from": str(begin), "step": "day"}, m.energy, end).rows())
    assert rows == [("2026-03-29", 23000, 0, blocks.MEASURED)]


def test_running_slots_are_not_exported():
    m = Meter()
    for minute in range(90):
        m.register(at(10, 0) + minute * 60, minute * 100)
    for to in (at(11, 29), at(12), at(15)):
        stretch = history.Stretch({"from": str(at(9)), "to": str(to)}, m.energy, at(11, 29))
        assert [row[1] for row in stretch.rows()] == [6000]
    early = history.Stretch({"from": str(at(9)), "to": str(at(10, 30))}, m.energy, at(11, 29))
    assert [row[1] for row in early.rows()] == [6000]  # it begins before `to`


def test_history_json_of_quarters_and_days():
    m, utc = days_of_hours()
    for step, count in (("15", 95 * 4), ("60", 95), ("day", 4)):
        query = {"from": "2026-03-01", "step": step}
        body = json.loads(exported(history.json, m.energy, query, utc))
        assert len(body["slots"]) == count and body["zone"] == "Europe/Oslo", step
        assert body["slots"][-1]["q"] == ("measured" if step != "15" else "interpolated")


def test_sums_of_the_export_agree():
    m, utc = days_of_hours()
    sums = []
    for step in ("15", "60"):
        stretch = history.Stretch({"from": "2026-03-01", "step": step}, m.energy, utc)
        sums.append(sum([row[1] for row in stretch.rows()]))
    assert sums == [sum([1000 + h % 24 for h in range(95)])] * 2


def test_wrong_queries_say_why():
    m, utc = days_of_hours()
    for query in (
        {"step": "7"},
        {"time": "mars"},
        {"from": "yesterday"},
        {"from": "2026-02-30"},
        {"from": "2026-03-05", "to": "2026-03-01"},
        {"to": "99999999999"},
        {"to": "99999-01-01"},
        {"to": "2026-03-01T24:00"},
        {"to": "2026-03-01T12:60"},
    ):
        try:
            history.Stretch(query, m.energy, utc)
        except ValueError as e:
            assert str(e)
        else:
            raise AssertionError(query)


def hour_of(m, number):
    block = Block(24)
    views.fill(m.energy.history, blocks.HOURS, number // 24, block)
    i = number % 24
    return block.imported[i], block.exported[i], block.quality[i]


def day_of(m, day):
    block = Block(31)
    views.fill(m.energy.history, blocks.DAYS, 2026 * 12 + 2, block)
    return block.imported[day - 1], block.exported[day - 1], block.quality[day - 1]


def test_an_edit_and_its_undo():
    m, utc = days_of_hours()
    number = utc // 3600 - 4  # 19 UTC of 4 March, held in memory
    old, old_day, peaks = hour_of(m, number), day_of(m, 4), m.energy.peaks.value()
    answer = edit(forms.day, m.energy, {"i19": "4,5", "e19": "0.010"}, utc)
    assert answer == {"success": True, "message": "1 changed", "reboot": False}
    assert hour_of(m, number) == (4500, 10, blocks.EDITED)
    assert day_of(m, 4) == (old_day[0] + 4500 - 1019, old_day[1], blocks.EDITED)
    assert m.energy.peaks.value() > peaks
    block = Block(96)
    views.fill(m.energy.history, blocks.QUARTERS, number // 24, block)
    assert sum(block.imported[76:80]) == 4500 and block.quality[76] == blocks.EDITED
    again = m.restart()
    assert hour_of(again, number) == (4500, 10, blocks.EDITED)
    assert edit(forms.day, again.energy, {"undo": "true"}, utc)["success"]
    assert hour_of(again, number) == old and day_of(again, 4) == old_day
    assert again.energy.peaks.value() == peaks


def test_an_undo_after_midnight_changes_the_day_too():
    m = Meter("GMT")
    for hour in range(12):
        m.register(at(hour, 0, 6), hour * 1000)
    utc = at(11, 1)
    edit(forms.day, m.energy, {"i03": "5"}, utc)
    for hour in range(12, 30):
        m.register(at(hour, 0, 6), hour * 1000)
        m.energy.save(at(hour, 0, 6))
    assert day_of(m, 3)[0] == 28000
    for expected in (24000, 28000, 24000):
        m = m.restart()
        edit(forms.day, m.energy, {"undo": "true"}, at(29, 1))
        hours = [hour_of(m, DAY // 3600 + hour)[0] for hour in range(24)]
        assert day_of(m, 3)[0] == sum(hours) == expected
        assert m.energy.totals.rows[2][0] == expected + 5000


def test_texts_that_are_no_energy_are_refused():
    assert [forms.wh(t) for t in ("0", "1.5", " 1,2345 ", "2.", "99999.999")] == [
        0, 1500, 1234, 2000, 99999999,
    ]  # fmt: skip
    for text in ("", "-1", "+1", ".5", "1.500e3", "1.2345abc", "1.2.3", "nan", "100000", "1 000"):
        try:
            forms.wh(text)
        except ValueError:
            continue
        raise AssertionError(text)


def test_an_edit_of_yesterday_and_of_the_running_day():
    m, utc = days_of_hours(days=3)
    utc += 3 * 3600
    for hour in range(3):
        m.register(utc - 7200 + hour * 3600, 77000 + hour * 1000, 720)
    month = m.energy.running(utc)[2][0]
    edit(forms.day, m.energy, {"i03": "2.003", "i00": "0"}, utc)
    # 03 UTC is yesterday's, on flash; 00 UTC is today's, local and UTC
    assert hour_of(m, utc // 3600 - 2 - 21)[0] == 2003
    assert m.energy.running(utc)[2][0] - month == (2003 - 1003) - 1000
    assert hour_of(m, utc // 3600 - 2) == (0, 0, blocks.EDITED)
    assert day_of(m, 3)[2] == blocks.EDITED


def test_the_quarters_follow_an_edit_of_an_hour_that_was_not_known():
    m = Meter("GMT")
    for hour in range(20, 30):
        m.register(at(hour, 0, 6), hour * 1000)
        m.energy.save(at(hour, 0, 6))
    edit(forms.day, m.energy, {"i15": "2"}, at(29, 1))  # before the first list, not held any more
    block = Block(96)
    views.fill(m.energy.history, blocks.QUARTERS, DAY // 86400, block)
    assert hour_of(m, DAY // 3600 + 15)[0] == 2000 and list(block.imported[60:64]) == [500] * 4


def test_an_edit_of_a_day():
    m, utc = days_of_hours()
    month = m.energy.running(utc)[2][0]
    assert edit(forms.month, m.energy, {"i02": "30.5"}, utc)["success"]
    assert day_of(m, 2) == (30500, 240, blocks.EDITED)
    assert m.energy.running(utc)[2][0] - month == 30500 - 24276
    for form in ({"i02": "x"}, {"i02": "-1"}, {"i02": "1e9"}):
        try:
            edit(forms.month, m.energy, form, utc)
        except ValueError as e:
            assert "kWh" in str(e)
        else:
            raise AssertionError(form)


def first_of_april():
    """Two days of 1 kW, then the hours up to 01:01 on the first of April."""
    m = Meter("GMT")
    begin = clock.seconds(2026, 3, 30, 0, 0, 0)
    for hour in range(50):
        m.register(begin + hour * 3600 + 6, hour * 1000)
        m.energy.save(begin + hour * 3600 + 6)
    return m, begin + 49 * 3600 + 60


def test_an_edit_on_the_first_corrects_last_months_value():
    m, utc = first_of_april()
    march = 2026 * 12 + 2
    assert [row[:3] for row in months(m.files)] == [[march, 1000, 48000]]
    edit(forms.day, m.energy, {"i20": "7"}, utc)
    assert m.energy.history.earlier_values(march + 1) == [4000]  # the mean of 7 and 1 kW
    assert [row[1] for row in months(m.files)] == [4000]
    edit(forms.day, m.energy, {"undo": "true"}, utc)
    assert m.restart().energy.history.earlier_values(march + 1) == [1000]


def test_an_edit_on_the_first_corrects_yesterdays_and_last_months_sums():
    m, utc = first_of_april()

    def over():
        return [row[0] for row in m.energy.running(utc)[3:]]

    assert over() == [24000, 48000]
    edit(forms.day, m.energy, {"i20": "7"}, utc)
    assert over() == [30000, 54000]
    m = m.restart()
    assert over() == [30000, 54000]
    edit(forms.month, m.energy, {"i30": "1.5", "i31": "25"}, utc)
    assert over() == [25000, 26500]
    edit(forms.month, m.energy, {"undo": "true"}, utc)
    assert over() == [30000, 54000]


def test_an_edit_that_cannot_be_saved_changes_nothing():
    m, utc = days_of_hours()
    before = hour_of(m, utc // 3600 - 4)
    m.files.full = True
    assert not edit(forms.day, m.energy, {"i19": "4.5"}, utc)["success"]
    assert hour_of(m, utc // 3600 - 4) == before


class ShortOfMemory:
    """Files that work so often, then have no memory once, or are full once."""

    def __init__(self, files, calls, full):
        self._files = files
        self._left = calls
        self._full = full
        self.failed = False
        self.names, self.remove, self.tell = files.names, files.remove, files.tell

    def _count(self):
        """Whether this call is the one that fails."""
        self._left -= 1
        fails = self._left == -1
        self.failed = self.failed or fails
        if fails and not self._full:
            raise MemoryError
        return fails

    def read(self, name):
        self._count()
        return self._files.read(name)

    def write(self, name, chunks):
        return not self._count() and self._files.write(name, chunks)

    def append(self, name, data):
        return not self._count() and self._files.append(name, data)


def everything(m, now):
    """The views of four days, their sums and peaks, and the state that a start would find."""
    found = []
    for energy in (m.energy, m.restart().energy):
        found.append(energy.running(now)[1:])
        found.append(energy.peaks.places)
        for step in (900, 3600, 86400):
            found.append(list(views.slots_between(energy, now - 5 * 86400, now, step)))
    return found


def test_an_edit_that_was_answered_with_an_error_is_never_done():
    for full in (False, True):
        failed = calls = 0
        world, now = days_of_hours()
        world.energy.save(now)
        data = dict(world.files.data)
        before = everything(world, now)
        while True:
            world.files.data = dict(data)
            m = world.restart(world.energy.snapshot())
            files = ShortOfMemory(m.files, calls, full)
            m.energy.history.files = files
            try:
                answer = edit(forms.day, m.energy, {"i19": "4.5", "i03": "9"}, now)
                done = answer["success"]
            except MemoryError:
                done = False
            m.energy.history.files = m.files
            calls += 1
            if done:
                if not files.failed:
                    break  # no call was left to fail
                continue  # a read that is refused, or the journal's note, is no failure
            failed += 1
            assert everything(m, now) == before, calls
            assert edit(forms.day, m.energy, {"i05": "2"}, now)["message"] == "1 changed"
            hours = [hour_of(m, now // 3600 // 24 * 24 + i)[0] for i in (3, 5, 19)]
            assert hours == [1003, 2000, 1019], calls  # the next edit does not do it either
            assert edit(forms.day, m.energy, {"undo": "true"}, now)["success"]
            assert everything(m, now) == before, calls
        assert failed >= (3 if full else 10)


HOURS = [1020, 940] + [900 + h for h in range(22)]
CFG = (
    "amsconfig\n"
    "version v2.2.28\n"
    "thresholds 5 10 15 20 25 50 75 100 150 65535 3\n"
    "dayplot %s\n"
    "monthplot %s\n"
    "energyaccounting %s\n"
)


def words(numbers):
    return " ".join([str(n) for n in numbers])


def test_every_version_of_the_lines():
    days = [30000 + d for d in range(31)]
    t = at(10, 0, 5)
    peaks6 = "1 5.87 2 5.11 0 0.00 0 0.00 0 0.00"
    for day, month, money in (
        (  # 2.2
            "5 %d 48211734 0 %s 903120 %s" % (t, words(HOURS), words([5] * 24)),
            "6 %d 48190120 0 %s 903120 %s" % (t, words(days), words([7] * 31)),
            "6 3 32.10 223.29 612.40 0.50 7.95 0.00 %s 841.20 1.50" % peaks6,
        ),
        (  # before the exponent; 2.2e without last month's energy, whole money
            "4 %d 48211734 %s 903120 %s" % (t, words(HOURS), words([5] * 24)),
            "5 %d 48190120 %s 903120 %s" % (t, words(days), words([7] * 31)),
            "5 3 32.10 223.29 612.40 0.50 7.95 0 %s" % peaks6,
        ),
        (  # 2.5
            "6 %d 48211.734 2 %s 903.120 %s" % (t, words(HOURS), words([5] * 24)),
            "7 %d 48190.120 2 %s 903.120 %s" % (t, words(days), words([7] * 31)),
            "7 3 32.10 223.29 612.40 0.50 7.95 0.00 1 17 5.87 2 8 5.11 0 0 0.00 0 0 0.00 0 0 0.00"
            " 841.20 1.50",
        ),
    ):
        found = importing.parse((CFG % (day, month, money)).split("\n"))
        assert found.faults == [] and found.hours == (t, HOURS, [5] * 24)
        assert found.days == (t, days, [7] * 31)
        assert found.rules == {"steps": [5, 10, 15, 20, 25, 50, 75, 100, 150], "count": 3}
        assert found.money[:2] == [32100000000, 223290000000]
        assert [(d, w) for d, _, w in found.peaks] == [(1, 5870), (2, 5110)]
    assert found.peaks[0][1] == 17 and found.last_month_wh == (841200, 1500)


def test_an_import_fills_what_is_not_known():
    m = Meter("GMT", files=FilesDouble())
    t = at(10, 0, 5)
    text = CFG % (
        "5 %d 48211734 0 %s" % (t, words(HOURS)),
        "6 %d 48190120 0 %s" % (t, words([30000 + d for d in range(31)])),
        "6 3 32.10 223.29 612.40 0.50 7.95 0.00 1 5.87 2 5.11 0 0 0 0 0 0 841.20 1.50",
    )
    count = importing.apply(importing.parse(text.split("\n")), m.energy, t + 600)
    assert count >= 24 + 28
    assert hour_of(m, DAY // 3600 + 9) == (HOURS[9], 0, blocks.ESTIMATED)
    assert hour_of(m, DAY // 3600 - 12) == (HOURS[12], 0, blocks.ESTIMATED)
    assert day_of(m, 2) == (30001, 0, blocks.ESTIMATED)
    assert [watts for _, watts in m.energy.peaks.places] == [5870, 5110]
    rows = m.energy.running(t + 600)
    assert rows[2][0] == 30000 + 30001 + sum(HOURS[:10]) and rows[2][2] == 223290000000
    assert rows[1][0] == sum(HOURS[:10]) and rows[3][2] == 32100000000
    assert rows[4] == [841200, 1500, 612400000000, 0, 841200, 1500]  # all of it counts as priced
    m.register(at(11, 0, 6), 70000)
    m.register(at(12, 0, 6), 71000)
    again = m.restart()
    assert hour_of(again, DAY // 3600 + 9) == (HOURS[9], 0, blocks.ESTIMATED)
    assert [watts for _, watts in m.energy.peaks.places] == [5870, 5110, 1000]


def test_money_and_peaks_of_a_year_ago_are_not_this_months():
    m = Meter("GMT", files=FilesDouble())
    t = at(10, 0, 5)
    text = CFG % (
        "5 %d 48211734 0 %s" % (t - 365 * 86400, words(HOURS)),
        "6 %d 48190120 0 %s" % (t - 365 * 86400, words([30000] * 31)),
        "6 3 32.10 223.29 612.40 0.50 7.95 0.00 1 5.87 2 5.11 0 0 0 0 0 0 841.20 1.50",
    )
    importing.apply(importing.parse(text.split("\n")), m.energy, t + 600)
    assert m.energy.peaks.places == [] and m.energy.running(t + 600)[2][2] == 0


def test_a_peak_keeps_its_hour_on_the_day_the_clock_moves():
    m = Meter("Europe/Oslo", files=FilesDouble())
    utc = clock.seconds(2026, 3, 30, 10, 0, 0)
    line = "energyaccounting 7 3 0 0 0 0 0 0 29 17 5.87 28 8 5.11 0 0 0 0 0 0 0 0 0"
    importing.apply(importing.parse([line]), m.energy, utc)
    peaks = json.loads(plots.tariff(app_of(m.energy, 0), None))["p"]
    assert [(peak["d"], peak["h"]) for peak in peaks] == [(29, 17), (28, 8), (0, 0)]


def test_damaged_lines_are_named_and_left_out():
    for line, key in (
        ("dayplot 5 1 2 0 1 2 3", "dayplot"),
        ("dayplot", "dayplot"),
        ("monthplot 6 x", "monthplot"),
        ("energyaccounting 6 3 1.00", "energyaccounting"),
        ("energyaccounting 6 44 1 1 1 1 1 1 0 0 0 0 0 0 0 0 0 0", "energyaccounting"),
        ("dayplot 5 1773000000 1 0 %s 100000000" % words(HOURS[1:]), "dayplot"),
        ("dayplot 5 1773000000 1 0 %s 5.x" % words(HOURS[1:]), "dayplot"),
        ("dayplot 5 1773000000 1234567890123 0 %s" % words(HOURS), "dayplot"),
        ("dayplot 5 0 1 0 %s" % words(HOURS), "dayplot"),
        ("dayplot 5 -99999999999999 1 0 %s" % words(HOURS), "dayplot"),
        ("energyaccounting 6 3 1 1 1 1 1 1 4 1000000 0 0 0 0 0 0 0 0", "energyaccounting"),
        ("energyaccounting 6 3 1 1 1 1 1 1 0 0 0 0 0 0 0 0 0 0 -5 1", "energyaccounting"),
        ("thresholds 5 10", "thresholds"),
        ("thresholds 5 10 a 20 25 50 75 100 150 65535 3", "thresholds"),
    ):
        found = importing.parse([line])
        assert len(found.faults) == 1 and found.faults[0].startswith(key), line
        assert found.hours is found.days is None and found.rules == {}
    assert importing.parse(["ssid dayplot", ""]).faults == []

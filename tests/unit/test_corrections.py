"""The forms of corrections: preview, limits, undo and redo by number; and their list."""

import json

import clock
from config import Config
from doubles import AppDouble, RequestDouble, SystemDouble
from energy import blocks, views
from fmt import fixed
from stored_files import FILES
from test_energy_documents import days_of_hours as hours_of_days
from test_energy_ledger import Meter
from test_events import run
from web.documents import edits as document
from web.forms import history as forms

SETTINGS = {"main_fuse_a": 25, "distribution_system": 2}


def days_of_hours(days=4, zone="Europe/Oslo", begin=(2026, 3, 1)):
    """Those of test_energy_documents, with prices by the UTC hour."""
    return hours_of_days(zone, days, begin, lambda utc: 1000000 + utc // 3600 % 24 * 100000)


def app_of(m, utc):
    return AppDouble(system=SystemDouble(utc), energy=m.energy, config=Config(SETTINGS, {}))


def post(form, m, fields, utc):
    """The answer to a form that is posted."""
    body = "&".join(["%s=%s" % field for field in fields.items()])
    return json.loads(run(form(app_of(m, utc), RequestDouble(body=body))))


def refused(form, m, fields, utc):
    """The reason for which a form is refused."""
    try:
        post(form, m, fields, utc)
    except ValueError as e:
        return str(e)
    raise AssertionError(fields)


def listed(m):
    """/edits.json"""
    return json.loads("".join(document.get(app_of(m, 0), None)))


def seen(m, utc):
    """The sums, peaks, slots and files of a reader."""
    energy = m.energy
    slots = [
        list(views.slots_between(energy, utc - 5 * 86400, utc, s)) for s in (900, 3600, 86400)
    ]
    return [slots, energy.running(utc), energy.peaks.places, energy.edit_id, dict(m.files.data)]


def test_a_preview_changes_nothing_and_says_what_the_correction_then_does():
    m, utc = days_of_hours()  # 4 March 23:00:06 UTC is 5 March 00:00:06 in Oslo
    m.energy.save(utc)
    before = seen(m, utc)
    form = {"i19": "4.5", "e19": "0.110"}
    answer = post(forms.day, m, dict(form, preview="true"), utc)
    assert seen(m, utc) == before
    assert answer["success"] and answer["message"] == "1 to change"
    # 19 UTC of 4 March had 1.019 kWh; the local day has the hours from 23 to 22 UTC.
    day, month = 24.276, 95 + 0.276 * 3 + 0.253
    expected = [["2026-03-04", day, 3.481, 0.24], ["2026-03", month, 3.481, 0.95]]
    for row, (name, imported, more, exported) in zip(answer["preview"]["sums"], expected):
        assert row["t"] == name
        assert [round(wh * 1000) for wh in row["u"] + row["p"]] == [
            round(wh * 1000) for wh in (imported, imported + more, exported, exported + 0.1)
        ]
    # The peaks are the highest hour of each day, 1.023 kWh at 23 UTC, and now one of 4.5 kWh.
    (peaks,) = answer["preview"]["peaks"]
    assert peaks["t"] == "2026-03" and peaks["c"] == [5, 5]
    assert peaks["m"] == [1.02, 2.18]  # (1.023 x 3) / 3; (4.5 + 1.023 x 2) / 3 = 2.182
    assert [sorted([peak["v"] for peak in found]) for found in peaks["p"]] == [
        [1.02, 1.02, 1.02], [1.02, 1.02, 4.5],
    ]  # fmt: skip
    # At 19 UTC a kWh costs 2.9, for import and export.
    assert answer["preview"]["cost"] == [10.09, 0.29] and answer["preview"]["cur"] == "NOK"

    money = m.energy.running(utc)[2][2:4]
    assert post(forms.day, m, form, utc)["message"] == "1 changed"
    assert m.energy.running(utc)[2][:2] == [round(month * 1000) + 3481, 950 + 100]
    assert m.energy.running(utc)[2][2:4] == [money[0] + 3481 * 2900000, money[1] + 100 * 2900000]
    assert m.energy.month_value() == 2182
    found = list(views.slots_between(m.energy, utc - 2 * 86400, utc, 86400))
    assert found[-1][1:] == (27757, 340, blocks.EDITED)


def test_a_preview_of_the_running_day_counts_the_energy_that_is_shown():
    m, utc = days_of_hours(days=3)
    utc += 3 * 3600
    for hour in range(3):
        m.register(utc - 7200 + hour * 3600, 77000 + hour * 1000, 720)
    shown = m.energy.running(utc)
    answer = post(forms.day, m, {"i00": "5", "preview": "true"}, utc)
    day, month = answer["preview"]["sums"]
    assert [round(wh * 1000) for wh in day["u"]] == [shown[1][0], shown[1][0] + 4000]
    assert [round(wh * 1000) for wh in month["u"]] == [shown[2][0], shown[2][0] + 4000]
    assert day["t"] == "2026-03-04" and day["p"][0] == day["p"][1]
    post(forms.day, m, {"i00": "5"}, utc)
    assert m.energy.running(utc)[1][0] == shown[1][0] + 4000


def test_a_preview_of_a_day_knows_no_cost_and_no_peaks():
    m, utc = days_of_hours()
    answer = post(forms.month, m, {"i02": "30.5", "preview": "true"}, utc)
    assert answer["preview"]["cost"] is None and answer["preview"]["peaks"] == []
    assert [row["t"] for row in answer["preview"]["sums"]] == ["2026-03-02", "2026-03"]
    assert answer["preview"]["sums"][0]["u"] == [24.276, 30.5] and m.energy.edit_id == 0


def test_an_undo_days_later_takes_the_money_back_too():
    m, utc = days_of_hours()
    post(forms.day, m, {"i19": "4.5"}, utc)
    post(forms.day, m, {"i18": "0"}, utc)
    for day in range(1, 12):
        m.register(utc + day * 86400, 300000 + day * 24000, 960)
        m.energy.save(utc + day * 86400)
    later = utc + 11 * 86400
    m.energy.reprice()
    sums = m.energy.running(later)[2]
    for fields, wh, cost in (
        ({"undo": "2"}, 1018, 1018 * 2800000),
        ({"undo": "1"}, 1018 - 3481, 1018 * 2800000 - 3481 * 2900000),
        ({"redo": "1"}, 1018, 1018 * 2800000),
    ):
        post(forms.day, m, fields, later)
        now = m.energy.running(later)[2]
        assert [now[0] - sums[0], now[2] - sums[2]] == [wh, cost]


def test_a_preview_without_prices_knows_no_cost():
    m, utc = days_of_hours()
    m.energy.set_prices(lambda utc: None if utc % 3600 == 900 else 1000000)
    answer = post(forms.day, m, {"i19": "4.5", "preview": "true"}, utc)
    assert answer["preview"]["cost"] is None  # one quarter of the hour has no price
    m.energy.set_prices(lambda utc: 1000000)
    answer = post(forms.day, m, {"i19": "0.019", "preview": "true"}, utc)
    assert answer["preview"]["cost"] == [-1.0, 0.0]


def test_a_preview_over_the_end_of_a_month_has_both_months():
    m, utc = days_of_hours(2, "GMT", (2026, 3, 31))
    utc = clock.seconds(2026, 4, 1, 10, 0, 0)
    form = {"i20": "7", "i05": "6", "preview": "true"}
    answer = post(forms.day, m, form, utc)["preview"]
    assert [row["t"] for row in answer["sums"]] == [
        "2026-03-31",
        "2026-04-01",
        "2026-03",
        "2026-04",
    ]
    assert [(row["t"], row["m"], row["c"]) for row in answer["peaks"]] == [
        ("2026-03", [1.02, 7.0], [5, 10]),
        ("2026-04", [1.02, 6.0], [5, 10]),
    ]
    assert answer["sums"][2]["u"] == [24.276, 29.256 + 1.0] and not m.energy.edit_id


def test_a_value_above_the_fuse_is_refused_with_the_limit_and_its_field():
    m, utc = days_of_hours()
    m.energy.registers.most_w = 25875  # 1.5 x 25 A x 230 V x 3 phases
    room = 10  # a step of the register
    why = "%s19: at most 25.885 kWh in an hour, by a main fuse of 25 A"
    for preview in ({}, {"preview": "true"}):
        for name, other in (("i", "e"), ("e", "i")):
            form = {name + "19": "25.886", other + "19": "1"}
            assert refused(forms.day, m, dict(form, **preview), utc) == why % name
            assert refused(forms.day, m, {name + "19": "99999.999"}, utc) == why % name
    assert m.energy.edit_id == 0 and listed(m)["edits"] == []
    assert post(forms.day, m, {"i19": "25.885", "e19": "25.885"}, utc)["success"]
    m.energy.registers.most_w = 5000  # an old value above the limit may stay
    assert post(forms.day, m, {"i19": "25.885", "e19": "0.5"}, utc)["message"] == "1 changed"
    assert "a day of 24 hours" in refused(forms.month, m, {"i03": "120.011"}, utc)
    assert post(forms.month, m, {"i03": fixed(24 * 5000 + room, 3, 3)}, utc)["success"]


def test_a_day_of_23_or_25_hours_has_its_own_limit():
    for month, day, hours in ((3, 29, 23), (10, 25, 25)):
        m, utc = days_of_hours(4, "Europe/Oslo", (2026, month, day - 1))
        m.energy.registers.most_w = 10000
        most = hours * 10000 + 10
        name = "i%02d" % day
        why = "%s: at most %s kWh in a day of %d hours, by a main fuse of 25 A"
        told = refused(forms.month, m, {name: fixed(most + 1, 3, 3)}, utc)
        assert told == why % (name, fixed(most, 3, 3), hours)
        assert post(forms.month, m, {name: fixed(most, 3, 3)}, utc)["message"] == "1 changed"


def test_without_a_fuse_the_limit_is_that_of_the_registers():
    m, utc = days_of_hours()
    assert m.energy.registers.most_w == 0
    told = refused(forms.day, m, {"i19": "99999.999"}, utc)
    assert told == "i19: at most 69.010 kWh in an hour, as the main fuse is not known"
    assert post(forms.day, m, {"i19": "69.010"}, utc)["success"]


def test_nothing_to_change_has_an_empty_preview():
    m, utc = days_of_hours()
    answer = post(forms.day, m, {"i19": "1.019", "preview": "true"}, utc)
    assert answer["message"] == "0 to change"
    assert answer["preview"]["sums"] == answer["preview"]["peaks"] == []


def test_a_command_that_is_not_understood_changes_nothing():
    m, utc = days_of_hours()
    for name in ("preview", "undo", "redo"):
        for text in ("1x", "yes", "TRUE", "-1", "1234567890"):
            why = refused(forms.day, m, {"i19": "4.5", name: text}, utc)
            assert why == "%s must not be %s" % (name, text)
    assert refused(forms.day, m, {"preview": "1"}, utc) == "preview must not be 1"
    assert m.energy.edit_id == 0
    assert post(forms.day, m, {"i19": "4.5", "preview": "false", "undo": ""}, utc)["success"]
    assert m.energy.edit_id == 1


def test_undo_redo_and_preview_exclude_each_other():
    m, utc = days_of_hours()
    post(forms.day, m, {"i19": "4.5"}, utc)
    for fields in (
        {"undo": "true", "preview": "true"},
        {"redo": "1", "preview": "true"},
        {"undo": "1", "redo": "1"},
    ):
        assert "not possible together" in refused(forms.day, m, fields, utc)
    assert listed(m)["edits"][0]["state"] == "in force"


def test_corrections_are_listed_with_what_can_be_done():
    m, utc = days_of_hours()
    assert listed(m) == {"zone": "Europe/Oslo", "most": 10, "edits": []}
    post(forms.day, m, {"i19": "4.5"}, utc)
    post(forms.month, m, {"i02": "30.5"}, utc + 60)
    post(forms.month, m, {"undo": "2"}, utc + 120)
    second, first = listed(m.restart())["edits"]
    assert second == {
        "id": 2, "at": "2026-03-04T23:01Z", "changed": "2026-03-04T23:02Z", "state": "undone",
        "next": "redo", "kind": "correction",
        "slots": [{"t": "2026-03-02", "old": [24.276, 0.24, "measured"],
                   "new": [30.5, 0.24, "edited"]}],
    }  # fmt: skip
    assert first == {
        "id": 1, "at": "2026-03-04T23:00Z", "changed": None, "state": "in force",
        "next": "undo", "kind": "correction",
        "slots": [
            {"t": "2026-03-04T19:00Z", "old": [1.019, 0.01, "measured"],
             "new": [4.5, 0.01, "edited"]},
            {"t": "2026-03-04", "old": [24.276, 0.24, "measured"],
             "new": [27.757, 0.24, "edited"]},
        ],
    }  # fmt: skip
    assert "not the newest" in refused(forms.day, m, {"undo": "2"}, utc)
    assert post(forms.day, m, {"redo": "2"}, utc)["success"]
    assert [edit["next"] for edit in listed(m)["edits"]] == ["undo", ""]
    assert "not the newest" in refused(forms.month, m, {"undo": "1"}, utc)
    assert post(forms.day, m, {"undo": "true"}, utc)["message"] == "1 changed"
    assert post(forms.day, m, {"undo": "true"}, utc)["message"] == "6 changed"
    assert [edit["next"] for edit in listed(m)["edits"]] == ["", "redo"]
    assert post(forms.day, m, {"redo": "true"}, utc)["message"] == "6 changed"
    assert [edit["next"] for edit in listed(m)["edits"]] == ["redo", "undo"]


def test_the_correction_of_an_earlier_firmware_is_listed_without_a_time():
    m = Meter("Europe/Oslo")
    m.files.data = {name: bytes.fromhex(FILES[name]) for name in FILES}
    m.energy.load(m.files)
    (edit,) = listed(m)["edits"]
    assert (edit["id"], edit["at"], edit["changed"], edit["next"]) == (1, None, None, "undo")
    assert edit["slots"] == [
        {"t": "2026-03-30T19:00Z", "old": [1.019, 0.01, "measured"], "new": [4.5, 0.02, "edited"]},
        {"t": "2026-03-30", "old": [22.231, 0.22, "gap"], "new": [25.712, 0.23, "edited"]},
    ]

import clock
from doubles import reading
from han.fields import AIDON, KAIFA, KAMSTRUP, METER_MODEL
from refine import meter_utc
from state import State

OSLO = clock.Zone("Europe/Oslo")


def utc(vendor, local, deviation=None, zone=OSLO, field="meter_time_local", **more):
    values = {field: clock.seconds(*local)}
    if deviation is not None:
        values[field.replace("local", "deviation_min")] = deviation
    values.update(more)
    return clock.iso(meter_utc(reading(3, vendor, **values), zone))


def test_norwegian_aidon_keeps_winter_time_whatever_deviation_it_sends():
    # Received 2024-09-21 20:00:10 summer time = 18:00:10 UTC with the clock at 19:00.
    assert utc(AIDON, (2024, 9, 21, 19, 0, 0), 0, list_id="AIDON_V0001") == "2024-09-21T18:00:00"
    assert utc(AIDON, (2025, 12, 14, 16, 0, 0), 0, list_id="AIDON_V0001") == "2025-12-14T15:00:00"


def test_kamstrup_keeps_winter_time():
    # 2025-09-09 13:11:02 UTC was sent as 14:11:00.
    assert utc(KAMSTRUP, (2025, 9, 9, 14, 11, 0)) == "2025-09-09T13:11:00"


def test_kaifa_norway_shows_the_wall_clock():
    # 2024-10-01 17:00:00 UTC was sent as 19:00:00.
    assert utc(KAIFA, (2024, 10, 1, 19, 0, 0)) == "2024-10-01T17:00:00"


def test_a_deviation_that_was_sent_is_used():
    assert utc(KAIFA, (2021, 3, 23, 18, 50, 0), -60) == "2021-03-23T17:50:00"
    assert (
        utc(8, (2023, 7, 24, 19, 40, 25), -120, field="apdu_time_local") == "2023-07-24T17:40:25"
    )


def test_the_header_counts_where_no_clock_is_in_the_list():
    assert utc(KAIFA, (2024, 1, 1, 12, 0, 0), field="apdu_time_local") == "2024-01-01T11:00:00"
    assert meter_utc(reading(2, KAIFA), OSLO) is None


def test_a_p1_clock_has_a_letter_for_summer_time():
    r = reading(3, 0)
    r.clock_local = clock.seconds(2026, 8, 1, 12, 0, 0)
    for summer, expected in ((True, 10), (False, 11), (None, 10)):
        r.clock_summer = summer
        assert clock.civil(meter_utc(r, OSLO))[3] == expected
    assert clock.civil(meter_utc(r, clock.Zone("GMT")))[3] == 12


def test_the_identification_of_p1_is_the_model_where_none_is_sent():
    state = State()
    r = reading(1, 0, power_import_w=1)
    r.ident = "2M551T-200"
    state.update(r, 0, 0)
    assert state.text(METER_MODEL) == "2M551T-200"

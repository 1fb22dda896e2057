from config import Config
from doubles import reading
from han.fields import (
    CURRENT_L1_MA,
    CURRENT_L2_MA,
    ENERGY_IMPORT_WH,
    METER_TIME_LOCAL,
    PEAK_IMPORT_W,
    POWER_EXPORT_W,
    POWER_IMPORT_L1_W,
    POWER_IMPORT_W,
    VOLTAGE_L1_MV,
    VOLTAGE_L2_MV,
)
from refine import most_w, refine, refusal, root
from state import State

HOUR = 3600000


def refined(config, **values):
    r = reading(4, **values)
    refine(r, Config(config, {}))
    return r


def test_nothing_changes_by_default():
    r = refined({}, power_import_w=4321, voltage_l2_mv=0, current_l2_ma=0, energy_import_wh=1)
    assert (
        r.number(POWER_IMPORT_W),
        r.number(VOLTAGE_L2_MV),
        r.number(CURRENT_L2_MA),
        r.number(ENERGY_IMPORT_WH),
    ) == (
        4321,
        0,
        0,
        1,
    )


def test_peaks_of_earlier_months_are_scaled_as_that_of_this_month():
    r = reading(4, peak_import_w=2001)
    r.month_peaks = [24315, 2001, 0, 3000]
    refine(r, Config({"ct_ratio": 40, "multiplier_w": 1500}, {}))
    assert r.number(PEAK_IMPORT_W) == 120060
    assert r.month_peaks == [24315, 120060, 0, 180000]


def test_multipliers_scale_totals_and_leave_phase_powers():
    config = {
        "multiplier_w": 1500,
        "multiplier_v": 1001,
        "multiplier_a": 2000,
        "multiplier_wh": 10,
    }
    r = refined(
        config,
        power_import_w=1001,
        power_import_l1_w=1001,
        voltage_l1_mv=230000,
        current_l1_ma=10,
        energy_import_wh=1049,
        meter_time_local=7,
    )
    assert r.number(POWER_IMPORT_W) == 1502 and r.number(POWER_IMPORT_L1_W) == 1001
    assert r.number(VOLTAGE_L1_MV) == 230230 and r.number(CURRENT_L1_MA) == 20
    assert r.number(ENERGY_IMPORT_WH) == 10 and r.number(METER_TIME_LOCAL) == 7


def test_ct_ratio_leaves_voltage():
    r = refined({"ct_ratio": 40}, power_import_w=10, power_import_l1_w=5, voltage_l1_mv=230000)
    assert (r.number(POWER_IMPORT_W), r.number(POWER_IMPORT_L1_W), r.number(VOLTAGE_L1_MV)) == (
        400,
        200,
        230000,
    )


def test_impossible_values_are_taken_out_one_by_one():
    r = refined({}, power_import_w=10000001, voltage_l1_mv=500001, current_l1_ma=6000001)
    assert (
        r.number(POWER_IMPORT_W) is None
        and r.number(VOLTAGE_L1_MV) is None
        and r.number(CURRENT_L1_MA) is None
    )
    r = refined({}, power_import_w=10000000, voltage_l1_mv=230000)
    assert r.number(POWER_IMPORT_W) == 10000000 and r.number(VOLTAGE_L1_MV) == 230000


def test_u2_on_an_it_grid():
    # Equal line voltages make an equilateral triangle.
    values = {"voltage_l1_mv": 230000, "voltage_l3_mv": 230000, "current_l1_ma": 1}
    r = refined({"distribution_system": 1}, voltage_l2_mv=0, **values)
    assert r.number(VOLTAGE_L2_MV) == 230000 and r.estimated_u2
    # 240, 200: sqrt(57600 + 40000 - 48000) = 222.71 V.
    r = refined(
        {"distribution_system": 1}, voltage_l1_mv=240000, voltage_l3_mv=200000, current_l1_ma=1
    )
    assert r.number(VOLTAGE_L2_MV) == 222710
    assert refined({}, voltage_l2_mv=0, **values).number(VOLTAGE_L2_MV) == 0
    assert refined({"distribution_system": 1}, voltage_l1_mv=230000).number(VOLTAGE_L2_MV) is None


def test_a_meter_without_current_l2_has_none():
    r = refined({}, meter_model="MA304T3", current_l1_ma=5, current_l2_ma=0, current_l3_ma=5)
    assert r.number(CURRENT_L2_MA) is None
    state = State()
    state.update(r, 0, 0)
    assert state.l2_current_missing()


LINES = {
    "voltage_l1_mv": 230000, "voltage_l2_mv": 230000, "voltage_l3_mv": 230000,
    "current_l1_ma": 5000, "current_l3_ma": 4000,
}  # fmt: skip
ESTIMATE = {"distribution_system": 1, "estimate_l2_current": True}


def test_i2_of_the_published_vector():
    # (5196.2 - 1150 - 920) / 230 = 13.59 A
    r = refined(ESTIMATE, power_import_w=3000, power_export_w=0, **LINES)
    assert r.number(CURRENT_L2_MA) == 13591 and r.estimated_i2
    assert refined(ESTIMATE, power_import_w=3000, **LINES).number(CURRENT_L2_MA) == 13591
    assert refined(ESTIMATE, power_import_w=1195, **LINES).number(CURRENT_L2_MA) == 0
    for changes in (
        {"distribution_system": 1},  # nobody asked for it
        {"distribution_system": 2, "estimate_l2_current": True},
    ):
        r = refined(changes, power_import_w=3000, **LINES)
        assert r.number(CURRENT_L2_MA) is None and not r.estimated_i2
    for changes in (
        {"power_export_w": 500, "power_import_w": 0},  # the difference is negative
        {"power_import_w": None},
        {"current_l3_ma": 0},
        {"voltage_l2_mv": None, "voltage_l1_mv": None},
    ):
        values = dict(LINES, power_import_w=3000)
        values.update(changes)
        r = refined(ESTIMATE, **values)
        assert r.number(CURRENT_L2_MA) is None and not r.estimated_i2
    assert (
        refined(ESTIMATE, power_import_w=3000, current_l2_ma=70, **LINES).number(CURRENT_L2_MA)
        == 70
    )


def test_an_estimated_i2_is_marked_and_goes_with_its_reason():
    state = State()
    state.update(refined(ESTIMATE, power_import_w=3000, **LINES), 0, 0)
    assert state.number(CURRENT_L2_MA) == 13591 and state.l2_current_missing()
    state.update(refined({}, power_import_w=2900), 1000, 0)  # a list without currents
    assert state.number(CURRENT_L2_MA) == 13591 and state.l2_current_missing()
    exporting = refined(ESTIMATE, power_import_w=0, power_export_w=500, **LINES)
    state.update(exporting, 2000, 0)
    assert state.number(CURRENT_L2_MA) is None and state.l2_current_missing()
    state.update(refined({}, current_l2_ma=100, **LINES), 3000, 0)
    assert state.number(CURRENT_L2_MA) == 100 and not state.l2_current_missing()


def test_a_guess_must_be_plausible():
    config = Config({"main_fuse_a": 25}, {})
    good = {"voltage_l1_mv": 230000, "voltage_l2_mv": 231000, "voltage_l3_mv": 229000}
    assert refusal(reading(2, power_import_w=17000, **good), config) == ""
    # 1.5 x 25 A x 230 V x 3 = 25,875 W.
    assert refusal(reading(2, power_import_w=25875, **good), config) == ""
    assert "25876 W" in refusal(reading(2, power_import_w=25876, **good), config)
    assert "2313 V on L1" in refusal(reading(2, voltage_l1_mv=2313000), config)
    assert "23 V on L3" in refusal(reading(2, voltage_l3_mv=23000), config)


def test_the_most_that_a_fuse_allows():
    fuse = Config({"main_fuse_a": 25}, {})
    assert most_w(fuse, 3) == most_w(fuse, 0) == 25875  # 1.5 x 25 A x 230 V x 3
    assert most_w(fuse, 1) == 8625
    assert most_w(Config({}, {}), 3) == 0  # not set by the owner


def test_root():
    for n in (0, 1, 2, 3, 4, 8, 9, 10**10, 52900000000, 52900000000 - 1, 2**62):
        r = root(n)
        assert r * r <= n < (r + 1) * (r + 1)


def test_registers_are_carried_on_by_the_power():
    state = State()
    state.update(reading(1, power_import_w=3600), 0, 0)
    assert state.live(ENERGY_IMPORT_WH) is None
    state.update(reading(3, power_import_w=3600, energy_import_wh=1000), 1000, 0)
    for second in range(2, 62):
        state.update(reading(1, power_import_w=3600), second * 1000, 0)
    assert state.live(ENERGY_IMPORT_WH) == 1060 and state.number(ENERGY_IMPORT_WH) == 1000
    # The new power counts for the time since the last one: 10 s at 7200 W are 20 Wh.
    state.update(reading(1, power_import_w=7200), 71000, 0)
    assert state.live(ENERGY_IMPORT_WH) == 1080
    # The register wins when it comes.
    state.update(reading(3, power_import_w=0, energy_import_wh=1074), 72000, 0)
    assert state.live(ENERGY_IMPORT_WH) == 1074


def test_a_long_silence_is_not_filled():
    state = State()
    state.update(reading(3, power_import_w=3600, energy_import_wh=1000), 0, 0)
    state.update(reading(1, power_import_w=3600), HOUR, 0)
    assert state.live(ENERGY_IMPORT_WH) == 1060  # a minute of it


def test_a_repeated_hourly_list_of_aidon_is_no_news():
    state = State()
    first = {"energy_import_wh": 1000, "meter_time_local": 17 * 3600}
    state.update(reading(3, power_import_w=60000, **first), 0, 0)
    for second in range(10, 70, 10):
        state.update(reading(2, power_import_w=60000), second * 1000, 0)
    state.update(reading(3, power_import_w=60000, **first), 70000, 0)
    assert state.repeated
    assert state.live(ENERGY_IMPORT_WH) == 1000 + 60000 * 70 // 3600
    later = {"energy_import_wh": 2200, "meter_time_local": 18 * 3600}
    state.update(reading(3, power_import_w=60000, **later), 80000, 0)
    assert state.live(ENERGY_IMPORT_WH) == 2200 and not state.repeated


def test_import_alone_means_no_export():
    state = State()
    state.update(reading(2, power_import_w=0, power_export_w=500), 0, 0)
    state.update(reading(1, power_import_w=0), 1000, 0)
    assert state.number(POWER_EXPORT_W) == 500
    state.update(reading(1, power_import_w=10), 2000, 0)
    assert state.number(POWER_EXPORT_W) == 0


def test_values_of_a_list_that_stopped_expire_but_registers_stay():
    state = State()
    state.update(reading(3, power_import_w=1, voltage_l1_mv=230000, energy_import_wh=5), 0, 0)
    for second in range(1, 130):
        state.update(reading(1, power_import_w=2), second * 1000, 0)
        expired = state.tick(second * 1000)
        assert expired == (second == 121), second
    assert state.number(VOLTAGE_L1_MV) is None and state.number(POWER_IMPORT_W) == 2
    assert state.number(ENERGY_IMPORT_WH) == 5


def test_silence_expires_nothing():
    state = State()
    state.update(reading(2, power_import_w=1, voltage_l1_mv=230000), 0, 0)
    for second in range(1, 400):
        state.tick(second * 1000)
    assert state.number(VOLTAGE_L1_MV) == 230000 and state.error() == 90

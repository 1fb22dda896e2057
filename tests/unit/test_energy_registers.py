"""Lists that are not plausible, ends and steps of registers, and edges in doubt. By hand."""

from config import Config
from doubles import reading
from energy import blocks, views
from energy.blocks import Block
from energy.registers import Registers
from files import FilesDouble
from pipeline import Pipeline
from state import State
from test_energy_ledger import DAY, Meter, at


def quality(m, hour):
    return blocks.NAMES[m.hour(hour)[1]]


def picture(m):
    """All that a list may change."""
    energy = m.energy
    block = Block(96)
    views.fill(energy.history, blocks.QUARTERS, DAY // 86400, block)
    last = energy.registers
    return (
        last.imported, last.exported, last.read_at, last.meter, energy.settler.settled_until,
        [list(row) for row in energy.totals.rows], list(energy.peaks.places),
        list(block.imported), list(block.exported), bytes(block.quality),
    )  # fmt: skip


def house(files=None):
    """1.2 kW, and a list at each hour from 8 to 10."""
    m = Meter(files=files)
    for hour in (8, 9, 10):
        hourly(m, hour, 50000 + hour * 1200)
    return m


def hourly(m, hour, wh, exported=None, meter_id="A", watts=1200):
    """The power of the hour before, and the list of `hour`."""
    m.power(at(hour - 1), at(hour), watts)
    return m.register(at(hour, 0, 8), wh, exported, meter_utc=at(hour), meter_id=meter_id)


ABSURD = (
    {"wh": 162013},  # 100 kWh more
    {"wh": 7},
    {"wh": 63201, "meter_id": "B"},
    {"wh": 80013},  # less than a fuse allows, but 1.2 kW was received all the time
)


def test_a_single_absurd_list_changes_nothing():
    for absurd in ABSURD:
        m = house()
        before = picture(m)
        told = hourly(m, 11, **absurd)
        assert told.startswith("held until the next list")
        assert picture(m) == before, absurd
        assert hourly(m, 12, 64407).startswith("the list before is ignored")
        assert m.hour(10)[0] + m.hour(11)[0] == 64407 - 62000
        assert quality(m, 10) == quality(m, 11) == "estimated"
        assert abs(m.hour(10)[0] - 1203) <= 1  # by power
        assert [watts for _, watts in m.energy.peaks.places] == [1200]
        hourly(m, 13, 65611)
        assert m.hour(12) == (1204, blocks.MEASURED)


def test_a_held_list_survives_a_restart():
    for absurd in ABSURD:
        for soft in (False, True):
            m = house(FilesDouble())
            hourly(m, 11, **absurd)
            m.energy.save(at(11, 1))
            again = m.restart(m.energy.snapshot() if soft else b"")
            assert again.energy.registers.held == m.energy.registers.held != ()
            again.power(at(11), at(12), 1200)
            told = again.register(at(12, 0, 8), absurd["wh"] + 1203, meter_utc=at(12),
                                  meter_id=absurd.get("meter_id", "A"))  # fmt: skip
            assert told.endswith("confirmed by the next list")
            assert again.hour(10) == (0, blocks.GAP)
            assert again.hour(11) == (1203, blocks.MEASURED)
            assert again.energy.registers.imported == absurd["wh"] + 1203


def test_a_held_list_that_comes_again_is_not_confirmed_by_itself():
    m = house()
    before = picture(m)
    hourly(m, 11, 7)
    m.power(at(11), at(12), 1200)
    assert m.register(at(12, 0, 8), 7, meter_utc=at(11), meter_id="A") == "repeated list"
    assert picture(m) == before
    hourly(m, 13, 65600)
    assert sum([m.hour(hour)[0] for hour in (10, 11, 12)]) == 3600


def test_two_different_absurd_lists_change_nothing():
    m = house()
    before = picture(m)
    hourly(m, 11, 162013)
    assert hourly(m, 12, 7).startswith("held")
    assert picture(m) == before
    hourly(m, 13, 65603)
    assert sum([m.hour(hour)[0] for hour in (10, 11, 12)]) == 3603


def test_power_is_shown_while_a_list_is_held():
    m = house()
    hourly(m, 11, 7)
    m.power(at(11), at(11, 30), 2000)
    assert m.energy.running(at(11, 30))[0][0] == 1000
    assert m.energy.running(at(11, 30))[1][0] == 4 * 1200 + 1000  # from 7:00


def frequent(m, begin, end, base, watts=3600, clocked=True):
    """Lists each 10 s; 10 Wh each at 3.6 kW."""
    for second in range(0, end - begin + 1, 10):
        now = begin + second
        m.tell(now, now if clocked else None, power_import_w=watts,
               energy_import_wh=base + watts * second // 3600, meter_id="A")  # fmt: skip


def test_an_absurd_telegram_among_frequent_lists():
    for absurd in (9000000, 5, 12000):
        m = Meter()
        frequent(m, at(10), at(10, 20), 10001)
        before = picture(m)
        now = at(10, 20, 10)
        m.tell(now, now, power_import_w=3600, energy_import_wh=absurd, meter_id="A")
        assert picture(m)[:7] == before[:7]
        frequent(m, at(10, 20, 20), at(12), 11221)
        assert m.hour(10) == m.hour(11) == (3600, blocks.MEASURED)
        assert max([watts for _, watts in m.energy.peaks.places]) == 3600


def test_frequent_lists_of_another_meter_are_taken_after_two():
    m = Meter()
    frequent(m, at(10), at(10, 20), 10001)
    for second in range(10, 6001, 10):
        now = at(10, 20) + second
        m.tell(now, now, power_import_w=3600, energy_import_wh=77 + second, meter_id="B")
    assert quality(m, 10) == "gap"
    # 10:20:10 to 11:00:00; what lies between the two meters is not known
    assert m.hour(10)[0] == 1200 + 2390
    assert m.hour(11) == (3600, blocks.MEASURED)


def test_a_register_starts_again_at_0():
    for end in (10**7, 10**8, 10**9, 10**10, 1 << 32):
        m = Meter()
        before = end - 700
        assert hourly(m, 10, before) == "first reading"
        assert hourly(m, 11, before + 100, watts=100) == ""
        assert hourly(m, 12, 600) == ""
        assert m.hour(11) == (1200, blocks.MEASURED), end
        assert m.energy.peaks.places[0][1] == 1200
        hourly(m, 13, 1800)
        assert m.hour(12) == (1200, blocks.MEASURED)


def test_a_register_of_10_wh_steps_starts_again_at_0():
    """99,999.9 kWh and 0.1 kWh a minute later; 999,999.99 kWh and 0.01 kWh."""
    for old, new, moved in ((99999900, 100, 200), (999999990, 10, 20)):
        m = Meter()
        for minute, wh in ((0, old - moved), (1, old), (2, new), (3, new + moved)):
            now = at(10, minute)
            m.tell(now, now, power_import_w=60 * moved, energy_import_wh=wh)
        assert m.energy.totals.rows[1][0] == 3 * moved


def test_an_export_register_starts_again_at_0():
    m = Meter()
    hourly(m, 10, 5001, 99999900)
    hourly(m, 11, 6201, 400)
    assert m.energy.totals.rows[1][:2] == [2400, 500]  # 1200 Wh before the first list


def test_a_difference_over_the_end_must_be_plausible():
    for before, after in ((99990000, 13), (5000, 10), (4294960000, 20000)):
        m = Meter()
        hourly(m, 10, before)
        assert hourly(m, 11, after) == "held until the next list: the register went back"
        hourly(m, 12, after + 1201)
        assert m.hour(10) == (0, blocks.GAP) and m.hour(11)[0] == 1201


def test_a_first_list_of_the_hour_before_is_no_beginning():
    m = Meter()
    told = m.register(at(10, 0, 10), 5001, meter_utc=at(9))
    assert told == "the first list is of the hour before" and m.energy.registers.imported is None
    m.power(at(10), at(11), 1200)
    m.register(at(11, 0, 10), 7401, meter_utc=at(11))  # 2.4 kWh later
    hourly(m, 12, 8602)
    assert m.hour(10) == (1200, blocks.ESTIMATED) and m.hour(11) == (1201, blocks.MEASURED)
    assert [watts for _, watts in m.energy.peaks.places] == [1201]


def test_a_first_list_without_a_clock_makes_no_peak():
    """It may be that of the hour before: the first hour may have the energy of two."""
    m = Meter()
    m.register(at(10, 0, 10), 5001, dated=False)
    m.power(at(10), at(11), 1200)
    m.register(at(11, 0, 10), 7401)
    m.power(at(11), at(12), 1200)
    m.register(at(12, 0, 10), 8602)
    assert m.hour(10) == (2400, blocks.ESTIMATED) and m.hour(11) == (1201, blocks.MEASURED)
    assert [watts for _, watts in m.energy.peaks.places] == [1201]


def test_a_list_without_a_clock_after_a_pause_makes_no_peak():
    m = Meter()
    for hour in (6, 7, 8):
        m.register(at(hour, 0, 8), hour * 1201)
    m.register(at(10, 0, 8), 9 * 1201)  # that of 9:00 again
    m.power(at(10), at(11), 1200)
    m.register(at(11, 0, 8), 11 * 1201)
    m.power(at(11), at(12), 1200)
    m.register(at(12, 0, 8), 12 * 1201)
    assert m.hour(10) == (2402, blocks.ESTIMATED) and m.hour(11) == (1201, blocks.MEASURED)
    assert max([watts for _, watts in m.energy.peaks.places]) == 1201


def test_the_first_of_frequent_lists_is_not_that_of_the_full_hour():
    m = Meter()
    frequent(m, at(10, 0, 7), at(12), 10001)  # 7 Wh of the hour are missing
    assert m.hour(10)[1] != blocks.MEASURED


def test_the_limit_is_that_of_the_fuse():
    last = Registers()
    assert last.most_wh(3600, None) == 69000 + 1000
    last.most_w = 17250  # 25 A
    assert last.most_wh(7200, None) == 2 * 17250 + 1000
    assert last.most_wh(10, None) == 17250 // 120 + 1000  # lists may come late
    last.note_step((5001, None))
    assert last.most_wh(10, None) == 17250 // 120 + 10


class AppWithFuse:
    """The members of App that a reading's energy needs."""

    def __init__(self, config):
        self.config = config
        self.state = State()
        self.energy = Meter().energy
        self.log = LogDouble()
        self.system = self
        self.judge = JudgeDouble()


class JudgeDouble:
    sure = kept = True
    agreed_s = 0

    def run_s(self):
        return 5


class LogDouble(list):
    def add(self, text):
        self.append(text)

    warn = error = add


def test_the_fuse_in_the_settings_and_the_phases_set_the_limit():
    for stored, voltages, most_w in (
        ({}, (231000, 230000, 232000), 0),
        ({"main_fuse_a": 35}, (231000, 230000, 232000), 36225),
        ({"main_fuse_a": 35}, (231000, None, None), 12075),
    ):
        app = AppWithFuse(Config(stored, {}))
        told = reading(3, energy_import_wh=5001, voltage_l1_mv=voltages[0],
                       voltage_l2_mv=voltages[1], voltage_l3_mv=voltages[2])  # fmt: skip
        app.state.update(told, 0, at(10))
        Pipeline(app)._update_energy(told, at(10), 0, None)
        assert app.energy.registers.imported == 5001 and app.log == ["energy: first reading"]
        assert app.energy.registers.most_w == most_w


class Unsayable(Exception):
    """There is no heap for its text."""

    def __repr__(self):
        raise MemoryError


def test_a_defect_of_the_energy_without_heap_for_a_line_ends_nothing():
    app = AppWithFuse(Config({}, {}))

    def update(*_):
        raise Unsayable

    app.energy.update = update
    told = reading(3, energy_import_wh=5001)
    app.state.update(told, 0, at(10))
    Pipeline(app)._update_energy(told, at(10), 0, None)
    assert app.log == []


def test_without_a_fuse_the_limit_follows_the_power():
    last = Registers()
    last.highest_w = 5000
    assert last.most_wh(3600, None) == 30000 + 1000
    last.highest_w = 11000
    assert last.most_wh(3600, None) == 44000 + 1000
    last.since[4] = 900  # of the hour nothing was received for a quarter
    assert last.most_wh(3600, 5000) == 10000 + 11000 + 1000


def test_the_highest_power_fades():
    m = Meter()
    m.tell(at(0), at(0), power_import_w=80000, energy_import_wh=5001)
    for day in range(1, 30):
        m.register(at(24 * day), 5001 + day * 24000, meter_utc=at(24 * day))
    assert m.energy.registers.highest_w < 3000


def test_two_leaps_in_a_row_are_energy_and_no_peak():
    """A current transformer whose ratio the owner has not set: power is too low by 40."""
    m = Meter()
    base = 500001
    for hour in range(8, 14):
        hourly(m, hour, base + hour * 40000, watts=1000)
    assert sum([m.hour(hour)[0] for hour in range(8, 13)]) == 5 * 40000
    assert m.hour(12) == (40000, blocks.MEASURED)
    assert max([watts for _, watts in m.energy.peaks.places]) == 40000


def test_hours_of_10_wh_steps_are_measured():
    m = Meter()
    for hour, wh in ((10, 5230), (11, 6440), (12, 7650)):
        m.register(at(hour, 0, 8), wh, meter_utc=at(hour))
    assert m.hour(10) == m.hour(11) == (1210, blocks.MEASURED)


def new_meter():
    """A meter whose step is not known."""
    m = Meter()
    m.energy.registers.step = 1000
    return m


def test_hours_of_whole_kwh_are_not_measured():
    m = new_meter()
    for hour in range(6, 20):  # 500 W: each second hour has 1 kWh
        hourly(m, hour, hour // 2 * 1000, watts=500)
    assert sum([m.hour(hour)[0] for hour in range(6, 19)]) == 6000
    assert all(m.hour(hour)[1] != blocks.MEASURED for hour in range(6, 19))
    assert m.energy.peaks.places == []


def test_a_large_hour_of_whole_kwh_is_near_and_never_a_higher_peak():
    m = new_meter()
    m.energy.registers.most_w = 100000
    for hour in range(6, 12):  # 40.6 kW
        hourly(m, hour, 40600 * hour // 1000 * 1000, watts=40600)
    for hour in range(6, 11):
        assert quality(m, hour) == "near" and m.hour(hour)[0] in (40000, 41000)
    assert all(watts <= 40600 for _, watts in m.energy.peaks.places)
    assert m.energy.peaks.places[0][1] >= 40600 - 1000 - 40600 // 32


def test_frequent_lists_of_whole_kwh_are_smoothed():
    m = new_meter()
    for second in range(0, 4 * 3600 + 1, 10):
        now = at(10) + second
        m.tell(now, now, power_import_w=1500, energy_import_wh=1500 * second // 3600000 * 1000)
    wh = [m.hour(hour)[0] for hour in (10, 11, 12)]
    assert all(abs(value - 1500) < 10 for value in wh), wh
    assert m.energy.peaks.places == []


def test_the_step_is_found_from_the_registers():
    for values, step in (
        ((5000, 6000), 1000), ((5000, 6100), 100), ((5230, 6440), 10), ((5000, 5250), 250),
        ((5000, 6001), 1), ((0, 0), 1000), ((40 * 7, 40 * 19), 40),
    ):  # fmt: skip
        last = Registers()
        for value in values:
            last.note_step((value, None))
        assert last.step == step, values


def test_edges_in_doubt_never_make_a_peak_higher():
    """Lists each 10 s that are 0 to 5 s late, or 1 to 9 s beside the full hour."""
    for beside in range(10):
        for late in (0, 2, 5):
            m = Meter()
            wh = 10001
            truth = {}
            for second in range(3 * 3600 + 60):
                if second % 3600 == 0:
                    truth[second // 3600] = wh
                if second % 10 == beside:
                    now = at(9) + second + late
                    m.tell(now, power_import_w=3600, energy_import_wh=wh)
                wh += 3 if second % 3600 >= 3590 else 1  # 10.8 kW in the last 10 s of an hour
            for hour in (10, 11):
                true = truth[hour - 8] - truth[hour - 9]
                found, mark = m.hour(hour)
                assert blocks.NAMES[mark] == "near" and abs(found - true) <= true // 16
                assert 0 <= true - blocks.least(found, 0, mark) <= true // 32
            peaks = [watts for _, watts in m.energy.peaks.places]
            assert max(peaks) <= true


def test_a_register_that_stands_still_over_an_edge_is_exact():
    m = Meter()
    for second in range(0, 7500, 10):  # 40 W: 1 Wh in 90 s
        now = at(9, 58) + second
        m.tell(now, now, power_import_w=40, energy_import_wh=10001 + (second + 40) // 90)
    truth = (7200 - 1 + 40) // 90 - (3600 - 1 + 40) // 90
    assert m.hour(11)[1] == blocks.MEASURED and abs(m.hour(11)[0] - truth) <= 1


def test_a_peak_is_the_same_after_a_restart():
    m = Meter(files=FilesDouble())
    frequent(m, at(10, 0, 5), at(13), 10001)
    m.energy.save(at(13, 0, 5))
    assert quality(m, 11) == "near"
    assert m.restart().energy.peaks.places == m.energy.peaks.places != []


def test_the_doubt_of_a_running_hour_survives_a_restart():
    m = Meter(files=FilesDouble())
    frequent(m, at(10, 0, 5), at(11, 20), 10001)
    m.energy.save(at(11, 20))
    again = m.restart(m.energy.snapshot())
    assert again.energy.settler.doubts == m.energy.settler.doubts
    assert again.energy.settler.doubts[1] > 0


def test_the_quality_of_a_doubt():
    assert blocks.near(2560, 10) == blocks.NEAR and blocks.near(2559, 10) == blocks.NEAR + 1
    assert blocks.near(320, 10) == blocks.NEAR + 3 and blocks.near(319, 10) == blocks.ESTIMATED
    for mark in range(blocks.NEAR, blocks.NEAR + 4):
        assert blocks.least(2560, 0, mark) == 2560 - (10 << mark - blocks.NEAR)
    assert blocks.least(5, 3000, blocks.NEAR + 3) == 0
    assert blocks.least(700, 0, blocks.MEASURED) == blocks.least(700, 0, blocks.EDITED) == 700

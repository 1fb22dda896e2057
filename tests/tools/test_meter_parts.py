"""The meter's parts without a process: capture files, cadence and clocks of each model."""

from datetime import UTC, datetime

import pytest

from tools import captures
from tools.household import Household
from tools.models import MODELS, CaptureLoop, SimulatedMeter
from tools.transmitter import Clock, Transmitter

SUMMER_MS = int(datetime(2026, 7, 1, 15, 59, 57, tzinfo=UTC).timestamp() * 1000)
HOUR_MS = int(datetime(2026, 7, 1, 16, tzinfo=UTC).timestamp() * 1000)


def meter(maker, country, grid="tn", **options):
    return SimulatedMeter(MODELS[maker, country], Household(SUMMER_MS / 1000, 1, grid), **options)


def due(source, count, start=SUMMER_MS):
    """The next telegrams as (seconds after the full hour, list)."""
    found = []
    for _ in range(count):
        start, kind = source.next_after(start)
        found.append(((start - HOUR_MS) / 1000, kind))
    return found


def test_cadence_aidon():
    assert due(meter("aidon", "no"), 8) == [
        (-2.5, 1), (0, 2), (2.5, 1), (5, 1), (7.5, 1), (10, 3), (12.5, 1), (15, 1),
    ]  # fmt: skip
    assert due(meter("aidon", "se"), 3) == [(0, 3), (10, 3), (20, 3)]


def test_cadence_kaifa():
    assert due(meter("kaifa", "no"), 8) == [
        (-2, 1), (0, 2), (2, 1), (4, 1), (6, 1), (8, 1), (10, 3), (12, 1),
    ]  # fmt: skip


def test_cadence_kamstrup():
    assert due(meter("kamstrup", "no"), 4) == [(0, 2), (5, 3), (10, 2), (20, 2)]
    assert due(meter("kamstrup", "dk"), 2) == [(0, 3), (10, 3)]


def test_list_1_scales_with_the_interval():
    source = meter("aidon", "no", interval_s=4)
    assert due(source, 7) == [(-2, 1), (-1, 1), (0, 2), (1, 1), (2, 1), (3, 1), (4, 2)]
    assert (10, 3) in due(source, 30)


def test_every_model_and_grid_encodes_every_list():
    for (maker, country), model in MODELS.items():
        for grid in model.types:
            source = meter(maker, country, grid)
            for kind in model.lists:
                telegram = source.telegram(kind, HOUR_MS + 10_000)
                assert telegram.octets[0] == telegram.octets[-1] == 0x7E
                assert telegram.list == kind
                assert telegram.power_import_w > 0


def test_a_model_refuses_other_grids():
    with pytest.raises(ValueError, match="it grids"):
        meter("aidon", "se", "it")


def test_hourly_list_has_the_values_of_the_hour():
    source, house = meter("aidon", "no"), Household(SUMMER_MS / 1000, 1)
    s = source.snapshot(3, HOUR_MS + 10_000)
    full_hour, now = house.snapshot(HOUR_MS / 1000), house.snapshot(HOUR_MS / 1000 + 10)
    assert s.energy_import_wh == full_hour.energy_import_wh < now.energy_import_wh
    assert s.power_import_w == now.power_import_w


def test_clocks_in_summer():
    # 16:00 UTC on 1 July is 18:00 on the wall and 17:00 standard time
    def clocks(maker, country):
        s = meter(maker, country).snapshot(3, HOUR_MS + 10_000)
        return str(s.sent_at)[11:], str(s.clock)[11:], s.deviation_min, s.summer_time

    assert clocks("aidon", "no") == ("17:00:10", "17:00:00", None, False)
    assert clocks("aidon", "se") == ("18:00:10", "18:00:10", None, True)
    assert clocks("kaifa", "no") == ("18:00:10", "18:00:00", None, True)
    assert clocks("kaifa", "se") == ("18:00:10", "18:00:10", -120, True)
    assert clocks("kamstrup", "no") == ("17:00:10", "17:00:10", None, False)
    assert clocks("kamstrup", "dk") == ("17:00:10", "17:00:10", None, False)


def test_values_hidden_on_an_it_grid():
    assert meter("aidon", "no", "it").snapshot(2, HOUR_MS).current_l2_ma is None
    assert meter("kaifa", "no", "it").snapshot(2, HOUR_MS).voltage_l2_mv is None
    assert meter("kaifa", "no", "it").snapshot(2, HOUR_MS).current_l2_ma is not None


def test_capture_loop_starts_again():
    loop = CaptureLoop([b"a", b"b"], 2.5)
    assert loop.next_after(HOUR_MS) == (HOUR_MS + 2500, 0)
    assert loop.next_after(HOUR_MS + 2499) == (HOUR_MS + 2500, 0)
    assert [loop.telegram(0, 0).octets for _ in range(3)] == [b"a", b"b", b"a"]
    assert loop.telegram(0, 0)[1:] == (None, None, None)


def test_of_late_telegrams_the_longest_list_is_sent():
    class Late(Clock):
        def now(self):
            return HOUR_MS / 1000 + 16

    transmitter = Transmitter(meter("aidon", "no"), None, Late(0), None)
    # due since: list 1, list 2 at :00, lists 1, list 3 at :10, lists 1 at :12.5 and :15
    assert transmitter._pick(SUMMER_MS) == (HOUR_MS + 15_000, (HOUR_MS + 10_000, 3))


def test_hex_capture(tmp_path):
    file = tmp_path / "a.hex"
    file.write_text("# a comment 7E\n7E A0\t0\n1\n\n\n\n 02 03 # no\n".replace(" # no", ""))
    assert captures.bursts(file) == [b"\x7e\xa0\x01", b"\x02\x03"]
    assert captures.read(file) == b"\x7e\xa0\x01\x02\x03"


def test_text_capture_is_verbatim(tmp_path):
    file = tmp_path / "p1.txt"
    file.write_bytes(b"/ABC\r\n\r\n1-0:1.7.0(0/1)\r\n!\r\n/DEF\n!\n")
    assert captures.bursts(file) == [b"/ABC\r\n\r\n1-0:1.7.0(0/1)\r\n!\r\n", b"/DEF\n!\n"]
    assert captures.read(file) == file.read_bytes()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.hex", "7E\n0G\n", r"a\.hex:2: 'G' is not"),
        ("a.hex", "7E 0", r"a\.hex:1: an odd number"),
        ("a.hex", "7E0\n\n1\n", r"a\.hex:2: an odd number"),
        ("a.hex", "# nothing\n", r"a\.hex: no octets"),
        ("a.txt", "", r"a\.txt: no octets"),
        ("a.bin", "7E", r"a\.bin: a capture is"),
    ],
)
def test_errors_in_captures_have_file_and_line(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(captures.CaptureError, match=message):
        captures.read(tmp_path / name)

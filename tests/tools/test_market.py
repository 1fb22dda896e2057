"""The market of made-up prices that `python -m tools.run --prices` asks."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

from tools import run
from tools.market import NO, Household


def unix(*moment: int) -> float:
    return datetime(*moment, tzinfo=UTC).timestamp()


def test_tomorrow_is_published_at_13_in_oslo() -> None:
    market = Household(date(2026, 3, 12))
    for moment, days in (
        (unix(2026, 3, 12, 11, 59), 1),
        (unix(2026, 3, 12, 12, 0), 2),
        (unix(2026, 3, 12, 23, 30), 2),  # it is the 13th in Oslo
        (unix(2026, 3, 13, 12, 0), 3),
    ):
        market.know(moment)
        assert market.published == days, moment
    assert market(NO, "/api/v1/prices/2026/03-15_NO1.json").status == 404
    assert market(NO, "/api/v1/prices/2026/03-14_NO1.json").status == 200


def test_a_day_has_a_price_for_each_quarter_hour() -> None:
    market = Household(date(2026, 3, 28))
    assert [len(market.amounts(day)) for day in range(3)] == [96, 92, 96]
    assert market.amounts(2) == Household(date(2026, 3, 30)).amounts(0)
    days = [market.amounts(day) for day in range(30)]
    for amounts in days:
        dearest = amounts.index(max(amounts)) * 24 / len(amounts)
        assert 6 <= dearest <= 21
    assert any(min(amounts) < 0 for amounts in days)


def test_the_settings_of_the_data_folder_name_the_market(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"main_fuse_a": 25}')
    args = run.parser().parse_args(["--prices", "--data", str(tmp_path)])
    with run.open_market(args, unix(2026, 3, 12, 12)):
        stored = json.loads((tmp_path / "config.json").read_text())
    assert stored == {"main_fuse_a": 25, **run.PRICES}
    assert (tmp_path / "price-ca").read_bytes()[:1] == b"\x30"  # DER

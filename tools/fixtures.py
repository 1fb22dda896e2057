"""Telegrams of the independent encoders with their expected readings, for tests and benchmarks.

The values are invented, and multiples of every meter's unit.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime

from tools.encoders import aidon, kaifa, kamstrup
from tools.encoders.snapshot import Snapshot

HOUSE = Snapshot(
    meter_id="7350000000000042",
    model="6525",
    serial=12345678,
    sent_at=datetime(2026, 1, 15, 17, 0, 10),
    clock=datetime(2026, 1, 15, 17, 0, 0),
    power_import_w=4321,
    power_export_w=0,
    reactive_import_var=0,
    reactive_export_var=187,
    power_factor_permille=990,
    voltage_l1_mv=231000,
    voltage_l2_mv=229000,
    voltage_l3_mv=230000,
    current_l1_ma=6200,
    current_l2_ma=8100,
    current_l3_ma=4500,
    power_import_l1_w=1427,
    power_import_l2_w=1840,
    power_import_l3_w=1054,
    power_export_l1_w=0,
    power_export_l2_w=0,
    power_export_l3_w=0,
    reactive_import_l1_var=0,
    reactive_import_l2_var=10,
    reactive_import_l3_var=0,
    reactive_export_l1_var=97,
    reactive_export_l2_var=0,
    reactive_export_l3_var=100,
    power_factor_l1_permille=1000,
    power_factor_l2_permille=990,
    power_factor_l3_permille=1000,
    energy_import_wh=109554020,
    energy_export_wh=130,
    reactive_energy_import_varh=130480,
    reactive_energy_export_varh=15319940,
    energy_import_l1_wh=40000010,
    energy_import_l2_wh=39999990,
    energy_import_l3_wh=29554020,
    energy_export_l1_wh=30,
    energy_export_l2_wh=40,
    energy_export_l3_wh=60,
)

_POWERS = ("power_export_w", "reactive_import_var", "reactive_export_var")
_ENERGY = ("energy_import_wh", "energy_export_wh")
_ENERGY += ("reactive_energy_import_varh", "reactive_energy_export_varh")
_NAMES = ("list_id", "meter_id", "meter_model")


def _phases(*patterns: str) -> tuple[str, ...]:
    return tuple(pattern % phase for pattern in patterns for phase in (1, 2, 3))


_UI = _phases("voltage_l%d_mv", "current_l%d_ma")


@dataclass(frozen=True)
class Vector:
    """A telegram's octets and its expected reading, with the names of tools.decode."""

    name: str
    octets: bytes
    reading: dict[str, int | str]


def expect(
    house: Snapshot, list_type: int, *names: str, **more: int | str
) -> dict[str, int | str]:
    """The expected reading of these fields; fields that are None are left out."""
    known = {f.name: getattr(house, f.name) for f in fields(house)} | {"meter_model": house.model}
    known |= {"meter_time_local": house.clock and house.clock.isoformat()}
    known |= {"apdu_time_local": house.sent_at and house.sent_at.isoformat()} | more
    reading = {name: known[name] for name in (*names, *more) if known[name] is not None}
    return {"list_type": list_type, "power_import_w": house.power_import_w} | reading


def vectors() -> list[Vector]:
    """One telegram of each list of the three makers."""
    tn = replace(HOUSE, model="6534")
    it = replace(HOUSE, current_l2_ma=None)
    one = replace(
        HOUSE, voltage_l2_mv=None, voltage_l3_mv=None, current_l2_ma=None, current_l3_ma=None
    )
    a = {"list_id": "AIDON_V0001"}
    k = {"list_id": "KFM_001"}
    m = {"list_id": "Kamstrup_V0001"}
    t = ("meter_time_local",)
    ap = ("apdu_time_local",)
    zero = {"meter_time_deviation_min": 0}
    se = replace(HOUSE, deviation_min=-60)
    per_phase = _phases("power_import_l%d_w", "power_export_l%d_w")
    reactive = _phases("reactive_import_l%d_var", "reactive_export_l%d_var")
    dk = _phases("power_factor_l%d_permille", "energy_import_l%d_wh", "energy_export_l%d_wh")
    dk += ("power_factor_permille", *per_phase)
    full = (*_NAMES, *_POWERS, *_UI)
    return [
        Vector("aidon-list1", aidon.list1(HOUSE), expect(HOUSE, 1)),
        Vector("aidon-list2-tn", aidon.list2(tn), expect(tn, 2, *full, **a)),
        Vector("aidon-list2-it", aidon.list2(it), expect(it, 2, *full, **a)),
        Vector("aidon-list2-1p", aidon.list2(one), expect(one, 2, *full, **a)),
        Vector("aidon-list3-tn", aidon.list3(tn), expect(tn, 3, *full, *t, *_ENERGY, **a, **zero)),
        Vector(
            "aidon-se",
            aidon.push_se(HOUSE),
            expect(HOUSE, 4, *t, *_POWERS, *_UI, *per_phase, *reactive, *_ENERGY),
        ),
        Vector("kaifa-list1", kaifa.list1(HOUSE), expect(HOUSE, 1, *ap)),
        Vector("kaifa-list2", kaifa.list2(HOUSE), expect(HOUSE, 2, *ap, *full, **k)),
        Vector("kaifa-list2-1p", kaifa.list2(one), expect(one, 2, *ap, *full, **k)),
        Vector("kaifa-list3", kaifa.list3(HOUSE), expect(HOUSE, 3, *ap, *full, *t, *_ENERGY, **k)),
        Vector("kaifa-list3-1p", kaifa.list3(one), expect(one, 3, *ap, *full, *t, *_ENERGY, **k)),
        Vector(
            "kaifa-list3-ct",
            kaifa.list3(HOUSE, wide=True),
            expect(HOUSE, 3, *ap, *full, *t, *_ENERGY, **k),
        ),
        Vector(
            "kaifa-se",
            kaifa.push_se(se),
            expect(se, 3, *full, *t, *_ENERGY, meter_time_deviation_min=-60, **k),
        ),
        Vector("kamstrup-list2", kamstrup.list2(HOUSE), expect(HOUSE, 2, *ap, *full, **m)),
        Vector("kamstrup-list2-1p", kamstrup.list2(one), expect(one, 2, *ap, *full, **m)),
        Vector(
            "kamstrup-list3",
            kamstrup.list3(HOUSE),
            expect(HOUSE, 3, *ap, *full, *t, *_ENERGY, **m),
        ),
        Vector(
            "kamstrup-dk",
            kamstrup.push_dk(HOUSE),
            expect(HOUSE, 4, *ap, *_POWERS, *_UI, *t, *_ENERGY, *dk, **m),
        ),
        Vector(
            "kamstrup-dk-ct",
            kamstrup.push_dk(HOUSE, current_unit_ma=1),
            expect(HOUSE, 4, *ap, *_POWERS, *_UI, *t, *_ENERGY, *dk, **m),
        ),
    ]

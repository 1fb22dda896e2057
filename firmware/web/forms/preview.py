"""The answer to a correction with preview=true: what it would change. Loaded for it only.

{"success", "message", "reboot", "preview": {
  "sums"   days, then months: "t" its date or month, "u" import and "p" export in kWh as [before,
           after]
  "peaks"  months with edited hours: "t"; "p" lists of peaks as in /tariff.json, "m" the month's
           value in kW, "c" the limit of its step in kW (65535: above the last), each as [before,
           after]; empty if the tariff counts no peaks
  "cost"   the change of [cost, income] in "cur"; null if it is not known}}
"""

import clock
from energy import preview
from fmt import fixed, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App
    from energy.edits import Change
    from energy.preview import Preview
    from energy.tariff import Peaks


def answer(app: "App", by_hour: "list[Change]", by_day: "list[Change]", now: int) -> str:
    """The JSON text for these hours and local days."""
    energy = app.energy
    found = preview.Preview(energy, by_hour, by_day, now)
    sums = [_sums(clock.iso(day * 86400)[:10], old, new) for day, old, new in found.days]
    sums += [_sums(_name(month), old, new) for month, old, new in found.months]
    money = "null"
    if found.money is not None:
        money = "[%s,%s]" % (fixed(found.money[0], 9, 2), fixed(found.money[1], 9, 2))
    return (
        '{"success":true,"message":"%d to change","reboot":false,"preview":'
        '{"sums":[%s],"peaks":[%s],"cost":%s,"cur":%s}}'
    ) % (
        found.count,
        ",".join(sums),
        ",".join([_peaks(app, found, *row) for row in found.peaks]),
        money,
        quote(energy.currency),
    )


def _name(month: int) -> str:
    return "%d-%02d" % (month // 12, month % 12 + 1)


def _sums(name: str, old: "list[int]", new: "list[int]") -> str:
    pairs = ["[%s,%s]" % (fixed(old[i], 3, 3), fixed(new[i], 3, 3)) for i in (0, 1)]
    return '{"t":"%s","u":%s,"p":%s}' % (name, pairs[0], pairs[1])


def _peaks(app: "App", found: "Preview", month: int, before: "Peaks", after: "Peaks") -> str:
    """The element of `peaks` of a month."""
    values = [found.value(before), found.value(after)]
    lists = []
    for peaks in (before, after):
        rows = []
        for begin, watts in peaks.chosen():
            local = clock.civil(begin + app.energy.settler.zone.offset_s(begin))
            rows.append('{"d":%d,"h":%d,"v":%s}' % (local[2], local[3], fixed(watts, 3, 2)))
        lists.append("[%s]" % ",".join(rows))
    return '{"t":"%s","p":[%s],"m":[%s],"c":[%s]}' % (
        _name(month),
        ",".join(lists),
        ",".join([fixed(value, 3, 2) for value in values]),
        ",".join([str(before.tariff.step_kw(value)) for value in values]),
    )

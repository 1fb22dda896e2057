"""Price rules as an AMS reader of 2.3 or later sends them, as the text of `price_rules`.

In       the section r of its form: rc how many, and of each, from 0 on: rt kind, rn name, rd
         direction, ra weekdays and rh hours as 0,1,2, rv value, rsm rsd first month and day,
         rem red last ones, 0 for none; or values of its lines priceModifier
Out      the text, unchecked but for what cannot be written in it
Errors   ValueError, which begins with the field's name
Source   AMS reader 2.5, by its users' forms and files
"""

from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST = const(16)
_DIRECTIONS = ("", "import", "export", "both")


def of_form(form: "Any") -> str:
    """The text of the section r of a web.forms.save.Form."""
    count = form.number("rc")
    if not 0 <= count <= _MOST:
        raise ValueError("rc: 0 to %d was expected" % _MOST)
    with visit("prices.ruletext") as rules:
        kinds, days = rules.KINDS, rules.DAY_NAMES
    texts = []
    for i in range(count):
        kind, direction = form.number("rt%d" % i), form.number("rd%d" % i)
        if not 0 <= kind < len(kinds):
            raise ValueError("rt%d: 0 to %d was expected" % (i, len(kinds) - 1))
        if not 0 < direction < len(_DIRECTIONS):
            raise ValueError("rd%d: 1 import, 2 export or 3 both was expected" % i)
        season = [form.number("r%s%d" % (key, i)) for key in ("sd", "sm", "ed", "em")]
        texts.append(
            '"%s" %s %s %s %s %s %02d-%02d %02d-%02d'
            % (
                _name(form.text("rn%d" % i)),
                _DIRECTIONS[direction],
                kinds[kind],
                form.text("rv%d" % i).replace(",", ".") or "0",
                _list(form, "ra%d" % i, days),
                _list(form, "rh%d" % i, ["%02d" % hour for hour in range(24)]),
                season[0],
                season[1],
                season[2],
                season[3],
            )
        )
    return ";".join(texts)


def of_lines(lines: "list[str]") -> str:
    """The text of the values of lines in their order: a number, then the rule."""
    texts = []
    for value in lines:
        number, _, rule = value.partition(" ")
        if [c for c in number if c not in "0123456789"]:
            raise ValueError("priceModifier: a number was expected before the name")
        texts.append(rule.replace(";", ","))
    return ";".join(texts)


def _name(text: str) -> str:
    """A name without the marks of the rules' text."""
    return text.replace('"', "'").replace(";", ",")


def _list(form: "Any", field: str, names: "list[str] | tuple[str, ...]") -> str:
    """The names of a list of numbers."""
    chosen = []
    for number in form.text(field).split(","):
        if [c for c in number if c not in "0123456789"] or not number or int(number) >= len(names):
            raise ValueError("%s: numbers 0 to %d were expected" % (field, len(names) - 1))
        chosen.append(names[int(number)])
    return ",".join(chosen)

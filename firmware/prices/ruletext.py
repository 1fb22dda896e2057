"""The text of price rules: read, checked and written. Loaded on demand.

Text     rules between ";", each: "name" import|export|both KIND value days hours begin end kWh
         KIND  fixed add percent subtract, of import also subsidy norgespris
         days  all, or mo,tu,we,th,fr,sa,su; hours all, or 00,01 .. 23; also mo-fr and 06-21
         begin and end: DD-MM, 00-00 is open; kWh: 0 for none
         Days and all after them may be left out: all all 00-00 00-00 0, kWh of Norwegian law 5000
Limits   16 rules, 31 characters a name without " and ;, values of +-1000, six decimals
Source   AMS reader 2.5: its lines priceModifier, by its users' files
"""

import clock
from fmt import fixed
from micropython import const

IMPORT, EXPORT = 1, 2  # bits of the direction
KINDS = ("fixed", "add", "percent", "subtract", "subsidy", "norgespris")
DAY_NAMES = ("mo", "tu", "we", "th", "fr", "sa", "su")

_DIRECTIONS = ("import", "export", "both")
_SUBSIDY = const(4)  # the first kind that the AMS reader has not
_MOST_RULES = const(16)
_MOST_NAME = const(31)
_MOST_MICRO = const(1000000000)
_MOST_KWH = const(1000000)
_LEGAL_KWH = const(5000)
_ALL_DAYS = const(0x7F)
_ALL_HOURS = const(0xFFFFFF)


class Rule:
    """One rule.

    name
    direction   IMPORT, EXPORT or both bits
    kind        its place in KINDS
    micro       the value in 1e-6; `part`: the same in per cent, as a fraction
    days hours  masks: bit 0 is Monday, and 00:00
    begin end   first and last month * 100 + day, 0 is open
    kwh         of a month, 0 none
    """

    def __init__(self, text: str) -> None:
        """Read a text. ValueError says how it should be."""
        before, _, rest = text.partition('"')
        self.name, mark, rest = rest.partition('"')
        words = rest.split()
        if before or not mark or not 3 <= len(words) <= 8 or len(words) == 6:
            raise ValueError('must be as "VAT" import percent 25 all all 00-00 00-00')
        if len(self.name) > _MOST_NAME or [c for c in self.name if c < " "]:
            raise ValueError("the name must have at most %d characters" % _MOST_NAME)
        self.direction = _of(words[0], _DIRECTIONS, "a direction") + 1
        self.kind = _of(words[1], KINDS, "a kind")
        self.micro = _number(words[2], 6)
        if abs(self.micro) > _MOST_MICRO:
            raise ValueError("the value must be -1000 to 1000")
        self.part = reduced(self.micro, 100000000)
        if self.kind >= _SUBSIDY and (self.direction != IMPORT or self.micro < 0):
            raise ValueError("%s is of import, with 0 or a value above it" % words[1])
        self.days, self.hours, self.begin, self.end = _ALL_DAYS, _ALL_HOURS, 0, 0
        self.kwh = self._usual_kwh()
        if len(words) > 3:
            self.days = _mask(words[3], DAY_NAMES, "days")
        if len(words) > 4:
            self.hours = _mask(words[4], ["%02d" % i for i in range(24)], "hours")
        if len(words) > 6:
            self.begin, self.end = _date(words[5]), _date(words[6])
        if len(words) > 7:
            self.kwh = _number(words[7], 0)
            if not 0 <= self.kwh <= _MOST_KWH:
                raise ValueError("the kWh of a month must be 0 to %d" % _MOST_KWH)

    def _usual_kwh(self) -> int:
        return _LEGAL_KWH if self.kind >= _SUBSIDY else 0

    def text(self) -> str:
        """Its text, without the kWh if they are the usual ones."""
        names = ["all", "all"]
        if self.days != _ALL_DAYS:
            names[0] = ",".join([DAY_NAMES[i] for i in range(7) if self.days >> i & 1])
        if self.hours != _ALL_HOURS:
            names[1] = ",".join(["%02d" % i for i in range(24) if self.hours >> i & 1])
        text = '"%s" %s %s %s %s %s %02d-%02d %02d-%02d' % (
            self.name,
            _DIRECTIONS[self.direction - 1],
            KINDS[self.kind],
            fixed(self.micro, 6, 6 if self.micro % 100 else 4),
            names[0],
            names[1],
            self.begin % 100,
            self.begin // 100,
            self.end % 100,
            self.end // 100,
        )
        return text if self.kwh == self._usual_kwh() else "%s %d" % (text, self.kwh)

    def is_foreign(self) -> bool:
        """Whether the AMS reader has no such rule."""
        return self.kind >= _SUBSIDY or self.kwh > 0

    def is_by_law(self) -> bool:
        """Whether its value is that of Norwegian law, in NOK."""
        return self.kind >= _SUBSIDY and not self.micro

    def anytime(self) -> bool:
        """Whether it matches at all times."""
        return (self.days, self.hours, self.begin, self.end) == (_ALL_DAYS, _ALL_HOURS, 0, 0)

    def matches(self, weekday: int, hour: int, date: int) -> bool:
        """Whether it matches a weekday, an hour and month * 100 + day."""
        if not self.days >> weekday & 1 or not self.hours >> hour & 1:
            return False
        begin, end = self.begin or 101, self.end or 1231
        if begin <= end:
            return begin <= date <= end
        return date >= begin or date <= end


def reduced(numerator: int, denominator: int) -> "tuple[int, int]":
    """The same fraction of the smallest numbers; denominator > 0."""
    a, b = abs(numerator), denominator
    while b:
        a, b = b, a % b
    return numerator // a, denominator // a


def parse(text: str) -> "list[Rule]":
    """The rules of a text. ValueError says which one is wrong, and how it should be."""
    rules = []
    for i, part in enumerate(text.split(";")):
        if part.strip():
            try:
                rules.append(Rule(part.strip()))
            except ValueError as e:
                raise ValueError("rule %d: %s" % (i + 1, e))
    if len(rules) > _MOST_RULES:
        raise ValueError("at most %d rules are possible, not %d" % (_MOST_RULES, len(rules)))
    return rules


def _of(word: str, words: "tuple[str, ...] | list[str]", what: str) -> int:
    """The place of a word among the allowed ones."""
    if word not in words:
        raise ValueError("%s is not %s: %s" % (word[:20], what, " ".join(words)))
    return words.index(word)


def _number(text: str, places: int) -> int:
    """A decimal number times 10^places."""
    whole, _, part = text[text[:1] == "-" :].partition(".")
    digits = whole + part
    if not digits or len(whole) > 7 or len(part) > places:
        digits = "x"
    if [c for c in digits if c not in "0123456789"]:
        kind = "a number with at most %d decimals" % places if places else "a whole number"
        raise ValueError("%s is not %s" % (text[:20], kind))
    number = int((whole or "0") + (part + "0" * places)[:places])
    return -number if text[0] == "-" else number


def _mask(text: str, names: "tuple[str, ...] | list[str]", what: str) -> int:
    """The bits of a list of names, in which a-b is a range."""
    if text == "all":
        return (1 << len(names)) - 1
    mask = 0
    for word in text.split(","):
        first, _, last = word.partition("-")
        low = _of(first, names, "one of " + what)
        high = _of(last, names, "one of " + what) if last else low
        for i in range(low, (high if high >= low else high + len(names)) + 1):
            mask |= 1 << i % len(names)
    return mask


def _date(text: str) -> int:
    """Month * 100 + day of DD-MM; 0 of 00-00."""
    date, _, month = text.partition("-")
    day, number = _number(date, 0), _number(month or "x", 0)
    if not day and not number:
        return 0
    if not 1 <= number <= 12 or not 1 <= day <= clock.month_length(2024, number):
        raise ValueError("%s is not a day as 31-12: day, then month" % text[:20])
    return number * 100 + day

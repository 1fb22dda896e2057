"""What the reader leaves out while its supply voltage is low: a state machine, loaded on demand.

In       the numbers of System.supply: the last two samples in mV, a second apart; the uptime in s
Out      in the same list the tier, whether writes to flash are held, and when to come again: if
         the higher one of two samples leaves LOW <= mV < HIGH, or after WAIT seconds. In
         System.lows the lowest sample of each of the last 60 minutes in 20 mV, the newest last,
         0 unknown
Rules    The drop is the reference less the higher one of the two samples: a burst of the radio is
         shorter than a second. The reference is the highest voltage seen, 3.28 to 3.30 V. A tier
         begins as soon as the drop is that of its row. It ends, into the tier before it, when the
         drop was no more than that of its way back for its least stay without a break.
         The last tier begins only after 10 s without the radio, and at most 20 times in a row.
Start    Over 3.4 V or below 2.8 V: an external supply or no measurement, so nothing is supervised;
         but a value below 2.8 V counts after a deep sleep. Otherwise the radio waits: step n of 8
         ends the wait if the drop is under 10 n mV, and lasts 8 - n s. After 28 s in all the
         present voltage becomes the reference, so that every unit starts; after a deep sleep not
         before the 20th
Writes   They are held from below 3.10 V until 3.14 V, for two hours at most. After two hours this
         is the voltage that the board has, or measures: writes go on until 3.14 V is seen again.
Source   the AMS reader's supervision: reference, start, drops of 0.1 V (prices, time), 0.2 V
         (MQTT) and 0.35 V (radio). 3.2 V for the radio and 3.1 V for writes: its rules of
         practice. 2.8 V: the lowest supply of an ESP32-S2. Ways back and stays are our choice
"""

from micropython import const

# Places in the list. System has the first eight, too.
_MV = const(2)
_BEFORE = const(3)
_LOW = const(4)
_HIGH = const(5)
_LOWEST = const(6)
_WAIT_S = const(7)
_TIER = const(8)
_REFERENCE = const(9)  # 0: nothing is supervised
_RISING = const(10)  # since when the drop allows the tier before; -1: it does not
_SINCE = const(11)  # begin of the tier, or of the step of the start
_HELD = const(12)  # 0 no, -1 no longer after two hours, else 1 + the uptime when it began
_MINUTE = const(13)  # when the running minute of the lows ends
_STEP = const(14)  # of the start; 0: it is over
_SLEEPS = const(15)  # in a row

_UNMEASURED_MV = const(2000)
_TOP = const(0x3FFF)  # above every voltage
_NEVER_S = const(0x1FFFFFFF)
_MINUTE_S = const(60)

_EXTERNAL_MV = const(3400)
_LEAST_MV = const(2800)
_FIRST_REFERENCE_MV = const(3280)
_MOST_REFERENCE_MV = const(3300)
_STEPS = const(8)
_STEP_MV = const(10)

_HOLD_MV = const(3100)
_RELEASE_MV = const(3140)
_HELD_S = const(7200)

_FIRST_SLEEP_S = const(10)
MOST_SLEEPS = const(20)

NO_MQTT = const(3)
RADIO_OFF = const(4)
ASLEEP = const(5)

# Drop in mV at which the tier begins, largest drop at which it ends, least stay in s, words.
TIERS = (
    (0, 0, 0, "full operation"),
    (80, 60, 10, "the radio sleeps more, pages are updated less often"),
    (100, 80, 10, "prices and the time are not asked for"),
    (200, 160, 20, "MQTT is paused"),
    (350, 100, 30, "radio and lights are off"),
    (500, 0, 0, "the reader sleeps"),
)


def begin(s: "list[int]", mv: int, meter_powered: bool, sleeps: int, now_s: int) -> None:
    """Begin with the first sample; 0: not measured.

    meter_powered  False: the supply carries the radio at any time
    sleeps         deep sleeps in a row just before this start
    """
    s[_MV] = s[_BEFORE] = mv
    s[_LOWEST] = _TOP
    s[_TIER] = s[_REFERENCE] = s[_HELD] = s[_STEP] = 0
    s[_RISING] = -1
    s[_SINCE] = now_s
    s[_SLEEPS] = sleeps
    s[_MINUTE] = now_s + _MINUTE_S
    least = _UNMEASURED_MV if sleeps else _LEAST_MV
    if meter_powered and least <= mv <= _EXTERNAL_MV:
        s[_REFERENCE] = _FIRST_REFERENCE_MV
        s[_STEP] = 1
        s[_TIER] = RADIO_OFF
    _decide(s, mv, now_s)


def step(s: "list[int]", lows: bytearray, now_s: int) -> None:
    """Judge the newest samples."""
    if now_s >= s[_MINUTE]:
        lows[:-1] = lows[1:]
        lows[-1] = 0 if s[_LOWEST] == _TOP else min(255, s[_LOWEST] // 20)
        s[_LOWEST] = _TOP
        s[_MINUTE] = now_s + _MINUTE_S
    _decide(s, max(s[_MV], s[_BEFORE]), now_s)


def skip_start(s: "list[int]", now_s: int) -> None:
    """End the wait of the start now."""
    if s[_STEP]:
        s[_STEP] = _STEPS
        s[_SINCE] = now_s
        _decide(s, max(s[_MV], s[_BEFORE]), now_s)


def _decide(s: "list[int]", mv: int, now_s: int) -> None:
    if mv < _UNMEASURED_MV:  # the converter has failed: full operation, as without a measurement
        s[_TIER] = s[_REFERENCE] = s[_HELD] = s[_STEP] = 0
    elif s[_REFERENCE]:
        s[_REFERENCE] = max(s[_REFERENCE], min(mv, _MOST_REFERENCE_MV))
        if s[_STEP]:
            _start(s, mv, now_s)
        else:
            _move(s, s[_REFERENCE] - mv, now_s)
        _hold(s, mv, now_s)
    _set_bounds(s, mv, now_s)


def _start(s: "list[int]", mv: int, now_s: int) -> None:
    """Do the steps of the start that are due."""
    while s[_REFERENCE] - mv >= _STEP_MV * s[_STEP]:
        wait_s = _STEPS - s[_STEP]
        if now_s - s[_SINCE] < wait_s:
            return
        s[_SINCE] += wait_s
        s[_STEP] += 1
        if s[_STEP] > _STEPS:
            if not 0 < s[_SLEEPS] < MOST_SLEEPS:
                s[_REFERENCE] = mv
            break
    s[_STEP] = 0
    s[_TIER] = min(_deepest(s[_REFERENCE] - mv), RADIO_OFF)
    s[_SINCE] = now_s
    if s[_TIER] < RADIO_OFF:
        s[_SLEEPS] = 0


def _deepest(drop_mv: int) -> int:
    tier = 0
    while tier < ASLEEP and drop_mv >= TIERS[tier + 1][0]:
        tier += 1
    return tier


def _move(s: "list[int]", drop_mv: int, now_s: int) -> None:
    """Go to another tier if it is time."""
    tier = s[_TIER]
    deepest = _deepest(drop_mv)
    if deepest == ASLEEP and not _may_sleep(s, now_s):
        deepest = RADIO_OFF
    if deepest > tier:
        s[_TIER] = deepest
        s[_SINCE] = now_s
        s[_RISING] = -1
        return
    if not tier or drop_mv > TIERS[tier][1]:
        s[_RISING] = -1
    elif s[_RISING] < 0:
        s[_RISING] = now_s
    elif now_s - s[_RISING] >= TIERS[tier][2]:
        tier -= 1
        s[_TIER] = tier
        s[_SINCE] = now_s
        s[_RISING] = now_s if tier and drop_mv <= TIERS[tier][1] else -1
        if tier < RADIO_OFF:
            s[_SLEEPS] = 0


def _may_sleep(s: "list[int]", now_s: int) -> bool:
    tried = s[_TIER] == RADIO_OFF and now_s - s[_SINCE] >= _FIRST_SLEEP_S
    return s[_TIER] == ASLEEP or (tried and s[_SLEEPS] < MOST_SLEEPS)


def _hold(s: "list[int]", mv: int, now_s: int) -> None:
    """Hold or release writes to flash."""
    if mv >= _RELEASE_MV:
        s[_HELD] = 0
    elif not s[_HELD]:
        if mv < _HOLD_MV:
            s[_HELD] = now_s + 1
    elif s[_HELD] > 0 and now_s + 1 - s[_HELD] >= _HELD_S:
        s[_HELD] = -1


def _set_bounds(s: "list[int]", mv: int, now_s: int) -> None:
    """Set when step() is to be called again."""
    low, high, wait_s = 0, _TOP, s[_MINUTE] - now_s
    reference, tier = s[_REFERENCE], s[_TIER]
    if mv < _UNMEASURED_MV:
        wait_s = _NEVER_S
    elif s[_STEP]:
        wait_s = 1
    elif reference:
        if tier < ASLEEP and reference - mv < TIERS[tier + 1][0]:
            low = reference - TIERS[tier + 1][0] + 1
        elif s[_SLEEPS] < MOST_SLEEPS:
            wait_s = min(wait_s, s[_SINCE] + _FIRST_SLEEP_S - now_s)
        back = reference - TIERS[tier][1]
        if s[_RISING] >= 0:
            low = max(low, back)
            wait_s = min(wait_s, s[_RISING] + TIERS[tier][2] - now_s)
        elif tier:
            high = back
        if reference < _MOST_REFERENCE_MV:
            high = min(high, reference + 1)
        if s[_HELD]:
            high = min(high, _RELEASE_MV)
        else:
            low = max(low, _HOLD_MV)
        if s[_HELD] > 0:
            wait_s = min(wait_s, s[_HELD] - 1 + _HELD_S - now_s)
    s[_LOW], s[_HIGH], s[_WAIT_S] = low, high, max(1, wait_s)

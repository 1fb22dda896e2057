"""The lights and the button while the reader runs: a blink for each telegram, codes for errors.

In       milliseconds since the last tick, number of telegrams, the signs that may be shown;
         whether the button is pressed
Out      a colour, in bits: 1 red, 2 green, 4 blue, 8 the single LED; whether to change the mode
Rules    Codes of 1 to 3 slow red flashes, one code every 3 s, in turn, from 10 s after the start.
         Yellow for half a second: setup mode begins or ends; a yellow flash every 3.2 s: it is on.
         A green flash: a telegram. A burst of flashes is not interrupted; a telegram's flash waits
         for its end. A late tick makes a flash longer, but none is lost.
         A press of over 5 s changes the mode once, while the button is still held.
Source   the error codes are those of the AMS reader's manual, chapter 10; the button its chapter 4
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App
    from contracts import Board

_RED = const(1)
_GREEN = const(2)
_YELLOW = const(3)
_BLUE = const(4)
_COLOURS = const(7)

# Signs.
_NO_TELEGRAM = const(1)  # code 1
_NO_BROKER = const(2)  # code 2
_NO_NETWORK = const(4)  # code 3
_CODES = const(7)
_SETUP = const(8)  # setup mode
_TELEGRAMS = const(16)

_FAST_ON_MS = const(80)
_FAST_OFF_MS = const(160)
_SLOW_ON_MS = const(250)
_SLOW_OFF_MS = const(400)
_FIRST_CODE_MS = const(10000)
_CODE_EVERY_MS = const(3000)
_SETUP_EVERY_MS = const(3200)
_STEADY_MS = const(500)
_STEADY = const(16)  # a bit of the burst's colour: one flash of _STEADY_MS
_LOST_MS = const(30000)
_DARK = const(4)  # a tier of device.tiers
_IDLE_MS = const(100)  # between two ticks without a burst
_HELD_MS = const(5000)
_SAMPLE_MS = const(500)  # most that one sample of the button adds: it may be late


# Places in the list of tick() and held(). A list costs less heap than an object. Times are counted
# down, not compared, so that no number outgrows a small int.
_COLOUR = const(0)  # what to light now
_BURST = const(1)  # colour of the burst
_LEFT = const(2)  # phases of the burst that have not ended: a flash is one on and one off
_PHASE_MS = const(3)  # rest of the present phase
_CODE = const(4)  # the newest code
_CODE_MS = const(5)  # until the next code
_SETUP_MS = const(6)  # until the next yellow flash of setup mode
_SHOWN = const(7)  # telegrams that had their flash
_MODE = const(8)  # _SETUP or 0: the newest mode that was shown
_HELD = const(9)  # ms of the present press, plus 1; negative after a sample that says released


def tick(light: "list[int]", elapsed_ms: int, telegrams: int, signs: int) -> int:
    """Set the colour. Returns the milliseconds until the next tick is needed.

    light  ten numbers, zeros at the start; the first one is the colour
    """
    light[_CODE_MS] = max(0, light[_CODE_MS] - elapsed_ms)
    light[_SETUP_MS] = max(0, light[_SETUP_MS] - elapsed_ms)
    if light[_LEFT]:
        light[_PHASE_MS] -= elapsed_ms
        if light[_PHASE_MS] > 0:
            return light[_PHASE_MS]
        light[_LEFT] -= 1
    if not light[_LEFT]:
        _begin(light, telegrams, signs)
        if not light[_LEFT]:
            return _IDLE_MS
    burst = light[_BURST]
    if light[_LEFT] & 1:
        light[_COLOUR] = 0
        light[_PHASE_MS] = _SLOW_OFF_MS if burst == _RED else _FAST_OFF_MS
    else:
        light[_COLOUR] = burst & ~_STEADY
        on_ms = _STEADY_MS if burst & _STEADY else _FAST_ON_MS
        light[_PHASE_MS] = _SLOW_ON_MS if burst == _RED else on_ms
    return light[_PHASE_MS]


def _begin(light: "list[int]", telegrams: int, signs: int) -> None:
    """Begin the burst that is due, if any."""
    mode = signs & _SETUP
    if signs & _TELEGRAMS and mode != light[_MODE]:
        light[_MODE] = mode
        light[_SETUP_MS] = _SETUP_EVERY_MS
        light[_BURST] = _YELLOW | _STEADY
        light[_LEFT] = 2
        return
    codes = signs & _CODES
    if not codes:
        light[_CODE] = 0
    elif not light[_CODE_MS]:
        code = light[_CODE] % 3
        while not codes >> code & 1:
            code = (code + 1) % 3
        light[_CODE] = code + 1
        light[_CODE_MS] = _CODE_EVERY_MS
        light[_BURST] = _RED
        light[_LEFT] = 2 * code + 2
        return
    if mode and not light[_SETUP_MS]:
        light[_SETUP_MS] = _SETUP_EVERY_MS
        light[_BURST] = _YELLOW
        light[_LEFT] = 2
        return
    if signs & _TELEGRAMS and telegrams != light[_SHOWN]:
        light[_BURST] = _GREEN
        light[_LEFT] = 2
    light[_SHOWN] = telegrams


def held(light: "list[int]", elapsed_ms: int, pressed: bool) -> bool:
    """Whether the press has just become longer than 5 s: true once for each press.

    light  that of tick(), from which it uses one number
    Two samples in a row that say released end a press: one may be a bouncing contact.
    """
    ms = light[_HELD]
    if not pressed:
        light[_HELD] = min(0, -ms)
        return False
    ms = abs(ms)
    longer = min(ms + min(elapsed_ms, _SAMPLE_MS) if ms else 1, _HELD_MS + 2)
    light[_HELD] = longer
    return ms < longer == _HELD_MS + 2


def signs(app: "App", uptime_ms: int) -> int:
    """The signs that may be shown now, by the state of the services and the setting `lights`. Its
    hours count from when the time is known."""
    config, system = app.config, app.system
    if system.tier >= _DARK:
        return 0
    lights = config.lights
    if lights[-1] < "a":  # it ends with an hour
        lights, _, hours = lights.partition(" ")
        begin, _, end = hours.partition("-")
        first, utc = int(begin), system.utc()
        if utc:
            hour = app.energy.settler.zone.hour(utc)
            if (hour - first) % 24 >= (int(end) - first) % 24:
                return 0
    if lights == "off":
        return 0
    age_ms = app.state.age_ms(uptime_ms)
    found = _NO_TELEGRAM if (uptime_ms if age_ms is None else age_ms) > _LOST_MS else 0
    network = app.network
    if not network.setup:
        found |= _NO_BROKER if system.mqtt_error and config.mqtt_host else 0
        found |= 0 if network.connected else _NO_NETWORK
    if uptime_ms < _FIRST_CODE_MS:
        found = 0
    if lights == "errors":
        return found
    return found | _TELEGRAMS | (_SETUP if network.setup else 0)


def show(board: "Board", colour: int) -> None:
    """Light a colour; on the single LED if the board has no light of that colour."""
    board.rgb(bool(colour & _RED), bool(colour & _GREEN), bool(colour & _BLUE))
    board.led(colour > 0 and not colour & board.fitted & _COLOURS)

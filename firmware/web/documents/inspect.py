"""/inspect.json and /capture.hex: the meter's line, and its newest telegrams.

?seconds    how long to wait for telegrams at most: 1 to 120, 12 without it
?telegrams  after how many the answer ends earlier: 1 without it
?octets     how many are caught at most: 256 to 3840, 2048 without it
/inspect.json
    firmware board time  of the answer; time in UTC, null while the clock is not set
    line          settings in force, words, whether a frame has proven them, the state as in
                  /health.json; wire, the framer in use; frames since the start; bursts in a row
                  without a frame; search: round, turn in it, seconds of the turn, and the
                  combinations with the octets that each gave in its newest turn; null if the
                  settings are proven
    newest_error  since the start: its age in s and the error, as in telegrams; null without
    unknown       the newest list that no decoder knew: octets, and items as in telegrams
    heard         seconds, octets that came, those that were caught, cut: whether the room was too
                  small; of the caught ones how many are 00, FF, 80 or above, printable
    bursts        each with its place in the capture, ms since the start, line settings, octets
    telegrams     layer by layer: see han.layers; left_out: how many others were found
    words         what it all means
/capture.hex      the same octets for tools/decode.py and tools/meter.py
Rules   The answer has the meter's number: a password is asked for where one protects the settings
Errors  ValueError: a wrong number, or another client looks
"""

import inspection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request


def get(app: "App", request: "Request") -> "Iterator[str | None]":
    """GET /inspect.json."""
    return inspection.get(app, request.args)


def capture(app: "App", request: "Request") -> "Iterator[str | None]":
    """GET /capture.hex."""
    return inspection.capture(app, request.args)

"""A framer that tests add: 55 56 | length | APDU, with no checksum."""

from han.window import FRAME, NEED_DATA, PLAIN


def check(window, silent):
    end = window.at + 3 + window.buf[window.at + 2]
    if end > window.fill:
        return NEED_DATA
    window.kind = PLAIN
    window.start = window.at + 3
    window.end = window.at = end
    return FRAME

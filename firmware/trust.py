"""The certificates by which a server is checked: the owner's, or the built-in roots. Loaded for
one question.

In       the name of the owner's file; the place in prices.roots that was right before
Out      places to ask with, one after the other until the server can prove who it is, and the DER
         of each: -1 the owner's, -2 none, from 0 on some of prices.roots
Rules    With a file of the owner's only those in it are trusted. Plain HTTP has none
Limits   two roots at a time: each takes 2 KB outside the heap
Errors   ValueError in words: the owner's file is damaged, or was deleted just now
"""

from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from storage import Storage

_AT_ONCE = const(2)


def places(files: "Storage", own: str, secure: bool, known: int) -> "list[int]":
    """Where to look for certificates, the one that was right before first. secure: over TLS"""
    if not secure:
        return [-2]
    if files.read(own):
        return [-1]
    with visit("prices.roots") as roots:
        found = list(range(0, roots.COUNT, _AT_ONCE))
    found.sort(key=lambda place: (place != known, place))
    return found


def ders(files: "Storage", own: str, place: int) -> "list[bytes]":
    """The certificates of a place."""
    found: "list[bytes]" = []
    if place == -1:
        with visit("certificates") as module:
            try:
                found = module.ders(files.read(own) or b"", module.CERTIFICATE)
            except ValueError as e:
                raise ValueError("%s: %s" % (own, e))
    elif place >= 0:
        with visit("prices.roots") as roots:
            last = min(place + _AT_ONCE, roots.COUNT)
            found = [roots.der(i) for i in range(place, last)]
    return found

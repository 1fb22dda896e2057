"""The list of versions that tools/sign.py writes: which one is for this reader.

In       {"channels": {"release": {"version", "built", "notes", "images": [{"family", "chip",
         "url", "size"}]}}}, of any server: what counts is what the signed image says
Out      the newest version of the channel and of those that are safer
Rules    images of this board only; with upgrade_unsigned also those for any board, see
         upgrade.writer
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The AMS reader's numbers of channels: 0 stable, 1 early, 2 release candidate, 3 snapshot.
CHANNELS = ("release", "early", "candidate", "snapshot")
GENERIC = "generic"  # the family of an image for any board
_NOTES_MOST = 500
_URL_MOST = 200
_VERSION_MOST = 16


def newest(
    document: "Any", channel: int, family: str, chip: str, generic: bool
) -> "tuple[str, int, str, str, int] | None":
    """(version, built, notes, url, size) of the newest image for a board; None without one.
    generic: also of those for any board. ValueError if the document has another form."""
    families = (family, GENERIC) if generic else (family,)
    found: "tuple[str, int, str, str, int] | None" = None
    try:
        channels = document["channels"]
        for name in CHANNELS[: channel + 1]:
            entry = channels.get(name)
            if not entry:
                continue
            for image in entry["images"]:
                if image["chip"] != chip or image["family"] not in families:
                    continue
                made = (
                    _word(entry["version"], _VERSION_MOST),
                    int(entry["built"]),
                    _text(entry.get("notes") or "", _NOTES_MOST),
                    _word(image["url"], _URL_MOST),
                    int(image["size"]),
                )
                exact = image["family"] == family
                if found is None or made[1] > found[1] or (exact and made[1] == found[1]):
                    found = made
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        raise ValueError("the manifest has another form than tools/sign.py writes")
    return found


def _text(value: "Any", most: int) -> str:
    """The begin of a text, without surrogates: JSON may have them, UTF-8 does not."""
    if not isinstance(value, str):
        raise TypeError
    return "".join([c for c in value[:most] if not 0xD800 <= ord(c) <= 0xDFFF])


def _word(value: "Any", most: int) -> str:
    """A text of ASCII without blanks: a version, or an address that is a line of a question."""
    if not isinstance(value, str) or any(not 0x20 < ord(c) < 0x7F for c in value):
        raise TypeError
    return value[:most]


def address(base: str, url: str) -> str:
    """The address of an image, whose url may be relative to that of the manifest. ValueError if it
    is none."""
    if url[:7] == "http://" or url[:8] == "https://":
        return url
    if ":" in url.split("/")[0] or not url:
        raise ValueError("the manifest has an address that is none: %s" % url[:40])
    parts = base.split("?")[0].split("/")
    if url[:1] == "/":
        return "/".join(parts[:3]) + url
    return "/".join(parts[:-1] if len(parts) > 3 else parts) + "/" + url

"""The factory reset: settings alone, or settings and records. Loaded for it.

In       the files; ALL or SETTINGS
Out      no such files
Rules    begin() writes a file with what is to be cleared, the journal. The next start clears it
         before it reads a setting, and removes the journal last. So after a power cut everything
         is there or all of it goes.
         SETTINGS  config.json, lists.txt, tokens.json, ha.json, price-ca, fetch.json, mqtt-ca,
                   mqtt-cert, mqtt-key, push.json, push-ca, upgrade-ca, and what damaged ones were
                   renamed to
         ALL       these, history, money, corrections, totals and prices
         The board stays, and the owner's choice of it: see boardchoice.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Files

JOURNAL = "factory"
SETTINGS = b"settings"
ALL = b"all"
_SETTINGS = (  # beginnings of names
    "config.json",
    "lists.txt",
    "tokens.json",
    "ha.json",
    "fetch.json",
    "price-ca",
    "mqtt-",
    "push.json",
    "push-ca",
    "upgrade-ca",
)
_RECORDS = ("journal", "edit", "months", "money", "prices.", "rates.json")
_SHELVES = "bqhdc"  # a branch, quarters, hours, days, costs of hours; each with a number


def begin(files: "Files", what: bytes) -> bool:
    """Note what is to be cleared. False if flash does not take it."""
    return files.write(JOURNAL, (what,))


def finish(files: "Files") -> bool:
    """Clear what the journal says, if there is one. Whether the records are cleared too; then
    end() follows when nothing else has them any more."""
    what = files.read(JOURNAL)
    if what is not None:
        sweep(files, what)
    return what == ALL


def sweep(files: "Files", what: bytes) -> bool:
    """Remove the files. False if one could not be removed."""
    for name in files.names():
        if is_cleared(name, what):
            files.remove(name)
    return not [name for name in files.names() if is_cleared(name, what)]


def end(files: "Files") -> None:
    """Remove the journal: nothing more is to be cleared."""
    files.remove(JOURNAL)


def is_cleared(name: str, what: bytes) -> bool:
    """Whether a file goes. Files *.pem are those of another firmware: docs/migrate.md."""
    if name.endswith(".pem"):
        return False
    return name.startswith(_SETTINGS) or (what == ALL and is_record(name))


def is_record(name: str) -> bool:
    """Whether a file holds records: see energy.stored and energy.branches for the names."""
    while name[:1] == "b" and name[1:2].isdigit():  # the prefix of a branch, or its own file
        name = name[1:].lstrip("0123456789")
        if not name or name == ".new":
            return True
    if name.startswith(_RECORDS):
        return True
    return name[:1] in _SHELVES and name[1:].replace(".new", "").isdigit()

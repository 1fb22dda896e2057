"""What is known of an upgrade: in the heap while it runs, in a file over restarts.

Heap     System.upgrade, a list with the places below; None until the first question
File     upgrade.json, with some of
         load   {"size", "done", "url"}: a transfer that was broken off; url "" for an upload
         trial  {"from", "to", "slot", "network", "meter"}: the version that is on trial, and what
                worked before it
         why    why the version on trial has given up
         last   {"version", "why", "at"}: the version that was left last
         root   of prices.roots, the one that was right
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App

FILE = "upgrade.json"
# Places in System.upgrade.
PHASE = const(0)  # "" nothing is done
DONE = const(1)  # octets of the image that are written
SIZE = const(2)
LATEST = const(3)  # the version that the manifest offers, "" not known
NOTES = const(4)  # what is new in it
ERROR = const(5)  # why the last attempt ended
WANTED = const(6)  # None, or what upgrade.pull is to do: (word, url, force)
MARK = const(7)  # counts the changes that clients should see

CHECKING = "checking"
LOADING = "loading"
VERIFYING = "verifying"
RESTARTING = "restarting"
TRIAL = "trial"

HEARD_MS = const(120000)  # a telegram that is not older says that the meter is heard

_FIRMWARE = const(4)  # a kind of MQTT's messages


def state(app: "App") -> "list[Any]":
    """System.upgrade, made if there is none."""
    if app.system.upgrade is None:
        app.system.upgrade = ["", 0, 0, "", "", "", None, 0]
    return app.system.upgrade


def say(app: "App", phase: str, error: str = "") -> None:
    """Set the phase and the error, for page and broker."""
    up = state(app)
    up[PHASE] = phase
    up[ERROR] = error
    tell(app)


def tell(app: "App") -> None:
    """Let page and broker read System.upgrade."""
    state(app)[MARK] += 1
    app.system.mqtt_due |= 1 << _FIRMWARE
    app.pulse.fire()


def read(app: "App", name: str) -> "Any":
    """An object of the file; {} if there is none."""
    return app.storage.read_json(FILE).get(name) or {}


def put(app: "App", **values: "Any") -> bool:
    """Store values, None removes one. False if flash takes nothing."""
    stored = app.storage.read_json(FILE)
    new = dict(stored)
    for name in values:
        new.pop(name, None)
        if values[name] is not None:
            new[name] = values[name]
    return new == stored or app.storage.write_json(FILE, new)

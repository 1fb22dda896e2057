"""Whether an upgrade may begin; what somebody wants of upgrade.pull.

Rules    two slots; nothing else on its way; not during a trial, whose way back is the other slot;
         a supply that carries the radio for minutes (tier 1 at most); a signal of -85 dBm or more,
         as each octet that is sent again takes current and time
"""

from fmt import fixed
from micropython import const

from upgrade import notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App
    from contracts import Slots

_TIER_MOST = const(1)
_WEAKEST_DBM = const(-85)


def reasons(app: "App", slots: "Slots | None") -> "list[str]":
    """Why an upgrade may not begin now; [] if it may."""
    system = app.system
    if slots is None:
        return ["this installation has one place for the firmware: upgrade it over the cable"]
    found = []
    phase = system.upgrade[notes.PHASE] if system.upgrade else ""
    if phase == notes.TRIAL or slots.on_trial():
        found.append("the running version is on trial: wait for a minute or two")
    elif phase:
        found.append("another upgrade is on its way: %s" % phase)
    if phase == notes.TRIAL:
        pass  # which holds writes too
    elif app.storage.held:
        found.append(app.storage.held)
    elif system.tier > _TIER_MOST:
        found.append("the supply voltage is low: %s V" % fixed(system.supply_mv(), 3, 2))
    rssi = system.board.rssi_dbm()
    if rssi and rssi < _WEAKEST_DBM and not app.network.setup:
        found.append("the Wi-Fi signal is weak: %d dBm; %d is needed" % (rssi, _WEAKEST_DBM))
    return found


def want(app: "App", word: str, url: str, force: bool) -> None:
    """Let upgrade.pull do something soon: "pull" or "check". ValueError in words if it may not.

    url    of the image; "": the newest one of the manifest
    force  also an older version
    """
    found = reasons(app, app.system.board.slots()) if word == "pull" else []
    if found:
        raise ValueError("; ".join(found))
    if not url and not app.config.stored.get("upgrade_url"):
        raise ValueError("there is no address: the setting upgrade_url is empty")
    if url and url[:7] != "http://" and url[:8] != "https://":
        raise ValueError("url: it begins with https:// or http://")
    up = notes.state(app)
    up[notes.WANTED] = (word, url, force)
    up[notes.ERROR] = ""
    app.upgrade_at = 0

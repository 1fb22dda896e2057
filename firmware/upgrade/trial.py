"""The first minutes of a new version: it is confirmed, or the boot loader goes back.

In       the slots; the file of upgrade.notes; network, web server, telegrams, failures
Out      a confirmed slot after a healthy minute; else a restart, with the reason noted before
Rules    Healthy is: connected and telegrams coming, where they did before; clients are
         accepted; no service has failed; the loop was not held for 5 s. The minute begins again
         when one of them fails; after five minutes without a healthy one the version gives up.
         Until then nothing is written to flash but the notes of crashes and of the trial: whatever
         formats a new version has, the old one finds its files as it left them.
         A crash, a hang, a power cut or a restart during the trial ends it too: then the old
         version says so by the reason of its own start
"""

import asyncio

from micropython import const
from ondemand import visit
from system import VERSION

from upgrade import notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App

_HEALTHY_S = const(60)
_LONGEST_S = const(300)
_STEP_MS = const(250)
_HELD_MS = const(5000)
_ACCEPTS_MS = const(3000)  # the supervisor clears Server.alive once a second
_HELD = "a new version is on trial for its first minute: try again then"
_WRITTEN = ("crash", notes.FILE)
_CAUSE_UPGRADE = const(4)
_CAUSE_CRASHES = const(90)
_POWER_ON = const(1)
_WATCHDOG = const(4)
_DEEP_SLEEP = const(5)


def begin(app: "App") -> bool:
    """At the start: whether this version is on trial. Says why another one was left."""
    slots = app.system.board.slots()
    if slots is None:
        return False
    if slots.on_trial():
        app.storage.held = _HELD
        app.storage.spared = _WRITTEN
        app.log.add("upgrade: %s is on trial" % VERSION)
        notes.state(app)[notes.PHASE] = notes.TRIAL
        return True
    trial = notes.read(app, "trial")
    if trial and trial.get("slot") == slots.label:  # it was confirmed just before a power cut
        notes.put(app, trial=None, last=None)
    elif trial:
        why = notes.read(app, "why") or _reason(app, slots.other_left())
        app.log.error("upgrade: %s was left: %s" % (trial.get("to"), why))
        last = {"version": trial.get("to"), "why": why, "at": app.system.utc()}
        notes.put(app, trial=None, why=None, last=last)
    return False


def _reason(app: "App", started: bool) -> str:
    """Why a version on trial did not confirm itself, by the reason of this start."""
    reason, cause = app.system.boot_reason, app.system.reset_cause
    if not started:
        return "the power failed before its first start"
    if reason == _POWER_ON:
        return "the power failed during its trial"
    if reason == _WATCHDOG:
        return "it hung, and the watchdog restarted the reader"
    if reason == _DEEP_SLEEP:
        return "the supply voltage was too low during its trial"
    if cause == _CAUSE_CRASHES:
        with visit("crash") as crash:
            return "it crashed: %s" % crash.last(app.storage)
    if cause:
        return "the reader was restarted before its trial had ended"
    return "it crashed at its start"


async def run(app: "App") -> None:
    """Watch this version until it is confirmed or given up: also if the watch fails, as nothing
    else ends a trial, and in a trial nothing is stored."""
    try:
        await _watch(app)
    except Exception as e:
        _give_up(app, "its trial failed: %r" % e)


async def _watch(app: "App") -> None:
    system = app.system
    trial = notes.read(app, "trial")
    begun = since = accepted = system.uptime_ms()
    failures = app.kept
    fault = "its trial had no healthy minute"
    while True:
        before = system.uptime_ms()
        await asyncio.sleep_ms(_STEP_MS)
        now = system.uptime_ms()
        if app.server.alive:
            accepted = now
        found = ""
        if now - before > _HELD_MS:
            found = "the loop was held for %d s" % ((now - before) // 1000)
        elif app.kept != failures:
            failures = app.kept
            found = "a service failed: see the log"
        elif now - accepted > _ACCEPTS_MS:
            found = "the web server accepts no clients"
        elif trial.get("network") and not app.network.connected:
            found = "it does not come into the network: " + app.network.words(app.network.reason)
        elif trial.get("meter") and not _hears(app, now):
            found = "no telegram of the meter comes, and they came before"
        if found:
            fault = found
            since = now
        elif now - since >= _HEALTHY_S * 1000:
            _confirm(app)
            return
        if now - begun >= _LONGEST_S * 1000:
            _give_up(app, fault)
            return


def _hears(app: "App", now: int) -> bool:
    age_ms = app.state.age_ms(now)
    return age_ms is not None and age_ms < notes.HEARD_MS


def _give_up(app: "App", fault: str) -> None:
    """Note the reason and restart: the boot loader goes back."""
    app.restart(_CAUSE_UPGRADE)  # a second later, also if the rest fails
    app.log.error("upgrade: %s gives up: %s" % (VERSION, fault))
    notes.put(app, why=fault)


def _confirm(app: "App") -> None:
    """End the trial: this version stays."""
    slots = app.system.board.slots()
    if slots is not None:
        slots.confirm()
    app.storage.held = ""
    app.storage.spared = ()
    notes.put(app, trial=None, why=None, last=None)
    if app.unstored:
        app.store_settings()
    app.log.add("upgrade: %s is confirmed" % VERSION)
    notes.say(app, "")

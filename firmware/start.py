"""The start: what is stored comes back, or is left out. Loaded for that time.

In       the composition root, while it is made
Out      its settings, energy and other stored parts
Rules    Whatever is wrong with a file, Wi-Fi and web start: a step that raises is noted as a crash
         and left out, and its file stays as it is. If the energy cannot be restored, none is
         counted, saved or published in this run. In safe mode only the settings are read.
"""

import binascii

from config import Config
from energy.ledger import Energy
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from app import App

_SAFE = "safe mode for %d min: crashes followed each other. Only Wi-Fi and web run"
_ADVICE = "safe mode: a restart ends it at once; undo the last change if it comes back"


def attempt(app: "App", what: str, step: "Callable[[App], Any]") -> "Any":
    """The result of a step; None if it raises."""
    try:
        return step(app)
    except Exception as e:
        app.note(what, e)


def look(app: "App") -> None:
    """Look whether there is a file system, and whether the chosen board is used. A file system
    that is not ours is never formatted unasked."""
    app.storage.absent = app.board.files(False)
    if app.storage.absent:
        app.log.error("nothing can be stored: %s" % app.storage.absent)
        app.log.error("the factory reset asks whether to format it: docs/migrate.md")
    if app.board.not_chosen:
        app.log.error(app.board.not_chosen)


def count(app: "App") -> int:
    """Count this start. Returns the seconds of safe mode, or 0."""
    system = app.system
    with visit("crash") as crash:
        safe_s, last = crash.begin(app.storage, system.boot_reason, system.reset_cause)
    if last:
        app.log.error("last crash: " + last)
    if safe_s:
        app.log.error(_SAFE % (safe_s // 60))
        app.log.error(_ADVICE)
    return int(safe_s)


def trial(app: "App") -> bool:
    """Whether this version is on trial after an upgrade; then little is written to flash."""
    with visit("upgrade.trial") as module:
        on_trial: bool = module.begin(app)
    return on_trial


def clear(app: "App") -> None:
    """Go on with a factory reset, also after a power cut. Remove what a cut import has left."""
    for name in app.storage.names():
        if name.startswith("restore"):  # see web.backup
            app.storage.remove(name)
    with visit("factory") as factory:
        if factory.finish(app.storage):
            app.board.rtc_write(b"")
        factory.end(app.storage)


def settings(app: "App") -> Config:
    """The stored settings. Raises if they cannot be used; their file is then set aside."""
    Config.mqtt_client_id = Config.mqtt_topic = own_name(app.board.mac())
    try:
        stored = app.storage.read_json("config.json")
        config = Config(stored, app.board.overrides)
    except Exception:  # also MemoryError: nested brackets can need more than the whole heap
        app.storage.set_aside("config.json")
        raise
    with visit("passwords") as passwords:
        passwords.protect(config, app.storage)
    for fault in config.faults:
        app.log.warn("config: %s; its default is used" % fault)
    for doubt in config.doubts:
        app.log.warn("config: " + doubt)
    return config


def own_name(mac: bytes) -> str:
    """The default of client id and topic, which no other reader at the broker has: two of the same
    client id would end each other's connection for ever. At most 23 characters, which every broker
    takes (MQTT 3.1.1, 3.1.3.1)."""
    return "ams-" + binascii.hexlify(mac).decode()


def keys(app: "App") -> "tuple[bytes | None, bytes | None]":
    """The keys of the meter."""
    return app.config.keys()


def energy(app: "App") -> Energy:
    """The energy domain as stored; in safe mode or after a failure one that counts nothing."""
    stored: "Energy | None" = None
    if not app.safe_s:
        stored = attempt(app, "energy", _stored_energy)
    return stored or _no_energy()


def _stored_energy(app: "App") -> Energy:
    with visit("changes") as changes:
        tariff = changes.tariff(app.config, app.log)
    restored = Energy(app.config.timezone, tariff)
    restored.load(app.storage, app.board.rtc_read())
    return restored


def _no_energy() -> Energy:
    import nofiles  # no visit: its objects stay

    with visit("energy.profiles") as profiles:
        empty = Energy(Config.timezone, profiles.tariff(Config.tariff_profile, {}, []))
    empty.history.files = nofiles.NoFiles()
    empty.update = nofiles.not_counted  # type: ignore[method-assign, assignment]
    return empty


def supply(app: "App") -> None:
    """Measure the supply voltage."""
    with visit("device.power") as power:
        power.begin(app)


def restore(app: "App") -> None:
    """Use what is stored beside settings and energy."""
    if not app.safe_s:
        attempt(app, "lists.txt", _use_lists)
        attempt(app, "recent power", _restore_recent)
        attempt(app, "prices", _use_prices)
        attempt(app, "push", _resume_push)
    attempt(app, "snapshot", _begin_snapshots)


def _use_lists(app: "App") -> None:
    """The owner's descriptors, as docs/add-a-meter.md describes them."""
    try:
        app.decoder.use((app.storage.read("lists.txt") or b"").decode())
    except ValueError as e:
        app.log.warn("lists.txt is not used: %s" % e)


def _restore_recent(app: "App") -> None:
    with visit("energy.recent_record") as record:
        record.restore(app.recent, app.board.rtc_read())


def _use_prices(app: "App") -> None:
    app.prices.energy = app.energy
    app.prices.load()
    app.use_prices()


def _resume_push(app: "App") -> None:
    if app.config.stored.get("push_kind"):
        with visit("push.sender") as sender:
            sender.resume(app)


def _begin_snapshots(app: "App") -> None:
    """Put a snapshot into RTC memory, which the board has emptied. It is shorter than the record
    of the reset, and the board keeps a copy in the heap. Without energy that record goes back."""
    memory = app.energy.snapshot() if app.counts() else app.board.rtc_read()
    app.board.rtc_write(memory)

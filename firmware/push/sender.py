"""One message to a server of the owner's: InfluxDB or a webhook. Loaded for it.

In       the settings push_*; the newest telegram; the settled quarter-hours of the history
Out      a POST with both; the members of App: push_at, the uptime in s of the next message;
         push_failures in a row, -1 before the first success; push_fault, the reason in words;
         push_quarter, UTC // 900 of the first slot that is not delivered
Rules    A slot counts as delivered when the server has answered 200 to 299. Others are sent again,
         _MOST at a time, as long as the history has them. The position is stored at each full
         hour, so that after a power cut at most four slots are sent twice. Slots that are not in
         the save from which the energy goes on are settled again, perhaps with other values, and
         sent again. What is sent again replaces itself by its time.
         What the server refuses for its content (400, 413, 422) is sent without the telegram, then
         in halves; a slot that is refused alone is left out, with a line of the log.
         After a failure the pause doubles, up to an hour. Nothing is sent in safe mode, while the
         time is unknown, MQTT pauses for want of supply, or the energy is counted apart.
         The token goes over TLS with the server's certificate checked, or in the home network over
         plain HTTP if push_plain allows it
File     push: {"quarter", "root": of prices.roots, the one that was right}
Limits   20 s for an answer; six questions a message
"""

import os

from micropython import const
from ondemand import visit

from push.address import host_of, unfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from app import App

    Row = tuple[int, int, int, int]

CA = "push-ca"  # the owner's certificates in DER, in place of prices.roots
_FILE = "push.json"
_KINDS = ("influx", "webhook")
_NEVER = const(0x1FFFFFFF)
_LATER_S = const(5)
_BEHIND_S = const(5)
_LONGEST_S = const(3600)
_LIMIT_MS = const(20000)
_QUESTIONS = const(6)
_MOST = const(24)  # slots of a message
_DAY_S = const(86400)
_KEPT_DAYS = const(40)  # of the quarters in the history
_AT_ONCE_S = const(3 * _DAY_S)  # of history looked through for a message
_QUARTER_S = const(900)
_NO_PUSH = const(3)  # tier of the supply
_STALE_MS = const(120000)
_NO_PROOF = const(-1)
_CONTENT = (400, 413, 422)
_ANSWER_MOST = const(2048)  # octets
_SHOWN = const(120)
_MEANINGS = (
    (400, "the data is not taken"),
    (401, "the token is not accepted: check push_token"),
    (403, "the token may not write there"),
    (404, "there is no such address, organisation or bucket"),
    (413, "the message is too large"),
    (422, "the data is not taken"),
    (429, "the server wants fewer messages"),
)


async def run(app: "App") -> None:
    """Send what there is, and plan the next message."""
    setting = _settings(app)
    kind = setting("push_kind")
    if kind not in _KINDS:
        app.push_at = _NEVER
        app.push_fault = ""
        return
    app.push_at = _NEVER
    system = app.system
    ready = app.network.connected and system.utc() and system.tier < _NO_PUSH and not app.safe_s
    if not ready:
        app.push_at = system.uptime_s() + _LATER_S
        return
    asked = Message(app, setting)
    fault = unfit(setting) or await asked.send(kind)
    if asked.sent or fault:
        _note(app, fault, host_of(setting("push_url")))
    pause_s = pause(setting("push_interval_s"), app.push_failures, asked.later_s)
    if asked.sent and asked.behind:
        pause_s = min(pause_s, _BEHIND_S)
    if app.push_at == _NEVER:  # no setting was changed in the meantime
        app.push_at = system.uptime_s() + pause_s + (os.urandom(1)[0] % 8 if fault else 0)


def resume(app: "App") -> None:
    """Put the position back to the first slot that is not in the restored energy. Call it at the
    start, before a telegram is counted."""
    position = app.storage.read_json(_FILE).get("quarter")
    settled = _settled(app)
    if isinstance(position, int) and 0 < settled < position and not app.energy.history.branch:
        app.push_quarter = settled
        _store(app, quarter=settled)


def _settings(app: "App") -> "Callable[[str], Any]":
    """A function that has the value of a setting."""
    usual = {"push_interval_s": 60, "push_plain": False}
    stored = app.config.stored

    def setting(name: str) -> "Any":
        return stored.get(name, usual.get(name, ""))

    return setting


def _note(app: "App", fault: str, host: str) -> None:
    """Keep the outcome; log what is new."""
    failures = max(0, app.push_failures)
    app.push_fault = fault
    if not fault:
        if app.push_failures:
            app.log.add("push: %s takes the data" % host)
        app.push_failures = 0
        return
    if not failures & (failures + 1):  # the 1st, 2nd, 4th, 8th ...
        app.log.add("push: %s" % fault)
    app.push_failures = failures + 1


def pause(interval_s: int, failures: int, later_s: int) -> int:
    """Seconds until the next message."""
    longest = max(interval_s, _LONGEST_S)
    if failures > 0:
        interval_s = min(longest, interval_s << min(failures - 1, 10))
    return max(interval_s, min(later_s, longest))


class Message:
    """One message. sent: the server took it; behind: there is more to send; later_s: see
    prices.fetch."""

    def __init__(self, app: "App", setting: "Callable[[str], Any]") -> None:
        self._app = app
        self._setting = setting
        self._answer = b""
        self.sent = self.behind = False
        self.later_s = 0

    async def send(self, kind: str) -> str:
        """Send the telegram and the oldest slots. Returns the fault, "" without."""
        app = self._app
        position = _position(app)
        rows, end = _rows(app, position)
        live = _is_live(app)
        if not live and not rows:
            self._move(position, end)
            return ""
        fault = ""
        with visit("push." + kind) as form:
            for _ in range(_QUESTIONS):
                made = form.request(app, self._setting, live, rows)
                status, words = await self._post(made)
                if status // 100 == 2:
                    self.sent = True
                    self.behind = len(rows) == _MOST
                    self._move(position, end if len(rows) < _MOST else _after(rows))
                    return fault  # that of the telegram, if only the slots were taken
                fault = self._words(status, words)
                if status not in _CONTENT or not rows:
                    return fault
                if live:
                    live = False
                elif len(rows) > 1:
                    rows = rows[: len(rows) // 2]
                    end = _after(rows)
                else:
                    app.log.warn("push: a slot is left out: %s" % fault)
                    self._move(position, _after(rows))
                    return fault
        return fault

    def _move(self, before: int, position: int) -> None:
        """Move the position; store it at each full hour."""
        app = self._app
        app.push_quarter = position
        if position // 4 != before // 4:
            _store(app, quarter=position)

    async def _post(self, made: "tuple[str, dict[str, str], bytes]") -> "tuple[int, str]":
        """Status and words of an answer; see prices.fetch."""
        app = self._app
        files = app.storage
        status, words = 0, ""
        with visit("trust") as trust:
            known = files.read_json(_FILE).get("root", 0)
            places = trust.places(files, CA, made[0][:6] == "https:", known)
        for place in places:
            with visit("trust") as trust:
                try:
                    trusted = trust.ders(files, CA, place)
                except ValueError as e:
                    return 0, str(e)
            status, words = await self._ask(made, trusted)
            if status >= 0:
                if place >= 0:
                    _store(app, root=place)
                break
        return status, words

    async def _ask(
        self, made: "tuple[str, dict[str, str], bytes]", trusted: "list[bytes]"
    ) -> "tuple[int, str]":
        self._answer = b""
        with visit("prices.fetch") as module:
            url, headers, body = made
            with visit("lookup") as lookup:
                names = lookup.server_of(self._app.system.board, host_of(url))
            fetch = module.Fetch(self._feed, _ANSWER_MOST, trusted, names)
            status, words = await fetch.post(url, headers, body, _LIMIT_MS)
            self.later_s = fetch.later_s
        return status, words

    def _feed(self, piece: memoryview, count: int) -> str:
        """Keep the begin of the answer."""
        if len(self._answer) < _SHOWN:
            self._answer += bytes(piece[: min(count, _SHOWN)])
        return ""

    def _words(self, status: int, words: str) -> str:
        """What went wrong, for the owner; without the token."""
        host = host_of(self._setting("push_url"))
        if status > 0:
            words = "status %d" % status
            for known, meaning in _MEANINGS:
                if known == status:
                    words += ": " + meaning
            answer = "".join([chr(o) if 32 <= o < 127 else " " for o in self._answer[:_SHOWN]])
            if answer.strip():
                words += ": " + answer.strip()
        elif status == _NO_PROOF and not self._app.storage.read(CA):
            words += ": its authority is not known, store its certificate as /push-ca"
        token = self._setting("push_token")
        return "%s: %s" % (host, words.replace(token, "***") if token else words)


def _is_live(app: "App") -> bool:
    """Whether there is a telegram with a time that is not old."""
    age_ms = app.state.age_ms(app.system.uptime_ms())
    return age_ms is not None and age_ms < _STALE_MS and app.state.reading_unix > 0


def _settled(app: "App") -> int:
    """The first quarter that has not ended by the registers."""
    return app.energy.settler.settled_until // _QUARTER_S


def _after(rows: "list[Row]") -> int:
    return rows[-1][0] // _QUARTER_S + 1


def _position(app: "App") -> int:
    """The first quarter that is not delivered: at first, the one that is running."""
    now = app.system.utc() // _QUARTER_S
    position = app.push_quarter
    if position < 0:
        stored = app.storage.read_json(_FILE).get("quarter")
        position = stored if isinstance(stored, int) else -1
    if not 0 <= position <= now + 1:  # none, or of a clock that was wrong
        position = _settled(app) or now
        _store(app, quarter=position)
    app.push_quarter = max(position, now - _KEPT_DAYS * _DAY_S // _QUARTER_S)
    return app.push_quarter


def _rows(app: "App", position: int) -> "tuple[list[Row], int]":
    """The first slots from the position on, and the position after those looked at."""
    if app.energy.history.branch or not app.counts() or position >= _settled(app):
        return [], position
    begin = position * _QUARTER_S
    end = min(_settled(app) * _QUARTER_S, begin + _AT_ONCE_S)
    rows: "list[Row]" = []
    with visit("energy.views") as views:
        for row in views.slots_between(app.energy, begin, end, _QUARTER_S):
            rows.append(row)
            if len(rows) == _MOST:
                break
    return rows, end // _QUARTER_S


def _store(app: "App", **values: int) -> None:
    """Store values, if they are new."""
    stored = app.storage.read_json(_FILE)
    new = dict(stored)
    new.update(values)
    if new != stored:
        app.storage.write_json(_FILE, new)

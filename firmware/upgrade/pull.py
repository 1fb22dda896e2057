"""A new version from a server: looked for in the manifest, and pulled. An errand of App.

In       System.upgrade, where a page or the broker has put what is wanted; the settings upgrade_*
Out      the newest version of the manifest; an image in the other slot, by upgrade.writer
Rules    With the owner's consent (upgrade_auto) the manifest is looked at once a day; an image is
         pulled only when somebody asks for it. Images are signed, so plain HTTP is allowed; over
         HTTPS the server's certificate is checked by the owner's in the file upgrade-ca, else by
         prices.roots, as trust has them. A server may send us on to another address three times,
         from HTTPS to HTTPS only.
         A connection that breaks off is made again, and the image goes on at the last block, by
         the header Range; also after a restart, if it is the same address. While the supply
         voltage holds writes, the transfer waits
Limits   a manifest of 8 KB; 32 KB of an image in 30 s, else the connection is made again. It is
         given up, to go on when it is asked for again, after eight attempts in a row without a new
         block, one if the head of the answer is over 4 KB, and at a break when it has taken longer
         than 10 min and 1 s for each KB: the other errands wait for this one
"""

import asyncio
import json
import os

from micropython import const
from ondemand import visit
from system import BUILT_UTC

from upgrade import notes, preflight, versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App
    from contracts import Slots

_NEVER = const(0x1FFFFFFF)
_DAY_S = const(86400)
_AGAIN_S = const(600)
_SOON_S = const(30)
_MANIFEST_MOST = const(8192)
_LIMIT_MS = const(30000)
_PACE = const(32768)  # octets in that time
_PATIENCE_S = const(600)  # and a second for each KB
_ATTEMPTS = const(8)
_NO_RANGE = const(416)  # a status: the server has no octet at the place where the image goes on
_HOPS = const(3)
_NO_PROOF = const(-1)
_REFUSED = const(-2)  # a status: a redirection that is not followed, or a head that is too long
_LONGEST_PAUSE_S = const(32)
_OWN_ROOTS = "upgrade-ca"  # DER
_OTHER = "the image on the server is another one now: begin again"


async def run(app: "App") -> None:
    """Do what is wanted, or look at the manifest if it is time for it."""
    app.upgrade_at = _NEVER
    up = app.system.upgrade
    wanted = up[notes.WANTED] if up else None
    consent = _setting(app, "upgrade_auto") and _setting(app, "upgrade_url")
    if wanted is None and not consent:
        return
    if wanted is None and not (app.network.connected and app.system.utc() and not app.safe_s):
        app.upgrade_at = app.system.uptime_s() + _SOON_S
        return
    later_s = _DAY_S + os.urandom(1)[0] * 16 if consent else _NEVER
    try:
        word, url, force = wanted or ("check", "", False)
        notes.state(app)[notes.WANTED] = None
        if word == "check":
            await check(app)
        else:
            await _pull(app, url, force)
    except (ValueError, OSError) as e:
        app.log.warn("upgrade: %s" % e)
        notes.say(app, "", str(e))
        if wanted is None:
            later_s = _AGAIN_S
    except BaseException:
        notes.say(app, "", "it was broken off")
        raise
    if app.upgrade_at == _NEVER:  # nothing was asked for in the meantime
        app.upgrade_at = min(_NEVER, app.system.uptime_s() + later_s)


async def check(app: "App") -> "tuple[str, int]":
    """Look at the manifest: (address of the image, its size), ("", 0) if there is none newer.
    ValueError in words."""
    url = _setting(app, "upgrade_url")
    if not url:
        raise ValueError("there is no address: the setting upgrade_url is empty")
    notes.say(app, notes.CHECKING)
    octets = bytearray()

    def feed(piece: memoryview, count: int) -> str:
        octets.extend(piece[:count])
        return ""

    asked = Question(app, url)
    status, words = await asked.ask(feed, _MANIFEST_MOST, -1)
    if status != 200 or words:
        raise ValueError(asked.fault(status, words))
    try:
        document = json.loads(bytes(octets))
    except (ValueError, RuntimeError):
        raise ValueError("the manifest is no JSON")
    board = app.system.board
    channel = _setting(app, "upgrade_channel") or 0
    generic = bool(_setting(app, "upgrade_unsigned"))
    found = versions.newest(document, channel, board.family, board.chip, generic)
    if found and found[1] <= BUILT_UTC:
        found = None
    place = versions.address(asked.url, found[3]) if found else ""
    up = notes.state(app)
    up[notes.LATEST], up[notes.NOTES] = (found[0], found[2]) if found else ("", "")
    notes.say(app, "")
    return place, found[4] if found else 0


async def _pull(app: "App", url: str, force: bool) -> None:
    """Pull an image. url: "" is the newest one of the manifest."""
    slots = app.system.board.slots()
    faults = preflight.reasons(app, slots)
    if faults or slots is None:
        raise ValueError("; ".join(faults))
    if not url:
        url, _ = await check(app)
        if not url:
            raise ValueError("there is no newer version")
    await Pull(app, slots, url).run(force)


class Question:
    """GET of an address: the certificate that is right is searched for, redirections are followed.

    url    that of the answer
    fetch  the newest prices.fetch.Fetch
    """

    def __init__(self, app: "App", url: str) -> None:
        self._app = app
        self.url = url
        self.fetch: "Any" = None

    async def ask(self, feed: "Any", most: int, begin: int) -> "tuple[int, str]":
        """Status and words as those of prices.fetch; below 0: asking again is of no use.

        begin  the first octet, -1: all
        """
        status, words = 0, ""
        for _ in range(_HOPS + 1):
            status, words = await self._ask(feed, most, begin)
            if self.fetch.final:
                return _REFUSED, words
            location = self.fetch.location
            if status or not location:
                break
            if location[:6] != "https:" and self.url[:6] == "https:":
                return _REFUSED, "the server sends us to an address without TLS"
            self.url = location
        else:
            return _REFUSED, "the server sends us on more than %d times" % _HOPS
        return status, words

    async def _ask(self, feed: "Any", most: int, begin: int) -> "tuple[int, str]":
        app = self._app
        status, words = 0, ""
        with visit("trust") as trust:
            known = notes.read(app, "root") or 0
            places = trust.places(app.storage, _OWN_ROOTS, self.url[:6] == "https:", known)
        for place in places:
            with visit("trust") as trust:
                trusted = trust.ders(app.storage, _OWN_ROOTS, place)
            with visit("lookup") as lookup:
                names = lookup.server_of(app.system.board, self.url.split("/")[2].split(":")[0])
            with visit("prices.fetch") as module:
                self.fetch = module.Fetch(feed, most, trusted, names)
                status, words = await self.fetch.run(self.url, "han-reader", _LIMIT_MS, begin)
            if status != _NO_PROOF:
                if place >= 0 and status:
                    notes.put(app, root=place)
                break
        return status, words

    def fault(self, status: int, words: str) -> str:
        """What went wrong."""
        host = self.url.split("/")[2]
        return "%s: %s" % (host, words or "status %d" % status)


class Pull:
    """One image."""

    def __init__(self, app: "App", slots: "Slots", url: str) -> None:
        self._app = app
        self._slots = slots
        self._question = Question(app, url)
        self._first = url
        self._writer: "Any" = None
        self._fault = ""  # of the image, not of the connection
        self._paced = 0  # octets of the answer when its time was last extended
        self._visit = visit("upgrade.writer")

    async def run(self, force: bool) -> None:
        """Pull, and go on after each break. ValueError in words."""
        module = self._visit.open()
        try:
            self._writer = module.Writer(self._app, self._slots, 0, self._first)
            load = notes.read(self._app, "load")
            if load and load.get("url") == self._first:
                self._writer.size = load.get("size", 0)
                self._writer.resume(load.get("done", 0))
            await self._all()
            await self._writer.finish(force)
        finally:
            self._visit.close()

    async def _all(self) -> None:
        """Ask until all octets are here."""
        failed = 0
        late_s = self._app.system.uptime_s() + _PATIENCE_S - self._writer.at // 1024
        while True:
            before = self._writer.at
            self._question.url = self._first
            status, words = await self._question.ask(self._feed, self._slots.size, before)
            if self._fault:
                self._writer.drop()
                raise ValueError(self._fault)
            if status == _NO_RANGE:
                self._writer.drop()
                words = _OTHER
            if status < 0:
                self._writer.keep()
            if status < 0 or status // 100 == 4:
                raise ValueError(self._question.fault(status, words))
            if status in (200, 206) and not words and self._writer.size == self._writer.at:
                return
            failed = 0 if self._writer.at - before >= 4096 else failed + 1
            late = self._app.system.uptime_s() > late_s + self._writer.at // 1024
            if failed >= _ATTEMPTS or late:
                self._writer.keep()
                raise ValueError(self._question.fault(status, words or "the connection broke"))
            self._writer.resume(self._writer.at)
            self._app.log.add("upgrade: goes on at %d octets" % self._writer.at)
            await asyncio.sleep(min(1 << failed, _LONGEST_PAUSE_S))
            while self._app.storage.held:
                late_s += 1
                await asyncio.sleep(1)

    def _feed(self, piece: memoryview, count: int) -> str:
        """Octets of the image; why no more are wanted, or ""."""
        fetch, writer = self._question.fetch, self._writer
        if fetch.status == 400:  # its words are no image
            return ""
        try:
            first = fetch.length == count
            if first:
                self._begin(fetch, writer)
            if first or fetch.length - self._paced >= _PACE:
                self._paced = fetch.length
                fetch.extend(_LIMIT_MS)
            writer.take(piece if count == len(piece) else piece[:count])
        except ValueError as e:
            self._fault = str(e)
        if self._app.storage.held:
            return "the supply voltage is too low"
        return self._fault

    def _begin(self, fetch: "Any", writer: "Any") -> None:
        """The head of an answer: whether it goes on, and how much there is."""
        if fetch.status == 200:
            writer.resume(0)
        size = fetch.expected + writer.at
        if fetch.expected < 0:
            raise ValueError("the server does not say how long the image is")
        if size > self._slots.size:
            raise ValueError("it has %d octets, and the place %d" % (size, self._slots.size))
        if fetch.status == 206 and writer.size and writer.size != size:
            writer.drop()
            raise ValueError(_OTHER)
        writer.size = size
        notes.state(self._app)[notes.SIZE] = size


def _setting(app: "App", name: str) -> "Any":
    return app.config.stored.get(name)

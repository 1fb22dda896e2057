"""One question to one source: its document is in force afterwards, or the reason is known.

In       a Question
Out      (how it ended, words): see prices.plan.kind_of()
Rules    ENTSO-E's token goes over TLS with the server's certificate checked and nowhere else; no
         word of it leaves this module. Answers without a token are public: anybody may have sent
         them, so their values are checked.
         The question begins right after a telegram: the line is silent then for a while
"""

import asyncio
import time

from micropython import const
from ondemand import visit
from system import PRODUCT, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App

OWN_ROOTS = "price-ca"  # the owner's certificates in DER, in place of those of prices.roots

_LIMIT_MS = const(30000)
_MOST = const(131072)  # octets of an answer
_TELEGRAM_S = const(3)
_STEP_MS = const(20)
_NO_PROOF = const(-1)
_HELD_MS = const(1000)  # the UART's ring holds more: boards/esp32/hardware.py


class Question:
    """What to ask for.

    source      a module of prices.sources
    url         without the token
    token       added to the address; "": the answer is public
    wanted      currencies: see prices.table.Document
    begin, end  the quarters that prices must have; 0 for rates
    """

    def __init__(self, source: str, url: str, wanted: str, begin: int, end: int) -> None:
        self.source = source
        self.url = url
        self.token = ""
        self.wanted = wanted
        self.begin = begin
        self.end = end


async def ask(app: "App", state: "dict[str, Any]", question: Question) -> "tuple[str, str]":
    """Ask once. state gets "root", the certificate that was right, and "stall_ms"."""
    status, words, code = 0, "", ""
    secret = bool(question.token)
    with visit("trust") as trust:
        places = trust.places(app.storage, OWN_ROOTS, secret, state.get("root", 0))
    for place in places:
        with visit("trust") as trust:
            try:
                certificates = trust.ders(app.storage, OWN_ROOTS, place)
            except ValueError as e:
                status, words = _NO_PROOF, str(e)
                break
        status, words, code = await _one(app, state, question, certificates)
        if status >= 0:
            if place >= 0:
                state["root"] = place
            break
    if question.token:
        words = words.replace(question.token, "***")
    with visit("prices.plan") as plan:
        if status >= 400 and not words:
            words = _meaning(status)
        kind: str = plan.kind_of(status, code, words)
    return kind, words


async def _one(
    app: "App", state: "dict[str, Any]", question: Question, certificates: "Any"
) -> "tuple[int, str, str]":
    """(status, words, code of an answer without prices) of one attempt. The words of status 200
    are a fault, or those of the document that is in force."""
    url = question.url + ("&securityToken=" + question.token if question.token else "")
    document = app.prices.receive((question.source,), question.wanted)
    module = visit("prices.fetch")
    try:
        await _telegram(app)

        def feed(piece: memoryview, count: int) -> str:
            document.feed(piece, count)
            fault: str = document.fault()
            return fault

        with visit("lookup") as lookup:
            names = lookup.server_of(app.system.board, url.split("/")[2].split(":")[0])
        fetch = module.open().Fetch(feed, _MOST, certificates, names)
        status, words = await fetch.run(url, PRODUCT + " " + VERSION, _LIMIT_MS)
        code: str = document.code()
        if status in (200, 400) and not words and not code:
            await asyncio.sleep_ms(0)
            began = time.ticks_ms()
            words, message = app.prices.take(
                document, app.system.utc(), question.begin, question.end
            )
            fetch.note(began)
            if message:
                app.log.add("prices: %s: %s" % (question.source, message))
        elif code:
            words = document.reason()
        if fetch.stall_ms > _HELD_MS:
            app.log.warn("prices: a question held the reader for %d ms" % fetch.stall_ms)
        state["stall_ms"] = max(fetch.stall_ms, state.get("stall_ms", 0))
        return status, words, code
    finally:
        module.close()
        app.prices.give_up(document)


async def _telegram(app: "App") -> None:
    """Wait for the end of a telegram, for three seconds at most."""
    seen = app.state.telegrams
    for _ in range(_TELEGRAM_S * 1000 // _STEP_MS):
        if app.state.telegrams != seen:
            return
        await asyncio.sleep_ms(_STEP_MS)


def _meaning(status: int) -> str:
    """What a status means, and what to do."""
    if status in (401, 403):
        return "the token is refused: check price_token"
    if status == 404:
        return "not published yet: ask again later"
    if status == 429:
        return "too many questions: the next one waits"
    if status >= 500:
        return "the server has trouble: status %d" % status
    return "status %d was not expected" % status

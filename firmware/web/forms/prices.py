"""POST /prices: a document of a source, or prices as prices.sources.pushed has them.

It may have 60 KB and is parsed piece by piece.
"""

from fmt import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App, Request


async def post(app: "App", request: "Request") -> str:
    """Use the document's prices or rates. ValueError with the reason if they are not used."""
    document = app.prices.receive()
    try:
        while request.stream.left:
            document.feed(await request.stream.piece())
        fault, message = app.prices.take(document, app.system.unix_time())
    except EOFError:
        raise ValueError("the document is cut: send it again")
    finally:
        app.prices.give_up(document)  # the client may have gone or been too slow
    app.log.add("prices: " + (fault or message))
    if fault:
        raise ValueError(fault)
    app.use_prices()
    return '{"success":true,"message":%s}' % quote(message)

"""POST /prices: ENTSO-E's prices or Norges Bank's rates, read as they come: they may be 60 KB."""

from fmt import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App, Request


async def post(app: "App", request: "Request") -> str:
    """Put a document in force: the answer. ValueError says why it is not."""
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

"""POST /network/confirm: the owner has reached the reader with its new network settings."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App, Request


async def confirm(app: "App", request: "Request") -> str:
    """Store the settings on trial. ValueError if there are none, or too early."""
    app.network.confirm()
    return '{"success":true,"message":""}'

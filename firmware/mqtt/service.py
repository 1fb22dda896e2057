"""MQTT for those who have named a broker: what it takes is loaded then."""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import App

    from mqtt.publisher import Publisher

_LOOK_MS = const(60000)


async def run(app: "App") -> None:
    """Publish whenever there is a host in the settings. For ever."""
    publisher: "Publisher | None" = None
    while True:
        if not app.config.mqtt_host:
            await app.pulse.wait(_LOOK_MS)
            continue
        if publisher is None:
            from mqtt.publisher import Publisher  # with all below it 12 KB (64-bit)

            publisher = Publisher(app)
        await publisher.run()

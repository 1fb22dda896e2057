"""Wi-Fi station and clock: connect to the stored network and set the clock from a time server.

The driver reconnects by itself: this task starts the connection, logs its changes and asks the
time server every six hours; after a failure every minute.
"""

import asyncio

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from config import Config
    from log import Log
    from system import System

_LOOK_S = const(2)
_RETRY_S = const(60)
_REFRESH_S = const(6 * 3600)


async def run(config: "Config", system: "System", log: "Log") -> None:
    """Connect to the network and keep the clock set. Never returns."""
    board = system.board
    if config.wifi_ssid:
        board.wifi_start(
            config.wifi_ssid,
            config.wifi_psk,
            system.hostname(config.hostname),
        )
    connected = False
    sync_at = 0
    while True:
        if board.wifi_connected() != connected:
            connected = not connected
            log.add("wifi: " + ("connected, %s" % board.ip_config()[0] if connected else "lost"))
        if connected and system.uptime_s() >= sync_at:
            sync_at = system.uptime_s() + _REFRESH_S
            try:
                board.sync_clock(config.ntp_server)
            except OSError as e:
                log.add("time: no answer from %s: %r" % (config.ntp_server, e))
                sync_at = system.uptime_s() + _RETRY_S
        await asyncio.sleep(_LOOK_S)

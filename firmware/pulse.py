"""One signal for "the state has changed": everybody who waits is woken, nobody is queued."""

import asyncio


class Pulse:
    """A waiter that was busy misses pulses; it compares revisions and takes the newest state."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def fire(self) -> None:
        """Wake all who wait now."""
        self._event.set()
        self._event.clear()

    async def next(self) -> None:
        """Wait until it is fired, at most some seconds: it is fired for those who wait so, too."""
        await self._event.wait()

    async def wait(self, timeout_ms: int) -> bool:
        """True when fired, False after timeout_ms."""
        try:
            await asyncio.wait_for_ms(self._event.wait(), timeout_ms)
            return True
        except asyncio.TimeoutError:
            return False

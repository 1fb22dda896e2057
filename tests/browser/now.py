"""Documents for the page Now, and queries of it.

The fake reader's time is Thursday 2026-03-12 14:20:12 in Oslo, a quarter that began at 14:15.
"""

from typing import Any

from tests.browser.energy import NOW
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen

CARDS = "!document.getElementById('cards').hidden"
# The last document of energy is read: its card may be there before it.
READ = "document.querySelector('#use-month h2 small').textContent"
QUARTER = 900
FIRST = NOW - NOW % 86400 - 3600  # 00:00 in Oslo
RUNNING = (NOW - FIRST) // QUARTER  # 14:15
NBSP = "\u00a0"
ORDER = [
    "silent", "now", "hour", "sums", "prices", "live-card", "phases", "peaks", "use-day",
    "use-month", "meter", "warmth",
]  # fmt: skip
NO_PHASE: dict[str, Any] = {"u": None, "i": None}


def prices(changes: dict[int, float] | None = None, days: int = 2, usual: float = 1.0) -> Any:
    """/importprice.json of whole days: `usual` but for the quarters in `changes`, by index."""
    slots = [(changes or {}).get(n, usual) for n in range(96 * days)]
    return {
        "currency": "NOK", "source": "EOE", "resolution": 15, "direction": "import",
        "cursor": RUNNING, "importExportPriceDifferent": False, "prices": slots,
    }  # fmt: skip


def sell(reader: FakeReader, document: dict[str, Any], **ea: Any) -> None:
    """Give the reader prices, and the running one in its sums."""
    reader.documents["/importprice.json"] = document
    now = document["prices"][RUNNING]
    reader.set(ea={"cur": document["currency"], "pn": now, **ea})


def show(reader: FakeReader, **ui: int) -> None:
    """Settings of what is shown, by their keys in /sysinfo.json: 0 hide, 1 show, 2 dynamic."""
    reader.documents["/sysinfo.json"]["ui"].update(ui)


def shown(screen: Screen) -> list[str]:
    """The cards, from the top of the page."""
    found: list[str] = screen.page.evaluate(
        """() => [...document.querySelectorAll('#cards > .card')].filter(e => e.offsetParent)
            .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
            .map(e => e.id)"""
    )
    return found


def silence(reader: FakeReader, **changes: Any) -> None:
    """A reader that has not had a telegram since its start."""
    unknown = dict.fromkeys(("i", "e", "ri", "re", "ic", "ec", "ric", "rec", "f"))
    reader.set(
        **{
            **unknown, "s": None, "lt": 0, "mt": 0, "model": "", "id": "", "he": 90,
            "l1": NO_PHASE, "l2": NO_PHASE, "l3": NO_PHASE,
            "ea": {"iu": None, "ix": None, "u": [None] * 5, "p": [None] * 5}, **changes,
        }
    )  # fmt: skip

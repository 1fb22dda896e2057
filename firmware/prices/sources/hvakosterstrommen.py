"""Norway's prices of hvakosterstrommen.no: without a token, excluding VAT.

Wire     a list of {"NOK_per_kWh":0.53,"EUR_per_kWh":0.05,"EXR":11.7,
         "time_start":"2026-07-01T00:00:00+02:00","time_end":"2026-07-01T01:00:00+02:00"}
         404 until the day is published
Source   hvakosterstrommen.no/strompris-api, which asks to be named as the source
"""

from prices.slots import Intervals

HOST = "www.hvakosterstrommen.no"


def path(area: str, code: str, days: "tuple[str, str]", span: "tuple[str, str]") -> str:
    """The path of one day: see prices.sources."""
    day = days[0]
    return "/api/v1/prices/%s/%s_%s.json" % (day[:4], day[5:], area)


class Parser(Intervals):
    """feed() the answer, then close(). The exchange rate is not used."""

    source = "HKS"
    begin_key = b"time_start"
    end_key = b"time_end"
    currencies = (("NOK", b"NOK_per_kWh"), ("EUR", b"EUR_per_kWh"))

"""Denmark's prices of Energi Data Service, the set DayAheadPrices: without a token.

Wire     {"total":96,"dataset":"DayAheadPrices","records":[{"TimeUTC":"2026-06-30T22:00:00",
         "PriceArea":"DK1","DayAheadPriceEUR":83.4,"DayAheadPriceDKK":622.5},...]}
         prices of a MWh; an empty list until the day is published; start and end are Danish time
Limits   about one request a minute
Source   energidataservice.dk, guide of the API and page of the set
"""

from prices.slots import Intervals, text_of

HOST = "api.energidataservice.dk"


def path(area: str, code: str, days: "tuple[str, str]", span: "tuple[str, str]") -> str:
    """The path of one day: see prices.sources."""
    query = "start=%sT00:00&end=%sT00:00&filter=%%7B%%22PriceArea%%22:[%%22%s%%22]%%7D"
    columns = "&columns=TimeUTC,PriceArea,DayAheadPriceEUR,DayAheadPriceDKK&sort=TimeUTC&limit=200"
    return "/dataset/DayAheadPrices?" + query % (days[0], days[1], area) + columns


class Parser(Intervals):
    """feed() the answer, then close(). Prices of two areas are refused."""

    source = "EDS"
    places = 3
    begin_key = b"TimeUTC"
    bare = True
    currencies = (("DKK", b"DayAheadPriceDKK"), ("EUR", b"DayAheadPriceEUR"))
    _area = b""

    def other(self, key: bytes, value: bytes) -> None:
        if key == b"PriceArea":
            if self._area and self._area != value:
                self.fault = "prices of %s and %s" % (text_of(self._area), text_of(value))
            self._area = value

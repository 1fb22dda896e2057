"""Price documents: prices and rates in, answers of the sources out.

Wire     Publication_MarketDocument (A44) > TimeSeries > Period > Point
         Acknowledgement_MarketDocument > Reason
         StructureSpecificData > DataSet > Series > Obs
         JSON of hvakosterstrommen.no, elprisetjustnu.se and Energi Data Service; ECB's Envelope
Source   ENTSO-E Transparency Platform, guide of the RESTful API; Norges Bank, API for open data;
         the pages of the other APIs
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_CET = ZoneInfo("Europe/Oslo")
_ECB = "http://www.ecb.int/vocabulary/2002-08-01/eurofxref"
_GESMES = "http://www.gesmes.org/xml/2002-08-01"
_PUBLICATION = "urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3"
_ACKNOWLEDGEMENT = "urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0"
_SDMX = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"


@dataclass(frozen=True)
class Stretch:
    """One Period of a series.

    start    UTC, naive
    prices   decimal text, one per interval of `minutes`; None has no Point
    end      end of the timeInterval, None = end of the last price
    """

    start: datetime
    prices: Sequence[str | None]
    minutes: int = 15
    end: datetime | None = None


@dataclass(frozen=True)
class Series:
    """One TimeSeries. In curve A03 a price equal to the previous one has no Point."""

    stretches: Sequence[Stretch]
    curve: str = "A03"
    currency: str = "EUR"
    unit: str = "MWH"
    sequence: int | None = None
    contract: str = "A01"


def a44(series: Iterable[Series], *, prefix: str = "", indent: bool = True) -> bytes:
    """The answer with prices. prefix: namespace prefix of all elements, "" = none."""
    tag = prefix + ":" if prefix else ""
    xmlns = "xmlns:" + prefix if prefix else "xmlns"
    root = ET.Element(tag + "Publication_MarketDocument", {xmlns: _PUBLICATION})
    _texts(root, tag, ("mRID", "9d3c"), ("revisionNumber", "1"), ("type", "A44"))
    sender = ET.SubElement(root, tag + "sender_MarketParticipant.mRID", {"codingScheme": "A01"})
    sender.text = "10X1001A1001A450"
    all_series = list(series)
    stretches = [stretch for one in all_series for stretch in one.stretches]
    if stretches:
        interval = ET.SubElement(root, tag + "period.timeInterval")
        start, end = min(s.start for s in stretches), max(_end(s) for s in stretches)
        _texts(interval, tag, ("start", _utc(start)), ("end", _utc(end)))
    for number, one in enumerate(all_series, 1):
        _series(ET.SubElement(root, tag + "TimeSeries"), tag, number, one)
    return _document(root, indent)


def _series(parent: ET.Element, tag: str, number: int, one: Series) -> None:
    _texts(
        parent,
        tag,
        ("mRID", str(number)),
        ("auction.type", "A01"),
        ("businessType", "A62"),
        ("contract_MarketAgreement.type", one.contract),
        ("currency_Unit.name", one.currency),
        ("price_Measure_Unit.name", one.unit),
    )
    if one.sequence is not None:
        name = "classificationSequence_AttributeInstanceComponent.position"
        _texts(parent, tag, (name, str(one.sequence)))
    _texts(parent, tag, ("curveType", one.curve))
    for stretch in one.stretches:
        period = ET.SubElement(parent, tag + "Period")
        interval = ET.SubElement(period, tag + "timeInterval")
        _texts(interval, tag, ("start", _utc(stretch.start)), ("end", _utc(_end(stretch))))
        _texts(period, tag, ("resolution", f"PT{stretch.minutes}M"))
        before = None
        for position, price in enumerate(stretch.prices, 1):
            if price is not None and (one.curve != "A03" or price != before):
                point = ET.SubElement(period, tag + "Point")
                _texts(point, tag, ("position", str(position)), ("price.amount", price))
            before = price


def acknowledgement(code: str, text: str) -> bytes:
    """The answer without prices."""
    root = ET.Element("Acknowledgement_MarketDocument", {"xmlns": _ACKNOWLEDGEMENT})
    _texts(root, "", ("mRID", "1f2a"), ("createdDateTime", "2026-07-01T11:00:00Z"))
    reason = ET.SubElement(root, "Reason")
    _texts(reason, "", ("code", code), ("text", text))
    return _document(root, True)


def rates(
    series: Iterable[tuple[str, int, Sequence[tuple[str, str]]]], *, apostrophes: bool = False
) -> bytes:
    """The answer with exchange rates: (currency, UNIT_MULT, [(date, OBS_VALUE)]) each.

    apostrophes: attribute values in apostrophes instead of quotation marks.
    """
    spaces = {"xmlns:ss": _SDMX + "data/structurespecific", "xmlns:message": _SDMX + "message"}
    root = ET.Element("message:StructureSpecificData", spaces)
    header = ET.SubElement(root, "message:Header")
    _texts(header, "message:", ("ID", "a0b8"), ("Test", "false"))
    data = ET.SubElement(root, "message:DataSet", {"ss:dataScope": "DataStructure"})
    for currency, multiplier, observations in series:
        key = {"FREQ": "B", "BASE_CUR": currency, "QUOTE_CUR": "NOK", "TENOR": "SP"}
        key.update(DECIMALS="4", CALCULATED="false", UNIT_MULT=str(multiplier), COLLECTION="C")
        one = ET.SubElement(data, "Series", key)
        for date, value in observations:
            ET.SubElement(one, "Obs", {"TIME_PERIOD": date, "OBS_VALUE": value})
    octets = _document(root, True)
    return octets.replace(b'"', b"'") if apostrophes else octets


def ecb(units: Iterable[tuple[str, str]], date: str = "2026-06-30") -> bytes:
    """The European Central Bank's daily rates: (currency, units for 1 EUR) each."""
    rows = "".join(f"<Cube currency='{name}' rate='{rate}'/>" for name, rate in units)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<gesmes:Envelope xmlns:gesmes="{_GESMES}" xmlns="{_ECB}">\n'
        "\t<gesmes:subject>Reference rates</gesmes:subject>\n"
        "\t<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>\n"
        f"\t<Cube><Cube time='{date}'>{rows}</Cube></Cube>\n</gesmes:Envelope>"
    ).encode()


def per_kwh(start: datetime, prices: Sequence[float], currency: str, minutes: int = 15) -> bytes:
    """The answer of hvakosterstrommen.no (NOK) or elprisetjustnu.se (SEK); start: UTC, naive."""
    rows = []
    for i, price in enumerate(prices):
        begin, end = (
            (start + timedelta(minutes=minutes * at)).replace(tzinfo=UTC).astimezone(_CET)
            for at in (i, i + 1)
        )
        rows.append(
            {
                currency + "_per_kWh": price,
                "EUR_per_kWh": round(price / 10, 5),
                "EXR": 10.0,
                "time_start": begin.isoformat(),
                "time_end": end.isoformat(),
            }
        )
    return json.dumps(rows, separators=(",", ":")).encode()


def day_ahead_prices(
    start: datetime, prices: Sequence[float | None], area: str = "DK1", minutes: int = 15
) -> bytes:
    """The answer of Energi Data Service; prices in DKK a MWh, start: UTC, naive."""
    records = []
    for i, price in enumerate(prices):
        at = start + timedelta(minutes=minutes * i)
        local = at.replace(tzinfo=UTC).astimezone(_CET).replace(tzinfo=None)
        records.append(
            {
                "TimeUTC": at.isoformat(),
                "TimeDK": local.isoformat(),
                "PriceArea": area,
                "DayAheadPriceEUR": None if price is None else round(price / 7.46, 2),
                "DayAheadPriceDKK": price,
            }
        )
    head = {"total": len(records), "limit": 200, "dataset": "DayAheadPrices"}
    return json.dumps({**head, "records": records}).encode()


def _end(stretch: Stretch) -> datetime:
    length = timedelta(minutes=stretch.minutes * len(stretch.prices))
    return stretch.end or stretch.start + length


def _utc(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%MZ")


def _texts(parent: ET.Element, tag: str, *rows: tuple[str, str]) -> None:
    for name, text in rows:
        ET.SubElement(parent, tag + name).text = text


def _document(root: ET.Element, indent: bool) -> bytes:
    if indent:
        ET.indent(root)
    octets: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return octets

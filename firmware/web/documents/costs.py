"""The object `co` of /now.json: how much energy had a price, and the last month's invoice.

It is there once prices or a currency are set. Money is in `cur` of `ea`; unknown values are null.

up pp  the kWh of import and of export that had a price, as u and p of `ea`: this hour, this day,
       this month, yesterday, last month
cf     the cost of this month and of the last one with the monthly fee
nr sc  "no EUR to SEK rate" if prices are unknown for that reason, and the currency of the spot
       prices
lm     the last month as on an invoice: m its name, u p kWh, c g cost and income, x the capacity
       value in kW, cc its cost, fee, and sum: c + cc + fee - g of these rounded amounts
"""

from energy import outlook
from energy.totals import COST, EXPORT, IMPORT, INCOME, LAST_MONTH, MONTH, PRICED_IMPORT
from fmt import divide, fixed, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from composition import App
    from energy.ledger import Energy


def known(row: "Sequence[int | None]", column: int) -> "int | None":
    """COST or INCOME of a row of Energy.running(); None if there is energy, but no price."""
    energy, priced = row[column - COST], row[column - COST + PRICED_IMPORT]
    return None if energy and not priced else row[column]


def pieces(app: "App", now: int) -> "Iterator[str]":
    """Pieces of the member `co`, with a comma before it."""
    energy, fee = app.energy, app.config.monthly_fee_micro
    if not energy.currency:
        return
    rows = energy.running(now)
    comma = ',"co":{'
    for key, column in (("up", IMPORT), ("pp", EXPORT)):
        kwh = [fixed(min(row[column], row[PRICED_IMPORT + column]), 3, 3) for row in rows]
        yield comma + '"%s":[%s]' % (key, ",".join(kwh))
        comma = ","
    with_fee = []
    for i in (MONTH, LAST_MONTH):
        cost = known(rows[i], COST)
        with_fee.append(fixed(None if cost is None else cost + fee * 1000, 9, 2))
    missing = app.prices.missing
    yield ',"cf":[%s],"nr":%s,"sc":%s' % (
        ",".join(with_fee),
        quote(missing) if missing else "null",
        quote(app.prices.spot_currency),
    )
    yield from _invoice(energy, rows[LAST_MONTH], fee, energy.settler.zone.month(now) - 1)


def _invoice(energy: "Energy", row: "list[int]", fee: int, month: int) -> "Iterator[str]":
    """Pieces of `lm` with the end of `co`: row and number of the last month, fee in 1e-6."""
    cost, income = known(row, COST), known(row, INCOME)
    tariff, history = energy.peaks.tariff, energy.history
    value = history.month_values.get(month)
    if value is not None and tariff.rolling_months > 1:
        by_meter = energy.peaks.meter_months if energy.peaks.quarterly() else []
        value = tariff.rolling(value, history.earlier_values(month, by_meter))
    capacity = None if value is None else outlook.cost_micro(tariff, value)
    cents = None
    if cost is not None and income is not None:
        cents = divide(cost, 10000000) - divide(income, 10000000) + divide(fee, 10000)
        cents += divide(capacity or 0, 10000)
    yield ',"lm":{"m":"%d-%02d","u":%s,"p":%s,"c":%s,"g":%s' % (
        month // 12,
        month % 12 + 1,
        fixed(row[IMPORT], 3, 3),
        fixed(row[EXPORT], 3, 3),
        fixed(cost, 9, 2),
        fixed(income, 9, 2),
    )
    yield ',"x":%s,"cc":%s,"fee":%s,"sum":%s}}' % (
        fixed(value, 3, 2),
        fixed(capacity, 6, 2),
        fixed(fee, 6, 2),
        fixed(cents, 2, 2),
    )

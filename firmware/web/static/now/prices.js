// Prices of a kWh in quarter-hours, from the reader: their trend, the cheapest three hours, each one's rank in its day.

import { Source } from "../lib/ask.js";
import { known } from "../lib/format.js";
import { dateOf } from "../lib/zone.js";

export const QUARTER_S = 900;
const HOUR_S = 3600;
const NEXT = 4; // quarters ahead for the trend
const CHEAP = 12; // quarters
const FEW = 8; // quarters of one price that are called the dearest
const STEADY = 0.05; // share of the price
const LEAST = 0.005;

function parse(text, now) {
  const found = JSON.parse(text);
  if (!found) return null;
  const { currency, source, cursor, prices, importExportPriceDifferent } = found;
  if (!known(cursor) || !prices.every((price) => price === null || known(price))) throw new TypeError("prices");
  // The list begins at a full hour; `now` may have passed a quarter since the reader looked at its clock.
  const begin = Math.round((now - cursor * QUARTER_S) / HOUR_S) * HOUR_S;
  return { begin, prices, currency, source, different: Boolean(importExportPriceDifferent) };
}

export class Prices {
  #import = new Source();
  #export = new Source();
  list = null; // { begin, prices, currency, source, different }, null without prices
  sold = null; // the same for export, if it differs
  version = 0;

  // now: the reader's time in s; ea: its running sums. Resolves to true if something was read.
  async read(now, ea) {
    const key = `${Math.floor(now / QUARTER_S)} ${ea?.cur} ${known(ea?.pn)}`;
    const bought = await this.#import.refresh(key, "/importprice.json", (text) => void (this.list = parse(text, now)));
    if (!this.list?.different) this.sold = null;
    else if (await this.#export.refresh(key, "/exportprice.json", (text) => void (this.sold = parse(text, now)))) this.version += 1;
    if (bought) this.version += 1;
    return bought;
  }

  // The slots from the running one on: [{ at, price, sold }], without unknown ones at the end.
  ahead(now) {
    if (!this.list) return [];
    const { begin, prices } = this.list;
    const first = Math.max(0, Math.floor((now - begin) / QUARTER_S));
    const rest = prices.slice(first).map((price, n) => {
      const at = begin + (first + n) * QUARTER_S;
      return { at, price, sold: this.sold ? (this.sold.prices[(at - this.sold.begin) / QUARTER_S] ?? null) : null };
    });
    while (rest.length && rest.at(-1).price === null) rest.pop();
    return rest;
  }

  // -1 falling, 0 steady, 1 rising: the next hour against the running quarter; null if unknown.
  trend(now) {
    const [here, ...next] = this.ahead(now).slice(0, NEXT + 1).map(({ price }) => price);
    const rest = next.filter(known);
    if (!known(here) || !rest.length) return null;
    const change = rest.reduce((sum, price) => sum + price, 0) / rest.length - here;
    return Math.abs(change) < Math.max(LEAST, STEADY * Math.abs(here)) ? 0 : Math.sign(change);
  }

  // Whether a slot is the dearest (1) or the cheapest (-1) of its day, with at most a few others, else 0.
  rank(at) {
    const date = dateOf(at);
    const { begin, prices } = this.list;
    const day = prices.filter((price, n) => known(price) && dateOf(begin + n * QUARTER_S) === date);
    const price = prices[(at - begin) / QUARTER_S];
    if (day.filter((other) => other === price).length > FEW) return 0;
    return price === Math.max(...day) ? 1 : price === Math.min(...day) ? -1 : 0;
  }
}

// The cheapest three hours in a row of slots from ahead(): [first, end], null if there are too few, or all cost the same.
export function cheapest(slots) {
  const prices = slots.map(({ price }) => price);
  if (prices.length <= CHEAP || prices.every((price) => price === prices[0])) return null;
  let best = null;
  for (let n = 0; n + CHEAP <= prices.length; n += 1) {
    const run = prices.slice(n, n + CHEAP);
    const sum = run.every(known) ? run.reduce((all, price) => all + price, 0) : Infinity;
    if (sum < (best?.sum ?? Infinity) - 1e-9) best = { sum, n };
  }
  return best && [best.n, best.n + CHEAP];
}

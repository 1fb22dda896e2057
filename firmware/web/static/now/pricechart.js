// The card Price: quarter-hours from now to the end of the known prices.

import { byId, setShown, setText } from "../lib/dom.js";
import { known } from "../lib/format.js";
import { dateOf, dateWords, timeOf, zoneKnown } from "../lib/zone.js";
import { W } from "../words.js";
import { Columns, showChart } from "./columns.js";
import { priceText, priceUnit } from "./money.js";
import { cheapest, QUARTER_S } from "./prices.js";

const TICKS = [4, 8, 12, 16, 24]; // quarters between labels
const DAY_TICKS = 96;
const LEAST = 1e-9;

// A price of 0 is a column of the least height, an unknown one is none.
const sides = (price) => ({ up: known(price) && price >= 0 ? Math.max(LEAST, price) : 0, down: Math.max(0, -price) });

// "18:15", and the weekday before it if it is not today's.
function timeName(at, today) {
  const date = dateOf(at);
  return date === today ? timeOf(at) : `${dateWords(date, { weekday: "short" })} ${timeOf(at)}`;
}

export class PriceChart {
  #card = byId("prices");
  #columns = new Columns(this.#card);

  close() {
    this.#columns.close();
  }

  // now: the reader's time in s, null without a clock; why: a sentence for missing prices.
  show(prices, now, choice, why) {
    const slots = now !== null && zoneKnown() ? prices.ahead(now) : [];
    const shown = choice.has("p", slots.length);
    setShown(this.#card, shown);
    if (!shown) return;
    showChart(this.#card, slots.length, now === null ? W.NOW.noClock : why || W.NOW.nothing);
    if (slots.length) this.#draw(prices, slots, dateOf(now));
  }

  #draw(prices, slots, today) {
    const { currency, source } = prices.list;
    const [factor, decimals, unit] = priceUnit(Math.max(...slots.map(({ price }) => Math.abs(price ?? 0))), currency);
    const band = cheapest(slots);
    const span = band && [timeName(slots[band[0]].at, today), timeOf(slots[band[1] - 1].at + QUARTER_S)];
    setText(byId("prices-source"), source === "FIX" ? W.PRICE.fixed : source ? `${W.PRICE.source}: ${source}` : "");
    setShown(byId("cheap"), band);
    setText(byId("cheap").lastChild, band ? W.PRICE.cheapest(span.join("\u2013")) : "");
    const sentence = (n) => {
      const { at, price, sold } = slots[n];
      const rank = known(price) ? prices.rank(at) : 0;
      const day = dateOf(at) === today ? 0 : 1;
      const text = [`${timeName(at, today)} ${priceText(price, currency)}`, rank && W.PRICE.ranks[rank < 0 ? 0 : 1][day]];
      if (known(sold)) text.push(`${W.NOW.exported} ${priceText(sold, currency)}`);
      return text.filter(Boolean).join(", ");
    };
    this.#columns.draw({
      key: `${prices.version} ${slots[0].at} ${today}`,
      slots: slots.map(({ price }, n) => ({ ...sides(price), look: n ? "future" : "now" })),
      label: `${W.PRICE.title}, ${timeName(slots[0].at, today)}\u2013${timeName(slots.at(-1).at + QUARTER_S, today)}`,
      unit,
      factor,
      decimals,
      least: decimals === 1 ? 1 : 0.01,
      band,
      current: 0,
      sentence,
      ticks: TICKS,
      tick: (n, every) => {
        const time = timeOf(slots[n].at);
        const quarter = (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) / 15;
        if (quarter % every) return "";
        return quarter % DAY_TICKS ? time.slice(0, 2) : dateWords(dateOf(slots[n].at), { weekday: "short" });
      },
    });
  }
}

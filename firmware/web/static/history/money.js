// Cost and income of the days, from the reader's document, and the slots of a view in money.

import { Source } from "../lib/ask.js";
import { known } from "../lib/format.js";
import { dateOf } from "../lib/zone.js";

const AGAIN_MS = 600000;
const source = new Source();
let days = new Map(); // { c, g, ip, ep } by date
let currency = "";

export const currencyOf = () => currency;

function take(text) {
  const document = JSON.parse(text);
  days = new Map(document.days.map((day) => [day.t, day]));
  currency = document.currency;
  return AGAIN_MS;
}

// Reads the document if it is due. key: what a change of makes it old. Resolves to true if it was read.
export const readMoney = (key) => source.refresh(key, "/money.json", take);

export const moneyFailed = () => source.failed;

// Sums of the days that begin with `date`: cost, income, and the kWh that had a price.
function sum(date) {
  const all = { c: null, g: null, p: 0 };
  for (const [day, { c, g, ip, ep }] of days) {
    if (!day.startsWith(date)) continue;
    if (known(c)) all.c = (all.c ?? 0) + c;
    if (known(g)) all.g = (all.g ?? 0) + g;
    all.p += ip + ep;
  }
  return all;
}

// The slots in money: i is the cost, e what the export earned, null without a price; part: whether some of the energy
// had no price. Hours have no money of their own: the list is empty.
export function inMoney(view, slots) {
  if (view === "day") return [];
  return slots.map((slot) => {
    const { c, g, p } = sum(slot.id);
    const energy = (slot.i ?? 0) + (slot.e ?? 0);
    return { ...slot, i: c, e: g, part: energy - p > 0.01 && c !== null };
  });
}

// The sums of a range: [cost, income, kWh that had a price]. end: of a past day.
export function moneyOf(view, slots, end, now) {
  const dates = view === "day" ? [end ?? dateOf(now)] : slots.map(({ id }) => id);
  const all = dates.map(sum);
  const add = (side) => all.reduce((total, one) => (one[side] === null ? total : (total ?? 0) + one[side]), null);
  return [add("c"), add("g"), all.reduce((total, { p }) => total + p, 0)];
}

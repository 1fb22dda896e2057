// Cost and income of days and of hours, from the reader's document, and slots in money.

import { Source } from "../lib/ask.js";
import { known } from "../lib/format.js";
import { dateOf } from "../lib/zone.js";

const AGAIN_MS = 300000;
const documents = {}; // { source, hours } by date, "" for that of all days; hours: { c, g, part } by UTC second
const days = new Map(); // { c, g, ip, ep } by date
let currency = "";

export const currencyOf = () => currency;

// Reads the document if it is due. key: what a change of makes it old; date: with the hours of that day; over: whether
// that day is over. Resolves to true if it was read.
export function readMoney(key, date = "", over) {
  const kept = (documents[date] ??= { source: new Source() });
  return kept.source.refresh(key, `/money.json${date && `?day=${date}`}`, (text) => {
    const document = JSON.parse(text);
    if (document.currency !== currency) days.clear();
    currency = document.currency;
    for (const day of document.days) days.set(day.t, day);
    kept.hours = new Map(document.hours?.map((hour) => [Date.parse(hour.t) / 1000, hour]));
    return over ? undefined : AGAIN_MS;
  });
}

export const moneyFailed = (date) => documents[date]?.source.failed;

export const hoursRead = (date) => documents[date]?.hours;

// Sums of the days that begin with one of the dates: cost, income, and the kWh that had a price.
function sum(...dates) {
  const all = { c: null, g: null, p: 0 };
  for (const [day, { c, g, ip, ep }] of days) {
    if (!dates.some((date) => day.startsWith(date))) continue;
    if (known(c)) all.c = (all.c ?? 0) + c;
    if (known(g)) all.g = (all.g ?? 0) + g;
    all.p += ip + ep;
  }
  return all;
}

// A slot in money: i is the cost, e what the export earned, null without a price; part: whether some of the energy had
// no price.
export function inMoney(slot) {
  if (known(slot.id)) {
    const { c = null, g = null, part } = hoursRead(dateOf(slot.id))?.get(slot.id) ?? {};
    return { ...slot, i: c, e: g, part };
  }
  const { c, g, p } = sum(slot.id);
  return { ...slot, i: c, e: g, part: slot.i + slot.e - p > 0.01 && c !== null };
}

// The sums of a range, as sum() has them. end: of a past day.
export const moneyOf = (view, slots, end, now) => sum(...(view === "day" ? [end ?? dateOf(now)] : slots.map(({ id }) => id)));

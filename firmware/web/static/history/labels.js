// Names of slots: short under the axis and in the table, long for a read-out.

import { W } from "../words.js";
import { dateOf, dateWords, offset, timeOf } from "../lib/zone.js";

const WEEKDAY = { weekday: "short" };
const MONTH = { month: "short" };
const DATE = { ...WEEKDAY, day: "numeric", month: "long" };

// Distances between labels in slots, and the width of the longest label in px.
const EVERY = { day: [1, 2, 3, 6], week: [1], month: [1, 2, 5, 10], year: [1, 2, 3] };
const ROOM_PX = { day: 26, week: 30, month: 26, year: 34 };

// The label under the n-th slot of a view, "" for none. ids: of all its slots.
export function tickLabel(view, ids, n, width) {
  const id = ids[n];
  const every = EVERY[view].find((k) => k * width >= ROOM_PX[view]) ?? EVERY[view].at(-1);
  if (view === "week") return dateWords(id, WEEKDAY);
  if (view === "year") return n % every ? "" : dateWords(id, MONTH);
  const number = view === "day" ? timeOf(id).slice(0, 2) : id.slice(8);
  return number % every ? "" : view === "day" ? number : String(Number(number));
}

// "12:00–13:00", "Thu 12 March", "March 2026". On a day of 23 or 25 hours an hour has its offset: "02:00 UTC+1".
export function slotName(view, ids, n) {
  const name = slotHead(view, ids, n);
  return view === "day" && ids.length === 24 ? W.ENERGY.hours(name, timeOf(ids[n] + 3600)) : name;
}

// The same, but only the beginning of an hour: "12:00".
export function slotHead(view, ids, n) {
  const id = ids[n];
  if (view === "day") return ids.length === 24 ? timeOf(id) : `${timeOf(id)} ${offset(id)}`;
  return dateName(id);
}

// A date or a month in words: "Thu 12 March", "March 2026".
export const dateName = (date) =>
  dateWords(date, date.length > 7 ? DATE : { month: "long", year: "numeric" });

// A moment of the date today as a time, another as a date.
export const beginning = (utc, today) =>
  dateOf(utc) === today ? timeOf(utc) : dateWords(dateOf(utc), { day: "numeric", month: "long" });

// Quality of a slot's figures in words.
export function qualityName({ id, q, i, since }) {
  if (q === "gap" && i !== null) return W.QUALITY.partial;
  const day = typeof id === "number" ? dateOf(id) : id;
  return since ? W.ENERGY.barSince(W.QUALITY[q], beginning(since, day)) : W.QUALITY[q];
}

// Names of slots: short under the axis, long for a read-out.

import { dateWords, offset, timeOf } from "./zone.js";

const WEEKDAY = { weekday: "short" };
const MONTH = { month: "short" };

// Every how many slots there may be a label, and the px the longest one needs.
const EVERY = { day: [1, 2, 3, 6], week: [1], month: [1, 2, 5, 10], year: [1, 2, 3] };
const ROOM_PX = { day: 26, week: 30, month: 26, year: 34 };

// slots: ids of a whole view; what is under the n-th, or nothing.
export function tickLabel(view, ids, n, width) {
  const id = ids[n];
  const every = EVERY[view].find((k) => k * width >= ROOM_PX[view]) ?? EVERY[view].at(-1);
  if (view === "week") return dateWords(id, WEEKDAY);
  if (view === "year") return n % every ? "" : dateWords(id, MONTH);
  const number = view === "day" ? timeOf(id).slice(0, 2) : id.slice(8);
  return number % every ? "" : view === "day" ? number : String(Number(number));
}

// "12:00–13:00", "Thu 12 March", "March 2026". On a day of 23 or 25 hours an hour is told by its offset.
export function slotName(view, ids, n) {
  const id = ids[n];
  if (view === "day") return timeOf(id) + (ids.length === 24 ? `\u2013${timeOf(id + 3600)}` : ` ${offset(id)}`);
  if (view === "year") return dateWords(id, { month: "long", year: "numeric" });
  return dateWords(id, { ...WEEKDAY, day: "numeric", month: "long" });
}

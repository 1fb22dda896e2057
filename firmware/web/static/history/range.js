// The range of a view: a day, seven days, a month or twelve months. It is named by its last date; the running range
// ends today and moves on with it.

import { addDays, dateWords } from "../lib/zone.js";

const DAYS = { day: 1, week: 7 };
const MONTHS = { month: 1, year: 12 };
// Number of days for which the reader keeps hours, and days.
const KEPT = { day: 400, week: 1826, month: 1826, year: 1826 };

// The last date of the n-th range after the one that holds date; n < 0: before it.
export function shift(view, date, n) {
  if (DAYS[view]) return addDays(date, n * DAYS[view]);
  const [year, month] = date.split("-");
  return new Date(Date.UTC(year, Number(month) + n * MONTHS[view], 0)).toISOString().slice(0, 10);
}

export const firstOf = (view, date) => addDays(shift(view, date, -1), 1);

// The last date of the range that holds date, null for the running range.
export function endOf(view, date, today) {
  const end = date && shift(view, date, 0);
  return end < today ? end : null;
}

// Whether the reader may still have data of a range.
export const kept = (view, end, today) => end > addDays(today, -KEPT[view]);

// "Wed 11 March", "6 – 12 March", "March 2026", "April 2025 – March 2026". weekday: short or long.
export function rangeName(view, end, today, weekday) {
  if (view === "month") return dateWords(end, { month: "long", year: "numeric" });
  const first = firstOf(view, end);
  if (view === "year") return dateWords(first, { month: "long", year: "numeric" }, end);
  const other = first.slice(0, 4) !== today.slice(0, 4) && { year: "numeric" };
  const date = { day: "numeric", month: "long", ...other };
  return view === "week" ? dateWords(first, date, end) : dateWords(end, { weekday, ...date });
}

// The range of a view by the calendar: a day, a week from Monday, a month or a year. It is named by its last date; the
// range that holds today is the running one.

import { addDays, dateWords } from "../lib/zone.js";

// Number of days for which the reader keeps hours, and days.
const KEPT = { day: 400, week: 1826, month: 1826, year: 1826 };

const iso = (ms) => new Date(ms).toISOString().slice(0, 10);

// The last date of the n-th range after the one that holds date; n < 0: before it.
export function shift(view, date, n) {
  if (view === "day") return addDays(date, n);
  if (view === "week") return addDays(date, 6 - ((new Date(date).getUTCDay() + 6) % 7) + 7 * n);
  const [year, month] = date.split("-").map(Number);
  return view === "month" ? iso(Date.UTC(year, month + n, 0)) : `${year + n}-12-31`;
}

export const firstOf = (view, date) => addDays(shift(view, date, -1), 1);

// The last date of the range that holds date, null for the running range.
export function endOf(view, date, today) {
  const end = date && shift(view, date, 0);
  return end < today ? end : null;
}

// Whether the reader may still have data of a range.
export const kept = (view, end, today) => end > addDays(today, -KEPT[view]);

// "Wed 11 March", "9 – 15 March", "March 2026", "2026". weekday: short or long.
export function rangeName(view, end, today, weekday) {
  if (view === "month") return dateWords(end, { month: "long", year: "numeric" });
  if (view === "year") return end.slice(0, 4);
  const first = firstOf(view, end);
  const other = first.slice(0, 4) !== today.slice(0, 4) && { year: "numeric" };
  const date = { day: "numeric", month: "long", ...other };
  return view === "week" ? dateWords(first, date, shift("week", end, 0)) : dateWords(end, { weekday, ...date });
}

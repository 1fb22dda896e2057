// Slots of history: those of a view, the query for them, and the reader's answer as slots.
//
// A slot is { id, q, i, e }: id is the UTC second an hour begins at, "2026-03-01" or "2026-03"; i and e are kWh, null
// when unknown; q is the reader's quality, or running, pending, none or future, or partial: the first slot of the
// history, of which only the end was counted. since: the UTC second since which a running slot is counted.

import { known } from "../lib/format.js";
import { firstOf, shift } from "./range.js";
import { addDays, dateOf, daysOfMonth, hoursOfDay, setZone, timeOf } from "../lib/zone.js";

const DAY_S = 86400;
const SETTLE_S = 7200;
const DOUBT = ["measured", "edited", "near", "estimated", "interpolated", "provisional", "gap"];

// How far to query beyond the shown range: for comparison, and to distinguish a gap from the time before history.
const BACK_S = { day: 50 * 3600, week: 14 * DAY_S, month: 62 * DAY_S, year: 731 * DAY_S };
// The indices of the running slot in the lists of `ea`, and of the sum that its slots add up to.
const SLOT_PLACE = { day: 0, week: 1, month: 1, year: 2 };
const SUM_PLACE = { day: 1, week: 1, month: 2, year: 2 };
// The running slots as they were shown last, for the moment until the reader's history has them.
const lastRunning = new Map();

const hourOf = (now) => now - (now % 3600);
const stretch = (view, from, to) => `step=${view === "day" ? 60 : "day"}&from=${from}${to ? `&to=${addDays(to, 1)}` : ""}`;

// end, here and below: the last date of a past range, null for the running one.
export const queryOf = (view, now, end) =>
  stretch(view, end ? firstOf(view, shift(view, end, -1)) : hourOf(now) - BACK_S[view], end);

// Without an end for the running range: the reader's default is now.
export const csvQuery = (view, now, end) => stretch(view, firstOf(view, end ?? dateOf(now)), end);

// Ids of the slots of the range that holds date.
function idsOf(view, date) {
  if (view === "day") return hoursOfDay(date);
  const first = firstOf(view, date);
  if (view === "year") return Array.from({ length: 12 }, (_, n) => `${first.slice(0, 5)}${String(n + 1).padStart(2, "0")}`);
  return view === "month" ? daysOfMonth(date) : Array.from({ length: 7 }, (_, n) => addDays(first, n));
}

const runningId = (view, now) => (view === "day" ? hourOf(now) : dateOf(now).slice(0, view === "year" ? 7 : 10));

// The text of /history.json as a Map of slots by id, in rising order. Throws for any other document.
export function parse(text, view) {
  const { zone, slots } = JSON.parse(text);
  const found = new Map();
  for (const { t, i, e, q } of slots) {
    const at = Date.parse(t);
    if (![at, i, e].every((x) => known(x) && x >= 0) || !DOUBT.includes(q)) throw new TypeError(t);
    add(found, view === "day" ? at / 1000 : view === "year" ? t.slice(0, 7) : t, { i, e, q });
  }
  setZone(zone);
  return found;
}

function add(found, id, slot) {
  const sum = found.get(id) ?? { i: 0, e: 0, q: slot.q, days: 0 };
  const q = DOUBT[Math.max(DOUBT.indexOf(sum.q), DOUBT.indexOf(slot.q))];
  found.set(id, { id, i: sum.i + slot.i, e: sum.e + slot.e, q, days: sum.days + 1 });
}

// The running slot: the reader's sum of the range less the other slots, so that the bars add up to that sum.
function runningSlot(view, slots, n, ea) {
  const slot = slots[n];
  if (!ea || !known(ea.u[SUM_PLACE[view]])) return slot;
  const whole = view === "day" || view === "month";
  const left = (sum, side) => {
    const others = whole ? slots.reduce((all, other) => all + (other[side] ?? 0), 0) : 0;
    return Math.max(0, Math.round(1000 * (sum - others)) / 1000);
  };
  const [i, e] = [left(ea.u[SUM_PLACE[view]], "i"), left(ea.p[SUM_PLACE[view]], "e")];
  return { ...slot, i, e, since: ea.si[SLOT_PLACE[view]] };
}

// The slots of a view. found: from parse(); ea: the reader's running sums or null.
export function slotsOf(view, now, found, ea, end) {
  const running = runningId(view, now);
  const first = found.keys().next().value;
  const late = view === "day" ? running - 3600 : dateOf(now - SETTLE_S) !== running && addDays(dateOf(now), -1);
  const slots = idsOf(view, end ?? dateOf(now)).map((id) => {
    const unknown = { id, i: null, e: null };
    if (id > running) return { ...unknown, q: "future" };
    if (id === running) return { ...unknown, q: "running" };
    let slot = found.get(id);
    if (!slot && id === late) return lastRunning.has(id) ? { ...lastRunning.get(id), q: "provisional" } : { ...unknown, q: "pending" };
    if (!slot) return { ...unknown, q: found.size && id > first ? "gap" : "none" };
    if (view === "year" && slot.days < daysOfMonth(id).length) slot = { ...slot, q: "gap" };
    return slot.q === "gap" && id === first ? { ...slot, q: "partial" } : slot;
  });
  const n = slots.findIndex(({ id }) => id === running);
  if (n < 0) return slots;
  slots[n] = runningSlot(view, slots, n, ea);
  if (slots[n].i !== null) {
    const { i, e } = slots[n];
    lastRunning.set(running, { id: running, i, e });
    if (lastRunning.size > 8) lastRunning.delete(lastRunning.keys().next().value);
  }
  return slots;
}

// For each slot of the range before: the share of it that the running range has reached.
function shares(view, now, ids) {
  const today = dateOf(now);
  const hours = hoursOfDay(today);
  const ofDay = (now - hours[0]) / 3600 / hours.length;
  const days = daysOfMonth(today).length;
  const [mark, place, passed] = {
    day: [timeOf, timeOf(hourOf(now)), (now % 3600) / 3600],
    week: [String, addDays(today, -7), ofDay],
    month: [(id) => id.slice(8), today.slice(8), ofDay],
    year: [(id) => id.slice(5), today.slice(5, 7), (Number(today.slice(8)) - 1 + ofDay) / days],
  }[view];
  return ids.map((id) => (mark(id) < place ? 1 : mark(id) === place ? passed : 0));
}

// Whether all of a slot is known, in money: has a price.
const isWhole = (view, id, slot) =>
  slot && slot.q !== "gap" && slot.i !== null && !slot.part && (view !== "year" || slot.days >= daysOfMonth(id).length);

// The slots of the range before, at the places of this one's: kWh imported, or their cost, null when unknown. A day of
// 25 hours has no counterpart, and a month's 31st may have none.
export function ghosts(view, now, found, end) {
  const mark = { day: timeOf, week: (id) => new Date(id).getUTCDay(), month: (id) => id.slice(8), year: (id) => id.slice(5) }[view];
  const known = new Map();
  for (const id of idsOf(view, shift(view, end ?? dateOf(now), -1))) {
    const slot = found.get(id);
    known.set(mark(id), isWhole(view, id, slot) ? slot.i : null);
  }
  return idsOf(view, end ?? dateOf(now)).map((id) => known.get(mark(id)) ?? null);
}

// kWh imported in the range before, or their cost: [so far, total]; NaN if any slot is unknown. The slot at the running
// one's place counts in proportion to time; a part of a day is precise enough only with six whole days.
export function before(view, now, found, end) {
  const ids = idsOf(view, shift(view, end ?? dateOf(now), -1));
  const sum = (parts) =>
    ids.reduce((all, id, n) => {
      const slot = found.get(id);
      return parts[n] ? all + (isWhole(view, id, slot) ? slot.i * parts[n] : NaN) : all;
    }, 0);
  const even = !end && (view !== "month" || dateOf(now).slice(8) > 6);
  return [even ? sum(shares(view, now, ids)) : NaN, sum(ids.map(() => 1))];
}

// Whether the reader accepts a correction of a slot: one of the last 24 hours or of the last 31 days.
export function correctable(view, id, now) {
  const hour = hourOf(now);
  if (view === "day") return id < hour && id >= hour - DAY_S;
  const last31 = Array.from({ length: 31 }, (_, n) => addDays(dateOf(now), -1 - n));
  return view !== "year" && last31.find((date) => date.slice(8) === id.slice(8)) === id;
}

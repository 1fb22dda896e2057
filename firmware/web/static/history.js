// History as slots: what a view shows, what to ask the reader for, and what its answer means.
//
// A slot is { id, q, i, e }: id is the UTC second an hour begins at, "2026-03-01" or "2026-03"; i and e are kWh, null
// when unknown; q is the reader's quality, or running, pending, none or future.

import { known } from "./format.js";
import { addDays, dateOf, daysOfMonth, hoursOfDay, setZone, timeOf } from "./zone.js";

const DAY_S = 86400;
const SETTLE_S = 7200;
const DOUBT = ["measured", "edited", "estimated", "interpolated", "gap"];

// How far back to ask, further than is shown: for comparison, and to tell a gap from the time before all history.
const BACK_S = { day: 50 * 3600, week: 14 * DAY_S, month: 62 * DAY_S, year: 367 * DAY_S };
// The place of the running slot in the lists of `ea`.
const SUM = { day: 0, week: 1, month: 1, year: 2 };

const step = (view) => (view === "day" ? 60 : "day");

export const queryOf = (view, now) => `step=${step(view)}&from=${now - (now % 3600) - BACK_S[view]}`;

// From the first slot shown; to the present, which is the reader's default.
export const csvQuery = (view, id) => `step=${step(view)}&from=${known(id) ? id : id.padEnd(10, "-01")}`;

// Ids of a view's slots, and that of the running one.
function frame(view, now) {
  const today = dateOf(now);
  if (view === "day") return [hoursOfDay(now), now - (now % 3600)];
  if (view === "week") return [[-6, -5, -4, -3, -2, -1, 0].map((n) => addDays(today, n)), today];
  if (view === "month") return [daysOfMonth(today), today];
  const [year, month] = today.split("-").map(Number);
  const ids = Array.from({ length: 12 }, (_, n) => new Date(Date.UTC(year, month - 12 + n)).toISOString().slice(0, 7));
  return [ids, ids[11]];
}

// The text of /history.json as a Map of slots by id, in rising order. Throws for what is no such document.
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

// The slots of a view. found: from parse(); ea: the reader's running sums or null.
export function slotsOf(view, now, found, ea) {
  const [ids, running] = frame(view, now);
  const at = ids.indexOf(running);
  const first = found.keys().next().value;
  const settling = view === "day" || (view !== "year" && dateOf(now - SETTLE_S) !== running);
  return ids.map((id, n) => {
    const slot = found.get(id);
    const unknown = { id, i: null, e: null };
    if (n > at) return { ...unknown, q: "future" };
    if (n === at) return { ...unknown, ...slot, ...(ea && { i: ea.u[SUM[view]], e: ea.p[SUM[view]] }), q: "running" };
    if (n === at - 1 && settling && (slot?.q ?? "gap") === "gap") return { ...unknown, ...slot, q: "pending" };
    if (!slot) return { ...unknown, q: found.size && id > first ? "gap" : "none" };
    return view === "year" && slot.days < daysOfMonth(id).length ? { ...slot, q: "gap" } : slot;
  });
}

// kWh imported yesterday by this time of day, or in the seven days before these; NaN if any of it is unknown.
export function before(view, now, found) {
  const [ids, running] = frame(view, now);
  const rest = (id) => (timeOf(id) === timeOf(running) ? (now % 3600) / 3600 : 0);
  const share = (id) => (view !== "day" || timeOf(id) < timeOf(running) ? 1 : rest(id));
  let sum = 0;
  for (const id of view === "day" ? hoursOfDay(ids[0] - 1) : ids.map((date) => addDays(date, -7))) {
    const slot = found.get(id);
    if (share(id)) sum += slot && slot.q !== "gap" ? slot.i * share(id) : NaN;
  }
  return sum;
}

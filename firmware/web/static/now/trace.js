// Net power over time: slots that the reader has kept, then the telegrams that this page has seen.
//
// A point is [ms since 1970, W]; W is negative when exporting, null where it is unknown.

import { Source } from "../lib/ask.js";
import { known } from "../lib/format.js";

const TEN_MS = 10000;
const MINUTE_MS = 60000;
const FINE_MS = 600000;
const LONG_MS = 21600000;
const SAME_MS = 500;
const slotsSource = new Source();
let points = []; // of the last ten minutes: means of slots of 10 s, then telegrams
let minutes = []; // means of the last six hours
let running = null; // the running minute: { begin, sum: W x ms, ms: time with a known power }
let heardAt = null; // time of the last telegram
let changes = 0;

// A number that changes with the points.
export const traceVersion = () => changes;

// Points of so many minutes before now: of a minute each if there are more than ten, but the newest is a telegram's.
export function trace(span, now) {
  const fine = span * MINUTE_MS <= FINE_MS;
  const list = fine || !points.length ? points : [...minutes, points.at(-1)];
  return (fine ? points : list).filter(([at]) => at >= now - span * MINUTE_MS);
}

function endMinutes(at) {
  if (!running || at - running.begin > LONG_MS) [minutes, running] = [[], { begin: at, sum: 0, ms: 0 }];
  while (at >= running.begin + MINUTE_MS) {
    minutes.push([running.begin + MINUTE_MS / 2, running.ms ? running.sum / running.ms : null]);
    running = { begin: running.begin + MINUTE_MS, sum: 0, ms: 0 };
  }
}

// As in the reader, a power holds since the telegram before, at most a minute.
function hold(net, at) {
  let from = heardAt === null ? at : Math.max(heardAt, at - MINUTE_MS, running.begin);
  heardAt = at;
  endMinutes(from);
  while (from < at) {
    const part = Math.min(at, running.begin + MINUTE_MS) - from;
    running.sum += net * part;
    running.ms += part;
    from += part;
    endMinutes(from);
  }
}

// time: ms since 1970 of the telegram; net: W. Ages come in tenths of a second, so a telegram that is sent twice differs
// a little in time: it is one point.
export function addPoint(time, net) {
  const at = Math.round(time);
  const last = points.at(-1);
  if (last && at < last[0] + SAME_MS) {
    if (last[1] !== net) changes += 1;
    last[1] = net;
    return;
  }
  hold(net, at);
  points.push([at, net]);
  points = points.filter((point) => point[0] >= at - FINE_MS);
  minutes = minutes.filter((point) => point[0] >= at - LONG_MS);
  changes += 1;
}

// The points of all slots but the running one. age: of the begin of the running one, in s.
function ended(list, age, length, now) {
  if (!known(age) || !list.length || !list.every((w) => w === null || known(w))) throw new TypeError("slots");
  const begin = now - age * 1000;
  return list.slice(0, -1).map((w, n) => [begin - (list.length - 1.5 - n) * length, w]);
}

// The reader's slots replace the points of their time.
function takeSlots(text) {
  const { t, ta, m, ma } = JSON.parse(text);
  const now = Date.now();
  const [tens, means] = [ended(t, ta, TEN_MS, now), ended(m, ma, MINUTE_MS, now)];
  const until = now - ta * 1000 - TEN_MS / 2;
  points = [...tens, ...points.filter(([at]) => at > until)];
  minutes = means;
  const begin = Math.round(now - ma * 1000);
  const ms = m.at(-1) === null || heardAt === null ? 0 : Math.max(0, heardAt - begin);
  running = { begin, sum: (m.at(-1) ?? 0) * ms, ms };
  changes += 1;
}

// Reads the reader's slots once for each key. Resolves to true if they have been read.
export const readSlots = (key) => slotsSource.refresh(key, "/live.json", takeSlots);

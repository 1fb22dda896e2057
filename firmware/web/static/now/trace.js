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

// The points of all slots but the running one. age: of the begin of the running one, in s.
function ended(list, age, length, now) {
  if (!known(age) || !list.length || !list.every((w) => w === null || known(w))) throw new TypeError("slots");
  const begin = now - age * 1000;
  return list.slice(0, -1).map((w, n) => [begin - (list.length - 1.5 - n) * length, w]);
}

export class Trace {
  changes = 0; // changes with the points
  #source = new Source();
  #points = []; // of the last ten minutes: means of slots of 10 s, then telegrams
  #minutes = []; // means of the last six hours
  #running = null; // the running minute: { begin, sum: W x ms, ms: time with a known power }
  #heardAt = null; // time of the last telegram

  // Points of so many minutes before now: of a minute each if there are more than ten, but the newest is a telegram's.
  points(span, now) {
    const fine = span * MINUTE_MS <= FINE_MS;
    const list = fine || !this.#points.length ? this.#points : [...this.#minutes, this.#points.at(-1)];
    return list.filter(([at]) => at >= now - span * MINUTE_MS);
  }

  #endMinutes(at) {
    if (!this.#running || at - this.#running.begin > LONG_MS) {
      this.#minutes = [];
      this.#running = { begin: at, sum: 0, ms: 0 };
    }
    while (at >= this.#running.begin + MINUTE_MS) {
      const { begin, sum, ms } = this.#running;
      this.#minutes.push([begin + MINUTE_MS / 2, ms ? sum / ms : null]);
      this.#running = { begin: begin + MINUTE_MS, sum: 0, ms: 0 };
    }
  }

  // As in the reader, a power holds since the telegram before, at most a minute.
  #hold(net, at) {
    let from = this.#heardAt === null ? at : Math.max(this.#heardAt, at - MINUTE_MS, this.#running.begin);
    this.#heardAt = at;
    this.#endMinutes(from);
    while (from < at) {
      const part = Math.min(at, this.#running.begin + MINUTE_MS) - from;
      this.#running.sum += net * part;
      this.#running.ms += part;
      from += part;
      this.#endMinutes(from);
    }
  }

  // time: ms since 1970 of the telegram; net: W. Ages come in tenths of a second, so a telegram that is sent twice
  // differs a little in time: it is one point.
  add(time, net) {
    const at = Math.round(time);
    const last = this.#points.at(-1);
    if (last && at < last[0] + SAME_MS) {
      if (last[1] !== net) this.changes += 1;
      last[1] = net;
      return;
    }
    this.#hold(net, at);
    this.#points.push([at, net]);
    this.#points = this.#points.filter((point) => point[0] >= at - FINE_MS);
    this.#minutes = this.#minutes.filter((point) => point[0] >= at - LONG_MS);
    this.changes += 1;
  }

  // The reader's slots replace the points of their time.
  #take(text) {
    const { t, ta, m, ma } = JSON.parse(text);
    const now = Date.now();
    const [tens, means] = [ended(t, ta, TEN_MS, now), ended(m, ma, MINUTE_MS, now)];
    const until = now - ta * 1000 - TEN_MS / 2;
    this.#points = [...tens, ...this.#points.filter(([at]) => at > until)];
    this.#minutes = means;
    const begin = Math.round(now - ma * 1000);
    const ms = m.at(-1) === null || this.#heardAt === null ? 0 : Math.max(0, this.#heardAt - begin);
    this.#running = { begin, sum: (m.at(-1) ?? 0) * ms, ms };
    this.changes += 1;
  }

  // Reads the reader's slots once for each key. Resolves to true if they have been read.
  read(key) {
    return this.#source.refresh(key, "/live.json", (text) => this.#take(text));
  }
}

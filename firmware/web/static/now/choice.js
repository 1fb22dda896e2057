// Which parts of the page the owner wants to see: settings ui_*, from /sysinfo.json, with the meter's line.

import { Source } from "../lib/ask.js";

const SHOW = 1;
const DYNAMIC = 2;
// What a reader without an answer shows: the settings' defaults.
const DEFAULTS = { i: 1, e: 2, v: 2, a: 2, r: 0, c: 1, t: 2, p: 2, d: 1, m: 1, s: 2 };
const AGAIN_MS = 10000;

export class Choice {
  line = ""; // "2400 8E1", or "searching"
  ready = false;
  sparse = false; // without a meter: what has no data is hidden also if it is to be shown
  #source = new Source();
  #shown = DEFAULTS;

  // Reads once, and every 10 s while `searching`, as the line may change then. Resolves to true if it was read.
  async read(searching) {
    const done = await this.#source.refresh(searching, "/sysinfo.json", (text) => {
      const { ui, line } = JSON.parse(text);
      this.#shown = { ...DEFAULTS, ...ui };
      this.line = line ?? "";
      return searching ? AGAIN_MS : undefined;
    });
    this.ready ||= done;
    return done;
  }

  // key: a member of `ui`; some: whether there is data for it.
  has(key, some) {
    const shown = this.#shown[key];
    return this.sparse || shown === DYNAMIC ? Boolean(shown && some) : shown === SHOW;
  }

  // Also without data.
  always(key) {
    return this.#shown[key] === SHOW;
  }
}

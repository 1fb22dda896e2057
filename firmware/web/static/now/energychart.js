// The cards Last 24 hours and Last 31 days: energy of ended hours and days, import up and export down.

import { Source } from "../lib/ask.js";
import { byId, setShown } from "../lib/dom.js";
import { known, number } from "../lib/format.js";
import { addDays, dateOf, dateWords, timeOf, zoneKnown } from "../lib/zone.js";
import { W } from "../words.js";
import { Columns, showChart } from "./columns.js";

const HOUR_S = 3600;
const DAYS = 31;
const CLOSED_S = 10; // after the end of a slot, until its register has come
const AGAIN_MS = 60000;
const UNSURE = ["estimated", "interpolated", "provisional", "gap"];

const VIEWS = {
  day: {
    id: "use-day",
    ticks: [1, 2, 3, 6],
    // Slots that have ended at `now`: seconds of the beginnings of hours.
    ids: (now) => Array.from({ length: 24 }, (_, n) => now - (now % HOUR_S) - (24 - n) * HOUR_S),
    query: (ids) => `step=60&from=${ids[0]}`,
    id_of: (t) => Date.parse(t) / 1000,
    name: (id) => `${timeOf(id)}\u2013${timeOf(id + HOUR_S)}`,
    tick: (id) => timeOf(id).slice(0, 2),
  },
  month: {
    id: "use-month",
    ticks: [1, 2, 5, 10],
    // Dates.
    ids: (now) => Array.from({ length: DAYS }, (_, n) => addDays(dateOf(now), n - DAYS)),
    query: (ids) => `step=day&from=${ids[0]}`,
    id_of: (t) => t,
    name: (id) => dateWords(id, { weekday: "short", day: "numeric", month: "long" }),
    tick: (id) => id.slice(8),
  },
};

function parse(text, view) {
  const found = new Map();
  for (const { t, i, e, q } of JSON.parse(text).slots) {
    if (!known(i) || !known(e)) throw new TypeError(t);
    found.set(VIEWS[view].id_of(t), { i, e, q });
  }
  return found;
}

export class EnergyChart {
  #view;
  #source = new Source();
  #found = null;
  #version = 0;

  // view: day or month
  constructor(view) {
    this.#view = view;
    this.id = VIEWS[view].id;
    this.card = byId(this.id);
    this.columns = new Columns(this.card);
  }

  close() {
    this.columns.close();
  }

  // Reads when a slot has ended, and again while the newest one is missing. Resolves to true if it was read.
  async read(choice, now) {
    if (now === null || !zoneKnown() || !choice.has(this.#view[0], true)) return false;
    const view = VIEWS[this.#view];
    const ids = view.ids(now - CLOSED_S);
    return this.#source.refresh(ids.at(-1), `/history.json?${view.query(ids)}`, (text) => {
      this.#found = parse(text, this.#view);
      this.#version += 1;
      const newest = this.#found.get(ids.at(-1));
      return !newest || newest.q === "provisional" ? AGAIN_MS : undefined;
    });
  }

  show(now, choice) {
    const view = VIEWS[this.#view];
    const ids = now !== null && zoneKnown() && this.#found ? view.ids(now - CLOSED_S) : [];
    const list = ids.map((id) => this.#found.get(id));
    const some = list.some(Boolean);
    setShown(this.card, choice.has(this.#view[0], some));
    if (this.card.hidden) return;
    showChart(this.card, some, now === null ? W.NOW.noClock : this.#source.failed ? W.NOW.failed : this.#found ? W.NOW.nothing : "");
    if (some) this.#draw(view, ids, list);
  }

  #draw(view, ids, list) {
    const out = list.some((slot) => slot?.e > 0);
    const total = (side) => number(list.reduce((sum, slot) => sum + (slot?.[side] ?? 0), 0), 1);
    const energy = (i, e) => [i, out && `${W.NOW.exported} ${e}`].filter(Boolean).map((text) => `${text} ${W.UNIT.kwh}`).join(", ");
    const sums = energy(total("i"), total("e"));
    setShown(this.card.querySelector(".legend"), out);
    this.card.querySelector("h2 small").textContent = sums;
    this.columns.draw({
      key: `${this.#version} ${ids[0]}`,
      slots: list.map((slot) => ({ up: slot?.i ?? 0, down: slot?.e ?? 0, look: slot && UNSURE.includes(slot.q) ? "hatch" : undefined })),
      label: `${W.USE[this.#view]}: ${sums}`,
      unit: W.UNIT.kwh,
      factor: 1,
      decimals: 2,
      least: 0.01,
      band: null,
      current: list.length - 1,
      sentence: (n) => {
        const slot = list[n];
        const quality = !slot ? "gap" : UNSURE.includes(slot.q) ? (slot.q === "gap" ? "partial" : slot.q) : "";
        const used = slot && `${W.NOW.imported} ${energy(number(slot.i, 2), number(slot.e, 2))}`;
        return `${view.name(ids[n])}: ${[used, quality && W.USE.quality[quality]].filter(Boolean).join(", ")}`;
      },
      ticks: view.ticks,
      tick: (n, every) => {
        const text = view.tick(ids[n]);
        return Number(text) % every ? "" : text;
      },
    });
  }
}

// The card Peaks: the month's peaks and the running interval as a ladder, with the limits of the tariff's steps as lines.

import { Source } from "../lib/ask.js";
import { byId, make, setBar, setFigure, setShown, setText } from "../lib/dom.js";
import { ABOVE_ALL, known, number } from "../lib/format.js";
import { dateOf, dateWords, zoneKnown } from "../lib/zone.js";
import { W } from "../words.js";
import { money } from "./money.js";

const CLOSED_S = 5;
const FULL = 1000;
const ROOM = 1.06; // of the ladder beyond its highest figure

// The text of /tariff.json. Throws if it is not such a document.
function parse(text) {
  const { t, p } = JSON.parse(text);
  if (![...t, ...p.flatMap(({ d, h, v }) => [d, h, v])].every(known)) throw new TypeError(text);
  return { steps: t.filter((kw) => kw < ABOVE_ALL), peaks: p.filter(({ d }) => d > 0).sort((a, b) => b.v - a.v) };
}

function when({ d, h }, now) {
  const two = (n) => String(n).padStart(2, "0");
  const parts = { weekday: "short", day: "numeric", month: "short" };
  const date = zoneKnown() ? dateWords(`${dateOf(now).slice(0, 8)}${two(d)}`, parts) : d;
  return `${date}, ${two(h)}:00`;
}

// The prices of all steps, from the text of /steps.json; that of the step up to `present` kW is marked.
function listPrices(text, present) {
  const { currency, steps } = JSON.parse(text);
  byId("peaks-prices").replaceChildren(...steps.map(({ kw, price }, n) =>
    make("li", (kw ?? ABOVE_ALL) === present && { "aria-current": true },
      `${kw ? "\u2264" : ">"} ${kw ?? steps[n - 1].kw} ${W.UNIT.kw}: ${money(price, currency)}`)));
}

export class Peaks {
  #source = new Source();
  #tariff = null;
  #prices = new Source();

  // Resolves to true if /tariff.json has been read.
  read(ea, now) {
    if (now === null || !(ea?.k > 0)) return Promise.resolve(false);
    const key = `${Math.floor((now - CLOSED_S) / (ea.iv * 60))} ${ea.x} ${ea.t}`;
    return this.#source.refresh(key, "/tariff.json", (text) => void (this.#tariff = parse(text)))
      .then((done) => done || this.#prices.refresh(ea.t, "/steps.json", (text) => listPrices(text, ea.t)));
  }

  // The rungs: the running interval, then the peaks.
  #rungs(ea, now) {
    const rows = (this.#tariff?.peaks ?? []).map((peak) => ({ name: when(peak, now), kw: peak.v, kind: "past" }));
    if (known(ea.ix)) rows.unshift({ name: ea.iv === 15 ? W.HOUR.quarter : W.HOUR.title, kw: (ea.ix * ea.w) / FULL / FULL, kind: "" });
    return rows;
  }

  #ladder(ea, now) {
    const rows = this.#rungs(ea, now);
    const highest = Math.max(ea.x, ea.t < ABOVE_ALL ? ea.t : 0, ...rows.map(({ kw }) => kw));
    const scale = highest * ROOM || 1;
    const list = byId("peaks-list");
    rows.forEach(({ name, kw, kind }, n) => {
      if (!list.children[n]) list.append(byId("peak").content.cloneNode(true));
      const [title, value, bar] = list.children[n].children;
      setText(title, name);
      setText(value, `${number(kw, 2)}\u00a0${W.UNIT.kw}`);
      setBar(bar.firstChild, kw / scale, kind);
    });
    while (list.children.length > rows.length) list.lastElementChild.remove();
    this.#lines(ea, scale);
  }

  // A line at the limit of each step, with its limit; the present step's is marked. Without steps: at the month's value.
  #lines(ea, scale) {
    const steps = this.#tariff?.steps ?? [];
    const lines = steps.length ? steps.filter((kw) => kw <= scale) : ea.x > 0 ? [ea.x] : [];
    const box = byId("ladder-lines");
    lines.forEach((kw, n) => {
      if (!box.children[n]) box.append(byId("ladder-line").content.cloneNode(true));
      const line = box.children[n];
      const at = `${Math.round((kw / scale) * 1000) / 10}%`;
      if (line.style.left !== at) line.style.left = at;
      line.classList.toggle("limit", kw === ea.t || !steps.length);
      setText(line.firstElementChild, number(kw, Number.isInteger(kw) ? 0 : 1));
    });
    while (box.children.length > lines.length) box.lastElementChild.remove();
  }

  // The sentences under the ladder: the gap to the next step, its price, and how many peaks are missing.
  #sentence(ea) {
    if (!this.#tariff) return this.#source.failed ? W.NOW.failed : "";
    const text = [];
    const cost = known(ea.np) && ea.cur ? money(ea.np, ea.cur) : "";
    if (ea.t < ABOVE_ALL && ea.x > 0 && ea.nx !== null) text.push(W.PEAKS.gap(number(Math.max(0, ea.t - ea.x), 2)));
    if (ea.nx !== null) text.push(W.PEAKS.next(ea.nx < ABOVE_ALL ? ea.nx : "", cost));
    else if (cost) text.push(W.PEAKS.perKw(cost));
    const missing = ea.k - this.#tariff.peaks.length;
    if (missing > 0) text.push(W.PEAKS.few(missing));
    return text.join(" ");
  }

  show(ea, now, choice) {
    const some = now !== null && ea?.k > 0;
    setShown(byId("peaks"), choice.has("t", some));
    if (byId("peaks").hidden) return;
    for (const id of ["peaks-figure", "ladder", "peaks-prices"]) setShown(byId(id), some);
    setText(byId("peaks-step"), "");
    if (!some) return setText(byId("peaks-why"), now === null ? W.NOW.noClock : W.HOUR.none);
    setFigure(byId("peaks-value"), number(ea.x, 1));
    setText(byId("peaks-step"), ea.t < ABOVE_ALL ? W.PEAKS.step(ea.t) : "");
    setText(byId("peaks-cost"), known(ea.cc) && ea.cur ? money(ea.cc, ea.cur) : "");
    this.#ladder(ea, now);
    setText(byId("peaks-why"), this.#sentence(ea));
  }
}

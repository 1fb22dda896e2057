// The card Live: net power of the last ten minutes, hour or six hours, drawn at the size of the card.
//
// Its elements stay, and are written only when the curve has changed or has moved by a pixel. The drawing is one tab
// stop: arrow keys go from point to point, mouse and touch choose the nearest one.

import { byId, setClass, setShown, setText } from "../lib/dom.js";
import { clock, number, powerText } from "../lib/format.js";
import { niceStep, shape } from "../lib/svg.js";
import { zoneKnown } from "../lib/zone.js";
import { W } from "../words.js";
import { setSlider, slide } from "./slider.js";

const FINE = 10;
const TICKS = { 10: [2, 5], 60: [10, 20], 360: [60, 120] }; // minutes between labels, on a wide and on a narrow card
const GAP_MS = 30000;
const LONG_GAP_MS = 90000;
const LOW_PX = 200;

const range = (points) => {
  const watts = points.map(([, w]) => w);
  return [Math.min(...watts), Math.max(...watts)];
};

const nearest = (list, at) =>
  list.reduce((best, point, n) => (Math.abs(point[0] - at) < Math.abs(list[best][0] - at) ? n : best), 0);

const spanName = (minutes) => (minutes % 60 ? `${minutes}\u00a0${W.UNIT.minute}` : `${minutes / 60}\u00a0${W.UNIT.hour}`);
const ago = (minutes) => `\u2212${spanName(minutes).replace("\u00a0", " ")}`;
// "import 1.20 kW"
const flow = (w) => `${w < 0 ? W.NOW.exported : W.NOW.imported} ${powerText(Math.abs(w))}`;
// "lowest 1.20 kW", "lowest: export 1.20 kW"
const named = (word, w) => (w < 0 ? `${word}: ${flow(w)}` : `${word} ${powerText(w)}`);

// Runs of points without a gap: no line is drawn across a time without data.
function runs(list, most) {
  const out = [];
  list.forEach((point, n) => {
    if (point[1] === null) return;
    const before = list[n - 1];
    if (!before || before[1] === null || point[0] - before[0] > most) out.push([]);
    out.at(-1).push(point);
  });
  return out;
}

export class Live {
  #trace;
  #span = FINE; // minutes
  #pickedAt = null; // ms since 1970 of the chosen point
  #plan = {}; // what is drawn: points, box, scales; empty without a curve
  #drawnCurve = "";
  #drawnAxes = "";

  constructor(trace) {
    this.#trace = trace;
    const svg = byId("live");
    for (const { value, nextElementSibling } of byId("spans").querySelectorAll("input")) setText(nextElementSibling, spanName(value));
    byId("spans").addEventListener("change", (event) => {
      this.#span = Number(event.target.value);
      this.#choose(null);
    });
    slide(svg, (x) => this.#at(x), (n) => this.#move(n), () => this.#choose(null));
    this.observer = new ResizeObserver(() => this.draw(Date.now()));
    this.observer.observe(byId("plot"));
  }

  close() {
    this.observer.disconnect();
  }

  #axes({ box, low, high, step, y }) {
    const span = this.#span;
    const state = JSON.stringify([span, box, low, high, step]);
    if (state === this.#drawnAxes) return;
    this.#drawnAxes = state;
    const group = byId("live-axes");
    group.replaceChildren();
    const kilo = Math.max(high, -low) >= 1000;
    const decimals = kilo && step < 1000 ? (step < 100 ? 2 : 1) : 0;
    for (let w = low; w <= high; w += step) {
      shape(group, "line", { class: w === 0 ? "zero" : "grid", x1: box.left, x2: box.right, y1: y(w), y2: y(w) });
      const place = { x: box.left - 8, y: y(w) + 4, "text-anchor": "end" };
      shape(group, "text", place, number(kilo ? w / 1000 : w, decimals));
    }
    const every = TICKS[span][box.right - box.left < 420 ? 1 : 0];
    for (let minute = span; minute >= 0; minute -= every) {
      const x = box.right - ((box.right - box.left) * minute) / span;
      const place = { x, y: box.bottom + 20, "text-anchor": minute ? "middle" : "end" };
      shape(group, "text", place, minute ? ago(minute) : W.PRICE.now);
    }
    // Zero counts as import, else the line along the axis would be split.
    for (const [name, top, bottom] of [["in", 0, y(0) + 1], ["out", y(0), box.bottom + 4]]) {
      const cut = byId(`clip-${name}`).firstElementChild;
      const size = { x: 0, y: top, width: box.right + 8, height: Math.max(0, bottom - top) };
      for (const [key, value] of Object.entries(size)) cut.setAttribute(key, value);
    }
    setText(byId("live-unit"), kilo ? W.UNIT.kw : W.UNIT.w);
  }

  #curve({ list, x, y }) {
    let line = "";
    let area = "";
    for (const run of runs(list, this.#span > FINE ? LONG_GAP_MS : GAP_MS)) {
      const path = run.map(([at, w]) => `${x(at).toFixed(1)},${y(w).toFixed(1)}`).join("L");
      line += `M${path}`;
      area += `M${x(run[0][0]).toFixed(1)},${y(0)}L${path}L${x(run.at(-1)[0]).toFixed(1)},${y(0)}Z`;
    }
    for (const path of byId("live").querySelectorAll(".trace")) {
      path.setAttribute("d", path.classList.contains("line") ? line : area);
    }
  }

  #spot(element, [at, w]) {
    setClass(element, w < 0 ? "out" : "");
    element.setAttribute("cx", this.#plan.x(at));
    element.setAttribute("cy", this.#plan.y(w));
  }

  #label(points) {
    const [low, high] = range(points);
    const last = points.at(-1)[1];
    const lowest = named(W.LIVE.lowest, low);
    const highest = named(W.LIVE.highest, high);
    const latest = named(W.PRICE.now, last);
    setText(byId("live-low"), lowest);
    setText(byId("live-high"), highest);
    byId("live").setAttribute("aria-label", `${W.LIVE.chart(spanName(this.#span))}: ${[lowest, highest, latest].join(", ")}`);
  }

  // The chosen point, by default the newest one, as a text and as the value of the slider.
  #pick({ points, now }) {
    const span = this.#span;
    if (this.#pickedAt !== null && this.#pickedAt < now - span * 60000) this.#pickedAt = null;
    const n = this.#pickedAt === null ? points.length - 1 : nearest(points, this.#pickedAt);
    const [at, w] = points[n];
    const mean = span > FINE && n < points.length - 1;
    const time = mean ? clock(at - 30000).slice(0, 5) : clock(at);
    const text = `${time}: ${flow(w)}${mean ? `, ${W.LIVE.mean}` : ""}`;
    setSlider(byId("live"), -span, 0, Math.max(-span, Math.min(0, Math.round((at - now) / 6000) / 10)), text);
    const chosen = this.#pickedAt !== null;
    setText(byId("live-readout"), chosen ? text : "");
    setShown(byId("live-readout"), chosen);
    setShown(byId("live-range"), !chosen);
    byId("live-pick").toggleAttribute("hidden", !chosen);
    if (!chosen) return;
    this.#spot(byId("live-spot"), points[n]);
    const x = this.#plan.x(at);
    byId("live-cursor").setAttribute("d", `M${x},${this.#plan.box.top}V${this.#plan.box.bottom}`);
  }

  // now: ms since 1970, the time at the right edge.
  draw(now) {
    const plot = byId("plot");
    const [width, height] = [plot.clientWidth, plot.clientHeight];
    if (width < 100) return;
    const span = this.#span;
    const pixel = (span * 60000) / width;
    const edge = Math.ceil(now / pixel) * pixel;
    const state = [this.#trace.changes, span, width, height, edge, this.#pickedAt, zoneKnown()].join();
    if (state === this.#drawnCurve) return;
    this.#drawnCurve = state;
    const list = this.#trace.points(span, now);
    const points = list.filter(([, w]) => w !== null);
    const some = points.length > 1;
    setShown(byId("live-empty"), !some);
    byId("live").toggleAttribute("hidden", !some);
    if (!some) {
      this.#plan = {};
      setShown(byId("live-range"), false);
      setShown(byId("live-readout"), false);
      return setText(byId("live-unit"), "");
    }
    const [lowest, highest] = range(points);
    const box = { left: 44, right: width - 6, top: 8, bottom: height - 24 };
    const step = niceStep(Math.max(highest, 0) - Math.min(lowest, 0), height < LOW_PX ? 3 : 4, 10);
    const low = Math.floor(Math.min(lowest, 0) / step) * step;
    const high = Math.ceil(Math.max(highest, step) / step) * step;
    const x = (at) => box.right - ((edge - at) / (span * 60000)) * (box.right - box.left);
    const y = (w) => box.bottom - ((w - low) / (high - low)) * (box.bottom - box.top);
    this.#plan = { list, points, now, edge, box, low, high, step, x, y };
    byId("live").setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#axes(this.#plan);
    this.#curve(this.#plan);
    this.#label(points);
    this.#spot(byId("dot"), points.at(-1));
    this.#pick(this.#plan);
  }

  #choose(at) {
    this.#pickedAt = at;
    this.draw(Date.now());
  }

  #at(place) {
    const { points, box, edge } = this.#plan;
    if (!points) return;
    const at = edge - ((box.right - place) / (box.right - box.left)) * this.#span * 60000;
    this.#choose(points[nearest(points, at)][0]);
  }

  #move(by) {
    const { points } = this.#plan;
    if (!points) return;
    const n = this.#pickedAt === null ? points.length - 1 : nearest(points, this.#pickedAt);
    this.#choose(points[Math.max(0, Math.min(points.length - 1, n + by))][0]);
  }
}

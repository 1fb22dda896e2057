// A chart of columns, up and down from an axis, drawn at the size that its card has. It is one tab stop: arrow keys go
// from column to column, mouse and touch choose one; the chosen one is a text under the chart and the slider's value.
//
// All columns of one look are one path, so a drawing has few elements; it is written when its data or its size change.

import { setShown, setText } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { niceStep, shape } from "../lib/svg.js";
import { setSlider, slide } from "./slider.js";

const LABEL_PX = 30;
const BOX = { left: 40, top: 22, bottom: 22 };
// Looks of columns, in the order in which they are painted.
const LOOKS = ["future", "now", "up", "down", "hatch-up", "hatch-down"];

// card: the element with an svg and a .readout.
export class Columns {
  #svg;
  #parts = {};
  #chart = null;
  #drawn = "";
  #chosen = null;
  #box = null;

  constructor(card) {
    this.readout = card.querySelector(".readout");
    const svg = (this.#svg = card.querySelector("svg"));
    const parts = this.#parts;
    parts.band = shape(svg, "rect", { class: "cheap-band", rx: 3 });
    parts.axis = shape(svg, "g", {});
    parts.mark = shape(svg, "rect", { class: "chosen-mark" });
    for (const look of LOOKS) parts[look] = shape(svg, "path", { class: `column ${look}` });
    parts.zero = shape(svg, "path", { class: "zero" });
    slide(svg, (x) => this.#at(x), (n) => this.#move(n), () => this.#choose(null));
    this.observer = new ResizeObserver(() => this.#paint());
    this.observer.observe(svg);
  }

  close() {
    this.observer.disconnect();
  }

  // chart: { key, slots: [{ up, down, look }], label, unit, factor, decimals, least, band: [from, to] or null,
  //   current: the column that is chosen by default, sentence(n), tick(n, every): text under a column, ticks: distances
  //   between these }. key changes with everything that is drawn.
  draw(chart) {
    if (this.#chart?.slots.length !== chart.slots.length) this.#chosen = null;
    this.#chart = chart;
    this.#paint();
  }

  #paint() {
    const { clientWidth: wide, clientHeight: high } = this.#svg;
    if (!this.#chart || wide < 2 * BOX.left) return;
    const state = `${this.#chart.key} ${wide} ${high}`;
    if (state === this.#drawn) return;
    this.#drawn = state;
    const { slots, factor, least, label } = this.#chart;
    const top = Math.max(0, ...slots.map(({ up }) => up * factor));
    const low = Math.max(0, ...slots.map(({ down }) => down * factor));
    const step = niceStep(top + low, high < 190 ? 3 : 4, least);
    const upper = Math.max(1, Math.ceil(top / step - 1e-9)) * step;
    const lower = low < step / 2 ? low * 1.2 : Math.ceil(low / step - 1e-9) * step;
    const box = (this.#box = { ...BOX, right: wide - 2, bottom: high - BOX.bottom });
    box.wide = (box.right - box.left) / slots.length;
    box.y = (value) => box.top + ((upper - value) / (upper + lower)) * (box.bottom - box.top);
    this.#svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    this.#svg.setAttribute("aria-label", label);
    this.#axis(step, upper, lower);
    this.#bars();
    this.#choose(this.#chosen);
  }

  #axis(step, upper, lower) {
    const { slots, unit, decimals, band, tick, ticks } = this.#chart;
    const { left, right, top, bottom, wide, y } = this.#box;
    const { axis, zero } = this.#parts;
    axis.replaceChildren();
    for (let n = Math.ceil(-lower / step - 1e-9); n * step <= upper + step / 2; n += 1) {
      const at = y(n * step);
      if (n) shape(axis, "path", { class: "grid", d: `M${left},${at}H${right}` });
      const places = decimals && step < 1 ? (step < 0.1 ? 2 : 1) : 0;
      shape(axis, "text", { x: left - 6, y: at + 4, "text-anchor": "end" }, number(n * step + 0, places));
    }
    shape(axis, "text", { x: 0, y: 11 }, unit);
    zero.setAttribute("d", `M${left},${y(0)}H${right}`);
    const every = ticks.find((n) => n * wide >= LABEL_PX) ?? ticks.at(-1);
    slots.forEach((_, n) => {
      const text = tick(n, every);
      const x = left + (n + 0.5) * wide;
      if (text) shape(axis, "text", { x: Math.min(x, right - 12), y: bottom + 17, "text-anchor": "middle" }, text);
    });
    this.#parts.band.toggleAttribute("hidden", !band);
    if (!band) return;
    const place = { x: left + band[0] * wide, y: top - 8, width: (band[1] - band[0]) * wide, height: bottom - top + 8 };
    for (const [key, value] of Object.entries(place)) this.#parts.band.setAttribute(key, value);
  }

  #bars() {
    const { slots, factor } = this.#chart;
    const { left, wide, y } = this.#box;
    const gap = Math.min(wide * 0.24, 6);
    const paths = Object.fromEntries(LOOKS.map((look) => [look, ""]));
    slots.forEach((slot, n) => {
      for (const side of ["up", "down"]) {
        if (!(slot[side] > 0)) continue;
        const size = Math.max(1, Math.abs(y(slot[side] * factor) - y(0))) * (side === "up" ? -1 : 1);
        const look = slot.look === "hatch" ? `hatch-${side}` : (slot.look ?? side);
        const [x, width] = [left + n * wide + gap / 2, wide - gap].map((value) => value.toFixed(2));
        paths[look] += `M${x},${y(0).toFixed(1)}v${size.toFixed(1)}h${width}v${(-size).toFixed(1)}z`;
      }
    });
    for (const look of LOOKS) this.#parts[look].setAttribute("d", paths[look]);
  }

  // n: a column, null for the one by default.
  #choose(n) {
    if (!this.#chart || !this.#box) return;
    this.#chosen = n;
    const { slots, current, sentence } = this.#chart;
    const place = Math.min(slots.length - 1, n ?? current);
    const { left, top, bottom, wide } = this.#box;
    const text = sentence(place);
    setText(this.readout, text);
    setSlider(this.#svg, 0, slots.length - 1, place, text);
    const { mark } = this.#parts;
    mark.toggleAttribute("hidden", n === null);
    const box = { x: left + place * wide, y: top - 8, width: wide, height: bottom - top + 8 };
    for (const [key, value] of Object.entries(box)) mark.setAttribute(key, value);
  }

  #inside = (n) => Math.max(0, Math.min(this.#chart.slots.length - 1, n));

  #at(x) {
    if (this.#box) this.#choose(this.#inside(Math.floor((x - this.#box.left) / this.#box.wide)));
  }

  #move(n) {
    if (this.#box) this.#choose(this.#inside((this.#chosen ?? this.#chart.current) + n));
  }
}

// The chart or, without data, the sentence in its place.
export function showChart(card, some, why) {
  setShown(card.querySelector(".chart"), some);
  setText(card.querySelector(".why"), some ? "" : why);
}

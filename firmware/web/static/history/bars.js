// Bars of energy, import up and export down, drawn at the size the card has. One tab stop; arrow keys go from bar to
// bar. A column stays the same element while its bar changes: focus is not lost when a figure moves.

import { byId, setClass, setText } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { qualityName, slotName, tickLabel } from "./labels.js";
import { niceStep, shape } from "../lib/svg.js";
import { W } from "../words.js";

const KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: -99, End: 99 };
const LOOKS = {
  estimated: "hatch", interpolated: "hatch", partial: "hatch", gap: "hatch", running: "pale", provisional: "dashed",
};
let slots = [];
let columns = [];
let texts = [];
let others = []; // what each is compared with
let drawn = "";
let chosen = null;
let unit = "";
let left = 0;
let width = 1;

function sentence(view, ids, n) {
  const slot = slots[n];
  const known = slot.i !== null;
  const imported = known ? `${number(slot.i, 2)} ${unit}` : "";
  const exported = slot.e !== null && slots.some(({ e }) => e) ? `${number(slot.e, 2)} ${unit}` : "";
  return W.ENERGY.bar(slotName(view, ids, n), imported, exported, slot.part ? W.QUALITY.priced : qualityName(slot));
}

// The same slot of the range before in words.
const compared = (view, { ghost }) => (ghost > 0 ? W.ENERGY.ghost(view, `${number(ghost, 2)} ${unit}`) : "");

// The chosen slot: the running one by default; in a past range the first.
const current = () => chosen ?? Math.max(0, slots.findIndex(({ q }) => q === "running"));

function choose(n, focus) {
  chosen = n;
  const place = current();
  columns.forEach((column, index) => {
    column.setAttribute("tabindex", index === place ? 0 : -1);
    column.setAttribute("aria-selected", index === place);
    setClass(column, index === chosen ? "col chosen" : "col");
  });
  setText(byId("readout"), texts[place] ?? "");
  setText(byId("readout-before"), others[place] ?? "");
  if (focus) columns[place].focus({ preventScroll: true });
}

function bar(group, side, slot, x, top, height) {
  const look = slot.since || slot.part ? "hatch" : (LOOKS[slot.q] ?? "");
  const w = Math.max(2, Math.min(width * 0.74, 44));
  const box = { x: x - w / 2, y: top, width: w, height: Math.max(1, height), rx: Math.min(3, w / 4, height / 2) };
  const fill = look === "hatch" && { fill: `url(#hatch-${side})` };
  shape(group, "rect", { class: `${side}-bar ${look}`, ...fill, ...box });
}

// The same slot of the range before: a pale bar behind, wider than the bar.
function ghost(group, x, top, height) {
  const w = Math.max(3, Math.min(width * 0.92, 54));
  shape(group, "rect", { class: "ghost", x: x - w / 2, y: top, width: w, height: Math.max(1, height), rx: Math.min(3, w / 4) });
}

function paint(group, slot, n, box, y) {
  const x = left + (n + 0.5) * width;
  group.replaceChildren();
  const [top, height] = [box.top - 12, box.bottom - box.top + 12];
  shape(group, "rect", { class: "hit", x: left + n * width, y: top, width, height, rx: 3 });
  if (slot.ghost > 0) ghost(group, x, y(slot.ghost), y(0) - y(slot.ghost));
  for (const value of [slot.i, -slot.e]) {
    if (value > 0) bar(group, "in", slot, x, y(value), y(0) - y(value));
    if (value < 0) bar(group, "out", slot, x, y(0) + 1, y(value) - y(0));
  }
  const above = y(slot.i ?? 0);
  const arm = Math.min(3.5, width / 3);
  if (slot.q === "gap") {
    const [foot, head] = [above - 5, above - 5 - 2 * arm];
    const [west, east] = [x - arm, x + arm];
    shape(group, "path", { class: "cross", d: `M${west},${head}L${east},${foot}M${east},${head}L${west},${foot}` });
  }
  if (slot.q === "edited") shape(group, "circle", { class: "mark", cx: x, cy: above - 6, r: Math.min(3, width / 3) });
}

function axis(view, ids, box, step, low, high, y) {
  const group = byId("bars-axis");
  group.replaceChildren();
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step / 2; n += 1) {
    const line = { x1: box.left, x2: box.right, y1: y(n * step), y2: y(n * step) };
    shape(group, "line", { class: n ? "grid" : "zero", ...line });
    const text = { x: box.left - 6, y: y(n * step) + 4, "text-anchor": "end" };
    shape(group, "text", text, number(Math.abs(n * step), step < 0.1 ? 2 : step < 1 ? 1 : 0));
  }
  shape(group, "text", { x: box.left, y: 11 }, unit);
  ids.forEach((id, n) => {
    const text = { x: left + (n + 0.5) * width, y: box.bottom + 17, "text-anchor": "middle" };
    shape(group, "text", text, tickLabel(view, ids, n, width));
  });
}

// Draws the bars if slots or size have changed. title: the accessible name of the chart; of: their unit.
export function drawBars(view, list, title, of) {
  const svg = byId("bars");
  const [wide, high] = [svg.clientWidth, svg.clientHeight];
  const state = JSON.stringify([view, list, wide, high, of]);
  if (!wide || state === drawn) return;
  if (list[0].id !== slots[0]?.id || list.length !== slots.length) chosen = null;
  [drawn, slots, unit] = [state, list, of];
  const most = Math.max(0, ...list.map(({ i, e, ghost: other }) => Math.max(i, -e, other ?? 0)));
  const least = Math.max(0, ...list.map(({ i, e }) => Math.max(e, -i)));
  const step = niceStep(most + least, high < 220 ? 3 : 4, 0.01);
  // A small export gets part of a step below the axis, not a full step.
  const bottom = -(least < step / 2 ? least * 1.2 : Math.ceil(least / step) * step);
  const top = Math.max(1, Math.ceil(most / step)) * step;
  const box = { left: top < 1e5 ? 44 : 60, right: wide - 2, top: 30, bottom: high - 24 };
  const y = (kwh) => box.top + ((top - kwh) / (top - bottom)) * (box.bottom - box.top);
  left = box.left;
  width = (box.right - box.left) / list.length;
  const ids = list.map(({ id }) => id);
  svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
  svg.setAttribute("aria-label", title);
  axis(view, ids, box, step, bottom, top, y);
  const group = byId("bars-columns");
  while (columns.length < list.length) columns.push(shape(group, "g", { role: "option" }));
  for (const column of columns.splice(list.length)) column.remove();
  texts = list.map((slot, n) => sentence(view, ids, n));
  others = list.map((slot) => compared(view, slot));
  columns.forEach((column, n) => {
    if (column.getAttribute("aria-label") !== texts[n]) column.setAttribute("aria-label", texts[n]);
    if (column.getAttribute("aria-description") !== others[n]) column.setAttribute("aria-description", others[n]);
    paint(column, list[n], n, box, y);
  });
  choose(chosen);
}

// Called when the page is opened; done(): called when the size has changed. Returns what ends it.
export function watchBars(done) {
  const svg = byId("bars");
  [slots, columns, texts, drawn, chosen] = [[], [], [], "", null];
  const inside = (n) => Math.min(slots.length - 1, Math.max(0, n));
  const begin = () => svg.getBoundingClientRect().left + left;
  const point = ({ clientX }) => choose(inside(Math.floor((clientX - begin()) / width)));
  svg.addEventListener("pointermove", point);
  svg.addEventListener("pointerdown", point);
  svg.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "mouse") return;
    const focused = columns.indexOf(document.activeElement);
    choose(focused < 0 ? null : focused);
  });
  // Not on the drawing itself: a focus listener makes it a tab stop.
  byId("chart").addEventListener("focusin", (event) => choose(columns.indexOf(event.target)));
  byId("chart").addEventListener("focusout", () => choose(null));
  svg.addEventListener("keydown", (event) => {
    const move = KEYS[event.key];
    if (!move) return;
    event.preventDefault();
    choose(inside(current() + move), true);
  });
  const observer = new ResizeObserver(done);
  observer.observe(svg);
  return () => observer.disconnect();
}

// The card Live: net power of the last ten minutes, hour or six hours, drawn at the size of the card.
//
// Its elements stay, and are written only when the curve has changed or has moved by a pixel. The drawing is one tab
// stop: arrow keys go from point to point, mouse and touch choose the nearest one.

import { byId, setClass, setShown, setText } from "../lib/dom.js";
import { clock, number, powerText } from "../lib/format.js";
import { niceStep, shape } from "../lib/svg.js";
import { trace, traceVersion } from "./trace.js";
import { W } from "../words.js";
import { timeOf, zoneKnown } from "../lib/zone.js";

const FINE = 10;
const TICKS = { 10: [2, 5], 60: [10, 20], 360: [60, 120] }; // minutes between labels, on a wide and on a narrow card
const GAP_MS = 30000;
const LONG_GAP_MS = 90000;
const MOVES = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -1e9, End: 1e9 };
let span = FINE; // minutes
let pickedAt = null; // ms since 1970 of the chosen point
let plan = {}; // what is drawn: points, box, scales; empty without a curve
let drawnCurve = "";
let drawnAxes = "";
let observer = null;

// Runs of points without a gap: no line is drawn across a time without data.
function runs(list) {
  const out = [];
  const most = span > FINE ? LONG_GAP_MS : GAP_MS;
  list.forEach((point, n) => {
    if (point[1] === null) return;
    const before = list[n - 1];
    if (!before || before[1] === null || point[0] - before[0] > most) out.push([]);
    out.at(-1).push(point);
  });
  return out;
}

function axes({ box, low, high, step, y }) {
  const state = JSON.stringify([span, box, low, high, step]);
  if (state === drawnAxes) return;
  drawnAxes = state;
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
    shape(group, "text", place, minute ? W.LIVE.ago(minute) : W.LIVE.now);
  }
  // Zero counts as import, else the line along the axis would be split.
  for (const [name, top, bottom] of [["in", 0, y(0) + 1], ["out", y(0), box.bottom + 4]]) {
    const cut = byId(`clip-${name}`).firstElementChild;
    const size = { x: 0, y: top, width: box.right + 8, height: Math.max(0, bottom - top) };
    for (const [key, value] of Object.entries(size)) cut.setAttribute(key, value);
  }
  setText(byId("live-unit"), kilo ? W.UNIT.kw : W.UNIT.w);
}

function curve({ list, x, y }) {
  let line = "";
  let area = "";
  for (const run of runs(list)) {
    const path = run.map(([at, w]) => `${x(at).toFixed(1)},${y(w).toFixed(1)}`).join("L");
    line += `M${path}`;
    area += `M${x(run[0][0]).toFixed(1)},${y(0)}L${path}L${x(run.at(-1)[0]).toFixed(1)},${y(0)}Z`;
  }
  for (const path of byId("live").querySelectorAll(".trace")) {
    path.setAttribute("d", path.classList.contains("line") ? line : area);
  }
}

function spot(element, [at, w]) {
  setClass(element, w < 0 ? "out" : "");
  element.setAttribute("cx", plan.x(at));
  element.setAttribute("cy", plan.y(w));
}

const range = (known) => {
  const watts = known.map(([, w]) => w);
  return [Math.min(...watts), Math.max(...watts)];
};

function label(known) {
  const [low, high] = range(known);
  const last = known.at(-1)[1];
  const lowest = W.LIVE.lowest(powerText(Math.abs(low)), low < 0);
  const highest = W.LIVE.highest(powerText(Math.abs(high)), high < 0);
  const latest = W.LIVE.latest(powerText(Math.abs(last)), last < 0);
  setText(byId("live-low"), lowest);
  setText(byId("live-high"), highest);
  byId("live").setAttribute("aria-label", W.LIVE.chart(span, lowest, highest, latest));
}

function timeText(at, seconds) {
  if (!zoneKnown()) return seconds ? clock(at) : clock(at).slice(0, 5);
  return timeOf(at / 1000) + (seconds ? clock(at).slice(5) : "");
}

const nearest = (list, at) =>
  list.reduce((best, point, n) => (Math.abs(point[0] - at) < Math.abs(list[best][0] - at) ? n : best), 0);

// The chosen point, by default the newest one, as a text and as the value of the slider.
function pick({ known, now }) {
  if (pickedAt !== null && pickedAt < now - span * 60000) pickedAt = null;
  const n = pickedAt === null ? known.length - 1 : nearest(known, pickedAt);
  const [at, w] = known[n];
  const mean = span > FINE && n < known.length - 1;
  const time = timeText(mean ? at - 30000 : at, !mean);
  const text = W.LIVE.readout(time, powerText(Math.abs(w)), w < 0, mean);
  const svg = byId("live");
  svg.setAttribute("aria-valuemin", -span);
  svg.setAttribute("aria-valuemax", 0);
  svg.setAttribute("aria-valuenow", Math.max(-span, Math.min(0, Math.round((at - now) / 6000) / 10)));
  svg.setAttribute("aria-valuetext", text);
  const chosen = pickedAt !== null;
  setText(byId("live-readout"), chosen ? text : "");
  setShown(byId("live-readout"), chosen);
  setShown(byId("live-range"), !chosen);
  byId("live-pick").toggleAttribute("hidden", !chosen);
  if (!chosen) return;
  spot(byId("live-spot"), known[n]);
  const x = plan.x(at);
  byId("live-cursor").setAttribute("d", `M${x},${plan.box.top}V${plan.box.bottom}`);
}

// now: ms since 1970, the time at the right edge.
export function drawLive(now) {
  const plot = byId("plot");
  const [width, height] = [plot.clientWidth, plot.clientHeight];
  const pixel = (span * 60000) / Math.max(1, width);
  const edge = Math.ceil(now / pixel) * pixel;
  const state = [traceVersion(), span, width, height, edge, pickedAt, zoneKnown()].join();
  if (state === drawnCurve) return;
  drawnCurve = state;
  const list = trace(span, now);
  const known = list.filter(([, w]) => w !== null);
  const some = known.length > 1;
  setShown(byId("live-empty"), !some);
  byId("live").toggleAttribute("hidden", !some);
  if (!some) {
    plan = {};
    setShown(byId("live-range"), false);
    setShown(byId("live-readout"), false);
    return setText(byId("live-unit"), "");
  }
  const [lowest, highest] = range(known);
  const box = { left: 44, right: width - 6, top: 8, bottom: height - 24 };
  const step = niceStep(Math.max(highest, 0) - Math.min(lowest, 0), height < 200 ? 3 : 4, 10);
  const low = Math.floor(Math.min(lowest, 0) / step) * step;
  const high = Math.ceil(Math.max(highest, step) / step) * step;
  const x = (at) => box.right - ((edge - at) / (span * 60000)) * (box.right - box.left);
  const y = (w) => box.bottom - ((w - low) / (high - low)) * (box.bottom - box.top);
  plan = { list, known, now, edge, box, low, high, step, x, y };
  byId("live").setAttribute("viewBox", `0 0 ${width} ${height}`);
  axes(plan);
  curve(plan);
  label(known);
  spot(byId("dot"), known.at(-1));
  pick(plan);
}

function choosePoint(at) {
  pickedAt = at;
  drawLive(Date.now());
}

function follow({ clientX }) {
  if (!plan.known) return;
  const { known, box, edge } = plan;
  const place = clientX - byId("live").getBoundingClientRect().left;
  const at = edge - ((box.right - place) / (box.right - box.left)) * span * 60000;
  choosePoint(known[nearest(known, at)][0]);
}

function moveOn(event) {
  const move = MOVES[event.key];
  if (event.key === "Escape") choosePoint(null);
  if (!move || !plan.known) return;
  event.preventDefault();
  const { known } = plan;
  const n = pickedAt === null ? known.length - 1 : nearest(known, pickedAt);
  choosePoint(known[Math.max(0, Math.min(known.length - 1, n + move))][0]);
}

export function watchLive() {
  const svg = byId("live");
  [pickedAt, plan, drawnCurve, drawnAxes] = [null, {}, "", ""];
  byId("spans").querySelector(`[value="${span}"]`).checked = true;
  byId("spans").addEventListener("change", (event) => {
    span = Number(event.target.value);
    choosePoint(null);
  });
  svg.addEventListener("pointermove", follow);
  svg.addEventListener("pointerdown", follow);
  svg.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !svg.matches(":focus-visible")) choosePoint(null);
  });
  svg.addEventListener("keydown", moveOn);
  svg.addEventListener("blur", () => choosePoint(null));
  observer = new ResizeObserver(() => drawLive(Date.now()));
  observer.observe(byId("plot"));
}

export const closeLive = () => observer.disconnect();

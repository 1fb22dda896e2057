// The card Live: received power of the last ten minutes, drawn at the size of the card.

import { byId, setShown, setText } from "./dom.js";
import { number, powerText } from "./format.js";
import { niceStep, shape } from "./svg.js";
import { LIVE, UNIT } from "./words.js";

const SPAN_MS = 600000;
const GAP_MS = 30000;
const SAME_MS = 500;
const points = [];

// at: ms since 1970 of the telegram; net: W, negative when exporting. Ages come in tenths of a second, so a telegram
// that is sent twice differs a little in time: it is one point.
export function addPoint(at, net) {
  const last = points.at(-1);
  if (last && at < last[0] + SAME_MS) {
    last[1] = net;
    return;
  }
  points.push([at, net]);
  while (points[0][0] < at - SPAN_MS) points.shift();
}

// Runs of points without a gap: no line is drawn across minutes without data.
function runs(list) {
  const out = [];
  list.forEach((point, n) => {
    if (n === 0 || point[0] - list[n - 1][0] > GAP_MS) out.push([]);
    out.at(-1).push(point);
  });
  return out;
}

function axes(svg, box, low, high, step, y) {
  const kilo = Math.max(high, -low) >= 1000;
  const decimals = kilo && step < 1000 ? (step < 100 ? 2 : 1) : 0;
  for (let w = low; w <= high; w += step) {
    shape(svg, "line", { class: w === 0 ? "zero" : "grid", x1: box.left, x2: box.right, y1: y(w), y2: y(w) });
    const label = { x: box.left - 8, y: y(w) + 4, "text-anchor": "end" };
    shape(svg, "text", label, number(kilo ? w / 1000 : w, decimals));
  }
  const every = box.right - box.left < 420 ? 5 : 2;
  for (let minute = 10; minute >= 0; minute -= every) {
    const x = box.right - ((box.right - box.left) * minute) / 10;
    const label = { x, y: box.bottom + 20, "text-anchor": minute ? "middle" : "end" };
    shape(svg, "text", label, minute ? LIVE.ago(minute) : LIVE.now);
  }
  return kilo;
}

function curve(svg, list, x, y, box) {
  let line = "";
  let area = "";
  for (const run of runs(list)) {
    const path = run.map(([at, w]) => `${x(at).toFixed(1)},${y(w).toFixed(1)}`).join("L");
    line += `M${path}`;
    area += `M${x(run[0][0]).toFixed(1)},${y(0)}L${path}L${x(run.at(-1)[0]).toFixed(1)},${y(0)}Z`;
  }
  const halves = [["in", box.top - 4, y(0)], ["out", y(0), box.bottom + 4]];
  for (const [name, top, bottom] of halves) {
    const clip = shape(svg, "clipPath", { id: `clip-${name}` });
    shape(clip, "rect", { x: 0, y: top, width: box.right + 8, height: Math.max(0, bottom - top) });
    const cut = { "clip-path": `url(#clip-${name})` };
    shape(svg, "path", { d: area, class: `${name}-area`, ...cut });
    // Zero counts as import, else the line along the axis would be split.
    if (name === "in") clip.firstChild.setAttribute("height", bottom - top + 1);
    shape(svg, "path", { d: line, class: `line ${name}`, ...cut });
  }
  const [at, w] = list.at(-1);
  shape(svg, "circle", { id: "dot", class: w < 0 ? "out" : "", cx: x(at), cy: y(w), r: 5 });
}

function label(low, high, last) {
  const lowest = LIVE.lowest(powerText(Math.abs(low)), low < 0);
  const highest = LIVE.highest(powerText(Math.abs(high)), high < 0);
  const latest = LIVE.latest(powerText(Math.abs(last)), last < 0);
  setText(byId("live-low"), lowest);
  setText(byId("live-high"), highest);
  return LIVE.chart(lowest, highest, latest);
}

// now: ms since 1970, the time at the right edge.
export function drawLive(now) {
  const plot = byId("plot");
  const list = points.filter(([at]) => at >= now - SPAN_MS);
  setShown(byId("live-empty"), list.length < 2);
  setShown(byId("live-range"), list.length >= 2);
  plot.querySelector("svg")?.remove();
  if (list.length < 2) return setText(byId("live-unit"), "");
  const low = Math.min(...list.map(([, w]) => w));
  const high = Math.max(...list.map(([, w]) => w));
  const [width, height] = [plot.clientWidth, plot.clientHeight];
  const box = { left: 44, right: width - 6, top: 8, bottom: height - 24 };
  const step = niceStep(Math.max(high, 0) - Math.min(low, 0), height < 200 ? 3 : 4, 10);
  const [bottom, top] = [Math.floor(Math.min(low, 0) / step) * step, Math.ceil(Math.max(high, step) / step) * step];
  const x = (at) => box.right - ((now - at) / SPAN_MS) * (box.right - box.left);
  const y = (w) => box.bottom - ((w - bottom) / (top - bottom)) * (box.bottom - box.top);
  const text = label(low, high, list.at(-1)[1]);
  const svg = shape(plot, "svg", { role: "img", "aria-label": text, viewBox: `0 0 ${width} ${height}` });
  const kilo = axes(svg, box, bottom, top, step, y);
  setText(byId("live-unit"), `, ${kilo ? UNIT.kw : UNIT.w}`);
  curve(svg, list, x, y, box);
}

export function watchSize() {
  new ResizeObserver(() => drawLive(Date.now())).observe(byId("plot"));
}

// A line over the last 60 minutes, a value or null for each, redrawn at the width that it has.

import { DASH, known } from "../lib/format.js";
import { niceStep, shape } from "../lib/svg.js";
import { W } from "../words.js";

const HEIGHT = 150;
const LEFT = 44;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 22;
const EVERY_MIN = 15;

// values: the oldest first; text(value): a value with its unit; least: the least step of the axis.
export function drawChart(svg, values, { text, label, least }) {
  svg.replaceChildren();
  const found = values.filter(known);
  svg.setAttribute("aria-label", found.length ? `${label}, ${W.HEALTH.hour}: ${text(Math.min(...found))} \u2013 ${text(Math.max(...found))}; ${W.HEALTH.now} ${text(found.at(-1))}` : `${label} ${DASH}`);
  if (!found.length) return;
  const width = Math.max(200, svg.parentElement.clientWidth);
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  const step = niceStep(Math.max(...found) - Math.min(...found), 3, least);
  const bottom = Math.floor(Math.min(...found) / step) * step;
  const top = Math.max(Math.ceil(Math.max(...found) / step) * step, bottom + step);
  const x = (n) => LEFT + (n * (width - LEFT - RIGHT)) / (values.length - 1);
  const y = (value) => TOP + ((top - value) * (HEIGHT - TOP - BOTTOM)) / (top - bottom);
  for (let value = bottom; value <= top + step / 2; value += step) {
    shape(svg, "line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) });
    shape(svg, "text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, text(value, true));
  }
  for (let ago = values.length; ago >= 0; ago -= EVERY_MIN) {
    const at = x(values.length - 1 - Math.min(ago, values.length - 1));
    const anchor = ago === 0 ? "end" : ago === values.length ? "start" : "middle";
    shape(svg, "text", { x: at, y: HEIGHT - 5, "text-anchor": anchor }, ago ? `\u2212${ago}` : W.HEALTH.now);
  }
  drawLine(svg, values, x, y);
}

// Minutes without a value leave a gap; a single one is a dot.
function drawLine(svg, values, x, y) {
  let run = [];
  const end = () => {
    if (run.length > 1) shape(svg, "polyline", { class: "trace", points: run.join(" ") });
    else if (run.length) shape(svg, "circle", { class: "spot", cx: run[0][0], cy: run[0][1], r: 2.5 });
    run = [];
  };
  values.forEach((value, n) => (known(value) ? run.push([x(n), y(value)]) : end()));
  end();
}

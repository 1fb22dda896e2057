// The cards Peaks and Cost.

import { Source } from "./ask.js";
import { byId, setBar, setFigure, setShown, setText } from "./dom.js";
import { known, number } from "./format.js";
import { COST, PEAKS, UNIT } from "./words.js";
import { dateOf, dateWords, zoneKnown } from "./zone.js";

const ABOVE_ALL = 65535;
const CLOSED_S = 5;
const source = new Source();
let tariff = null;

// Takes the text of /tariff.json. Throws if it is not such a document.
function parseTariff(text) {
  const { t, p } = JSON.parse(text);
  if (![...t, ...p.flatMap(({ d, h, v }) => [d, h, v])].every(known)) throw new TypeError(text);
  tariff = { steps: t.filter((kw) => kw < ABOVE_ALL), peaks: p.filter(({ d }) => d > 0).sort((a, b) => b.v - a.v) };
}

function when({ d, h }, now) {
  const two = (n) => String(n).padStart(2, "0");
  const parts = { weekday: "short", day: "numeric", month: "long" };
  const date = zoneKnown() ? dateWords(`${dateOf(now).slice(0, 8)}${two(d)}`, parts) : d;
  return PEAKS.when(date, `${two(h)}:00`);
}

function showList(ea, now) {
  const list = byId("peaks-list");
  const peaks = tariff?.peaks ?? [];
  const most = Math.max(ea.t < ABOVE_ALL ? ea.t : 0, ...peaks.map(({ v }) => v));
  peaks.forEach((peak, n) => {
    if (!list.children[n]) list.append(byId("peak").content.cloneNode(true));
    const [date, value, bar] = list.children[n].children;
    setText(date, when(peak, now));
    setText(value, `${number(peak.v, 2)} ${UNIT.kw}`);
    setBar(bar.firstChild, peak.v / most, "");
  });
  while (list.children.length > peaks.length) list.lastElementChild.remove();
}

// The sentence under the peaks: the tariff's next step, and how many peaks are missing.
function peaksSentence(ea) {
  if (source.failed) return PEAKS.failed;
  if (!tariff) return PEAKS.loading;
  const { steps, peaks } = tariff;
  const next = steps.find((kw) => kw > ea.t);
  const missing = ea.k - peaks.length;
  const state = !peaks.length ? PEAKS.empty : missing > 0 ? PEAKS.few(missing) : "";
  return `${next ? PEAKS.next(next) : ""} ${state}`.trim();
}

// ea: the reader's running sums or null; now: its time in s or null; reachable: whether the reader answers.
export function showPeaks(ea, now, reachable) {
  const shown = now !== null && ea?.k > 0;
  setShown(byId("peaks"), shown);
  if (!shown) return;
  setFigure(byId("peaks-value"), number(ea.x, 1));
  setText(byId("peaks-step"), ea.t < ABOVE_ALL ? PEAKS.step(ea.t) : tariff?.steps.length ? PEAKS.above : "");
  showList(ea, now);
  setText(byId("peaks-cost"), known(ea.cc) && ea.cur ? PEAKS.costs(number(ea.cc, 2), ea.cur) : "");
  setText(byId("peaks-why"), peaksSentence(ea));
  const key = `${Math.floor((now - CLOSED_S) / (ea.iv * 60))} ${ea.x} ${ea.t}`;
  if (reachable) source.refresh(key, "/tariff.json", parseTariff).then((done) => done && showPeaks(ea, now, false));
}

// Called after the owner has changed history.
export const forgetPeaks = () => (source.key = null);

// Costs of the running day and month and of those before, if there are prices.
export function showCost(ea) {
  setShown(byId("cost"), ea?.cur);
  if (!ea?.cur) return;
  setText(byId("price-now"), known(ea.pn) ? COST.price(number(ea.pn, 2), ea.cur) : "");
  for (const n of [1, 2, 3, 4]) {
    const box = byId(`cost-${n}`);
    const some = n < 3 || ea.u[n] > 0 || ea.p[n] > 0;
    const figure = box.querySelector(".v");
    const unpriced = !ea.c[n] && ea.u[n] > 0; // energy without a known price
    setFigure(figure, number(some && !unpriced ? ea.c[n] : null, 2));
    setText(figure.nextElementSibling, ea.cur);
    const earned = ea.g[n] ? number(ea.g[n], 2) : "";
    setText(box.querySelector(".sub"), some ? COST.sums(number(ea.u[n], 1), earned) : "");
  }
}

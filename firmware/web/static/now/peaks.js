// The card Peaks.

import { Source } from "../lib/ask.js";
import { byId, setBar, setFigure, setShown, setText } from "../lib/dom.js";
import { ABOVE_ALL, known, number } from "../lib/format.js";
import { W } from "../words.js";
import { dateOf, dateWords, zoneKnown } from "../lib/zone.js";

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
  return W.PEAKS.when(date, `${two(h)}:00`);
}

function showList(ea, now) {
  const list = byId("peaks-list");
  const peaks = tariff?.peaks ?? [];
  const most = Math.max(ea.t < ABOVE_ALL ? ea.t : 0, ...peaks.map(({ v }) => v));
  peaks.forEach((peak, n) => {
    if (!list.children[n]) list.append(byId("peak").content.cloneNode(true));
    const [date, value, bar] = list.children[n].children;
    setText(date, when(peak, now));
    setText(value, `${number(peak.v, 2)} ${W.UNIT.kw}`);
    setBar(bar.firstChild, peak.v / most, "");
  });
  while (list.children.length > peaks.length) list.lastElementChild.remove();
}

// The sentence under the peaks: the tariff's next step, and how many peaks are missing.
function peaksSentence(ea) {
  if (source.failed) return W.PEAKS.failed;
  if (!tariff) return W.PEAKS.loading;
  const { peaks } = tariff;
  const money = known(ea.np) && ea.cur ? `${number(ea.np, 2)} ${ea.cur}` : "";
  const next = ea.nx !== null ? W.PEAKS.next(ea.nx < ABOVE_ALL ? ea.nx : "", money) : money && W.PEAKS.perKw(money);
  const missing = ea.k - peaks.length;
  const state = !peaks.length ? W.PEAKS.empty : missing > 0 ? W.PEAKS.few(missing) : "";
  return `${next} ${state}`.trim();
}

// ea: the reader's running sums or null; now: its time in s or null; reachable: whether the reader answers.
export function showPeaks(ea, now, reachable) {
  const shown = now !== null && ea?.k > 0;
  setShown(byId("peaks"), shown);
  if (!shown) return;
  setFigure(byId("peaks-value"), number(ea.x, 1));
  setText(byId("peaks-step"), ea.t < ABOVE_ALL ? W.PEAKS.step(ea.t) : tariff?.steps.length ? W.PEAKS.above : "");
  showList(ea, now);
  setText(byId("peaks-cost"), known(ea.cc) && ea.cur ? W.PEAKS.costs(number(ea.cc, 2), ea.cur) : "");
  setText(byId("peaks-why"), peaksSentence(ea));
  const key = `${Math.floor((now - CLOSED_S) / (ea.iv * 60))} ${ea.x} ${ea.t}`;
  if (reachable) source.refresh(key, "/tariff.json", parseTariff).then((done) => done && byId("peaks") && showPeaks(ea, now, false));
}

// Called when the page is opened: the owner may have changed history.
export const forgetPeaks = () => (source.key = null);

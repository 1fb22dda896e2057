// The card Phases: current as a share of the main fuse, voltage on a track from 207 to 253 V.

import { byId, setBar, setClass, setFigure, setShown, setText } from "../lib/dom.js";
import { DASH, known, listed, number, powerText } from "../lib/format.js";
import { W } from "../words.js";
import { level, netPower } from "./power.js";

const NAMES = ["L1", "L2", "L3"];
const PAIRS = ["L1-L2", "L1-L3", "L2-L3"];
const IT_GRID = 1;
const HIGH = 0.9;
// The limits of EN 50160, 230 V +-10 %, and 5 V inside of them.
const [LOWEST, HIGHEST] = [207, 253];
const NEAR_V = 5;

// Whether the reader estimates a current that the meter does not measure.
const estimated = (phase) => phase.e && phase.i > 0;

// [state, word] of a voltage
function voltage(u) {
  if (!known(u)) return ["", ""];
  const state = u < LOWEST || u > HIGHEST ? "bad" : u < LOWEST + NEAR_V || u > HIGHEST - NEAR_V ? "warn" : "";
  return [state, state && W.PHASES.voltages[u < 230 ? 0 : 1]];
}

function showPhase(box, phase, name, out, parts, fuse) {
  const part = (selector) => box.querySelector(selector);
  const about = estimated(phase);
  const none = phase.e && !about;
  const share = known(phase.i) && !none && fuse > 0 ? phase.i / fuse : null;
  setShown(part(".current"), parts.current);
  setFigure(part(".amps"), none ? DASH : `${about ? "≈ " : ""}${number(phase.i, 1)}`);
  setBar(part(".bar i"), share, level(share) || (out ? "out" : ""));
  setShown(part(".voltage"), parts.voltage);
  setText(part(".pair"), name);
  setFigure(part(".volts"), number(phase.u, 0));
  const [state, word] = voltage(phase.u);
  setText(part(".word"), word);
  setClass(part(".word"), `word${state && ` ${state}-text`}`);
  const track = part(".track");
  setClass(track, `track ${state}`);
  setShown(track.firstElementChild, known(phase.u));
  const at = `${Math.round(Math.min(1, Math.max(0, ((phase.u ?? 0) - LOWEST) / (HIGHEST - LOWEST))) * 1000) / 10}%`;
  if (track.firstElementChild.style.left !== at) track.firstElementChild.style.left = at;
  const watts = phase.q > (phase.p ?? 0) ? phase.q : phase.p;
  setShown(part(".watts"), known(watts) && parts.current);
  setText(part(".watts"), phase.q > (phase.p ?? 0) ? `${W.NOW.exported} ${powerText(watts)}` : powerText(watts));
}

// Fills the three phases of the page with their parts.
export function makePhases() {
  for (const n of [1, 2, 3]) byId(`p${n}`).append(byId("phase").content.cloneNode(true));
}

// Sentences for unknown values, and for a phase near its fuse.
function sentence(doc, phases, parts) {
  const names = (test) => listed(NAMES.filter((_, n) => test(phases[n])));
  const text = [];
  const add = (say, list) => list && text.push(say(list));
  if (parts.current) {
    add(W.PHASES.high, doc.mf > 0 ? names((p) => !p.e && p.i >= HIGH * doc.mf) : "");
    add(W.PHASES.unmeasured, names((p) => p.e && !estimated(p)));
    add(W.PHASES.estimated, names(estimated));
  }
  const lacks = (p) => (parts.current && !p.e && !known(p.i)) || (parts.voltage && !known(p.u));
  if (phases.some(lacks)) text.push(doc.lt < 2 ? W.PHASES.later : W.PHASES.missing(names(lacks)));
  return text.join(" ");
}

export function showPhases(doc, choice) {
  const all = [doc.l1 ?? {}, doc.l2 ?? {}, doc.l3 ?? {}];
  const between = doc.ds === IT_GRID;
  const current = choice.has("a", all.some(({ i }) => known(i)));
  const volts = choice.has("v", all.some(({ u }) => known(u)));
  setShown(byId("phases"), current || volts);
  if (!current && !volts) return;
  // Of a meter with one phase nothing is said of the others.
  const shown = all.map(({ i, u, e }) => e || known(i) || known(u));
  const some = shown.some(Boolean);
  const out = netPower(doc) < 0;
  all.forEach((phase, n) => {
    const box = byId(`p${n + 1}`);
    setShown(box, shown[n] || !some);
    const sells = known(phase.p) || known(phase.q) ? phase.q > (phase.p ?? 0) : out;
    showPhase(box, phase, between ? PAIRS[n] : "", sells, { current, voltage: volts }, doc.mf);
  });
  setText(byId("fuse"), current && doc.mf > 0 ? `${W.NOW.most} ${number(doc.mf, 0)} ${W.UNIT.a}` : "");
  const told = all.map((phase, n) => (shown[n] || !some ? phase : { i: 0, u: 0 }));
  setText(byId("phases-why"), sentence(doc, told, { current, voltage: volts }));
}

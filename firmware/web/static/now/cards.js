// The cards Now, Phases and Meter: a document in, text and bars out.

import { byId, setBar, setClass, setFigure, setShown, setText } from "../lib/dom.js";
import { DASH, known, listed, number, power, powerText } from "../lib/format.js";
import { W } from "../words.js";

const NAMES = ["L1", "L2", "L3"];
const PAIRS = ["L1-L2", "L1-L3", "L2-L3"];
const HIGH = 0.9;

const level = (share) => (share >= 1 ? "bad" : share >= HIGH ? "warn" : "");

// Import minus export in W, null when neither is known.
export function netPower(doc) {
  return known(doc.i) || known(doc.e) ? (doc.i ?? 0) - (doc.e ?? 0) : null;
}

// Without phases (a list of power only) or grid type, the share of the fuse is not known: no verdict.
function showLoad(doc, net) {
  const out = net < 0;
  const kwp = out && doc.om > 0;
  const limit = kwp ? doc.om * 1000 : doc.im;
  setShown(byId("load"), net !== null && limit > 0);
  if (net === null || !(limit > 0)) return;
  const share = Math.abs(net) / limit;
  const fuse = !kwp && doc.lt > 1 && doc.ds > 0;
  const state = fuse ? level(share) : "";
  const percent = number(share * 100, 0);
  const text = kwp ? W.NOW.ofPanels(percent, number(doc.om, 0)) : fuse ? W.NOW.ofFuse(percent, number(doc.mf, 0), state) : "";
  setBar(byId("load-bar"), share, state || (out ? "out" : ""));
  setText(byId("load-text"), text);
  setClass(byId("load-text"), state && `${state}-text`);
  setText(byId("load-max"), W.NOW.most(number(limit / 1000, 1)));
}

export function showNow(doc) {
  const net = netPower(doc);
  const out = net < 0;
  const [figure, unit] = power(net === null ? null : Math.abs(net));
  setText(byId("h-now"), net === null ? W.NOW.title : out ? W.NOW.exporting : W.NOW.importing);
  setText(byId("power"), figure);
  setText(byId("power-unit"), unit);
  setText(byId("meter-name"), W.METER.name(doc.mt, doc.model));
  const stand = out ? doc.ec : doc.ic;
  setShown(byId("stand"), known(stand));
  setText(byId("stand-value"), number(stand, 1));
  setText(byId("stand-label"), out ? W.NOW.exported : W.NOW.imported);
  showLoad(doc, net);
  const why = doc.lt > 0 ? W.NOW.noPower : W.NOW.waiting;
  setText(byId("now-why"), net === null ? why : "");
}

// Whether the reader estimates a current that the meter does not measure.
const estimated = (phase) => phase.e && phase.i > 0;

function showPhase(box, phase, pair, fuse) {
  const part = (name) => box.querySelector(name);
  const share = known(phase.i) && fuse > 0 ? phase.i / fuse : null;
  const about = estimated(phase);
  setFigure(part(".amps"), phase.e && !about ? DASH : `${about ? "≈ " : ""}${number(phase.i, 1)}`);
  setFigure(part(".volts"), number(phase.u, 0));
  setText(part(".pair"), pair);
  setBar(part(".bar i"), phase.e && !about ? null : share, level(share));
  const out = phase.q > (phase.p ?? 0);
  const watts = out ? phase.q : phase.p;
  setShown(part(".watts"), known(watts));
  setText(part(".watts"), out ? W.PHASES.out(powerText(watts)) : powerText(watts));
}

// Sentences for unknown values, and for a phase near its fuse.
function phaseSentence(doc, phases, labels) {
  const names = (test) => NAMES.filter((_, n) => test(phases[n]));
  const fixed = names((p) => p.e && !estimated(p));
  const about = names(estimated);
  const amps = names((p) => !p.e && !known(p.i));
  const volts = labels.filter((_, n) => !known(phases[n].u));
  const high = names((p) => !p.e && p.i >= HIGH * doc.mf && doc.mf > 0);
  const text = [];
  if (high.length) text.push(W.PHASES.high(listed(high)));
  if (fixed.length) text.push(W.PHASES.unmeasured(listed(fixed)));
  if (about.length) text.push(W.PHASES.estimated(listed(about)));
  if (amps.length + volts.length === 0) return text.join(" ");
  if (doc.lt < 2) text.push(W.PHASES.later);
  else {
    if (amps.length) text.push(W.PHASES.noCurrent(listed(amps)));
    if (volts.length) text.push(W.PHASES.noVoltage(listed(volts)));
  }
  return text.join(" ");
}

export function showPhases(doc) {
  const phases = [doc.l1 ?? {}, doc.l2 ?? {}, doc.l3 ?? {}];
  const between = doc.ds === 1;
  phases.forEach((phase, n) => showPhase(byId(`p${n + 1}`), phase, between ? PAIRS[n] : "", doc.mf));
  setText(byId("fuse"), doc.mf > 0 ? W.PHASES.fuse(number(doc.mf, 0)) : "");
  setText(byId("phases-why"), phaseSentence(doc, phases, between ? PAIRS : NAMES));
}

export function showMeter(doc) {
  const registers = ["ic", "ec", "ric", "rec"];
  const reactive = ["ri", "re"];
  for (const key of registers) setFigure(byId(`m-${key}`), number(doc[key], 2));
  for (const key of reactive) setFigure(byId(`m-${key}`), number(doc[key], 0));
  const factors = NAMES.map((name, n) => [name, doc[`l${n + 1}`]?.f]).filter(([, f]) => known(f));
  setShown(byId("factor"), known(doc.f) || factors.length > 0);
  setText(byId("m-f"), number(doc.f, 2));
  setText(byId("factors"), factors.map(([name, f]) => `${name} ${number(f, 2)}`).join(", "));
  setText(byId("meter-id"), doc.id || DASH);
  setText(byId("list"), W.METER.list(doc.lt));
  const missing = (keys) => keys.some((key) => !known(doc[key]));
  let why = "";
  if (registers.every((key) => !known(doc[key]))) {
    why = W.METER.noTotals;
  } else if (missing([...registers, ...reactive]) || !doc.id) {
    why = W.METER.dash;
  }
  setText(byId("meter-why"), why);
}

// The first card: power, price, the share of the main fuse, the meter's register.

import { byId, setBar, setClass, setShown, setText } from "../lib/dom.js";
import { known, number, power, powerText } from "../lib/format.js";
import { W } from "../words.js";
import { meterName } from "./meter.js";
import { priceText } from "./money.js";

const HIGH = 0.9;

// How near a share of the fuse is to the whole of it.
export const level = (share) => (share >= 1 ? "bad" : share >= HIGH ? "warn" : "");

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
  setText(byId("load-max"), `${W.NOW.most} ${number(limit / 1000, 1)} ${W.UNIT.kw}`);
}

function showPrice(ea, trend) {
  const some = known(ea?.pn) && ea.cur;
  setShown(byId("price"), some);
  if (!some) return;
  setText(byId("price-now"), priceText(ea.pn, ea.cur));
  setText(byId("price-words"), W.NOW.perKwh(trend === null ? "" : W.NOW.trends[trend + 1]));
}

// The register of import, of export too if the owner wants to see it or the meter counts it.
function showRegisters(doc, choice, out) {
  const sold = choice.has("e", out || doc.ec > 0);
  const kwh = (value) => `${number(value, 1)}\u00a0${W.UNIT.kwh}`;
  setText(byId("stand"), known(doc.ic) && !out ? `${W.NOW.meter} ${kwh(doc.ic)}` : "");
  const figures = [choice.always("e") && !out && powerText(doc.e), known(doc.ec) && kwh(doc.ec)].filter(Boolean);
  setText(byId("sold"), sold && figures.length ? `${W.NOW.exported} ${figures.join(", ")}` : "");
}

// trend: -1, 0 or 1 of the price, null if unknown.
export function showPower(doc, choice, trend) {
  const both = netPower(doc);
  // A hidden direction is shown as 0, as a meter in one direction does.
  const net = both === null ? null : both > 0 && !choice.always("i") && !choice.has("i", true) ? 0 : both < 0 && !choice.has("e", true) ? 0 : both;
  const out = net < 0;
  const [figure, unit] = power(net === null ? null : Math.abs(net));
  setText(byId("h-now"), net === null ? W.PLACE.now : out ? W.NOW.exporting : W.NOW.importing);
  setText(byId("power"), figure);
  setText(byId("power-unit"), unit);
  setClass(byId("power-box"), out ? "big sells" : "big");
  setText(byId("meter-name"), meterName(doc.mt, doc.model));
  showLoad(doc, net);
  showPrice(doc.ea, trend);
  showRegisters(doc, choice, out);
  setText(byId("now-why"), net === null ? W.NOW.noPower : "");
}

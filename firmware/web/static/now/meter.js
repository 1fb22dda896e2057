// The card Meter: registers, reactive power, power factor, identity.

import { byId, setFigure, setShown, setText } from "../lib/dom.js";
import { DASH, MAKERS, known, number } from "../lib/format.js";
import { W } from "../words.js";

const CUSTOM = 136;
const REGISTERS = ["ic", "ec"];
const REACTIVE = ["ric", "rec", "ri", "re"];

// Meter type number and model in; "Aidon 6525" out, "" when neither is known.
export const meterName = (type, model) => [type === CUSTOM ? W.METER.custom : MAKERS[type], model].filter(Boolean).join(" ");

export function showMeter(doc, choice) {
  for (const key of REGISTERS) setFigure(byId(`m-${key}`), number(doc[key], 2));
  const reactive = choice.has("r", REACTIVE.some((key) => known(doc[key])));
  setShown(byId("reactive"), reactive);
  for (const key of REACTIVE) setFigure(byId(`m-${key}`), number(doc[key], key.length > 2 ? 2 : 0));
  const factors = ["L1", "L2", "L3"].map((name) => [name, doc[name.toLowerCase()]?.f]).filter(([, f]) => known(f));
  setShown(byId("factor"), known(doc.f) || factors.length > 0);
  setText(byId("m-f"), number(doc.f, 2));
  setText(byId("factors"), factors.map(([name, f]) => `${name} ${number(f, 2)}`).join(", "));
  setText(byId("meter-id"), doc.id || DASH);
  const shown = reactive ? [...REGISTERS, ...REACTIVE] : REGISTERS;
  const none = REGISTERS.every((key) => !known(doc[key]));
  const missing = shown.some((key) => !known(doc[key])) || !doc.id;
  setText(byId("meter-why"), none ? W.METER.noTotals : missing ? W.METER.dash : "");
}

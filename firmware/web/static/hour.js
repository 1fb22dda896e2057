// The card This hour, or This quarter: energy used and expected, and the power that keeps the tariff's step.

import { byId, setBar, setClass, setFigure, setShown, setText } from "./dom.js";
import { known, number, powerText } from "./format.js";
import { HOUR } from "./words.js";
import { timeOf, zoneKnown } from "./zone.js";

// Highest kWh of the interval that keeps the month's step; null without a next step. now: s, of the document.
function limitOf(ea, now) {
  if (!(ea.k > 0) || !known(ea.ir)) return null;
  const length = ea.iv * 60;
  return ea.iu + (ea.ir * (length - (now % length))) / 3.6e6;
}

// [level, word, sentence]
function verdict(ea, expected, limit) {
  if (limit === null) return ea.k > 0 && ea.t < 65535 ? ["off", ...HOUR.free()] : ["", "", ""];
  if (ea.ir === 0) return ["bad", ...HOUR.passed(ea.t)];
  const left = [powerText(ea.ir), ea.iv === 15, ea.t];
  return expected > limit ? ["warn", ...HOUR.much(...left)] : ["ok", ...HOUR.fine(...left)];
}

function bars(used, expected, limit) {
  const scale = Math.max(limit === null ? 0 : limit * 1.08, expected, used) || 1;
  const over = limit !== null && expected > limit;
  setBar(byId("hour-soft"), expected / scale, over ? "soft over" : "soft");
  setBar(byId("hour-bar"), used / scale, "");
  setShown(byId("hour-mark"), limit !== null);
  byId("hour-mark").style.left = `${((limit ?? 0) / scale) * 100}%`;
}

// ea: the reader's running sums or null; now: the reader's time in s at sending, null without a clock.
export function showHour(ea, now) {
  const sure = ea && now !== null;
  const quarter = sure && ea.iv === 15;
  setText(byId("h-hour"), quarter ? HOUR.quarter : HOUR.title);
  const expected = sure ? (ea.ix * ea.iv) / 60000 : null;
  const limit = sure ? limitOf(ea, now) : null;
  setFigure(byId("hour-used"), number(sure ? ea.iu : null, 2));
  setFigure(byId("hour-expected"), number(expected, 2));
  const end = sure && zoneKnown() ? timeOf(now - (now % (ea.iv * 60)) + ea.iv * 60) : null;
  setText(byId("hour-at"), end ? HOUR.expectedAt(end) : HOUR.expected);
  setText(byId("hour-limit"), limit === null ? "" : HOUR.limit(number(limit, 2)));
  bars(sure ? ea.iu : 0, expected ?? 0, limit);
  const [level, word, text] = sure ? verdict(ea, expected, limit) : ["", "", ""];
  setClass(byId("hour-verdict"), `verdict ${level}`);
  setText(byId("hour-word"), word);
  setText(byId("hour-text"), text);
  setText(byId("hour-month"), sure && ea.k > 0 ? HOUR.month(number(ea.x, 1)) : "");
  const why = now === null ? HOUR.noClock : HOUR.wait;
  setText(byId("hour-why"), sure ? (quarter ? HOUR.mean(powerText(ea.ix)) : "") : why);
}

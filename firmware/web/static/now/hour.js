// The card This hour, or This quarter: energy used and expected, and the power that keeps the tariff's step or peak.

import { byId, setBar, setClass, setFigure, setShown, setText } from "../lib/dom.js";
import { ABOVE_ALL, known, number, power, powerText } from "../lib/format.js";
import { dateOf, dateWords, timeOf, zoneKnown } from "../lib/zone.js";
import { W } from "../words.js";
import { money } from "./money.js";

const WEEK_S = 6 * 86400;
const QUARTER = 15;
const FULL = 1000;

// A time of today, of the next days, or a later date in words; "" without one.
function moment(utc, now) {
  if (!known(utc) || !zoneKnown()) return "";
  const date = dateOf(utc);
  if (date === dateOf(now)) return timeOf(utc);
  if (utc - now > WEEK_S) return dateWords(date, { day: "numeric", month: "long" });
  return `${dateWords(date, { weekday: "short" })} ${timeOf(utc)}`;
}

// [level, word, sentence]
function verdict(ea, expected, now) {
  if (ea.lv !== null) return ["off", ...W.HOUR.band(ea.lv, moment(ea.lt, now))];
  if (!(ea.k > 0)) return ["", "", ""];
  if (ea.w === 0) return ["off", ...W.HOUR.free(moment(ea.wt, now))];
  if (ea.li === null) return ["off", ...(ea.mv > 0 ? W.HOUR.above() : W.HOUR.first())];
  const aim = ea.t < ABOVE_ALL ? W.HOUR.step(ea.t) : W.HOUR.peak(number(ea.mv, 1));
  if (ea.hf) return ["ok", ...W.HOUR.nothing(aim)];
  if (ea.ir === 0) return ["bad", ...W.HOUR.passed(aim)];
  return expected > ea.li ? ["warn", ...W.HOUR.much(powerText(ea.ir), aim)] : ["ok", ...W.HOUR.fine(powerText(ea.ir), aim)];
}

// fuse: kWh that the fuse allows in the interval.
function bars(used, expected, ea, fuse) {
  const limit = ea?.li ?? null;
  const peak = ea?.mv > 0 ? (ea.mv * ea.iv) / 60 : 0;
  const scale = Math.max((limit ?? (peak || fuse)) * 1.08, expected, used) || 1;
  const over = limit !== null && expected > limit;
  setBar(byId("hour-soft"), expected / scale, over ? "soft over" : "soft");
  setBar(byId("hour-bar"), used / scale, "");
  setShown(byId("hour-mark"), limit !== null);
  const at = `${((limit ?? 0) / scale) * 100}%`;
  if (byId("hour-mark").style.left !== at) byId("hour-mark").style.left = at;
}

// How much this time counts, the month's value, and what the month costs at this rate.
function monthText(ea, now) {
  if (!(ea.k > 0)) return ea.k === 0 ? W.HOUR.none : "";
  const text = [];
  const until = moment(ea.wt, now);
  if (ea.w > 0 && (until || ea.w < FULL)) text.push(W.HOUR.counts(ea.w / 10, until));
  if (ea.fl) text.push(W.HOUR.floor(number(ea.mv, 1)));
  else if (ea.mv > 0) text.push(W.HOUR.month(number(ea.mv, 1)));
  if (ea.x !== ea.mv) text.push(W.HOUR.rolling(number(ea.x, 1)));
  const cost = known(ea.cr) && ea.cur ? money(ea.cr, ea.cur) : "";
  if (ea.xr > ea.x) text.push(W.HOUR.rate(number(ea.xr, 1), cost));
  return text.join(" ");
}

// The second figure: energy at the hour's end; of a quarter, which is billed by its mean power, that mean.
function showExpected(ea, sure, begin) {
  const quarter = sure && ea.iv === QUARTER;
  const [figure, unit] = quarter ? power(ea.ix) : [number(sure ? (ea.ix * ea.iv) / 60000 : null, 2), W.UNIT.kwh];
  setFigure(byId("hour-expected"), figure);
  setText(byId("hour-expected-unit"), unit);
  const end = begin !== null && zoneKnown() ? timeOf(begin + ea.iv * 60) : "";
  setText(byId("hour-at"), quarter ? W.HOUR.mean(end) : W.HOUR.expected(end));
}

// ea: the reader's running sums or null; now: the reader's time in s at sending, null without a clock; most: the power
// in W that the fuse allows; fault: why a setting of the tariff is not used, or "".
export function showHour(ea, now, most, fault, choice) {
  setShown(byId("hour"), choice.has("c", known(ea?.iu)) || choice.has("t", known(ea?.iu) && ea.k > 0));
  if (byId("hour").hidden) return;
  const dated = ea && now !== null;
  const sure = dated && known(ea.iu);
  const quarter = dated && ea.iv === QUARTER;
  setText(byId("h-hour"), quarter ? W.HOUR.quarter : W.HOUR.title);
  const expected = sure ? (ea.ix * ea.iv) / 60000 : null;
  const begin = dated ? now - (now % (ea.iv * 60)) : null;
  const since = sure && ea.si[0] > begin && zoneKnown() && W.HOUR.since(timeOf(ea.si[0]));
  setText(byId("hour-since"), [W.HOUR.used, since, sure && ea.es[0] && W.HOUR.estimate].filter(Boolean).join(", "));
  setFigure(byId("hour-used"), number(sure ? ea.iu : null, 2));
  showExpected(ea, sure, begin);
  const limit = dated && ea.li !== null ? ea.li : null;
  const limitText = quarter ? `${number(limit * 4, 1)} ${W.UNIT.kw}` : `${number(limit, 2)} ${W.UNIT.kwh}`;
  setText(byId("hour-limit"), limit === null ? "" : `${W.HOUR.limit} ${limitText}`);
  bars(sure ? ea.iu : 0, expected ?? 0, sure ? ea : null, sure && known(most) ? (most * ea.iv) / 60000 : 0);
  const [level, word, text] = sure || (dated && ea.lv !== null) ? verdict(ea, expected, now) : ["", "", ""];
  setClass(byId("hour-verdict"), `verdict ${level}`);
  setText(byId("hour-word"), word);
  setText(byId("hour-text"), text);
  setText(byId("hour-month"), dated ? monthText(ea, now) : "");
  setText(byId("hour-why"), fault ? W.HOUR.fault(fault) : sure ? "" : now === null ? W.NOW.noClock : W.NOW.wait);
}

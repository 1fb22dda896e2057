// The card This hour, or This quarter: energy used and expected, and the power that keeps the tariff's step or peak.

import { byId, setBar, setClass, setFigure, setShown, setText } from "../lib/dom.js";
import { ABOVE_ALL, known, number, powerText } from "../lib/format.js";
import { W } from "../words.js";
import { dateOf, dateWords, timeOf, zoneKnown } from "../lib/zone.js";

const WEEK_S = 6 * 86400;

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
  const quarter = ea.iv === 15;
  if (ea.w === 0) return ["off", ...W.HOUR.free(moment(ea.wt, now))];
  if (ea.li === null) return ["off", ...(ea.mv > 0 ? W.HOUR.above() : W.HOUR.first(quarter))];
  const aim = ea.t < ABOVE_ALL ? W.HOUR.step(ea.t) : W.HOUR.peak(number(ea.mv, 1));
  if (ea.hf) return ["ok", ...W.HOUR.nothing(quarter, aim)];
  if (ea.ir === 0) return ["bad", ...W.HOUR.passed(aim)];
  const left = [powerText(ea.ir), quarter, aim];
  return expected > ea.li ? ["warn", ...W.HOUR.much(...left)] : ["ok", ...W.HOUR.fine(...left)];
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
  byId("hour-mark").style.left = `${((limit ?? 0) / scale) * 100}%`;
}

// The month's value, how much this time counts, and what the month costs at this rate.
function monthText(ea, now) {
  if (!(ea.k > 0)) return W.HOUR.none;
  const text = [];
  if (ea.fl) text.push(W.HOUR.floor(number(ea.mv, 1)));
  else if (ea.mv > 0) text.push(W.HOUR.month(number(ea.mv, 1)));
  if (ea.x !== ea.mv) text.push(W.HOUR.rolling(number(ea.x, 1)));
  const until = moment(ea.wt, now);
  if (ea.w > 0 && (until || ea.w < 1000)) text.push(W.HOUR.counts(ea.w / 10, until));
  const money = known(ea.cr) && ea.cur ? `${number(ea.cr, 2)} ${ea.cur}` : "";
  if (ea.xr > ea.x) text.push(W.HOUR.rate(number(ea.xr, 1), money));
  return text.join(" ");
}

// ea: the reader's running sums or null; now: the reader's time in s at sending, null without a clock; most: the power
// in W that the fuse allows; fault: why a setting of the tariff is not used, or "".
export function showHour(ea, now, most, fault) {
  const dated = ea && now !== null;
  const sure = dated && known(ea.iu);
  const quarter = dated && ea.iv === 15;
  setText(byId("h-hour"), quarter ? W.HOUR.quarter : W.HOUR.title);
  const expected = sure ? (ea.ix * ea.iv) / 60000 : null;
  const begin = dated && now - (now % (ea.iv * 60));
  const since = sure && ea.si[0] > begin && zoneKnown() ? timeOf(ea.si[0]) : "";
  setText(byId("hour-since"), since || (sure && ea.es[0]) ? W.HOUR.usedSince(since, ea.es[0]) : W.HOUR.used);
  setFigure(byId("hour-used"), number(sure ? ea.iu : null, 2));
  setFigure(byId("hour-expected"), number(expected, 2));
  const end = dated && zoneKnown() ? timeOf(begin + ea.iv * 60) : null;
  setText(byId("hour-at"), end ? W.HOUR.expectedAt(end) : W.HOUR.expected);
  setText(byId("hour-limit"), dated && ea.li !== null ? W.HOUR.limit(number(ea.li, 2)) : "");
  bars(sure ? ea.iu : 0, expected ?? 0, sure ? ea : null, sure && known(most) ? (most * ea.iv) / 60000 : 0);
  const [level, word, text] = sure || (dated && ea.lv !== null) ? verdict(ea, expected, now) : ["", "", ""];
  setClass(byId("hour-verdict"), `verdict ${level}`);
  setText(byId("hour-word"), word);
  setText(byId("hour-text"), text);
  setText(byId("hour-month"), dated ? monthText(ea, now) : "");
  const why = now === null ? W.HOUR.noClock : W.HOUR.wait;
  const note = sure ? (quarter ? W.HOUR.mean(powerText(ea.ix)) : "") : why;
  setText(byId("hour-why"), fault ? W.HOUR.fault(fault) : note);
}

// The card Energy and cost: what this day, month and hour used and cost, how much of it had a price, and the last month
// as on an invoice.

import { byId, setFigure, setShown, setText } from "../lib/dom.js";
import { known, number } from "../lib/format.js";
import { dateOf, dateWords, timeOf, zoneKnown } from "../lib/zone.js";
import { W } from "../words.js";
import { money, sign } from "./money.js";

// Indices of the reader's lists.
const [HOUR, TODAY, MONTH, YESTERDAY, LAST_MONTH] = [0, 1, 2, 3, 4];

const kwh = (value) => `${number(value, 1)}\u00a0${W.UNIT.kwh}`;

// "40.0 of 306.0 kWh priced", "" if all of it was.
function partly(all, priced) {
  const part = known(priced) && priced < all && number(all, 1) !== number(priced, 1);
  return part ? W.SUMS.priced(number(priced, 1), kwh(all)) : "";
}

// "since 14:23", or a date.
function beginning(utc, now) {
  const date = dateOf(utc);
  return date === dateOf(now) ? timeOf(utc) : dateWords(date, { day: "numeric", month: "long" });
}

// The lines under a row.
function under(ea, co, n, now) {
  const lines = [];
  const place = { [HOUR]: 0, [TODAY]: 1, [MONTH]: 2 }[n];
  if (place !== undefined && now !== null && zoneKnown()) {
    const since = ea.si[place] === null ? "" : beginning(ea.si[place], now);
    lines.push([since && W.HOUR.since(since), ea.es[place] && W.HOUR.estimate].filter(Boolean).join(", "));
  }
  if (ea.cur && !(co?.nr && ea.c[n] === null)) lines.push(partly(ea.u[n], co?.up[n]));
  if (ea.p[n] > 0) {
    const earned = ea.cur && ea.g[n] !== null && W.SUMS.earned(money(ea.g[n], ea.cur));
    lines.push([`${W.NOW.exported} ${kwh(ea.p[n])}`, earned, earned && partly(ea.p[n], co?.pp[n])].filter(Boolean).join(", "));
  }
  const whole = n === MONTH || n === LAST_MONTH ? co?.cf[n === MONTH ? 0 : 1] : null;
  if (co?.lm.fee > 0 && known(whole)) lines.push(W.SUMS.withFee(money(whole, ea.cur), money(co.lm.fee, ea.cur)));
  return lines.filter(Boolean).join("\n");
}

function setLine(id, name, amount) {
  setShown(byId(id), amount !== null);
  setText(byId(id).firstElementChild, name);
  setText(byId(id).lastElementChild, number(amount, 2));
}

function energy(all, priced) {
  return partly(all, priced) || kwh(all);
}

// co: the object of the same name in /now.json.
function showInvoice(co, currency) {
  const lm = co?.lm;
  const some = lm && (lm.u > 0 || lm.p > 0);
  setShown(byId("invoice"), some);
  if (!some) return;
  setText(byId("invoice-title"), W.SUMS.invoice(dateWords(`${lm.m}-01`, { month: "long", year: "numeric" })));
  setText(byId("invoice-u").firstElementChild, `${W.NOW.imported}, ${energy(lm.u, co.up[LAST_MONTH])}`);
  setText(byId("invoice-u").lastElementChild, number(lm.c, 2));
  setLine("invoice-p", `${W.NOW.exported}, ${energy(lm.p, co.pp[LAST_MONTH])}`, lm.p > 0 && known(lm.g) ? -lm.g : null);
  setLine("invoice-x", W.SUMS.capacity(number(lm.x, 2)), lm.cc);
  setLine("invoice-fee", W.SUMS.fee, lm.fee > 0 ? lm.fee : null);
  setText(byId("invoice-sum").lastElementChild, known(lm.sum) ? money(lm.sum, currency) : number(null));
}

// ea, co: the objects of the same name in /now.json; now: the reader's time in s, null without a clock.
export function showSums(ea, co, now, choice) {
  setShown(byId("sums"), choice.has("c", known(ea?.u[HOUR])));
  if (byId("sums").hidden) return;
  const currency = ea?.cur ?? "";
  setShown(byId("sums-note"), co?.nr);
  setText(byId("sums-note").lastElementChild, co?.nr ? W.SUMS.noRate(co.sc, currency) : "");
  for (const n of [HOUR, TODAY, MONTH, YESTERDAY, LAST_MONTH]) {
    const row = byId(`sum-${n}`);
    const some = known(ea?.u[n]) && (n < YESTERDAY || ea.u[n] > 0 || ea.p[n] > 0);
    const [used, cost] = row.querySelectorAll(".v");
    setFigure(used, number(some ? ea.u[n] : null, n === HOUR || n === TODAY ? 2 : 1));
    setShown(cost.parentElement, currency);
    setFigure(cost, number(some ? ea.c[n] : null, 2));
    setText(cost.nextElementSibling, sign(currency));
    setText(row.querySelector(".sub"), some ? under(ea, co, n, now) : "");
    if (n >= YESTERDAY) setShown(row, some);
  }
  setShown(byId("earlier-sums"), !byId(`sum-${YESTERDAY}`).hidden || !byId(`sum-${LAST_MONTH}`).hidden);
  showInvoice(co, currency);
  setText(byId("sums-why"), now === null ? W.NOW.noClock : known(ea?.u[HOUR]) ? "" : W.NOW.wait);
}

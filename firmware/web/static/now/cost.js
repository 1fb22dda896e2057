// The card Cost: costs, how much energy had a price, and the last month as on an invoice.

import { byId, setFigure, setShown, setText } from "../lib/dom.js";
import { known, number } from "../lib/format.js";
import { W } from "../words.js";
import { dateWords } from "../lib/zone.js";

const THIS_MONTH = 2;
const LAST_MONTH = 4;

// "40.0 of 306.0 kWh priced" unless all of it was, then "306.0 kWh".
function energyText(all, priced) {
  const kwh = number(all, 1);
  return known(priced) && priced < all && number(all, 1) !== number(0, 1) ? W.COST.priced(number(priced, 1), kwh) : W.COST.kwh(kwh);
}

// The lines under a figure.
function under(ea, co, n) {
  const lines = [energyText(ea.u[n], co?.up[n])];
  if (ea.p[n] > 0 && ea.g[n] !== null) {
    const priced = co?.pp[n] < ea.p[n] ? energyText(ea.p[n], co.pp[n]) : "";
    lines.push(W.COST.earned(number(ea.g[n], 2), priced));
  } else if (ea.p[n] > 0) {
    lines.push(W.COST.exported(number(ea.p[n], 1)));
  }
  const whole = n === THIS_MONTH || n === LAST_MONTH ? co?.cf[n === THIS_MONTH ? 0 : 1] : null;
  if (co?.lm.fee > 0 && known(whole)) lines.push(W.COST.withFee(number(whole, 2), number(co.lm.fee, 2)));
  return lines.join("\n");
}

function setLine(id, name, amount) {
  setShown(byId(id), amount !== null);
  setText(byId(id).firstElementChild, name);
  setText(byId(id).lastElementChild, number(amount, 2));
}

// co: the object of the same name in /now.json.
function showInvoice(co, currency) {
  const lm = co?.lm;
  const some = lm && (lm.u > 0 || lm.p > 0);
  setShown(byId("invoice"), some);
  if (!some) return;
  setText(byId("invoice-title"), W.COST.invoice(dateWords(`${lm.m}-01`, { month: "long", year: "numeric" })));
  setText(byId("invoice-u").firstElementChild, W.COST.bought(energyText(lm.u, co.up[LAST_MONTH])));
  setText(byId("invoice-u").lastElementChild, number(lm.c, 2));
  setLine("invoice-p", W.COST.sold(energyText(lm.p, co.pp[LAST_MONTH])), lm.p > 0 && known(lm.g) ? -lm.g : null);
  setLine("invoice-x", W.COST.capacity(number(lm.x, 2)), lm.cc);
  setLine("invoice-fee", W.COST.fee, lm.fee > 0 ? lm.fee : null);
  setText(byId("invoice-sum").lastElementChild, known(lm.sum) ? `${number(lm.sum, 2)} ${currency}` : number(null));
}

// ea, co: the objects of the same name in /now.json; ea is null before the sums are known.
export function showCost(ea, co) {
  setShown(byId("cost"), ea?.cur);
  if (!ea?.cur) return;
  setText(byId("price-now"), known(ea.pn) ? W.COST.price(number(ea.pn, 2), ea.cur) : "");
  setShown(byId("cost-note"), co?.nr);
  setText(byId("cost-note").lastElementChild, co?.nr ? W.COST.noRate(co.sc, ea.cur) : "");
  for (const n of [0, 1, 2, 3, 4]) {
    const box = byId(`cost-${n}`);
    const some = known(ea.u[n]) && (n < 3 || ea.u[n] > 0 || ea.p[n] > 0);
    const figure = box.querySelector(".v");
    setFigure(figure, number(some ? ea.c[n] : null, 2));
    setText(figure.nextElementSibling, ea.cur);
    setText(box.querySelector(".sub"), some ? under(ea, co, n) : "");
  }
  showInvoice(co, ea.cur);
}

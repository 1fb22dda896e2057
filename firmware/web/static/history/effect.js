// What a correction would change, as the reader's preview says: sums, peaks, the tariff's step, money.

import { byId, setShown, setText } from "../lib/dom.js";
import { ABOVE_ALL, number, signed } from "../lib/format.js";
import { dateName } from "./labels.js";
import { W } from "../words.js";

function energyRows(sums) {
  const rows = [];
  for (const [key, name] of [["u", W.EFFECT.imported], ["p", W.EFFECT.exported]]) {
    for (const sum of sums) {
      const [before, after] = sum[key];
      if (before !== after) rows.push([name(dateName(sum.t)), W.EFFECT.energy(number(before, 3), number(after, 3))]);
    }
  }
  return rows;
}

function powerRows({ t, m, c }) {
  const kw = m[0] === m[1] ? W.EFFECT.samePeaks : W.EFFECT.power(number(m[0], 2), number(m[1], 2));
  const steps = c.map((limit) => (limit < ABOVE_ALL ? number(limit, 0) : ""));
  const row = [W.EFFECT.peaks(dateName(t)), kw];
  return c[0] === c[1] ? [row] : [row, [W.EFFECT.step, W.EFFECT.steps(...steps), c[1] > c[0] ? "warn-text" : ""]];
}

function moneyRows(cost, currency, hour) {
  if (!currency) return [];
  if (!cost) return [[W.EFFECT.cost, hour ? W.EFFECT.noCost : W.EFFECT.dayCost]];
  return [[W.EFFECT.cost, cost[0]], [W.EFFECT.income, cost[1]]].flatMap(([name, sum]) =>
    sum ? [[name, W.EFFECT.money(signed(sum, 2), currency)]] : []);
}

// preview: of the reader's answer, null to show nothing; hour: whether an hour is corrected.
export function drawEffect(preview, hour) {
  const rows = preview
    ? [...energyRows(preview.sums), ...preview.peaks.flatMap(powerRows), ...moneyRows(preview.cost, preview.cur, hour)]
    : [];
  const drawn = rows.map(([name, text, kind]) => {
    const row = byId("effect-row").content.firstChild.cloneNode(true);
    setText(row.firstChild, name);
    setText(row.lastChild, text);
    row.lastChild.className = kind ?? "";
    return row;
  });
  setShown(byId("effect-title"), rows.length);
  byId("effect-list").replaceChildren(...drawn);
}

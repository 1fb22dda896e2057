// The card Energy: the history of one range, as bars or as a table.

import { Source } from "../lib/ask.js";
import { drawBars, watchBars } from "./bars.js";
import { closeForm, editing, repeat, watchForm } from "./correct.js";
import { byId, setClass, setFigure, setShown, setText } from "../lib/dom.js";
import { watchEdits } from "./edits.js";
import { known, listed, number } from "../lib/format.js";
import { before, correctable, csvQuery, ghosts, parse, queryOf, slotsOf } from "./slots.js";
import { beginning } from "./labels.js";
import { currencyOf, hoursRead, inMoney, moneyFailed, moneyOf, readMoney } from "./money.js";
import { endOf, firstOf, shift } from "./range.js";
import { clearTable, drawTable } from "./table.js";
import { drawWalk, watchWalk } from "./walk.js";
import { W } from "../words.js";
import { addDays, dateOf, zoneKnown } from "../lib/zone.js";

const OVER_S = 3;
const CLOSING_S = 30;
const FIRST_MS = 10000;
const MOST_MS = 600000;
const stores = {}; // documents read, by view and last date
let view = "day";
let date = null; // a date of the shown range, null for the running range
let table = false;
let money = false; // cost in place of energy
let latest = [null, null, false];
let shownState = "";
let version = 0;
let edited = 0; // changes by the owner

const today = () => (latest[1] !== null && zoneKnown() ? dateOf(latest[1]) : null);
const shownEnd = () => today() && endOf(view, date, today());
const store = (end) => (stores[`${view} ${end ?? ""}`] ??= { source: new Source(), found: null, wait: FIRST_MS });

// Hours are read again at the end of an hour, days at the end of a day, past ranges once; sooner while the newest slot
// is incomplete.
function read() {
  const [ea, now, reachable] = latest;
  if (now === null || !reachable) return;
  const [name, end] = [view, shownEnd()];
  const kept = store(end);
  const key = end ?? (view !== "day" && zoneKnown() ? dateOf(now - OVER_S) : Math.floor((now - OVER_S) / 3600));
  const take = (text) => {
    kept.found = parse(text, name);
    const late = slotsOf(name, now, kept.found, ea, end).some(({ q }) => q === "pending" || q === "provisional");
    kept.wait = late ? Math.min(2 * kept.wait, MOST_MS) : FIRST_MS;
    return late ? kept.wait : undefined;
  };
  kept.source.refresh(key, `/history.json?${queryOf(view, now, end)}`, take).then(drawAgain);
}

// read: whether a document was read.
function drawAgain(read) {
  if (!read || !byId("energy")) return;
  version += 1;
  showEnergy(...latest);
}

// The sums of the bars; and, of the running range, since when it is counted and whether a register will correct it.
function totals(slots, ea, end) {
  // In whole Wh: an error of the last binary digit would move a sum of 1.135 to and fro.
  const sum = (side) => Math.round(1000 * slots.reduce((all, slot) => all + slot[side], 0)) / 1000;
  setFigure(byId("total-in"), number(sum("i"), 2));
  const out = sum("e");
  setShown(byId("total-export"), out > 0);
  setFigure(byId("total-out"), number(out, 2));
  const place = view === "day" ? 1 : 2;
  const since = ea?.si[place];
  const date = since && dateOf(since);
  // Energy of an earlier date belongs to a history that was interrupted.
  const part = date >= firstOf(view, today()) && !slots.some(({ id, i }) => i !== null && id < date.slice(0, id.length));
  setText(byId("since"), end || !ea ? "" : W.ENERGY.since(part ? beginning(since, today()) : "", ea.es[place]));
}

// The cost of the range and what its export earned; and of how much energy, if some had no price.
function totalsOfMoney(slots, end, now) {
  const { c: cost, g: income, p: priced } = moneyOf(view, slots, end, now);
  const energy = slots.reduce((all, { i, e }) => all + i + e, 0);
  setFigure(byId("total-in"), number(cost, 2));
  setShown(byId("total-export"), income !== null && income !== 0);
  setFigure(byId("total-out"), number(income, 2));
  const part = cost !== null && energy - priced > 0.05;
  setText(byId("since"), part ? W.ENERGY.priced(number(priced, 1), number(energy, 1)) : "");
}

// This range against the one before: how much of it, by now or in all, with a verdict of one word.
// unit: of their figures, with so many decimals.
function comparison(slots, now, found, end, unit, decimals) {
  const [part, whole] = before(view, now, found, end);
  const other = end ? whole : part;
  const own = slots.reduce((all, { i }) => all + i, 0);
  const sure = slots.every(({ q, i, part }) => ["future", "running"].includes(q) || (i !== null && q !== "gap" && !part));
  const percent = sure && other > 0.05 ? Math.round((100 * own) / other) : null;
  const [partly, wholly] = [part, whole].map((kwh) => (known(kwh) ? `${number(kwh, decimals)} ${unit}` : ""));
  const level = percent === null ? "off" : percent > 110 ? "warn" : "ok";
  setText(byId("compare-word"), percent === null ? "" : W.ENERGY.verdict(view, end, number(percent, 0), percent));
  setClass(byId("compare-mark"), `chip ${level}`);
  setShown(byId("compare-mark"), percent !== null);
  setText(byId("compare"), partly || wholly ? W.ENERGY.compare(view, end, partly, wholly) : "");
}

function legend(slots) {
  const has = (...list) => slots.some(({ q }) => list.includes(q));
  const out = slots.some(({ e }) => e);
  const unsure = ["estimated", "interpolated"].filter((q) => has(q));
  if (slots.some(({ q, i, since }) => q === "partial" || since || (q === "gap" && i !== null))) unsure.push("partial");
  if (slots.some(({ part }) => part)) unsure.push("priced");
  setText(byId("legend-hatch").lastChild, listed(unsure.map((q) => W.QUALITY[q])));
  for (const [name, shown] of [
    ["in", out], ["out", out], ["hatch", unsure.length], ["mark", has("edited")], ["cross", has("gap")],
    ["ghost", slots.some(({ ghost }) => ghost > 0)], ["dash", has("provisional")], ["pale", slots.some(({ q, i, since }) => q === "running" && i !== null && !since)],
  ]) {
    setShown(byId(`legend-${name}`), shown);
  }
}

// The reason for a missing or incomplete chart: [level, sentence].
function noteOf(slots, some, now, failed, end) {
  if (failed) return [" bad", W.ENERGY.failed];
  if (some) return [" warn", W.ENERGY.missing(view, slots.filter(({ q }) => q === "gap").length)];
  return ["", now === null ? W.ENERGY.noClock : slots ? (end ? W.ENERGY.nothing : W.ENERGY.empty) : W.ENERGY.loading];
}

function render() {
  const [ea, now] = latest;
  const end = shownEnd();
  const kept = store(end);
  const slots = now !== null && kept.found && slotsOf(view, now, kept.found, ea, end);
  const some = Boolean(slots && slots.some(({ i }) => i !== null));
  const [level, text] = noteOf(slots, some, now, kept.source.failed, end);
  drawWalk(view, end, today(), end && kept.found?.size === 0);
  setClass(byId("energy-note"), `note${level}`);
  setText(byId("energy-note").lastChild, text);
  // The earlier view stays, dimmed, until the next is ready: the page does not jump.
  const data = byId("energy-data");
  data.inert = !some;
  setShown(data, some || (!data.hidden && text === W.ENERGY.loading));
  setShown(byId("unit-choice"), currencyOf() !== "");
  if (!some) {
    setText(byId("compare"), "");
    setShown(byId("compare-mark"), false);
    setText(byId("since"), "");
    setShown(byId("total-export"), false);
    return setFigure(byId("total-in"), number(null));
  }
  const currency = currencyOf();
  const costs = money && currency !== "";
  const found = costs ? new Map([...kept.found].map(([id, slot]) => [id, inMoney(slot)])) : kept.found;
  const behind = ghosts(view, now, found, end);
  const list = (costs ? slots.map(inMoney) : slots).map((slot, n) => ({ ...slot, ghost: behind[n] }));
  const unit = costs ? currency : W.UNIT.kwh;
  setText(byId("total-in").nextElementSibling, costs ? W.ENERGY.cost(currency) : W.ENERGY.imported);
  setText(byId("total-out").nextElementSibling, costs ? W.ENERGY.earned(currency) : W.ENERGY.exported);
  setText(byId("legend-in").lastChild, costs ? W.ENERGY.legendCost : W.ENERGY.legendImport);
  setText(byId("legend-out").lastChild, costs ? W.ENERGY.legendEarned : W.ENERGY.legendExport);
  if (costs) totalsOfMoney(slots, end, now);
  else totals(slots, ea, end);
  comparison(list, now, found, end, unit, costs ? 2 : 1);
  const drawn = list.some(({ i, e }) => i !== null || e !== null);
  setShown(byId("chart"), !table && drawn);
  setShown(byId("table"), table && drawn);
  setShown(byId("no-money"), !drawn);
  setText(byId("no-money"), moneyFailed(view === "day" ? (end ?? today()) : "") ? W.ENERGY.failed : view === "day" ? (hoursRead(end ?? today()) ? W.ENERGY.hourMoney : W.ENERGY.loading) : W.ENERGY.noMoney);
  byId("csv").href = `/history.csv?${csvQuery(view, now, end)}${currencyOf() && "&money=1"}`;
  byId("csv").download = `energy-${view}-${end ?? today()}.csv`;
  if (!drawn) return;
  legend(list);
  const title = (costs ? W.ENERGY.costChart : W.ENERGY.chart)(view, byId("range").textContent);
  if (table) drawTable(view, list, title, costs ? () => false : ({ id }) => correctable(view, id, now), unit);
  else drawBars(view, list, title, unit);
}

// ea: the reader's running sums or null; now: its time in s or null; reachable: whether the reader answers.
export function showEnergy(ea, now, reachable) {
  latest = [ea, now, reachable];
  const minute = now && Math.floor(now / 60);
  const end = shownEnd();
  const state = JSON.stringify([view, end, table, version, minute, ea?.u, ea?.p, ea?.si, ea?.es, money, currencyOf(), editing()]);
  if (state !== shownState) render();
  shownState = state;
  read();
  if (!reachable || now === null || !ea) return;
  const key = `${edited} ${Math.floor(now / 3600)}`;
  readMoney(key).then(drawAgain);
  if (!money || view !== "day" || !currencyOf()) return;
  readMoney(key, end ?? today(), end).then(drawAgain);
  readMoney(key, addDays(end ?? today(), -1), 1).then(drawAgain);
}

function turn(name, day) {
  closeForm();
  [view, date] = [name, day];
  showEnergy(...latest);
}

// Called when the page is opened. Returns what ends it.
export function watchEnergy() {
  [table, shownState, latest] = [false, "", [null, null, false]];
  clearTable();
  byId("views").querySelector(`[value=${view}]`).checked = true;
  byId("views").addEventListener("change", (event) => turn(event.target.value, date));
  byId("units").querySelector(`[value=${money ? "money" : "energy"}]`).checked = true;
  byId("units").addEventListener("change", (event) => {
    closeForm();
    money = event.target.value === "money";
    showEnergy(...latest);
  });
  watchWalk((n) => turn(view, n ? endOf(view, shift(view, shownEnd() ?? today(), n), today()) : null));
  byId("as-table").addEventListener("click", (event) => {
    closeForm();
    table = !table;
    setText(event.target, table ? W.ENERGY.asChart : W.ENERGY.asTable);
    showEnergy(...latest);
    if (table) byId("table").focus(); // its rows are before this button
  });
  const changed = () => {
    edited += 1;
    for (const kept of Object.values(stores)) kept.source.key = null;
    drawAgain(true);
  };
  const still = ({ id }, now) => now === null || [0, CLOSING_S].every((s) => correctable(view, id, now + s));
  watchForm(changed, (slot) => still(slot, latest[1]));
  watchEdits(repeat);
  return watchBars(() => table || (shownState && render()));
}

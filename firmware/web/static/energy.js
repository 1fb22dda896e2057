// The card Energy: one stretch of history, as bars or as a table.

import { Source } from "./ask.js";
import { drawBars, watchBars } from "./bars.js";
import { closeForm, editing, say, watchForm } from "./correct.js";
import { byId, setClass, setFigure, setShown, setText } from "./dom.js";
import { known, listed, number } from "./format.js";
import { before, csvQuery, parse, queryOf, slotsOf } from "./history.js";
import { drawTable } from "./table.js";
import { COMPARE, ENERGY, missing } from "./words.js";
import { dateOf, zoneKnown } from "./zone.js";

const OVER_S = 3;
const FIRST_MS = 10000;
const MOST_MS = 600000;
const stores = {};
let view = "day";
let table = false;
let latest = [null, null, false];
let shownState = "";
let version = 0;

const store = (name) => (stores[name] ??= { source: new Source(), found: null, wait: FIRST_MS });

// Hours are read again when one is over, days when a day is; soon again while the newest is not complete.
function read() {
  const [ea, now, reachable] = latest;
  if (now === null || !reachable) return;
  const kept = store(view);
  const name = view;
  const key = view !== "day" && zoneKnown() ? dateOf(now - OVER_S) : Math.floor((now - OVER_S) / 3600);
  const take = (text) => {
    kept.found = parse(text, name);
    const late = slotsOf(name, now, kept.found, ea).some(({ q }) => q === "pending");
    kept.wait = late ? Math.min(2 * kept.wait, MOST_MS) : FIRST_MS;
    return late ? kept.wait : undefined;
  };
  kept.source.refresh(key, `/history.json?${queryOf(view, now)}`, take).then((done) => {
    if (!done) return;
    version += 1;
    showEnergy(...latest);
  });
}

function totals(slots, ea) {
  // The reader's own sums, where it has them, hold what no slot has yet.
  const place = { day: 1, month: 2 }[view];
  const sum = (side) => slots.reduce((all, slot) => all + (slot[side] ?? 0), 0);
  const whole = ea && place;
  setFigure(byId("total-in"), number(whole ? ea.u[place] : sum("i"), 2));
  const out = whole ? ea.p[place] : sum("e");
  setShown(byId("total-export"), out > 0);
  setFigure(byId("total-out"), number(out, 2));
}

function comparison(now, found, ea) {
  const past = { day: ea?.u[3], month: ea?.u[4] }[view];
  const earlier = view === "day" || view === "week" ? before(view, now, found) : NaN;
  const parts = [];
  if (known(earlier)) parts.push(`${COMPARE.now[view]}${number(earlier, 1)} kWh`);
  if (past > 0) parts.push(`${COMPARE.all[view]}${number(past, 1)} kWh`);
  setText(byId("compare"), parts.length ? `${COMPARE[view]} ${parts.join(", ")}` : "");
}

function legend(slots) {
  const has = (...list) => slots.some(({ q }) => list.includes(q));
  const out = slots.some(({ e }) => e > 0);
  const unsure = ["estimated", "interpolated"].filter((q) => has(q));
  setText(byId("legend-hatch").lastChild, listed(unsure));
  for (const [name, shown] of [
    ["in", out], ["out", out], ["hatch", unsure.length], ["mark", has("edited")], ["cross", has("gap")],
    ["pale", slots.some(({ q, i }) => q === "running" && i !== null)],
  ]) {
    setShown(byId(`legend-${name}`), shown);
  }
}

// Why there is no chart, or what is wrong with it: [level, sentence].
function noteOf(slots, some, now, failed) {
  if (failed) return [" bad", ENERGY.failed];
  if (some) return [" warn", missing(view, slots)];
  return ["", now === null ? ENERGY.clock : slots ? ENERGY.empty : ENERGY.loading];
}

function render() {
  const [ea, now] = latest;
  const kept = store(view);
  const slots = now !== null && kept.found && slotsOf(view, now, kept.found, ea);
  const some = Boolean(slots && slots.some(({ i }) => i !== null));
  const [level, text] = noteOf(slots, some, now, kept.source.failed);
  setClass(byId("energy-note"), `note${level}`);
  setText(byId("energy-note").lastChild, text);
  // The view before stays, dimmed, until there is another: the page does not jump.
  const data = byId("energy-data");
  data.inert = !some;
  setShown(data, some || (!data.hidden && text === ENERGY.loading));
  if (!some) {
    setText(byId("compare"), "");
    setShown(byId("total-export"), false);
    return setFigure(byId("total-in"), number(null));
  }
  setShown(byId("chart"), !table);
  setShown(byId("table"), table);
  totals(slots, ea);
  comparison(now, kept.found, ea);
  legend(slots);
  byId("csv").href = `/history.csv?${csvQuery(view, slots[0].id)}`;
  byId("csv").download = `energy-${view}-${dateOf(now)}.csv`;
  if (table) drawTable(view, slots);
  else drawBars(view, slots, ENERGY.chart[view]);
}

// ea: the reader's running sums or null; now: its time in s or null; reachable: whether it answers.
export function showEnergy(ea, now, reachable) {
  latest = [ea, now, reachable];
  const minute = now && Math.floor(now / 60);
  const state = JSON.stringify([view, table, version, minute, ea?.u, ea?.p, store(view).source.failed, editing()]);
  if (state !== shownState) render();
  shownState = state;
  read();
}

// after(): called when the owner has changed history.
export function watchEnergy(after) {
  byId("views").addEventListener("change", (event) => {
    closeForm();
    say("");
    view = event.target.value;
    showEnergy(...latest);
  });
  byId("as-table").addEventListener("click", (event) => {
    closeForm();
    table = !table;
    setText(event.target, table ? ENERGY.asChart : ENERGY.asTable);
    showEnergy(...latest);
  });
  watchForm(() => {
    for (const kept of Object.values(stores)) kept.source.key = null;
    after();
    showEnergy(...latest);
  });
  watchBars(() => table || (shownState && render()));
}

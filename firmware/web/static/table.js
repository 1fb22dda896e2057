// The table of what the bars show. A row stays the same element while its figures change, so that focus stays.

import { editing, openForm } from "./correct.js";
import { byId, setShown, setText } from "./dom.js";
import { number } from "./format.js";
import { slotName } from "./labels.js";
import { ENERGY, quality } from "./words.js";

const rows = [];

function addRow() {
  const row = byId("slot").content.firstChild.cloneNode(true);
  const button = row.querySelector("button");
  button.addEventListener("click", () => openForm(button, row.shown));
  byId("table").tBodies[0].append(row);
  rows.push(row);
}

function fill(row, slot, name, can) {
  const [head, imported, exported, worth, action] = row.cells;
  row.shown = { ...slot, name };
  setText(head, name.split("\u2013")[0]);
  setText(imported, number(slot.i, 3));
  setText(exported, number(slot.e, 3));
  setText(worth, quality(slot));
  setShown(action.firstChild, can);
  action.firstChild.setAttribute("aria-label", `Correct ${name}`);
}

// While a form is open the rows keep still under it. can(slot): whether the reader takes a correction of it.
export function drawTable(view, slots, title, can) {
  if (editing()) return;
  const ids = slots.map(({ id }) => id);
  const list = slots.filter(({ q }) => q !== "future");
  setText(byId("table-slot"), ENERGY.slot[view]);
  setText(byId("table-title"), `${title}, kWh`);
  while (rows.length < list.length) addRow();
  for (const row of rows.splice(list.length)) row.remove();
  list.forEach((slot, n) => fill(rows[n], slot, slotName(view, ids, n), slot.q !== "pending" && can(slot)));
}

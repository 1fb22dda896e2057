// The figures of the bars as a table. A row stays the same element while its figures change, so that focus stays.

import { editing, openForm } from "./correct.js";
import { byId, setShown, setText } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { qualityName, slotHead, slotName } from "./labels.js";
import { W } from "../words.js";

// Slots that no register has settled: the reader takes no corrections of them.
const OPEN = ["pending", "provisional"];
const rows = [];

function addRow() {
  const row = byId("slot").content.firstChild.cloneNode(true);
  const button = row.querySelector("button");
  button.addEventListener("click", () => openForm(button, row.shown));
  byId("table").tBodies[0].append(row);
  rows.push(row);
}

function fill(row, slot, [head, name], can) {
  const [first, imported, exported, quality, action] = row.cells;
  row.shown = { ...slot, name };
  setText(first, head);
  setText(imported, number(slot.i, 3));
  setText(exported, number(slot.e, 3));
  setText(quality, slot.part ? W.QUALITY.priced : qualityName(slot));
  setShown(action.firstChild, can);
  action.firstChild.setAttribute("aria-label", W.CORRECT.title(name));
}

// The rows do not move while a form is open. can(slot): whether the reader accepts a correction of it; unit: of the figures.
export function drawTable(view, slots, title, can, unit) {
  if (editing()) return;
  const ids = slots.map(({ id }) => id);
  const list = slots.filter(({ q }) => q !== "future");
  setText(byId("table-slot"), W.SLOT[view]);
  setText(byId("table-title"), `${title}, ${unit}`);
  while (rows.length < list.length) addRow();
  for (const row of rows.splice(list.length)) row.remove();
  list.forEach((slot, n) => {
    const names = [slotHead(view, ids, n), slotName(view, ids, n)];
    fill(rows[n], slot, names, !OPEN.includes(slot.q) && can(slot));
  });
}

// Called when the page is opened: its rows are new.
export const clearTable = () => (rows.length = 0);

// The list of corrections: when, which hours and days, old and new figures, and Undo or Redo.

import { ask } from "../lib/ask.js";
import { byId, setShown, setText } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { dateName } from "./labels.js";
import { W } from "../words.js";
import { dateOf, setZone, timeOf } from "../lib/zone.js";

const LIST_MS = 15000;
const LISTED = 3; // slots shown of one correction
let operate = null;

const timeWords = (text) => {
  const utc = text ? Date.parse(text) / 1000 : 0;
  return utc && `${dateName(dateOf(utc))} ${timeOf(utc)}`;
};

const placeName = (t) => (t.includes("T") ? timeWords(t) : dateName(t));

function slotText({ t, old, new: now }) {
  const [imported, exported] = [0, 1].map((i) =>
    old[i] === now[i] ? "" : W.EDITS.kwh(number(old[i], 3), number(now[i], 3)));
  return imported || exported ? W.EDITS.slot(placeName(t), imported, exported) : W.EDITS.slot(placeName(t), W.EDITS.known, "");
}

function edit({ id, at, changed, kind, state, next, slots }) {
  const row = byId("edit").content.firstChild.cloneNode(true);
  const [head, list, button] = row.children;
  const undone = state === "undone";
  setText(head.firstChild, W.EDITS.at(W.EDITS.kinds[kind], timeWords(at)));
  setText(head.lastChild, undone ? W.EDITS.undone(timeWords(changed)) : "");
  const texts = slots.slice(0, LISTED).map(slotText);
  if (slots.length > LISTED) texts.push(W.EDITS.more(slots.length - LISTED));
  for (const text of texts) {
    const line = document.createElement("li");
    line.textContent = text;
    if (undone) line.className = "undone";
    list.append(line);
  }
  setShown(button, next);
  setText(button, next === "redo" ? W.EDITS.redo : W.EDITS.undo);
  button.addEventListener("click", () => operate(next, id));
  return row;
}

// The number of the correction that can be undone, 0 if there is none or the reader did not answer.
export async function readEdits() {
  if (!byId("edits-list").children.length) setText(byId("edits-note"), W.EDITS.loading);
  const [status, text] = await ask("/edits.json", LIST_MS);
  try {
    if (!byId("edits-list")) return 0;
    if (status !== 200) throw new RangeError(status);
    const { zone, edits } = JSON.parse(text);
    setZone(zone);
    const inside = byId("edits-list").contains(document.activeElement); // its button goes
    byId("edits-list").replaceChildren(...edits.map(edit));
    if (inside) byId("edits").querySelector("summary").focus();
    setText(byId("edits-note"), edits.length ? "" : W.EDITS.none);
    return edits.find(({ next }) => next === "undo")?.id ?? 0;
  } catch {
    setText(byId("edits-note"), W.EDITS.failed);
    return 0;
  }
}

// again(step, id): undoes or redoes a correction.
export function watchEdits(again) {
  operate = again;
  byId("edits").addEventListener("toggle", () => byId("edits").open && readEdits());
}

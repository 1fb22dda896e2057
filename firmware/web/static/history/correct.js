// The owner's correction of one slot: a form under its row, what it would change, the reader's answer, and Undo.

import { postForm } from "../lib/ask.js";
import { byId, setClass, setShown, setText } from "../lib/dom.js";
import { readEdits } from "./edits.js";
import { drawEffect } from "./effect.js";
import { known } from "../lib/format.js";
import { W } from "../words.js";

const SAVE_MS = 20000;
const KWH = /^\d{1,6}([.,]\d{1,3})?$/;
const OF_FIELD = /^([ie])\d\d: (.*)$/;
const FIELDS = ["i", "e"];
let slot = null;
let opener = null;
let saving = false;
let checked = ""; // the values whose effect is shown
let changed = null;
let allowed = null;

export const editing = () => slot !== null;

const field = (letter) => byId(`correct-${letter}`);

// The number of a slot in a form: the UTC hour of the day, or the day of the month.
const place = ({ id }) => (known(id) ? ["/dayplot", (id / 3600) % 24] : ["/monthplot", Number(id.slice(8))]);

// wrong: letters of invalid fields with their message; text: a message that is about no field.
function complain(wrong, text) {
  for (const letter of FIELDS) {
    field(letter).setAttribute("aria-invalid", letter in wrong);
    setText(byId(`correct-${letter}-why`), wrong[letter] ?? "");
  }
  setText(byId("correct-why"), text);
  const first = FIELDS.find((letter) => letter in wrong);
  if (first || text) field(first ?? "i").select();
}

// Shows what the values would change; without a preview nothing, and the button asks for it first.
function show(preview, values) {
  checked = preview ? values : "";
  drawEffect(preview, known(slot?.id));
  setText(byId("save"), preview ? W.CORRECT.save : W.CORRECT.check);
}

// button: gets the focus when the form closes; chosen: the slot of its row { id, i, e, name }.
export function openForm(button, chosen) {
  [slot, opener] = [chosen, button];
  button.closest("tr").after(byId("correct-row"));
  toast("");
  byId("correct").setAttribute("aria-label", W.CORRECT.title(slot.name));
  for (const letter of FIELDS) field(letter).value = known(slot[letter]) ? slot[letter].toFixed(3) : "";
  complain({}, "");
  show(null);
  field("i").select();
}

// focus: whether the row's button gets the focus.
export function closeForm(focus) {
  slot = null;
  toast("");
  if (focus) opener.focus();
}

// The form's values in kWh with a point; null if one is invalid: its message is shown and its field focused.
function values() {
  const wrong = FIELDS.filter((letter) => !KWH.test(field(letter).value.trim()));
  complain(Object.fromEntries(wrong.map((letter) => [letter, W.CORRECT.wrong])), "");
  return wrong.length ? null : FIELDS.map((letter) => field(letter).value.trim().replace(",", "."));
}

// [fault, letter of the field it is about or "", preview]; the fault is "" on success, else the reader's message.
async function post(path, form) {
  saving = true;
  const [status, answer] = await postForm(path, form, SAVE_MS);
  saving = false;
  if (!status) return [W.CORRECT.silent, ""];
  const message = String(answer?.message || W.CORRECT.status(status)).slice(0, 200);
  if (status === 200 && answer?.success === true) return [message.startsWith("0 ") ? W.CORRECT.same : "", "", answer.preview];
  const [, letter, why] = OF_FIELD.exec(message) ?? [null, "", message];
  return [W.CORRECT.refused(why), letter];
}

// The first submit of values asks what they would change, the next one saves them.
async function save(event) {
  event.preventDefault();
  if (saving) return;
  const entered = values();
  if (!entered) return;
  const at = slot;
  // The same number may now mean another hour or day.
  if (!allowed(at)) return complain({}, W.CORRECT.late);
  const [path, number] = place(at);
  const two = String(number).padStart(2, "0");
  const form = { [`i${two}`]: entered[0], [`e${two}`]: entered[1] };
  const sure = checked === String(entered);
  setText(byId("save"), sure ? W.CORRECT.saving : W.CORRECT.checking);
  const [fault, letter, preview] = await post(path, sure ? form : { ...form, preview: "true" });
  // The owner may have left the form, or the page, during the request.
  const open = slot === at && byId("correct");
  if (open) show(sure || fault ? null : preview, String(entered));
  if (fault) {
    if (open) complain(letter ? { [letter]: fault } : {}, letter ? "" : fault);
    else if (sure) report(fault, true);
  } else if (sure) {
    if (open) closeForm(true);
    report(W.CORRECT.done(at.name));
  } else if (open) byId("save").focus();
}

// id: the correction that Undo takes back; without it Undo is hidden. With it the message is below the corrected row, so
// that Undo is the tab stop after that row, else at the end of the card.
function toast(text, id) {
  const below = id && !slot && opener?.offsetParent;
  (below ? byId("correct").parentNode : byId("energy")).append(byId("toast"));
  setShown(byId("correct"), slot);
  setShown(byId("correct-row"), slot || below);
  setText(byId("said"), text);
  setClass(byId("toast"), text && "toast");
  setShown(byId("undo"), id);
  byId("undo").value = id ?? "";
}

// After a change: the message, the new figures, the list of corrections, and Undo when the reader has named its number.
async function report(text, without) {
  changed();
  if (!byId("said")) return;
  toast(text);
  const id = await readEdits();
  if (!without && id && byId("said").textContent === text) toast(text, id);
}

// step: undo or redo; id: the number of the correction.
export async function repeat(step, id) {
  if (saving) return false;
  const [fault] = await post("/dayplot", { [step]: id });
  report(fault || (step === "undo" ? W.CORRECT.undone : W.CORRECT.redone), true);
  return !fault;
}

async function undo() {
  const id = byId("undo").value;
  if (saving) return;
  const focus = opener?.offsetParent ? opener : byId("as-table");
  if (await repeat("undo", id)) focus.focus();
  else {
    toast(byId("said").textContent, id);
    byId("undo").focus();
  }
}

// done(): called when history has changed; can(slot): whether the reader still accepts a correction of it.
export function watchForm(done, can) {
  [changed, allowed, slot, opener, checked] = [done, can, null, null, ""];
  const form = byId("correct");
  form.addEventListener("submit", save);
  form.addEventListener("input", () => saving || show(null));
  form.addEventListener("keydown", (event) => event.key === "Escape" && !saving && closeForm(true));
  byId("cancel").addEventListener("click", () => saving || closeForm(true));
  byId("undo").addEventListener("click", undo);
}

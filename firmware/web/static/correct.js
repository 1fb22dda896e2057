// The owner's correction of one slot: a form under its row, the reader's answer, and Undo.

import { ask } from "./ask.js";
import { byId, setClass, setShown, setText } from "./dom.js";
import { known } from "./format.js";
import { CORRECT } from "./words.js";

const SAVE_MS = 20000;
const KWH = /^\d{1,6}([.,]\d{1,3})?$/;
const FIELDS = ["i", "e"];
let slot = null;
let opener = null;
let saving = false;
let changed = null;
let allowed = null;

export const editing = () => slot !== null;

const field = (letter) => byId(`correct-${letter}`);

// The number of a slot in a form: the UTC hour of the day, or the day of the month.
const place = ({ id }) => (known(id) ? ["/dayplot", (id / 3600) % 24] : ["/monthplot", Number(id.slice(8))]);

// button: gets the focus when the form closes; chosen: the slot of its row { id, i, e, name }.
export function openForm(button, chosen) {
  [slot, opener] = [chosen, button];
  button.closest("tr").after(byId("correct-row"));
  setShown(byId("correct-row"), true);
  byId("correct").setAttribute("aria-label", CORRECT.title(slot.name));
  for (const letter of FIELDS) {
    field(letter).value = known(slot[letter]) ? slot[letter].toFixed(3) : "";
    field(letter).removeAttribute("aria-invalid");
  }
  setText(byId("correct-why"), "");
  field("i").select();
}

// focus: whether the row's button gets the focus.
export function closeForm(focus) {
  slot = null;
  setShown(byId("correct-row"), false);
  if (focus) opener.focus();
}

// The form's values in kWh with a point; null if one is invalid: its message is shown and its field focused.
function values() {
  const wrong = FIELDS.filter((letter) => !KWH.test(field(letter).value.trim()));
  for (const letter of FIELDS) field(letter).setAttribute("aria-invalid", wrong.includes(letter));
  setText(byId("correct-why"), wrong.length ? CORRECT.wrong : "");
  if (wrong.length) return field(wrong[0]).select();
  return FIELDS.map((letter) => field(letter).value.trim().replace(",", "."));
}

// "" on success, else the reader's message.
async function post(path, form) {
  saving = true;
  const [status, text] = await ask(path, SAVE_MS, form);
  saving = false;
  if (!status) return CORRECT.silent;
  let answer = {};
  try {
    answer = JSON.parse(text) ?? {};
  } catch {
    // An answer without a message: show the HTTP status.
  }
  if (status === 200 && answer.success === true) return answer.message === "0 changed" ? CORRECT.same : "";
  return CORRECT.refused(String(answer.message || CORRECT.status(status)).slice(0, 200));
}

async function save(event) {
  event.preventDefault();
  if (saving) return;
  const entered = values();
  if (!entered) return;
  const at = slot;
  // The same number may now mean another hour or day.
  if (!allowed(at)) return setText(byId("correct-why"), CORRECT.late);
  const [path, number] = place(at);
  const two = String(number).padStart(2, "0");
  setText(byId("save"), CORRECT.saving);
  const fault = await post(path, { [`i${two}`]: entered[0], [`e${two}`]: entered[1] });
  setText(byId("save"), CORRECT.save);
  // The owner may have left the form during the request.
  const open = slot === at;
  if (fault) {
    if (!open) return toast(fault);
    setText(byId("correct-why"), fault);
    return field("i").select();
  }
  toast(CORRECT.done(at.name), path);
  if (open) closeForm(true);
  changed();
}

// path: the form that undoes the last correction; without it Undo is hidden.
export function toast(text, path) {
  setText(byId("said"), text);
  setClass(byId("toast"), text && "toast");
  setShown(byId("undo"), path);
  byId("undo").value = path ?? "";
}

async function undo() {
  if (saving) return;
  const fault = await post(byId("undo").value, { undo: "true" });
  if (fault) return toast(fault, byId("undo").value);
  (opener.offsetParent ? opener : byId("as-table")).focus();
  toast(CORRECT.undone);
  changed();
}

// done(): called when history has changed; can(slot): whether the reader still accepts a correction of it.
export function watchForm(done, can) {
  [changed, allowed] = [done, can];
  const form = byId("correct");
  form.addEventListener("submit", save);
  form.addEventListener("keydown", (event) => event.key === "Escape" && !saving && closeForm(true));
  byId("cancel").addEventListener("click", () => saving || closeForm(true));
  byId("undo").addEventListener("click", undo);
}

// The question what becomes of a data partition with something else on it. Nothing is formatted without it.

import { W } from "../words.js";
import { untilBack } from "./actions.js";
import { postForm, translate } from "./ask.js";
import { confirmBox } from "./dialog.js";
import { byId, make, setText } from "./dom.js";

let note = null;

async function format(button, words) {
  const { ask, lost, yes } = W.HELD;
  if (!(await confirmBox({ title: ask, text: lost, yes, no: W.ACT.cancel, danger: true }))) return;
  button.hidden = true;
  const [status, doc] = await postForm("/reset", { perform: "true", format: "true" });
  if (status !== 200) {
    button.hidden = false;
    setText(words, doc?.message ?? W.ACT.noAnswer);
    return;
  }
  if (await untilBack((text) => setText(words, text))) location.reload();
}

// held: what is there, in the firmware's words.
export async function showHeld(held) {
  if (note) return;
  note = make("div", { id: "held", class: "note bad", role: "alert" }, make("i"));
  const doc = { held };
  await translate(doc);
  const words = make("span", {}, `${W.HELD.stored} `, make("span", {}, `(${doc.held})`));
  const button = make("button", { type: "button" }, `${W.HELD.yes} \u2026`);
  button.addEventListener("click", () => format(button, words));
  note.append(words, button);
  byId("title").after(note);
}

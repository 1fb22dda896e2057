// The question what becomes of a data partition with something else on it. Nothing is formatted without it.

import { W } from "../words.js";
import { untilBack } from "./actions.js";
import { postForm } from "./ask.js";
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
  if (await untilBack((seconds) => setText(words, `${W.ACT.restarting} ${seconds} ${W.UNIT.second}`))) location.reload();
}

// found: what is there, in the firmware's words.
export function showHeld(found) {
  if (note) return;
  const words = make("span", {}, `${W.HELD.stored} `, make("span", { lang: "en" }, `(${found})`));
  const button = make("button", { type: "button" }, `${W.HELD.yes} \u2026`);
  button.addEventListener("click", () => format(button, words));
  note = make("div", { id: "held", class: "note bad", role: "alert" }, make("i"), words, button);
  byId("title").after(note);
}

// Restart and factory reset, with what each keeps and loses.

import { W } from "../words.js";
import { ask, postForm, pause } from "./ask.js";
import { confirmBox } from "./dialog.js";
import { make, setText } from "./dom.js";
import { feed } from "./feed.js";

const LOOK_MS = 2000;
const ANSWER_MS = 3000;

function younger(text, uptime) {
  try {
    return JSON.parse(text).u < uptime;
  } catch {
    return false;
  }
}

// Resolves to true when the reader answers after a restart, to false when stopped() is true before.
// say(text): how long it has taken; gone: it is known not to answer.
export async function untilBack(say, stopped = () => false, gone = false) {
  const uptime = feed.doc?.u ?? 0;
  const begin = Date.now();
  while (!stopped()) {
    say(`${W.ACT.restarting} ${Math.round((Date.now() - begin) / 1000)} ${W.UNIT.second}`);
    await pause(LOOK_MS);
    const [status, text] = await ask("/now.json", ANSWER_MS);
    if (status === 0) gone = true;
    if (status === 401 || (status === 200 && (gone || younger(text, uptime)))) return true;
  }
  return false;
}

const sure = (question) => confirmBox({ no: W.ACT.cancel, ...question });

// say(text): shows how far it is. True when the reader is back.
export async function restart(say, stopped) {
  if (!(await sure({ title: W.ACT.restart, text: W.ACT.restartHelp, yes: W.ACT.restart }))) return false;
  const [status, doc] = await postForm("/reboot", {});
  if (status !== 200) {
    say(doc?.message ?? W.ACT.noAnswer);
    return false;
  }
  const back = await untilBack(say, stopped);
  if (back) say(W.ACT.back);
  return back;
}

// The parts of a card.
export function resetParts() {
  const state = make("p", { role: "status" });
  const keep = make("input", { type: "checkbox", role: "switch", id: "keep-records" });
  keep.checked = true;
  const button = make("button", { type: "button", class: "danger" }, W.ACT.reset);
  button.addEventListener("click", async () => {
    const text = [W.ACT.resetHelp, keep.checked ? W.ACT.keep : W.ACT.lost];
    if (!(await sure({ title: W.ACT.reset, text, yes: W.ACT.reset, danger: true }))) return;
    const [status, doc] = await postForm("/reset", { perform: "true", ...(keep.checked && { keep: "records" }) });
    setText(state, status === 200 ? W.ACT.restarting : doc?.message ?? W.ACT.noAnswer);
  });
  return [make("h2", {}, W.ACT.reset), make("p", { class: "help" }, W.ACT.resetHelp),
    make("div", { class: "field switch" }, keep, make("label", { for: "keep-records" }, W.ACT.keep)), button, state];
}

// The cards of the settings.
export function actions() {
  const state = make("p", { role: "status" });
  const button = make("button", { type: "button" }, W.ACT.restart);
  button.addEventListener("click", () => restart((text) => setText(state, text)));
  return [
    make("div", { class: "card" }, make("h2", {}, W.ACT.restart), make("p", { class: "help" }, W.ACT.restartHelp), button),
    make("div", { class: "card" }, ...resetParts(), " ", make("a", { href: "/device#backup" }, W.ACT.backup)),
    state,
  ];
}

// The test of the meter's keys with its next telegram, before they are saved.

import { make, setText } from "../lib/dom.js";
import { W } from "../words.js";
import { send } from "./requests.js";

const TEST_MS = 25000;
const RESULTS = {
  ok: "ok",
  "wrong key": "key",
  "wrong authentication key": "auth",
  "not encrypted": "clear",
  damaged: "damaged",
  "nothing received": "silent",
};

export function keyTest(section) {
  const button = make("button", { type: "button" }, W.KEYS.title);
  const state = make("p", { role: "status" });
  button.addEventListener("click", async () => {
    const changes = section.changes();
    if (!changes) return;
    const body = Object.fromEntries(Object.entries(changes).filter(([name]) => name.endsWith("_key")));
    button.disabled = true;
    state.className = "";
    setText(state, W.KEYS.waiting);
    const { doc, words } = await send("POST", "/api/key-test", body, TEST_MS);
    button.disabled = false;
    state.className = doc?.success ? "good-text" : "bad-text";
    setText(state, W.KEYS[RESULTS[doc?.result]] ?? words);
  });
  return make("div", { class: "card" }, make("h2", {}, W.KEYS.title), button, state);
}

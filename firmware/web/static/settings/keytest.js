// The test of the meter's keys with its next telegram, before they are saved.

import { setText } from "../lib/dom.js";
import { W } from "../words.js";
import { button, card, status } from "./parts.js";
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
  const state = status();
  const test = button(W.KEYS.title, async () => {
    const changes = section.changes();
    if (!changes) return;
    const body = Object.fromEntries(Object.entries(changes).filter(([name]) => name.endsWith("_key")));
    state.className = "";
    setText(state, W.KEYS.waiting);
    const { doc, words } = await send("POST", "/api/key-test", body, TEST_MS);
    state.className = doc?.success ? "good-text" : "bad-text";
    setText(state, W.KEYS[RESULTS[doc?.result]] ?? words);
  });
  return card(W.KEYS.title, test, state);
}

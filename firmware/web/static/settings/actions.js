// Restart and factory reset, with what each keeps and loses.

import { make, setText } from "../lib/dom.js";
import { W } from "../words.js";
import { button, card, help, status } from "./parts.js";
import { form } from "./requests.js";
import { sure } from "./sure.js";

const LOOK_MS = 2000;

// Resolves when the reader answers again.
export async function untilBack() {
  for (;;) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
    try {
      if ((await fetch("/is-alive", { cache: "no-store", signal: AbortSignal.timeout(LOOK_MS) })).ok) return;
    } catch {
      // It still restarts.
    }
  }
}

// say(text): shows how far it is.
export async function restart(say) {
  if (!(await sure({ title: W.ACT.restart, text: W.ACT.restartHelp, yes: W.ACT.restart, danger: false }))) return;
  const { doc, words } = await form("/reboot", {});
  if (!doc?.reboot) return say(words);
  say(W.ACT.restarting);
  await untilBack();
  say(W.ACT.back);
}

export function actions() {
  const state = status();
  const say = (text) => setText(state, text);
  const keep = make("input", { type: "checkbox", role: "switch", id: "keep-records" });
  keep.checked = true;

  async function reset() {
    const text = [W.ACT.resetHelp, keep.checked ? W.ACT.keep : W.ACT.lost];
    if (!(await sure({ title: W.ACT.reset, text, yes: W.ACT.reset }))) return;
    const { doc, words } = await form("/reset", { perform: "true", ...(keep.checked && { keep: "records" }) });
    say(doc?.success ? W.ACT.restarting : words);
  }

  return [
    card(W.ACT.restart, help(W.ACT.restartHelp), button(W.ACT.restart, () => restart(say))),
    card(W.ACT.reset, help(W.ACT.resetHelp),
      make("div", { class: "field switch" }, keep, make("label", { for: "keep-records" }, W.ACT.keep)),
      button(W.ACT.reset, reset, "danger"), " ", make("a", { href: "/device" }, W.ACT.backup)),
    state,
  ];
}

// The test of a broker with what the form shows, by stages, before it is saved.

import { make, setText } from "../lib/dom.js";
import { W } from "../words.js";
import { button, card, help, status } from "./parts.js";
import { send } from "./requests.js";

const STAGES = ["name", "connect", "tls", "login", "publish"];
const NAMES = { name: "DNS", connect: "TCP", tls: "TLS" };
const TEST_MS = 35000;

function draw(list, secure, failed, words) {
  const stages = STAGES.filter((stage) => stage !== "tls" || secure);
  const at = failed === "done" ? stages.length : stages.indexOf(failed);
  list.replaceChildren(...stages.map((stage, i) => {
    const state = i < at ? "ok" : i > at ? "off" : "bad";
    const text = `${NAMES[stage] ?? W.STAGE[stage]}: ${{ ok: W.SET.fine, bad: W.SET.failed, off: W.SET.untried }[state]}`;
    return make("li", { class: `note ${state}` }, make("i", {}), text, i === at ? make("small", {}, words) : "");
  }));
}

// section: the form.
export function brokerTest(section) {
  const state = status();
  const list = make("ol", { class: "stages" });
  const test = button(W.SET.tryBroker, async () => {
    const changes = section.changes();
    if (!changes) return;
    const body = Object.fromEntries(Object.entries(changes).filter(([name]) => name.startsWith("mqtt_")));
    list.replaceChildren();
    setText(state, W.SET.trying);
    const { doc, words } = await send("POST", "/api/mqtt-test", body, TEST_MS);
    setText(state, doc?.stage ? (doc.success ? W.SET.fine : W.SET.failed) : words);
    if (doc?.stage) draw(list, section.shown("mqtt_tls"), doc.stage, doc.message);
  });
  return card(W.SET.tryBroker, help(W.SET.tryHelp), test, state, list);
}

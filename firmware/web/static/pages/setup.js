// The set-up. In the reader's own network: the way into the owner's. In that one: what the reader has to know, and checks.

import { askJson } from "../lib/ask.js";
import { askHeld } from "../lib/badges.js";
import { fill, make } from "../lib/dom.js";
import { go } from "../lib/route.js";
import { Steps } from "../setup/steps.js";
import { open as openBoard } from "../setup/board.js";
import { open as openChecks } from "../setup/checks.js";
import { open as openJoin } from "../setup/join.js";
import { open as openMeter } from "../setup/meter.js";
import { open as openName } from "../setup/name.js";
import { draw } from "../setup/questions.js";
import { open as openRestore } from "../setup/restore.js";
import { open as openWifi } from "../setup/wifi.js";
import { W, loadTexts, loadWords } from "../words.js";
import markup from "./setup.html";

export { default as style } from "./setup.css";
export { openLogin } from "./login.js";

const SETTINGS_MS = 20000;
// Steps with settings.
const QUESTIONS = {
  key: ["encryption_key", "authentication_key"],
  fuse: ["distribution_system", "main_fuse_a", "production_kwp"],
  zone: ["timezone", "price_enabled", "price_area", "price_currency"],
  tariff: ["tariff_profile"],
  broker: ["mqtt_host", "mqtt_port", "mqtt_tls", "mqtt_user", "mqtt_password", "mqtt_topic", "mqtt_payload"],
  consent: ["upgrade_auto"],
};
let settings = null;

// The link to a step beside the row, below another one.
function beside(body, steps, name, text) {
  const button = make("button", { type: "button", class: "link" }, text);
  button.addEventListener("click", () => steps.to(name));
  body.append(button);
}

// The first step.
function first(open) {
  return (body, steps) => {
    const part = open(body, steps);
    const line = make("p", { class: "sub" }, `${W.SETUP.board}: ${steps.network.board} `);
    body.append(line);
    beside(line, steps, "board", W.SETUP.other);
    beside(body, steps, "restore", W.SETUP.restore);
    return part;
  };
}

async function openQuestion(body, steps) {
  const { step } = steps;
  const waiting = make("p", { class: "sub" }, "…");
  body.append(waiting);
  let page = null;
  try {
    if (!settings) {
      await Promise.all([loadWords("settings"), loadTexts()]);
      const [status, doc] = await askJson("/api/settings.json", { ms: SETTINGS_MS });
      settings = status === 200 ? doc.settings : null;
    }
    page = await import("./settings.js");
  } catch {
    page = null; // a part of the page did not come
  }
  if (step !== steps.step) return {};
  waiting.remove();
  if (settings && page) return draw(page, body, steps, settings, { name: step.name, names: QUESTIONS[step.name] });
  steps.blame(W.SETUP.lost);
  return { save: () => steps.show() };
}

const intoNetwork = () => [
  { name: "wifi", title: W.SETUP.wifi, open: first(openWifi) },
  { name: "name", title: W.SETUP.host, open: openName },
  { name: "join", title: W.SETUP.save, open: openJoin, next: W.SETUP.save },
];

const checkAll = (body) => ({ ...openChecks(body), save: () => (go("/"), false) });

const guide = (state) => [
  { name: "meter", title: W.CHECK.meter, open: first(openMeter) },
  ...Object.keys(QUESTIONS).map((name) => ({
    name, title: W.STEPS[name], open: openQuestion, skip: true, wanted: () => name !== "key" || !state.steps?.found,
  })),
  { name: "checks", title: W.SETUP.checks, open: checkAll, next: W.SETUP.done },
];

export async function open(root) {
  settings = null;
  const [, network] = await askJson("/network.json");
  fill(root, markup);
  askHeld(network?.nf);
  const state = {};
  const rows = [
    ...(network?.setup ? intoNetwork() : guide(state)),
    { name: "restore", title: W.SETUP.restore, open: openRestore, next: W.SETUP.restore, aside: true },
    { name: "board", title: W.SETUP.board, open: openBoard, next: W.ACT.save, aside: true },
  ];
  state.steps = new Steps(rows, network ?? {});
  return () => state.steps.close();
}

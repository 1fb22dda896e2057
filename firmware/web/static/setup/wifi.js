// The owner's network: those in reach, or a hidden one by its name, tried before it is stored.

import { askJson, postForm, pause } from "../lib/ask.js";
import { make, setText } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { icon } from "../lib/svg.js";
import { W } from "../words.js";

export const KEPT = "***"; // a password that the reader knows
const SCAN_MS = 20000;
const SCANS = 3;
const LOOK_MS = 1000;
const LOOKS = 60;
const BARS = "\u2582\u2584\u2586\u2588";
const LOCK = "M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3";
const BARS_DBM = [-80, -70, -60]; // of the second bar on
// Numbers of Espressif's reasons.
const REASONS = {
  password: [15, 202, 204],
  absent: [201, 212],
  security: [13, 17, 18, 19, 20, 21, 22, 23, 24, 29, 49, 210, 211],
  address: [250],
};

function reasonOf({ reason }) {
  const known = Object.keys(REASONS).find((key) => REASONS[key].includes(reason));
  return known ? W.REASON[known] : W.REASON.other(String(reason));
}

export function open(body, steps) {
  const { draft } = steps;
  const found = make("p", { class: "sub", role: "status" });
  const list = make("ul", { class: "networks" });
  const again = make("button", { type: "button" }, W.SETUP.again);
  const ssid = field({ name: "ss", label: W.SETUP.network, help: W.SETUP.hidden, most: 32, value: draft.ss ?? "" });
  const psk = field({ name: "sp", kind: "password", label: W.SETUP.password, most: 63, value: steps.psk ?? draft.sp ?? "" });
  const tried = make("p", { role: "status" });
  let forced = "";
  let closed = false;
  if (steps.network.bus) body.append(make("p", { class: "note warn" }, make("i"), make("span", {}, W.SETUP.usb)));
  body.append(found, list, again, ssid.row, psk.row, tried);

  const typed = () => JSON.stringify([ssid.value, psk.value]);
  const known = () => steps.proven === typed();

  function say(text, kind) {
    setText(tried, text);
    tried.className = kind;
  }

  function choose(network, button) {
    ssid.value = network.s;
    for (const one of list.querySelectorAll("button")) one.setAttribute("aria-pressed", one === button);
    if (psk.value === KEPT) psk.value = "";
    ssid.input.dispatchEvent(new Event("input"));
    (network.e === "open" ? document.querySelector("#step-next") : psk.input).focus();
  }

  async function scan() {
    setText(found, W.SETUP.looking);
    if (again.getAttribute("aria-disabled") === "true") return;
    again.setAttribute("aria-disabled", true);
    let [status, doc] = [0, null];
    for (let n = 0; n < SCANS && status !== 200 && !closed; n += 1) {
      [status, doc] = await askJson("/wifi.json", { ms: SCAN_MS }); // the access point may be about to begin
      if (status !== 200) await pause(LOOK_MS);
    }
    if (closed) return;
    again.setAttribute("aria-disabled", false);
    const networks = (status === 200 && doc?.n) || [];
    setText(found, networks.length ? "" : W.REASON.absent);
    list.replaceChildren(...networks.map((network) => {
      const clear = network.e === "open";
      const button = make("button", { type: "button", "aria-pressed": network.s === ssid.value },
        make("b", {}, network.s), make("small", {}, `${clear ? W.SETUP.open : network.e}, ${network.r}\u00a0dBm`),
        clear ? "" : icon(LOCK),
        make("span", { class: "signal", "aria-hidden": "true" }, BARS.slice(0, 1 + BARS_DBM.filter((dbm) => network.r >= dbm).length)));
      button.addEventListener("click", () => choose(network, button));
      return make("li", {}, button);
    }));
  }

  // "ok", "failed", or "none" without an answer.
  async function follow() {
    say(W.SETUP.trying, "sub");
    for (let look = 0; look < LOOKS && !closed; look += 1) {
      await pause(LOOK_MS);
      const [status, doc] = await askJson("/wifi/test.json");
      if (closed || status !== 200 || doc.state === "running") continue;
      if (doc.state === "ok") {
        say(W.SETUP.works, "good-text");
        steps.ip = doc.ip;
        steps.proven = typed();
      } else say(reasonOf(doc), "bad-text");
      return doc.state;
    }
    say(W.SETUP.lost, "bad-text");
    return "none";
  }

  function wrong() {
    const octets = new TextEncoder().encode(psk.value).length;
    psk.fault(octets && octets < 8 && psk.value !== KEPT ? W.SETUP.short : "");
    ssid.fault(ssid.value ? "" : W.SETUP.hidden);
    const first = [ssid, psk].find(({ input }) => input.getAttribute("aria-invalid") === "true");
    first?.input.focus();
    return first;
  }

  async function save() {
    if (wrong()) return false;
    steps.psk = psk.value;
    if (known()) steps.keep({ sp: psk.value && KEPT });
    if (known() || forced === typed()) return true;
    const [status, doc] = await postForm("/wifi/test", { ss: ssid.value, sp: psk.value });
    if (doc?.success === false) {
      psk.fault(doc.message);
      return false;
    }
    const state = status === 200 ? await follow() : "none";
    if (state === "ok") {
      steps.keep({ sp: psk.value && KEPT });
      return true;
    }
    if (state === "none") say(W.SETUP.lost, "bad-text");
    forced = typed();
    setText(document.querySelector("#step-next"), W.SETUP.untested);
    return false;
  }

  ssid.input.addEventListener("input", () => {
    setText(ssid.row.querySelector(".help"), ssid.value === ssid.value.trim() ? W.SETUP.hidden : W.SETUP.space);
    steps.keep({ ss: ssid.value });
  });
  for (const { input } of [ssid, psk]) input.addEventListener("input", () => setText(document.querySelector("#step-next"), W.SETUP.next));
  again.addEventListener("click", scan);
  (async () => {
    // A test that the phone has lost: its result waits in the reader.
    const [, doc] = await askJson("/wifi/test.json");
    if (!closed && doc?.ssid && doc.ssid === ssid.value && !steps.psk) {
      psk.value = KEPT;
      if (doc.state === "running" || doc.state === "ok") await follow();
    }
    if (!closed) scan();
  })();
  return { save, close: () => (closed = true) };
}

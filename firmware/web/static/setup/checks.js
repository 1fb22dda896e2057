// The last page: what works, and what to do about what does not.

import { askJson, pause } from "../lib/ask.js";
import { pageLocale } from "../lib/choice.js";
import { make } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { W } from "../words.js";
import { nameOf } from "./meter.js";

const LOOK_MS = 5000;
const WEAK_DBM = -75;

// [word, state, what is known, what to do, and where]; states: ok, warn, off.
function rows(doc, info, prices) {
  const heard = doc.s !== null && doc.s < 60;
  const priced = prices?.enabled ? (prices.stale || prices.error ? "warn" : "ok") : "off";
  const broker = ["off", "ok", "warn", "warn"][doc.mm];
  const supply = ["off", "ok", "warn", "warn"][doc.em];
  const time = new Date(doc.c * 1000).toLocaleString(pageLocale(), { timeStyle: "short", dateStyle: "medium", timeZone: doc.tz });
  return [
    ["meter", heard ? "ok" : "warn", heard ? nameOf(doc, info?.line) : "", "#meter"],
    ["clock", doc.clk.by ? "ok" : "warn", doc.clk.by ? time : "", "/settings#network"],
    ["price", priced, prices?.area ?? "", "/settings#prices"],
    ["broker", broker, "", "/settings#mqtt"],
    ["wifi", doc.r && doc.r < WEAK_DBM ? "warn" : "ok", doc.r ? `${doc.r}\u00a0dBm` : "", "/device"],
    ["supply", supply, doc.v ? `${number(doc.v, 2)}\u00a0V` : "", "/device"],
  ];
}

export function open(body) {
  const list = make("ul", { class: "checks" });
  let closed = false;
  let shown = "";
  body.append(make("div", { role: "status" }, list));
  (async () => {
    while (!closed) {
      const [status, doc] = await askJson("/now.json");
      const [, info] = await askJson("/sysinfo.json");
      const [, prices] = await askJson("/prices.json");
      if (closed) return;
      const found = status === 200 ? rows(doc, info, prices) : [];
      if (JSON.stringify(found) !== shown) {
        shown = JSON.stringify(found);
        list.replaceChildren(...found.map(([name, state, text, href]) =>
          make("li", { class: `note ${state}` }, make("i"), make("div", {},
            make("b", {}, `${W.CHECK[name]}: ${W.CHECK[state]}`), make("small", {}, text),
            ...(state === "warn" ? [make("p", {}, W.TODO[name], " ", make("a", { href }, "›"))] : [])))));
      }
      await pause(LOOK_MS);
    }
  })();
  return { close: () => (closed = true) };
}

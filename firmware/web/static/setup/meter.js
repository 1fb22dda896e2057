// Is the meter found? What came from it, or what to look at if nothing did.

import { askJson, pause } from "../lib/ask.js";
import { make } from "../lib/dom.js";
import { MAKERS } from "../lib/format.js";
import { W } from "../words.js";

const LOOK_MS = 3000;
const PATIENCE = 5; // looks until the line itself is looked at
const LISTEN_MS = 25000;

// "Kamstrup 6841131, 3 phases, 2400 8E1"
export function nameOf(doc, line) {
  const phases = [doc.l1, doc.l2, doc.l3].filter(({ u, i }) => u || i).length;
  const maker = [MAKERS[doc.mt], doc.model].filter(Boolean).join(" ");
  return [maker, phases > 0 && W.SETUP.phases(phases), line].filter(Boolean).join(", ");
}

export function open(body, steps) {
  const said = make("div", { role: "status" }, W.SETUP.listening);
  let closed = false;
  let shown = "";
  body.append(said);

  function draw(key, ...content) {
    if (key === shown) return;
    shown = key;
    said.replaceChildren(...content);
  }

  const list = (texts) => make("ul", {}, ...texts.map((text) => make("li", {}, text)));

  async function listen() {
    const [, doc] = await askJson("/inspect.json?seconds=8&octets=512", { ms: LISTEN_MS });
    if (closed || !doc?.line) return;
    const { heard, line } = doc;
    const head = `${line.settings}: ${heard.octets ? W.SETUP.garbled(String(heard.octets)) : W.SETUP.silent}`;
    const checks = heard.octets ? [W.SETUP.wire, W.SETUP.cipher] : [W.SETUP.plug, W.SETUP.port, W.SETUP.wire];
    draw(head, make("p", { class: "bad-text" }, head), list(checks));
  }

  async function look() {
    for (let n = 0; !closed; n += 1) {
      const [status, doc] = await askJson("/now.json");
      if (closed) return;
      if (status === 200 && doc.s !== null) {
        const [, info] = await askJson("/sysinfo.json");
        steps.found = true;
        if (!closed) steps.number();
        const text = W.SETUP.found(nameOf(doc, info?.line));
        if (!closed) draw(text, make("p", { class: "note ok" }, make("i"), make("span", {}, text)));
      } else if (status === 200 && n % PATIENCE === PATIENCE - 1) await listen();
      await pause(LOOK_MS);
    }
  }
  look();
  return { close: () => (closed = true) };
}

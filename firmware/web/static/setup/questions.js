// A step with a few settings: the fields of the page Settings, saved when the next step comes.
// Loaded after the words of that page.

import { askJson } from "../lib/ask.js";
import { fill, make } from "../lib/dom.js";
import { brokerTest } from "../settings/mqtttest.js";
import { fieldOf, useTexts } from "../settings/fields.js";
import { Fault } from "../settings/kinds.js";
import { keyTest } from "../settings/keytest.js";
import { W } from "../words.js";
import picture from "./fuse.html";

const SAVE_MS = 15000;
const EXTRA = { key: keyTest, broker: brokerTest };

// The browser's zone in place of one that nobody has chosen.
function suggest({ setting, options, one }) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const at = options?.findIndex(([value]) => value === zone);
  if (setting.name === "timezone" && setting.value === setting.default && at >= 0) one.value = at;
}

export function draw(body, steps, settings, { name, names }) {
  useTexts(settings);
  const fields = names.map((one) => settings.find((setting) => setting.name === one)).filter(Boolean)
    .map((setting) => fieldOf(setting, () => {}, {}));
  fields.forEach(suggest);
  const section = {
    // What is changed, null if something is wrong: it is shown then.
    changes() {
      const out = {};
      let first = null;
      for (const one of fields) {
        try {
          const value = one.read();
          one.show("");
          if (value !== undefined) out[one.name] = value;
        } catch (fault) {
          if (!(fault instanceof Fault)) throw fault;
          one.show(fault.message);
          first ??= one;
        }
      }
      first?.focus();
      return first ? null : out;
    },
    shown: (which) => fields.some((one) => one.name === which && String(one.value()) !== "0"),
  };
  if (name === "fuse") {
    const holder = make("div");
    fill(holder, picture);
    body.append(make("p", { class: "sub" }, W.SETUP.fuse), holder);
  }
  body.append(...fields.map(({ element }) => element));
  if (EXTRA[name]) body.append(EXTRA[name](section));
  return {
    async save() {
      const changes = section.changes();
      if (!changes) return false;
      if (!Object.keys(changes).length) return true;
      const [, doc] = await askJson("/api/config", { method: "PATCH", body: changes, ms: SAVE_MS });
      for (const one of fields) one.show(doc?.errors?.[one.name] ?? "");
      if (!doc?.success) {
        steps.blame(doc?.errors ? "" : (doc?.message ?? W.SETUP.lost));
        return false;
      }
      for (const [key, value] of Object.entries(changes)) {
        const setting = settings.find((one) => one.name === key);
        if (setting.secret) setting.set = Boolean(value);
        else setting.value = value;
      }
      return true;
    },
  };
}

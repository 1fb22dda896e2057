// A backup of this reader, or the configfile.cfg of an AMS reader.

import { askJson } from "../lib/ask.js";
import { make } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { W } from "../words.js";
import { leave } from "./join.js";

const TAKE_MS = 120000;
const WITHOUT_CLOCK = "?parts=settings,secrets,descriptors";

async function take(file) {
  const body = await file.text();
  if (body.startsWith("amsconfig")) return askJson("/configfile", { body, ms: TAKE_MS });
  const [, now] = await askJson("/now.json");
  return askJson(`/backup${now?.ea ? "" : WITHOUT_CLOCK}`, { body, ms: TAKE_MS });
}

// [names of the settings that were taken, [what was left out and why]]
function outcome({ taken, left_out: left = {}, settings = [], unknown = [] }) {
  return [taken ?? settings.map(({ name }) => name), [...Object.entries(left).map((pair) => pair.join(": ")), ...unknown]];
}

export function open(body, steps) {
  const file = field({ name: "file", kind: "file", label: W.SETUP.file, help: steps.network.setup ? W.SETUP.window : "" });
  const result = make("div", { role: "status" });
  body.append(file.row, result);
  return {
    async save() {
      result.replaceChildren();
      const [chosen] = file.input.files;
      file.fault(chosen ? "" : W.SETUP.file);
      if (!chosen) return false;
      const [, doc] = await take(chosen);
      file.fault(doc?.success ? "" : (doc?.message ?? W.SETUP.lost));
      if (!doc?.success) return false;
      const [taken, left] = outcome(doc);
      if (steps.network.setup && (taken.includes("ssid") || taken.includes("wifi_ssid"))) {
        leave(steps, steps.network.hostname, "");
        return false;
      }
      result.replaceChildren(make("p", { class: "good-text" }, W.SETUP.taken(String(taken.length))),
        make("ul", { class: "sub" }, ...left.map((text) => make("li", {}, text))));
      return false;
    },
  };
}

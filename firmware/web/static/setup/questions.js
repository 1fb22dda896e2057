// A step with a few settings: the fields of the page Settings, saved when the next step comes.
// The module of that page, and its words, are loaded before.

import { askJson } from "../lib/ask.js";
import { fill, make } from "../lib/dom.js";
import { W } from "../words.js";
import picture from "./fuse.html";

const SAVE_MS = 15000;
const EXTRA = { key: (page) => page.keyTest, broker: (page) => page.brokerTest };

// In place of what nobody has chosen: the browser's zone, the first tariff of the price area's country.
function suggest({ setting, options, one }, area) {
  if (setting.value !== setting.default) return;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const fits = {
    timezone: (value) => value === timeZone,
    tariff_profile: (value) => area.includes(value.slice(0, 2)),
  }[setting.name];
  const at = fits ? options.findIndex(([value]) => fits(value)) : -1;
  if (at >= 0) one.value = at;
}

// Its country is in the code of a price area, or begins its name.
function countries(settings) {
  const { value, options } = settings.find(({ name }) => name === "price_area") ?? {};
  const found = options?.find((one) => one.value === value);
  return found ? [value.slice(3, 5), found.label.slice(0, 2)] : [];
}

// page: the module pages/settings.js.
export function draw(page, body, steps, settings, { name, names }) {
  page.useTexts(settings);
  const fields = names.map((one) => settings.find((setting) => setting.name === one)).filter(Boolean)
    .map((setting) => page.fieldOf(setting, () => {}, {}));
  const area = countries(settings);
  fields.forEach((one) => suggest(one, area));
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
          if (!(fault instanceof page.Fault)) throw fault;
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
  if (EXTRA[name]) body.append(EXTRA[name](page)(section));
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

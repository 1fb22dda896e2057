// The form of one section: its fields in groups, what is shown only if it has a meaning, one save.

import { make, setShown, setText } from "../lib/dom.js";
import { W } from "../words.js";
import { fieldOf } from "./fields.js";
import { Fault } from "./kinds.js";
import { button } from "./parts.js";

// Groups of a section: the names of the first fields of each.
const GROUPS = {
  general: ["hostname", "web_security"],
  prices: ["price_enabled", "price_multiplier", "export_price"],
  meter: ["distribution_system", "encryption_key", "meter_baud", "ct_ratio"],
  wifi: ["wifi_ssid", "wifi_sleep"],
  device: ["supply", "upgrade_url", "sensor_names"],
  mqtt: ["mqtt_host", "mqtt_payload", "mqtt_interval_s", "domoticz_energy_idx", "ha_prefix"],
};
// Fields that have a meaning only with some values of another: names or beginnings of names.
const ONLY = {
  domoticz_: ["mqtt_payload", 3],
  ha_: ["mqtt_payload", 4, 104],
  export_multiplier: ["export_price", "spot"],
  export_fixed_micro: ["export_price", "fixed"],
  push_org: ["push_kind", "influx"],
  push_bucket: ["push_kind", "influx"],
  estimate_l2_current: ["distribution_system", 1],
};
// Fields that stand after another one.
const AFTER = { setup_psk: "wifi_psk" };
// Kept by the reader itself.
export const HIDDEN = ["wifi_first"];

function ordered(settings) {
  const moved = settings.filter(({ name }) => name in AFTER);
  return settings.filter(({ name }) => !(name in AFTER))
    .flatMap((setting) => [setting, ...moved.filter(({ name }) => AFTER[name] === setting.name)]);
}

const condition = (name) => Object.entries(ONLY).find(([begin]) => name.startsWith(begin))?.[1];

// own: {name: class} of fields with a module of their own.
export class Section {
  constructor(name, settings, own) {
    this.fields = ordered(settings).map((setting) => fieldOf(setting, () => this.update(), own));
    this.state = make("p", { class: "state", role: "status" });
    this.save = make("button", { class: "main" }, W.ACT.save);
    this.undo = button(W.SET.undo, () => this.reset());
    this.foot = make("div", { class: "foot" }, this.save, this.undo, this.state);
    // Browsers want a user name beside a password.
    const user = make("input", { type: "text", autocomplete: "username", hidden: "" });
    this.element = make("form", { class: "section-form", novalidate: "", autocomplete: "off" }, user, ...this.groups(name), this.foot);
    this.update();
  }

  groups(name) {
    const made = [];
    for (const field of this.fields) {
      if (!made.length || GROUPS[name]?.includes(field.name)) made.push(make("div", { class: "card group" }));
      made.at(-1).append(field.element);
    }
    return made;
  }

  field(name) {
    return this.fields.find((field) => field.name === name);
  }

  // The value that a field shows; that in force while it is wrong.
  shown(name) {
    const field = this.field(name);
    try {
      return field.read() ?? field.setting.value;
    } catch {
      return field.setting.value;
    }
  }

  // {name: value} of the changed settings; null if a field is wrong, which is focused then.
  changes() {
    const found = {};
    let first = null;
    for (const field of this.fields) {
      try {
        const value = field.read();
        if (value !== undefined) found[field.name] = value;
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault;
        field.show(fault.message);
        first ??= field;
      }
    }
    first?.focus();
    return first ? null : found;
  }

  // Whether something is entered that is not saved.
  dirty() {
    return this.fields.some((field) => {
      try {
        return field.read() !== undefined;
      } catch {
        return true;
      }
    });
  }

  update() {
    if (!this.foot) return; // while it is made
    for (const field of this.fields) {
      const [other, ...values] = condition(field.name) ?? [];
      const { value, default: usual } = field.setting;
      setShown(field.element, !other || field.wanted || value !== usual || values.includes(this.shown(other)));
      field.useCurrency?.(this.field("price_currency") ? this.shown("price_currency") : "");
    }
    for (const group of this.element.querySelectorAll(".group")) {
      setShown(group, [...group.children].some((child) => !child.hidden));
    }
    const dirty = this.dirty();
    this.save.disabled = this.undo.disabled = !dirty;
    this.foot.classList.toggle("dirty", dirty);
    if (dirty) this.say("");
  }

  busy(busy) {
    this.save.disabled = this.undo.disabled = busy;
    if (busy) this.say("…");
  }

  // Shows a field, also one without a meaning now.
  find(name) {
    const field = this.field(name);
    if (!field) return;
    field.wanted = true;
    this.update();
    field.focus();
  }

  say(text, kind = "") {
    setText(this.state, text);
    this.state.className = `state ${kind}`;
  }

  reset(fields = this.fields) {
    for (const field of fields) {
      field.reset();
      field.show("");
    }
    this.update();
  }

  // Whether a field still shows what was sent, or what is in force.
  shows(field, changes) {
    try {
      return JSON.stringify(field.read()) === JSON.stringify(changes[field.name]);
    } catch {
      return false;
    }
  }

  // The answer to a save: the values are in force, or each fault stands at its field. What was typed meanwhile stays.
  accept(changes) {
    const same = this.fields.filter((field) => this.shows(field, changes));
    for (const [name, value] of Object.entries(changes)) {
      const field = this.field(name);
      if (field.setting.secret) field.setting.set = Boolean(value);
      else field.setting.value = value;
    }
    this.reset(same);
  }

  refuse(errors) {
    let first = null;
    for (const [name, reason] of Object.entries(errors)) {
      const field = this.field(name);
      field?.show(reason);
      first ??= field;
    }
    first?.focus();
  }
}

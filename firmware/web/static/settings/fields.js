// A field for each setting: its label, its control, its help and what is wrong with it.
//
// A field has
//   element          to be put into a form
//   read()           the value for the reader; undefined: unchanged. Throws a Fault
//   reset()          shows the value in force
//   show(fault)      a text below the control, "" for none
//   focus()

import { make, setShown, setText } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { W } from "../words.js";
import { Fault, kindOf } from "./kinds.js";
import { help, textInput } from "./parts.js";

const OTHER = "\u0000"; // the choice of a value that is no option
const SHORT = 30; // characters of an option
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// What the page's language has for a setting: [label, help, labels of its options]. English has nothing: the reader does.
let texts = {};

// settings: as in /api/settings.json; the words are in the same order.
export function useTexts(settings) {
  const all = W.SETTING?.split("\n") ?? [];
  texts = Object.fromEntries(settings.map(({ name }, i) => [name, all[i] ? all[i].split("|") : []]));
}

// [label, help]
export function textOf(setting) {
  const [label, help] = texts[setting.name];
  return label ? [label, help ?? ""] : [setting.label, setting.help];
}

// [value, label] of each option.
export function optionsOf(setting) {
  const words = texts[setting.name.startsWith("ui_") ? "ui_import" : setting.name].slice(2);
  return (setting.options ?? []).map(({ value, label }, i) => [value, words[i] || label]);
}

// What all fields have.
export class Field {
  constructor(setting, changed) {
    const [label, help] = textOf(setting);
    Object.assign(this, { setting, changed, label, help, name: setting.name });
  }

  // given: options of lib/form.js.
  make(given) {
    this.use(field({ name: this.name, label: this.label, help: this.help, ...given }));
    this.element.addEventListener("input", () => this.check(false));
    this.element.addEventListener("change", () => this.check(true));
  }

  use(one) {
    this.one = one;
    this.element = one.row;
    this.control = one.input;
  }

  // Several inputs under one label. inputs: those that a fault belongs to.
  compose(inputs, ...content) {
    const [help, wrong] = ["h", "e"].map((kind) => `${kind}-${this.name}`);
    const message = make("p", { class: "fault", id: wrong, role: "alert" });
    for (const input of inputs) input.setAttribute("aria-describedby", `${help} ${wrong}`);
    const row = make("fieldset", { class: "field composed" }, make("legend", {}, this.label),
      make("p", { class: "help", id: help }, this.help), ...content, message);
    this.use({ row, input: inputs[0], fault(text) {
      setText(message, text);
      for (const input of inputs) input.setAttribute("aria-invalid", Boolean(text));
    } });
  }

  // While the owner types a fault is taken away, but none is shown.
  check(left) {
    try {
      this.read();
      this.show("");
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      if (left) this.show(fault.message);
    }
    this.changed(this);
  }

  show(fault) {
    this.one.fault(fault);
  }

  read() {
    const value = this.value();
    return same(value, this.setting.value) ? undefined : value;
  }

  focus() {
    this.control.focus();
  }
}

class Check extends Field {
  constructor(...given) {
    super(...given);
    this.make({ kind: "switch" });
  }

  value() {
    return this.one.value;
  }

  reset() {
    this.one.value = this.setting.value;
  }
}

class Text extends Field {
  constructor(...given) {
    super(...given);
    this.kind = kindOf(this.setting);
    this.make({ kind: this.setting.type === "integer" ? "decimal" : "text", unit: this.kind.unit || " " });
    this.unit = this.element.querySelector(".with-unit .sub");
    this.useCurrency("");
  }

  // currency: of a price.
  useCurrency(currency) {
    const { unit } = this.kind;
    setText(this.unit, { price: `${currency}/kWh`, fee: `${currency} ${W.SET.month}` }[unit] ?? unit ?? "");
    setShown(this.unit, unit);
  }

  value() {
    return this.kind.read(this.one.value);
  }

  reset() {
    this.one.value = this.kind.show(this.setting.value);
  }
}

// One of the options; of an open list also another value.
class Choice extends Field {
  constructor(...given) {
    super(...given);
    this.options = optionsOf(this.setting);
    this.kind = kindOf(this.setting);
    const open = this.setting.open && this.name !== "tariff_profile";
    this.make({ kind: "select", options: [...this.options.map(([, label], i) => [i, label]), ...(open ? [[OTHER, W.SET.other]] : [])] });
    this.other = textInput({ "aria-label": `${this.label}: ${W.SET.other}` });
    this.long = help("");
    this.control.parentElement.after(this.other, this.long);
    this.element.addEventListener("change", () => this.follow());
  }

  value() {
    const { value } = this.one;
    return value === OTHER ? this.kind.read(this.other.value) : this.options[value]?.[0];
  }

  reset() {
    const at = this.options.findIndex(([value]) => value === this.setting.value);
    this.one.value = at < 0 ? OTHER : at;
    this.other.value = at < 0 ? this.kind.show(this.setting.value) : "";
    this.follow();
  }

  // The chosen option again, if it is too long for a control on a phone.
  follow() {
    setShown(this.other, this.one.value === OTHER);
    const text = this.options[this.one.value]?.[1] ?? "";
    setText(this.long, text.length > SHORT ? text : "");
  }
}

// A password or a key: the reader tells only whether it is set.
class Secret extends Field {
  constructor(...given) {
    super(...given);
    this.kind = kindOf(this.setting);
    this.make({ kind: "password" });
    this.remove = make("input", { type: "checkbox" });
    this.state = make("span", {});
    this.removal = make("label", {}, this.remove, " ", W.SET.remove);
    this.element.insertBefore(make("p", { class: "secret" }, this.state, this.removal), this.element.children[2]);
    this.remove.addEventListener("change", () => (this.control.disabled = this.remove.checked));
  }

  read() {
    if (this.remove.checked) return "";
    return this.one.value ? this.kind.read(this.one.value) : undefined;
  }

  reset() {
    this.one.value = "";
    this.control.disabled = this.remove.checked = false;
    this.control.placeholder = this.setting.set ? "\u2022\u2022\u2022\u2022\u2022\u2022" : "";
    setText(this.state, this.setting.set ? W.SET.isSet : W.SET.notSet);
    setShown(this.removal, this.setting.set);
  }
}

// A text of several parts, an input each.
class Parts extends Field {
  constructor(...given) {
    super(...given);
    this.kind = kindOf(this.setting);
    const labels = W.PART[this.name].split("|");
    this.inputs = this.kind.examples.map((example) => textInput({ placeholder: example }));
    this.compose(this.inputs, make("div", { class: "parts" }, ...this.inputs.map((input, i) => make("label", {}, labels[i], input))));
    this.element.addEventListener("input", () => this.check(false));
    this.element.addEventListener("change", () => this.check(true));
  }

  value() {
    return this.kind.read(this.inputs.map((input) => input.value));
  }

  reset() {
    this.kind.show(this.setting.value).forEach((text, i) => (this.inputs[i].value = text));
  }
}

const COMPOSED = ["address", "supply"];

// own: {name: class} of the fields that have a module of their own.
export function fieldOf(setting, changed, own) {
  const plain = setting.type === "boolean" ? Check : setting.options ? Choice : Text;
  const Made = own[setting.name] ?? (COMPOSED.includes(setting.name) ? Parts : setting.secret ? Secret : plain);
  const made = new Made(setting, changed);
  made.reset();
  return made;
}

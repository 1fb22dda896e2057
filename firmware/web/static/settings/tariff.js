// The owner's own rules of the tariff: steps with their prices as a ladder, count of peaks, price of a kW; all as JSON.

import { make, setShown, setText } from "../lib/dom.js";
import { W } from "../words.js";
import { Field } from "./fields.js";
import { button, textInput, tools } from "./parts.js";
import { Fault, decimal, readDecimal } from "./kinds.js";

const MOST_STEPS = 20;
const MOST_KW = 65534;
const MOST_MICRO = 1000000000;
const USUAL = [5, 10, 15, 20, 25, 50, 75, 100, 150];
// Numbers beside the ladder: decimals, least, most.
const NUMBERS = { count: [0, 0, 10], price_micro_per_kw: [6, 0, MOST_MICRO] };

const figure = (value, label, decimals = 0) => {
  const made = textInput({ inputmode: "decimal", "aria-label": label });
  made.value = value === undefined ? "" : decimal(value, decimals);
  return made;
};

export class Tariff extends Field {
  constructor(...given) {
    super(...given);
    this.ladder = make("ol", { class: "ladder" });
    this.head = make("p", { class: "ladder-head", "aria-hidden": "true" }, make("span", {}, "kW"), make("span", {}, `${W.STEP.price} ${W.SET.month}`));
    this.more = button(W.STEP.add, () => this.addStep());
    this.usual = button(W.STEP.usual, () => {
      this.fill(this.rows.length ? {} : { steps: USUAL });
      this.check(true);
      this.more.focus();
    });
    this.numbers = Object.entries(NUMBERS).map(([name, [decimals]]) => [name, decimals, figure(undefined, W.PEAK[name])]);
    this.text = make("textarea", { rows: 4, spellcheck: "false", autocapitalize: "none", "aria-label": W.STEP.text });
    this.compose([this.text], this.head, this.ladder, tools(this.more, this.usual),
      make("div", { class: "parts" }, ...this.numbers.map(([name, , input]) => make("label", {}, W.PEAK[name], input))),
      make("details", {}, make("summary", {}, W.STEP.text), this.text));
    this.watch();
  }

  watch() {
    this.text.addEventListener("input", () => {
      try {
        this.own = JSON.parse(this.text.value || "{}");
        this.bad = typeof this.own !== "object" || !this.own || Array.isArray(this.own);
        if (!this.bad) this.fill(this.own);
      } catch {
        this.bad = true;
      }
      this.check(this.bad);
    });
    for (const event of ["input", "change"]) {
      this.element.addEventListener(event, ({ target }) => target !== this.text && this.check(event === "change"));
    }
  }

  addStep() {
    if (this.rows.length > MOST_STEPS) return;
    if (!this.rows.length) this.addRow(); // the step above the last limit
    this.addRow(undefined, undefined, this.rows.length - 1);
    this.rows.at(-2).limit.focus();
    this.changed(this);
  }

  // The last row is the step above the last limit.
  addRow(limit, price, at = this.rows.length) {
    const row = { limit: figure(limit, `${W.STEP.upTo} kW`), price: figure(price, `${W.STEP.price} ${W.SET.month}`, 6) };
    row.remove = button("\u00d7", () => {
      this.rows.splice(this.rows.indexOf(row), 1);
      if (this.rows.length === 1) this.rows = [];
      this.draw();
      this.check(true);
      this.more.focus();
    });
    row.remove.setAttribute("aria-label", W.SET.remove);
    this.rows.splice(at, 0, row);
    this.draw();
  }

  draw() {
    const last = this.rows.length - 1;
    this.ladder.replaceChildren(...this.rows.map((row, i) => make("li", {},
      make("span", {}, ...(i < last ? [W.STEP.upTo, row.limit] : [W.STEP.above])),
      make("span", {}, row.price), i < last ? row.remove : "")));
    setShown(this.head, this.rows.length);
    setText(this.usual, this.rows.length ? W.STEP.usual : W.STEP.begin);
  }

  // own: the rules as the reader has them.
  fill(own) {
    const steps = own.steps ?? [];
    const prices = own.step_prices_micro ?? [];
    this.rows = [];
    steps.forEach((limit, i) => this.addRow(limit, prices[i]));
    if (steps.length) this.addRow(undefined, prices[steps.length]);
    this.draw();
    for (const [name, decimals, input] of this.numbers) {
      input.value = own[name] === undefined ? "" : decimal(own[name], decimals);
    }
  }

  // What the inputs say; rules that have none stay as they are, as do prices of the profile's steps.
  value() {
    if (this.bad) throw new Fault(W.SET.as("{\"count\": 3}"));
    const { steps: former, step_prices_micro: _, ...others } = this.own;
    const own = this.rows.length || former?.length ? others : { ...this.own };
    const rows = this.rows.slice(0, -1).map((row) => [readDecimal(row.limit.value, 0, 1, MOST_KW), row.price.value]);
    const prices = [...rows.map(([, price]) => price), this.rows.at(-1)?.price.value ?? ""];
    rows.forEach(([limit], i) => {
      if (i && limit <= rows[i - 1][0]) throw new Fault(W.STEP.rising);
    });
    if (rows.length) own.steps = rows.map(([limit]) => limit);
    if (prices.some((price) => price.trim())) own.step_prices_micro = prices.map((price) => readDecimal(price || "0", 6, 0, MOST_MICRO));
    for (const [name, decimals, input] of this.numbers) {
      delete own[name];
      const [, least, most] = NUMBERS[name];
      if (input.value.trim()) own[name] = readDecimal(input.value, decimals, least, most);
    }
    return own;
  }

  check(left) {
    super.check(left);
    try {
      if (document.activeElement !== this.text) this.text.value = JSON.stringify(this.value());
    } catch {
      // The text stays as it was while an input is wrong.
    }
  }

  // The order of the names is no change.
  read() {
    const [value, stored] = [this.value(), this.setting.value];
    const sorted = (rules) => JSON.stringify(Object.entries(rules).sort());
    return sorted(value) === sorted(stored) ? undefined : value;
  }

  reset() {
    this.own = this.setting.value;
    this.bad = false;
    this.fill(this.own);
    this.text.value = JSON.stringify(this.own);
  }

  focus() {
    this.more.focus();
  }
}

// Price rules as a list that the owner changes and orders, also as the reader's text.

import { make, setText } from "../lib/dom.js";
import { addDays, dateWords } from "../lib/zone.js";
import { W } from "../words.js";
import { Field } from "./fields.js";
import { button, textInput } from "./parts.js";
import { Fault } from "./kinds.js";
import { DIRECTIONS, KINDS, MOST_RULES, added, parse, write, wrong } from "./rules.js";

const A_MONDAY = "2024-01-01";
const weekdays = () => [0, 1, 2, 3, 4, 5, 6].map((day) => dateWords(addDays(A_MONDAY, day), { weekday: "short" }));

const input = (value, change, more = {}) => {
  const made = textInput(more);
  made.value = value;
  made.addEventListener("input", () => change(made.value));
  return made;
};

function select(values, words, value, change) {
  const made = make("select", {}, ...values.map((each, i) => make("option", { value: each }, words[i])));
  made.value = value;
  made.addEventListener("change", () => change(made.value));
  return made;
}

const labelled = (text, control) => make("label", {}, text, control);

// The rule in a line: "Grid day: import, add 0.391, Mon-Fri, 06-21".
function summary(rule) {
  const on = weekdays().filter((_, i) => rule.days[i]);
  const parts = [
    W.RULE.directions.split("|")[DIRECTIONS.indexOf(rule.direction)],
    `${W.RULE.kinds.split("|")[KINDS.indexOf(rule.kind)]} ${rule.value}${rule.kind === "percent" ? " %" : ""}`,
    on.length % 7 ? on.join(" ") : "",
    rule.hours && `${W.RULE.hours} ${rule.hours}`,
    (rule.begin || rule.end) && `${rule.begin} \u2013 ${rule.end}`,
    rule.kwh && `${rule.kwh} kWh`,
  ];
  return parts.filter(Boolean).join(", ");
}

export class Rules extends Field {
  constructor(...given) {
    super(...given);
    this.list = make("ol", { class: "rules" });
    this.news = make("p", { role: "status", class: "help" });
    this.add = select(["", ...KINDS], [W.RULE.add, ...W.RULE.kinds.split("|")], "", (kind) => kind && this.append(kind));
    this.add.setAttribute("aria-label", W.RULE.add);
    this.text = make("textarea", { rows: 5, spellcheck: "false", autocapitalize: "none" });
    const details = make("details", {}, make("summary", {}, W.RULE.text), this.text);
    this.text.setAttribute("aria-label", W.RULE.text);
    this.compose([this.text], this.list, this.add, this.news, details);
    this.text.addEventListener("input", () => this.readText());
    this.text.addEventListener("change", () => this.check(true));
  }

  readText() {
    try {
      this.rules = parse(this.text.value);
      this.bad = false;
      this.draw();
    } catch {
      this.bad = true;
    }
    this.check(false);
  }

  touch() {
    this.text.value = write(this.rules).replaceAll("; ", ";\n");
    this.bad = false;
    this.check(false);
  }

  value() {
    if (this.bad) throw new Fault(W.SET.as("\"VAT\" both percent 25"));
    if (this.rules.length > MOST_RULES) throw new Fault(W.SET.range(0, MOST_RULES));
    for (const [i, rule] of this.rules.entries()) {
      const found = wrong(rule);
      if (found) throw new Fault(`${i + 1}. ${W.RULE[found[0]]}: ${W.SET.as(found[1])}`);
    }
    const text = write(this.rules);
    if (text.length > this.setting.maxLength) throw new Fault(W.SET.most(this.setting.maxLength));
    return text;
  }

  // Written alike: the same rules are no change.
  read() {
    const text = this.value();
    return text === this.stored ? undefined : text;
  }

  reset() {
    try {
      this.rules = parse(this.setting.value);
      this.stored = write(this.rules);
      this.draw();
      this.text.value = this.stored.replaceAll("; ", ";\n");
      this.bad = false;
    } catch {
      this.rules = [];
      this.stored = "";
      this.text.value = this.setting.value;
    }
  }

  append(kind) {
    this.rules.push(added(kind));
    this.add.value = "";
    this.draw();
    this.touch();
    const last = this.list.lastElementChild.querySelector("details");
    last.open = true;
    last.querySelector("input").focus();
  }

  move(at, by) {
    const [rule] = this.rules.splice(at, 1);
    this.rules.splice(at + by, 0, rule);
    this.draw();
    this.touch();
    const buttons = this.list.children[at + by].querySelectorAll("button");
    (buttons[by < 0 ? 0 : 1].disabled ? buttons[by < 0 ? 1 : 0] : buttons[by < 0 ? 0 : 1]).focus();
    setText(this.news, `${rule.name}: ${at + by + 1}`);
  }

  remove(at) {
    this.rules.splice(at, 1);
    this.draw();
    this.touch();
    (this.list.children[Math.min(at, this.rules.length - 1)]?.querySelector("summary") ?? this.add).focus();
  }

  draw() {
    this.list.replaceChildren(...this.rules.map((rule, i) => this.item(rule, i)));
  }

  item(rule, i) {
    const name = make("b", {}, rule.name);
    const line = make("span", {}, summary(rule));
    const tools = [];
    const nameTools = () => tools.forEach(([made, label]) => made.setAttribute("aria-label", `${label}: ${rule.name}`));
    const change = (key) => (value) => {
      rule[key] = value;
      setText(name, rule.name);
      nameTools();
      setText(line, summary(rule));
      this.touch();
    };
    const tool = (sign, label, act, disabled) => {
      const made = button(sign, act);
      tools.push([made, label]);
      made.disabled = disabled;
      return made;
    };
    const days = weekdays().map((day, at) => {
      const box = make("input", { type: "checkbox" });
      box.checked = rule.days[at];
      box.addEventListener("change", () => {
        rule.days[at] = box.checked;
        change("days")(rule.days);
      });
      return make("label", {}, box, day);
    });
    const fields = make("div", { class: "parts" },
      labelled(W.RULE.name, input(rule.name, change("name"), { maxlength: 31 })),
      labelled(W.RULE.direction, select(DIRECTIONS, W.RULE.directions.split("|"), rule.direction, change("direction"))),
      labelled(W.RULE.kind, select(KINDS, W.RULE.kinds.split("|"), rule.kind, change("kind"))),
      labelled(W.RULE.value, input(rule.value, change("value"), { inputmode: "decimal" })),
      make("fieldset", { class: "days" }, make("legend", {}, W.RULE.days), ...days),
      labelled(W.RULE.hours, input(rule.hours, change("hours"), { placeholder: "06-21" })),
      labelled(W.RULE.begin, input(rule.begin, change("begin"), { placeholder: "15-11" })),
      labelled(W.RULE.end, input(rule.end, change("end"), { placeholder: "14-03" })),
      labelled(W.RULE.kwh, input(rule.kwh, change("kwh"), { inputmode: "numeric" })));
    const item = make("li", {},
      make("details", {}, make("summary", {}, name, " ", line), fields),
      make("div", {},
        tool("\u2191", W.RULE.up, () => this.move(i, -1), i === 0),
        tool("\u2193", W.RULE.down, () => this.move(i, 1), i === this.rules.length - 1),
        tool("\u00d7", W.SET.remove, () => this.remove(i), false)));
    nameTools();
    return item;
  }

  focus() {
    (this.list.querySelector("summary") ?? this.add).focus();
  }
}

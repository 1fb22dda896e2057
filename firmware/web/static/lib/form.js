// Fields of forms: a label, a control, a help text, and a message next to it.

import { W } from "../words.js";
import { make, setShown, setText } from "./dom.js";

const MODES = { number: "numeric", decimal: "decimal" };

function control({ name, kind, value, options, ...rest }) {
  const common = { id: `f-${name}`, name };
  if (kind === "select") {
    const list = options.map(([key, text]) => make("option", { value: key }, text));
    return make("select", common, ...list);
  }
  if (kind === "switch") return make("input", { ...common, type: "checkbox", role: "switch" });
  if (kind === "area") return make("textarea", { ...common, rows: rest.rows ?? 4, spellcheck: "false" });
  const type = kind === "password" ? "password" : kind === "file" ? "file" : "text";
  const mode = MODES[kind] && { inputmode: MODES[kind] };
  return make("input", { ...common, type, ...mode, autocomplete: rest.autocomplete ?? "off", spellcheck: "false" });
}

// A password field's button that shows its text.
function eye(input) {
  const button = make("button", { type: "button", "aria-pressed": "false" }, W.FIELD.reveal);
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.setAttribute("aria-pressed", hidden);
  });
  return button;
}

// A field:
//   name     of the control; its id is f-<name>
//   kind     text, number, decimal, password, select, switch, area or file
//   label, help, unit (texts), value, options ([[value, text]] of a select)
//   most     characters of a text; placeholder, autocomplete, rows: as in HTML
// { row, input, value (get and set: a boolean of a switch, else text), fault(text): "" removes the message }
export function field({ name, kind = "text", label, help = "", unit = "", value, most, placeholder, ...more }) {
  const input = control({ name, kind, ...more });
  if (most) input.maxLength = most;
  if (placeholder) input.placeholder = placeholder;
  const helpText = make("p", { class: "help", id: `h-${name}` }, help);
  const message = make("p", { class: "fault", id: `e-${name}`, role: "alert" });
  input.setAttribute("aria-describedby", `h-${name} e-${name}`);
  const title = make("label", { for: input.id }, label);
  const isSwitch = kind === "switch";
  const parts = isSwitch ? [input, title] : [title, make("div", { class: "with-unit" }, input, ...(unit ? [make("span", { class: "sub" }, unit)] : []), ...(kind === "password" ? [eye(input)] : []))];
  const row = make("div", { class: isSwitch ? "field switch" : "field" }, ...parts, helpText, message);
  const made = {
    row,
    input,
    get value() {
      return isSwitch ? input.checked : input.value;
    },
    set value(to) {
      if (isSwitch) input.checked = Boolean(to);
      else input.value = to ?? "";
    },
    fault(text) {
      input.setAttribute("aria-invalid", Boolean(text));
      setText(message, text ?? "");
    },
    show(shown) {
      setShown(row, shown);
    },
  };
  if (value !== undefined) made.value = value;
  return made;
}

// Shows messages by field name, { port: "..." }, and focuses the first of them. fields: { name: field }.
// Returns the names that are not among the fields.
export function showFaults(fields, faults) {
  for (const [name, one] of Object.entries(fields)) one.fault(faults[name] ?? "");
  const first = Object.keys(fields).find((name) => faults[name]);
  if (first) fields[first].input.focus();
  return Object.keys(faults).filter((name) => !(name in fields));
}

// One of a few, as tabs: { element, value }. options: [[value, text]]; change(value) is called after a choice.
export function tabs({ name, label, options, value, change }) {
  const element = make("div", { class: "tabs", role: "radiogroup", "aria-label": label },
    ...options.map(([key, text]) => make("label", {}, make("input", { type: "radio", name, value: key, autocomplete: "off" }), make("span", {}, text))));
  const set = (to) => (element.querySelector(`[value="${to}"]`).checked = true);
  set(value);
  element.addEventListener("change", (event) => change(event.target.value));
  return {
    element,
    get value() {
      return element.querySelector(":checked").value;
    },
    set value(to) {
      set(to);
    },
  };
}

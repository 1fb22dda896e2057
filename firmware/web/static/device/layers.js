// A telegram layer by layer. The octets of the layer or item that has the focus are marked.

import { make, setShown } from "../lib/dom.js";
import { W } from "../words.js";

const WIRES = { hdlc: "HDLC", mbus: "M-Bus", p1frame: "P1", bare: "\u2014" };
const SHORT = 0x80; // a length octet below it is the length itself
let count = 0;

// The place of octets in others, -1 if they are not there; both in hexadecimal digits.
function find(octets, part, from = 0) {
  let at = octets.indexOf(part, 2 * from);
  while (at % 2 === 1) at = octets.indexOf(part, at + 1);
  return at < 0 ? -1 : at / 2;
}

const hex = (text) => [...text].map((sign) => sign.charCodeAt(0).toString(16).padStart(2, "0")).join("");

// [from, to] of the ciphered part in the octets of a frame: from the tag before the title to the end of the text.
function cipherRange(span, { system_title: title, length }) {
  const at = find(span, title);
  if (at < 0) return null;
  const size = parseInt(span.slice(2 * at + 16, 2 * at + 18), 16);
  const begin = at + 9 + (size < SHORT ? 0 : size - SHORT);
  return [Math.max(0, at - 2), Math.min(span.length / 2, begin + 5 + length)];
}

// Rows of the list: { name, text, range: [dump, from, to] or null, bad }; dumps: octets in hexadecimal digits.
export function dissect(telegram, span) {
  const { frame, cipher, apdu, list, text, errors } = telegram;
  const clear = apdu?.octets ?? "";
  const base = clear ? find(span, clear) : 0;
  const dumps = base < 0 ? [span, clear] : [span];
  const within = (from, to) => (base < 0 ? [1, from, to] : [0, base + from, base + to]);
  const rows = [];
  const add = (name, words, range, bad = false) => rows.push({ name, text: words, range, bad });
  if (frame) add(W.LAYER.frame, `${WIRES[frame.wire] ?? frame.wire}, ${frame.kind}: ${frame.check}`, [0, 0, span.length / 2]);
  if (cipher) {
    const range = cipherRange(span, cipher);
    const { system_title: title, maker, words, invocation_counter: counter } = cipher;
    add(W.LAYER.cipher, `${title} ${maker}, ${words}, ${counter}`, range && [0, ...range]);
  }
  if (apdu) add("APDU", [apdu.name, apdu.time].filter(Boolean).join(", "), within(0, clear.length / 2));
  (list?.items ?? []).forEach(({ type, value, at }, n, items) =>
    add(`${n} ${type}`, value, within(at, items[n + 1]?.at ?? clear.length / 2)));
  let from = 0;
  for (const [n, line] of (text ?? []).entries()) {
    const digits = hex(line);
    const at = find(clear, digits, from);
    if (at >= 0) from = at + digits.length / 2;
    add(`${n + 1}`, line, at < 0 ? null : within(at, from));
  }
  for (const { kind, reason, help, at, octets } of errors) {
    const begin = at === null ? -1 : at - telegram.at;
    const range = begin < 0 ? null : [0, begin, Math.min(span.length / 2, begin + octets.length / 2)];
    add(kind.replaceAll("_", " "), help ? `${reason}: ${help}` : reason, range, true);
  }
  return { rows, dumps };
}

const spaced = (digits) => (digits.match(/../g) ?? []).join(" ");

// Octets with a mark: { element, mark(from, to, bad) }, without arguments no mark.
function dump(digits, label) {
  const element = make("p", { class: "octets", tabindex: 0, role: "group", "aria-label": label }, spaced(digits));
  return {
    element,
    mark(from, to, bad) {
      if (from === undefined) return element.replaceChildren(spaced(digits));
      const part = (a, b) => spaced(digits.slice(2 * a, 2 * b));
      const mark = make("mark", bad ? { class: "bad" } : {}, part(from, to));
      element.replaceChildren(part(0, from), from ? " " : "", mark, " ", part(to));
      element.scrollTop = mark.offsetTop - element.clientHeight / 3;
    },
  };
}

function option({ name, text, range, bad }, id) {
  const place = range ? `${range[1]}\u2013${range[2] - 1}` : "";
  return make("li", { role: "option", id, tabindex: -1, "aria-selected": false, ...(bad && { class: "bad" }) },
    make("b", {}, name), make("span", {}, text), make("small", {}, place));
}

function watch(list, rows, views) {
  const options = [...list.children];
  const choose = (n) => {
    options.forEach((one, i) => {
      one.setAttribute("aria-selected", i === n);
      one.tabIndex = i === n ? 0 : -1;
    });
    const { range, bad } = rows[n];
    views.forEach((view, i) => (range && i === range[0] ? view.mark(range[1], range[2], bad) : view.mark()));
  };
  const of = (event) => options.indexOf(event.target.closest("li"));
  list.addEventListener("focusin", (event) => choose(of(event)));
  // The list may also move under a pointer that rests.
  let pointer = "";
  list.addEventListener("pointermove", (event) => {
    const place = `${event.screenX} ${event.screenY}`;
    if (place !== pointer && of(event) >= 0) choose(of(event));
    pointer = place;
  });
  list.addEventListener("keydown", (event) => {
    const n = of(event);
    const last = options.length - 1;
    const to = { ArrowDown: Math.min(last, n + 1), ArrowUp: Math.max(0, n - 1), Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    options[to].focus();
  });
  if (options.length) options[0].tabIndex = 0;
}

function fields({ maker, list_type: type, decoder, descriptor, fields: found }) {
  const rows = found.map(({ name, text }) =>
    make("tr", {}, make("th", { scope: "row" }, make("code", {}, name)), make("td", {}, text)));
  const title = [maker, descriptor ?? decoder, type].filter(Boolean).join(", ");
  return make("table", { class: "plain" }, make("caption", {}, title), make("tbody", {}, ...rows));
}

// telegram: as in /inspect.json; capture: the octets that it is a part of. An element with all its layers.
export function telegramView(telegram, capture) {
  const span = capture.slice(2 * telegram.at, 2 * (telegram.at + telegram.length));
  const { rows, dumps } = dissect(telegram, span);
  const views = dumps.map((digits, n) => dump(digits, n ? W.LAYER.clear : W.LAYER.sent));
  const number = (count += 1);
  const list = make("ul", { role: "listbox", class: "layers", "aria-label": W.HEALTH.telegrams },
    ...rows.map((row, n) => option(row, `layer-${number}-${n}`)));
  watch(list, rows, views);
  setShown(list, rows.length);
  const parts = views.flatMap(({ element }, n) => [make("p", { class: "sub" }, n ? W.LAYER.clear : W.LAYER.sent), element]);
  return make("div", { class: "telegram" }, make("div", { class: "dumps" }, ...parts), list,
    ...(telegram.reading ? [fields(telegram.reading)] : []));
}

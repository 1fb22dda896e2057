// Writes to elements. Strings are set as text, never as HTML: meter ids and models are foreign input.

import { W } from "../words.js";
import { DASH } from "./format.js";

const BAR_PX = 80;

export const byId = (id) => document.getElementById(id);

// Sets only a changed text, so that a second without changes needs no layout.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A figure with its unit in the next element; a dash has no unit.
export function setFigure(element, text) {
  setText(element, text);
  setShown(element.nextElementSibling, text !== DASH);
}

export function setClass(element, name) {
  if (element.getAttribute("class") !== name) element.setAttribute("class", name);
}

// shown: truthy = visible.
export function setShown(element, shown) {
  if (element.hidden === Boolean(shown)) element.hidden = !shown;
}

let whole = false;

// all: whether every part counts as in view.
export const seeAll = (all) => (whole = all);

// Whether a part, or while it is hidden the place after the shown one before it, begins above the screen's lower edge, and the bar there.
export function inView(id) {
  let [part, edge] = [byId(id), "top"];
  while (part?.hidden) [part, edge] = [part.previousElementSibling, "bottom"];
  return whole || !(part?.getBoundingClientRect()[edge] >= innerHeight - BAR_PX);
}

// share: 1 is the full bar, more is drawn as 1, null if unknown; kind: "", "out", "warn" or "bad".
export function setBar(element, share, kind) {
  const width = `${share === null ? 0 : Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10}%`;
  if (element.style.width !== width) element.style.width = width;
  setClass(element, kind);
}

// An element with attributes, and with children: elements or texts.
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const SPECIAL = new RegExp("[&<>\"]", "g");
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" };

// Markup of the page's own with words in place of {{GROUP.key}}, put into an element.
export function fill(element, markup) {
  element.innerHTML = markup.replace(/\{\{(\w+)\.(\w+)\}\}/g, (_, group, key) =>
    W[group][key].replace(SPECIAL, (sign) => ESCAPES[sign]));
}

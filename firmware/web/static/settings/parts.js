// Elements that the components of this page have in common.

import { make } from "../lib/dom.js";

export function button(text, act, look = "") {
  const made = make("button", { type: "button", class: look }, text);
  made.addEventListener("click", act);
  return made;
}

export const card = (title, ...content) => make("div", { class: "card" }, make("h2", {}, title), ...content);
export const help = (text) => make("p", { class: "help" }, text);
export const tools = (...content) => make("p", { class: "tools" }, ...content);
export const status = () => make("p", { role: "status" });
export const textInput = (more) => make("input", { type: "text", autocomplete: "off", ...more });

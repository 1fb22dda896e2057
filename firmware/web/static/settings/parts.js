// Elements that the components of this page have in common.

import { make } from "../lib/dom.js";

// It is off while act() is on its way, and keeps the focus.
export function button(text, act, look = "") {
  const made = make("button", { type: "button", class: look }, text);
  made.addEventListener("click", async (event) => {
    if (made.getAttribute("aria-disabled")) return;
    made.setAttribute("aria-disabled", true);
    try {
      await act(event);
    } finally {
      made.removeAttribute("aria-disabled");
    }
  });
  return made;
}

export const card = (title, ...content) => make("div", { class: "card" }, make("h2", {}, title), ...content);
export const help = (text) => make("p", { class: "help" }, text);
export const tools = (...content) => make("p", { class: "tools" }, ...content);
export const status = () => make("p", { role: "status" });
export const textInput = (more) => make("input", { type: "text", autocomplete: "off", ...more });

// Small parts of this page.

import { DASH } from "../lib/format.js";
import { make, setText } from "../lib/dom.js";
import { W } from "../words.js";

// Sets the texts of the elements with data-v; what is not known or empty is a dash.
export function put(root, values) {
  for (const [name, value] of Object.entries(values)) {
    const text = value === null || value === undefined || value === "" ? DASH : String(value);
    setText(root.querySelector(`[data-v="${name}"]`), text);
  }
}

// A note with its shape: kind "ok", "warn", "bad"; no text hides it.
export function note(element, kind, text) {
  element.hidden = !text;
  element.className = `note full ${kind}`;
  setText(element.lastElementChild, text);
}

// What the reader said to a request: [whether it was done, its words].
export function told([status, doc]) {
  if (doc === null && status !== 200) return [false, W.ACT.noAnswer];
  return [status === 200 && doc?.success !== false, doc?.message ?? ""];
}

// A file for the owner.
export function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

// Copies a text; without HTTPS a browser has the old way only.
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = make("textarea", { class: "unseen", readonly: "" });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copy");
}

// Runs work() while the button is off; a second press does nothing.
export async function whileOff(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

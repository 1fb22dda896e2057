// Modal questions. The focus goes to the dialog, and back to where it was when it closes.

import { make } from "./dom.js";

let count = 0;

// content: elements or texts; buttons: [[value, text, class]], the last one is the main answer. Resolves to the value of
// the pressed button, "" if the dialog was closed by Escape.
export function openDialog(title, content, buttons) {
  const id = `dialog-${(count += 1)}`;
  const form = make("form", { method: "dialog", class: "tools" },
    ...buttons.map(([value, text, look]) => make("button", { value, class: look ?? "" }, text)));
  const dialog = make("dialog", { "aria-labelledby": id }, make("h2", { id }, title), ...content, form);
  document.body.append(dialog);
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      done(dialog.returnValue);
    });
    dialog.showModal();
  });
}

// Whether the owner says yes. danger: yes loses something; then No has the focus.
export async function confirmBox({ title, text, yes, no, danger }) {
  const paragraphs = [text].flat().map((part) => make("p", {}, part));
  return (await openDialog(title, paragraphs, [["", no], ["yes", yes, danger ? "danger" : "main"]])) === "yes";
}

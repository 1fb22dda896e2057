// The owner's list descriptors: a text that the reader checks, and uses from the next telegram on.

import { ask, askJson } from "../lib/ask.js";
import { byId } from "../lib/dom.js";
import { W } from "../words.js";
import { note, told, whileOff } from "./parts.js";

const READ_MS = 15000;

export async function openDescriptors(stopped) {
  const area = byId("lists");
  const send = async (path) => {
    const [done, why] = told(await askJson(path, { body: area.value }));
    if (stopped()) return;
    area.setAttribute("aria-invalid", !done);
    note(byId("lists-said"), done ? "ok" : "bad", done ? W.DEVICE.done : why);
  };
  const press = (id, work) => {
    byId(id).onclick = (event) => whileOff(event.currentTarget, work);
  };
  press("lists-check", () => send("/lists.txt?check=true"));
  press("lists-save", () => send("/lists.txt"));
  const [status, text] = await ask("/lists.txt", READ_MS);
  if (!stopped() && status === 200 && !area.value) area.value = text;
}

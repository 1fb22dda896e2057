// The card in place of all figures while no telegram has come since the reader started.

import { byId, setText } from "../lib/dom.js";
import { W } from "../words.js";

const NO_TELEGRAM = 90; // code of /now.json
const KEY_FAULTS = [-51, -52, -53];

// line: the line settings in use, "" before they are known.
export function showSilent(doc, line) {
  const settings = /^\d/.test(line) ? line : "";
  const heard = doc.he && doc.he !== NO_TELEGRAM;
  const key = KEY_FAULTS.includes(doc.he);
  const listening = settings ? W.SILENT.listening(settings) : W.SILENT.searching;
  setText(byId("silent-line"), key ? W.SILENT.key : `${listening}, ${heard ? W.SILENT.unread : W.SILENT.nothing}`);
}

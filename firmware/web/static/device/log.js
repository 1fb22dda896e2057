// The event log: filtered by level and by a text, and copied.

import { byId, make, setText } from "../lib/dom.js";
import { DASH, clock, duration } from "../lib/format.js";
import { W } from "../words.js";
import { copy } from "./parts.js";

const LEVELS = ["info", "warning", "error"];
let events = [];
let startMs = null; // of the reader, ms since 1970; null while its clock is not set

const time = (s) => (startMs === null ? duration(s) : clock(startMs + s * 1000));

function chosen() {
  const least = LEVELS.indexOf(byId("log-level").value);
  const text = byId("log-filter").value.toLowerCase();
  return events.filter((event) => LEVELS.indexOf(event.level) >= least && event.text.toLowerCase().includes(text));
}

function draw() {
  const found = chosen();
  byId("log-lines").replaceChildren(...found.map(({ s, level, text }) =>
    make("li", { class: level }, make("span", { class: "sub" }, `${time(s)} ${level}`), " ", make("span", {}, text))));
  setText(byId("log-none"), found.length ? "" : DASH);
}

export function showLog(doc) {
  events = [...doc.events].reverse();
  startMs = doc.utc ? (doc.utc - doc.uptime) * 1000 : null;
  draw();
}

export function watchLog() {
  byId("log-level").onchange = draw;
  byId("log-filter").oninput = draw;
  byId("log-copy").onclick = async () => {
    const text = chosen().map(({ s, level, text: line }) => `${time(s)} ${level} ${line}`).join("\n");
    try {
      await copy(text);
      setText(byId("log-said"), W.DEVICE.done);
    } catch {
      getSelection().selectAllChildren(byId("log-lines")); // for the owner's own copy
    }
  };
}

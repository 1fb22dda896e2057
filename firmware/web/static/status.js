// What is fine and what is not: the badges in the header, the notes under it, the line at the foot.

import { byId, setClass, setShown, setText } from "./dom.js";
import { clock, duration, known, number } from "./format.js";
import { CHECK_PLUG, hanSentence, mqttSentence } from "./words.js";

const OLD_S = 15;
const PROBLEM_S = 30;
const SHORT_PAUSE_S = 5;
const LEVELS = ["off", "ok", "warn", "bad"];
const MQTT_WORDS = ["off", "connected", "connecting", "failed"];

function badge(id, level, text) {
  const element = byId(id);
  setShown(element, text !== "");
  setClass(element, `badge ${level}`);
  setText(element.lastElementChild, text);
}

// The telegram's age as far as it is the meter's: a reader that spares its supply tells of it later.
const lateness = (doc, age) => age - Math.max(0, (doc.ps ?? 0) - SHORT_PAUSE_S);

function meterBadge(doc, age) {
  if (age === null) return doc.u < PROBLEM_S ? ["off", "Meter waiting"] : ["bad", "Meter silent"];
  const late = lateness(doc, age);
  const level = late > PROBLEM_S ? "bad" : late > OLD_S ? "warn" : doc.he ? "bad" : "ok";
  return [level, `Meter ${level === "bad" && late <= PROBLEM_S ? "error, " : ""}${duration(age)} ago`];
}

// age: seconds since the last telegram, null before the first.
function badges(doc, age, lost) {
  if (!doc || lost) {
    badge("b-meter", "off", "Meter unknown");
    for (const id of ["b-wifi", "b-mqtt", "b-supply"]) badge(id, "off", "");
    return;
  }
  badge("b-meter", ...meterBadge(doc, age));
  const weak = { 2: ", weak", 3: ", very weak" }[doc.wm] ?? "";
  badge("b-wifi", LEVELS[doc.wm] ?? "off", doc.r < 0 ? `Wi-Fi ${number(doc.r, 0)} dBm${weak}` : "");
  badge("b-mqtt", LEVELS[doc.mm] ?? "off", `MQTT ${MQTT_WORDS[doc.mm] ?? "unknown"}`);
  const off = { 2: ", check", 3: doc.v < 3.3 ? ", too low" : ", too high" }[doc.em] ?? "";
  badge("b-supply", LEVELS[doc.em] ?? "off", doc.v > 0 ? `Supply ${number(doc.v, 2)} V${off}` : "");
}

// [level, sentence] pairs. No sentence counts seconds: a screen reader says each of them once.
function sentences(doc, age, lostSince, telegramAt) {
  if (lostSince !== null) return [["bad", `No contact with the reader since ${clock(lostSince)}; retrying.`]];
  if (!doc) return [];
  const list = [];
  const late = lateness(doc, age);
  const silent = age === null ? doc.u >= PROBLEM_S : late > OLD_S;
  if (age === null && silent) list.push(["bad", `No telegram since the reader started. ${CHECK_PLUG}`]);
  else if (late > PROBLEM_S) list.push(["bad", `No telegram since ${clock(telegramAt)}. ${CHECK_PLUG}`]);
  else if (silent) list.push(["warn", `No telegram since ${clock(telegramAt)}.`]);
  if (doc.he && !(doc.he === 90 && silent)) list.push(["bad", hanSentence(doc.he)]);
  if (doc.mm === 3) list.push(["bad", mqttSentence(doc.me)]);
  return list;
}

function notes(list) {
  const box = byId("notes");
  list.forEach(([level, text], index) => {
    let note = box.children[index];
    if (!note) {
      note = document.createElement("p");
      note.append(document.createElement("i"), document.createElement("span"));
      box.append(note);
    }
    setClass(note, `note ${level}`);
    setText(note.lastElementChild, text);
  });
  while (box.children.length > list.length) box.lastElementChild.remove();
}

// telegramAt, lostSince: ms since 1970 or null.
export function showStatus(doc, age, telegramAt, lostSince) {
  badges(doc, age, lostSince !== null);
  notes(sentences(doc, age, lostSince, telegramAt));
  const old = !doc || lostSince !== null || age === null || lateness(doc, age) > OLD_S;
  setClass(document.body, old ? "old" : "");
  setText(byId("last"), age === null ? "No telegram seen yet" : `Last telegram ${duration(age)} ago`);
  setText(byId("uptime"), doc && known(doc.u) ? `Reader running for ${duration(doc.u)}` : "");
}

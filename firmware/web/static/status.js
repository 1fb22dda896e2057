// The reader's health: badges in the header, notes under it, the line at the foot.

import { byId, setClass, setShown, setText } from "./dom.js";
import { clock, known, number } from "./format.js";
import { STATUS } from "./words.js";

const OLD_S = 15;
const PROBLEM_S = 30;
const SHORT_PAUSE_S = 5;
const BY_METER = 2;
const LEVELS = ["off", "ok", "warn", "bad"];

function badge(id, level, text) {
  const element = byId(id);
  setShown(element, text !== "");
  setClass(element, `badge ${level}`);
  setText(element.lastElementChild, text);
}

// Age of the telegram minus the longer pause that the reader makes at a low supply voltage.
const lateness = (doc, age) => age - Math.max(0, (doc.ps ?? 0) - SHORT_PAUSE_S);

function meterBadge(doc, age) {
  if (age === null) return doc.u < PROBLEM_S ? ["off", STATUS.meterWaiting] : ["bad", STATUS.meterSilent];
  const late = lateness(doc, age);
  const level = late > PROBLEM_S ? "bad" : late > OLD_S ? "warn" : doc.he ? "bad" : "ok";
  return [level, STATUS.meterHeard(age, level === "bad" && late <= PROBLEM_S)];
}

// age: seconds since the last telegram, null before the first.
function badges(doc, age, lost) {
  if (!doc || lost) {
    badge("b-meter", "off", STATUS.meterUnknown);
    for (const id of ["b-wifi", "b-mqtt", "b-supply"]) badge(id, "off", "");
    return;
  }
  badge("b-meter", ...meterBadge(doc, age));
  badge("b-wifi", LEVELS[doc.wm] ?? "off", doc.r < 0 ? STATUS.signal(number(doc.r, 0), doc.wm) : "");
  badge("b-mqtt", LEVELS[doc.mm] ?? "off", STATUS.broker(doc.mm));
  const supply = doc.v > 0 ? STATUS.voltage(number(doc.v, 2), doc.em, doc.v < 3.3) : "";
  badge("b-supply", LEVELS[doc.em] ?? "off", supply);
}

// What there is to say about the reader's clock; `at` is a time that it does not believe.
function clockSentences({ by, sure, no, at }, doc) {
  const list = [];
  if (by === 0 && doc.u >= PROBLEM_S) list.push(["warn", STATUS.noTime]);
  if (by === BY_METER && !sure) list.push(["off", STATUS.meterTime]);
  // The difference stands still, while the time would be another sentence every minute.
  if (no && by === 0) list.push(["warn", STATUS.absurdTime(no)]);
  else if (no) list.push([no === BY_METER ? "off" : "warn", STATUS.refusedTime(no, at - doc.c)]);
  return list;
}

// [level, sentence] pairs. No sentence counts seconds: a screen reader reads a changed sentence aloud.
function sentences(doc, age, lostSince, telegramAt) {
  if (lostSince !== null) return [["bad", STATUS.lost(clock(lostSince))]];
  if (!doc) return [];
  if (doc.sm) return [["bad", STATUS.safeMode]];
  const list = [];
  const late = lateness(doc, age);
  const silent = age === null ? doc.u >= PROBLEM_S : late > OLD_S;
  if (age === null && silent) list.push(["bad", STATUS.never]);
  else if (late > PROBLEM_S) list.push(["bad", STATUS.silent(clock(telegramAt))]);
  else if (silent) list.push(["warn", STATUS.late(clock(telegramAt))]);
  if (doc.he && !(doc.he === 90 && silent)) list.push(["bad", STATUS.meterFault(doc.he)]);
  if (doc.mm === 3) list.push(["bad", STATUS.mqttFault(doc.me)]);
  return list.concat(doc.clk ? clockSentences(doc.clk, doc) : []);
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
  setText(byId("last"), age === null ? STATUS.none : STATUS.last(age));
  setText(byId("uptime"), doc && known(doc.u) ? STATUS.uptime(doc.u) : "");
}

// Notes about the reader, its meter and its clock.

import { OLD_S, PROBLEM_S, lateness } from "../lib/badges.js";
import { byId, setClass, setText } from "../lib/dom.js";
import { feed } from "../lib/feed.js";
import { clock, duration } from "../lib/format.js";
import { W } from "../words.js";

const BY_METER = 2;

// What there is to say about the reader's clock; `at` is a time that it does not believe.
function clockSentences({ by, sure, no, at }, doc) {
  const list = [];
  if (by === 0 && doc.u >= PROBLEM_S) list.push(["warn", W.STATUS.noTime]);
  if (by === BY_METER && !sure) list.push(["off", W.STATUS.meterTime]);
  // The difference stands still, while the time would be another sentence every minute.
  if (no && by === 0) list.push(["warn", W.STATUS.absurdTime(no)]);
  else if (no) list.push([no === BY_METER ? "off" : "warn", W.STATUS.refusedTime(no, duration(Math.abs(at - doc.c)), at > doc.c)]);
  return list;
}

// [level, sentence] pairs. No sentence counts seconds: a screen reader reads a changed sentence aloud.
function sentences({ doc, age, lostSince, telegramAt }) {
  if (lostSince !== null) return [["bad", W.STATUS.lost(clock(lostSince))]];
  if (!doc) return [];
  if (doc.sm) return [["bad", W.STATUS.safeMode]];
  const list = [];
  const late = lateness(doc, age);
  const silent = age === null ? doc.u >= PROBLEM_S : late > OLD_S;
  if (age === null && silent) list.push(["bad", W.STATUS.never]);
  else if (late > PROBLEM_S) list.push(["bad", W.STATUS.silent(clock(telegramAt))]);
  else if (silent) list.push(["warn", W.STATUS.late(clock(telegramAt))]);
  if (doc.he && !(doc.he === 90 && silent)) list.push(["bad", W.STATUS.meterFault(doc.he)]);
  if (doc.mm === 3) list.push(["bad", W.STATUS.mqttFault(doc.me)]);
  return list.concat(doc.clk ? clockSentences(doc.clk, doc) : []);
}

function draw(list) {
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

export const showNotes = () => draw(sentences(feed));

// Notes about the reader, its meter, its clock and its firmware.

import { OLD_S, PROBLEM_S, lateness } from "../lib/badges.js";
import { byId, make, setClass, setShown, setText } from "../lib/dom.js";
import { feed } from "../lib/feed.js";
import { clock, duration, number } from "../lib/format.js";
import { W } from "../words.js";

const BY_METER = 2;
const NO_TELEGRAM = 90;
const USUAL_PAUSE_S = 5;

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
  const late = age === null ? 0 : lateness(doc, age); // before the first telegram the card `silent` speaks
  const silent = age === null || late > OLD_S;
  if (late > PROBLEM_S) list.push(["bad", `${W.STATUS.late(clock(telegramAt))} ${W.STATUS.plug}`]);
  else if (late > OLD_S) list.push(["warn", W.STATUS.late(clock(telegramAt))]);
  if (doc.he && !(doc.he === NO_TELEGRAM && silent)) list.push(["bad", W.STATUS.meterFault(doc.he)]);
  if (doc.mm === 3) list.push(["bad", W.STATUS.mqttFault(doc.me)]);
  if (doc.pw > 0 && doc.ps > USUAL_PAUSE_S) list.push(["warn", W.STATUS.saving(duration(doc.ps))]);
  return list.concat(doc.clk ? clockSentences(doc.clk, doc) : []);
}

function draw(list) {
  const box = byId("notes");
  list.forEach(([level, text], index) => {
    const note = box.children[index] ?? box.appendChild(make("p", {}, make("i"), make("span")));
    setClass(note, `note ${level}`);
    setText(note.lastElementChild, text);
  });
  while (box.children.length > list.length) box.lastElementChild.remove();
}

// up: the object of the same name in /now.json, if there is a newer version or one is being installed.
function drawUpgrade(up) {
  const running = up?.ph && up.s > 0;
  setShown(byId("upgrade-note"), up && (running || up.l));
  if (!up) return;
  const text = running ? W.STATUS.upgrading(number((100 * up.d) / up.s, 0)) : W.STATUS.upgrade(up.l);
  setText(byId("upgrade-note").lastElementChild, text);
}

export function showNotes() {
  draw(sentences(feed));
  drawUpgrade(feed.doc?.up);
}

// The reader's health: badges in the header, the line at the foot, and whether figures are old.

import { W } from "../words.js";
import { byId, setClass, setShown, setText } from "./dom.js";
import { feed } from "./feed.js";
import { duration, known, number } from "./format.js";

export const OLD_S = 15;
export const PROBLEM_S = 30;
const SHORT_PAUSE_S = 5;
const LEVELS = ["off", "ok", "warn", "bad"];
const BADGES = ["b-meter", "b-wifi", "b-mqtt", "b-supply"];

function badge(id, level, text) {
  const element = byId(id);
  setShown(element, text !== "");
  setClass(element, `badge ${level}`);
  setText(element.lastElementChild, text);
}

// Age of the telegram minus the longer pause that the reader makes at a low supply voltage.
export const lateness = (doc, age) => age - Math.max(0, (doc.ps ?? 0) - SHORT_PAUSE_S);

function meterBadge(doc, age) {
  if (age === null) return doc.u < PROBLEM_S ? ["off", W.BADGE.meterWaiting] : ["bad", W.BADGE.meterSilent];
  const late = lateness(doc, age);
  const level = late > PROBLEM_S ? "bad" : late > OLD_S ? "warn" : doc.he ? "bad" : "ok";
  return [level, W.BADGE.meterHeard(duration(age), level === "bad" && late <= PROBLEM_S)];
}

// age: seconds since the last telegram, null before the first.
function drawBadges(doc, age, lost) {
  if (!doc || lost) {
    badge("b-meter", "off", W.BADGE.meterUnknown);
    for (const id of BADGES.slice(1)) badge(id, "off", "");
    return;
  }
  badge("b-meter", ...meterBadge(doc, age));
  badge("b-wifi", LEVELS[doc.wm] ?? "off", doc.r < 0 ? W.BADGE.signal(number(doc.r, 0), doc.wm) : "");
  badge("b-mqtt", LEVELS[doc.mm] ?? "off", W.BADGE.broker(doc.mm));
  const supply = doc.v > 0 ? W.BADGE.voltage(number(doc.v, 2), doc.em, doc.v < 3.3) : "";
  badge("b-supply", LEVELS[doc.em] ?? "off", supply);
}

function draw() {
  const { doc, age, lostSince } = feed;
  const old = !doc || lostSince !== null || age === null || lateness(doc, age) > OLD_S;
  drawBadges(doc, age, lostSince !== null);
  document.body.classList.toggle("old", old);
  setText(byId("last"), age === null ? W.BADGE.none : W.BADGE.last(duration(age)));
  setText(byId("uptime"), doc && known(doc.u) ? W.BADGE.uptime(duration(doc.u)) : "");
}

// Its module is loaded only when there is something to ask.
export const askHeld = (found) => found && import("./held.js").then(({ showHeld }) => showHeld(found), () => {});

// Shows them until the returned function is called.
export function showBadges() {
  byId("badges").setAttribute("aria-label", W.BADGE.title);
  const end = feed.watch(({ nf }) => askHeld(nf), draw);
  return () => {
    end();
    for (const id of BADGES) badge(id, "off", "");
    for (const id of ["last", "uptime"]) setText(byId(id), "");
  };
}

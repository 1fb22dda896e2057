// The page "Now": each document is shown as soon as it arrives; ages tick once a second.

import { netPower, showMeter, showNow, showPhases } from "./cards.js";
import { showCost } from "./cost.js";
import { showEnergy, watchEnergy } from "./energy.js";
import { Feed } from "./feed.js";
import { showHour } from "./hour.js";
import { drawLive, watchLive } from "./live.js";
import { forgetPeaks, showPeaks } from "./peaks.js";
import { showStatus } from "./status.js";
import { addPoint, readSlots } from "./trace.js";

const CLOCK_VALID = 1.7e9;
let shown = null;
let shownAt = 0;
let telegramAt = null;

// The reader's time in s, null without a clock.
function readerTime() {
  return shown?.c >= CLOCK_VALID ? shown.c + Math.floor((Date.now() - shownAt) / 1000) : null;
}

function tick() {
  const now = Date.now();
  const age = telegramAt === null ? null : Math.max(0, (now - telegramAt) / 1000);
  showStatus(shown, age, telegramAt, feed.lostSince);
  drawLive(now);
  if (!shown) return;
  const ea = shown.ea ?? null;
  const reachable = !feed.failed && !document.hidden;
  if (reachable) readSlots(feed.absences).then((read) => read && drawLive(Date.now()));
  showHour(ea, readerTime() && shown.c, shown.im, shown.tf);
  showEnergy(ea, readerTime(), reachable);
  showPeaks(ea, readerTime(), reachable);
}

function take(doc) {
  shown = doc;
  shownAt = Date.now();
  telegramAt = doc.s === null ? null : Date.now() - doc.s * 1000;
  const net = netPower(doc);
  if (telegramAt !== null && net !== null) addPoint(telegramAt, net);
  showNow(doc);
  showPhases(doc);
  showMeter(doc);
  showCost(doc.ea, doc.co);
  tick();
}

const feed = new Feed(take);
watchLive();
watchEnergy(forgetPeaks);
setInterval(() => document.hidden || tick(), 1000);

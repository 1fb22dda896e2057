// The page "Now": a document arrives, it is on the screen in the same turn; ages tick once a second.

import { netPower, showMeter, showNow, showPhases } from "./cards.js";
import { Feed } from "./feed.js";
import { addPoint, drawLive, watchSize } from "./live.js";
import { showStatus } from "./status.js";

let shown = null;
let telegramAt = null;

function tick() {
  const now = Date.now();
  const age = telegramAt === null ? null : Math.max(0, (now - telegramAt) / 1000);
  showStatus(shown, age, telegramAt, feed.lostSince);
  drawLive(now);
}

function take(doc) {
  shown = doc;
  telegramAt = doc.s === null ? null : Date.now() - doc.s * 1000;
  const net = netPower(doc);
  if (telegramAt !== null && net !== null) addPoint(telegramAt, net);
  showNow(doc);
  showPhases(doc);
  showMeter(doc);
  tick();
}

const feed = new Feed(take);
watchSize();
setInterval(() => document.hidden || tick(), 1000);

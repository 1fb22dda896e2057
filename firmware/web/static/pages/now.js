// The page Now: each document is shown as soon as it arrives; ages tick once a second.

import { byId, fill } from "../lib/dom.js";
import { feed } from "../lib/feed.js";
import { netPower, showMeter, showNow, showPhases } from "../now/cards.js";
import { showCost } from "../now/cost.js";
import { showHour } from "../now/hour.js";
import { closeLive, drawLive, watchLive } from "../now/live.js";
import { showNotes } from "../now/notes.js";
import { forgetPeaks, showPeaks } from "../now/peaks.js";
import { addPoint, readSlots } from "../now/trace.js";
import markup from "./now.html";

function tick() {
  const { doc } = feed;
  showNotes();
  drawLive(Date.now());
  if (!doc) return;
  const ea = doc.ea ?? null;
  if (feed.reachable) readSlots(feed.absences).then((read) => read && byId("live") && drawLive(Date.now()));
  showHour(ea, feed.time && doc.c, doc.im, doc.tf);
  showPeaks(ea, feed.time, feed.reachable);
}

function take(doc) {
  const net = netPower(doc);
  if (feed.telegramAt !== null && net !== null) addPoint(feed.telegramAt, net);
  showNow(doc);
  showPhases(doc);
  showMeter(doc);
  showCost(doc.ea, doc.co);
}

// Draws the page; returns what closes it.
export function open(root) {
  fill(root, markup);
  watchLive();
  forgetPeaks();
  const end = feed.watch(take, tick);
  return () => {
    end();
    closeLive();
  };
}

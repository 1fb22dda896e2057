// The page Now: each document is shown as soon as it arrives; ages and charts move once a second.

import { idle } from "../lib/ask.js";
import { byId, fill, inView, seeAll, setShown } from "../lib/dom.js";
import { feed } from "../lib/feed.js";
import { known } from "../lib/format.js";
import { setZone } from "../lib/zone.js";
import { Choice } from "../now/choice.js";
import { showHour } from "../now/hour.js";
import { Live } from "../now/live.js";
import { showMeter } from "../now/meter.js";
import { showNotes } from "../now/notes.js";
import { Peaks } from "../now/peaks.js";
import { makePhases, showPhases } from "../now/phases.js";
import { netPower, showPower } from "../now/power.js";
import { Prices } from "../now/prices.js";
import { showSilent } from "../now/silent.js";
import { showSums } from "../now/sums.js";
import { Trace } from "../now/trace.js";
import markup from "./now.html";

export { default as style } from "./now.css";

const OF_THE_METER = ["now", "live-card", "meter"];
const AGAIN_MS = 10000;
const REST_MS = 5000; // from the first figures until cards out of view are read too

class Now {
  choice = new Choice();
  trace = new Trace();
  prices = new Prices();
  peaks = new Peaks();
  charts = null; // of charts.js, when it is loaded
  loadAt = 0;

  constructor() {
    makePhases();
    this.live = new Live(this.trace);
    this.end = feed.watch((doc) => this.take(doc), () => this.tick());
    window.onscroll = () => feed.doc && feed.reachable && this.read();
  }

  close() {
    this.closed = true;
    this.end();
    window.onscroll = null;
    this.live.close();
    this.charts?.close();
  }

  take(doc) {
    if (doc.tz) setZone(doc.tz);
    const net = netPower(doc);
    if (feed.telegramAt !== null && net !== null) this.trace.add(feed.telegramAt, net);
  }

  tick() {
    showNotes();
    if (!feed.doc) return;
    this.show();
    if (feed.reachable) this.read();
  }

  async load() {
    if (Date.now() < this.loadAt) return;
    this.loadAt = Infinity;
    try {
      const { Charts } = await import("../now/charts.js");
      if (!this.closed) this.charts = new Charts();
    } catch {
      this.loadAt = Date.now() + AGAIN_MS;
    }
  }

  // Reads, one after the other, what has changed and has a card in view, and shows it. After a while those of all cards:
  // the page may be printed, or read by its headings.
  async read() {
    const { choice, charts } = this;
    const { doc, time } = feed;
    const ea = doc.ea ?? null;
    const shown = () => this.closed || this.show();
    seeAll(Date.now() - this.shownAt > REST_MS);
    if (await choice.read(doc.s === null)) shown();
    if (!choice.ready) return;
    if (inView("live-card") && (await this.trace.read(feed.absences))) shown();
    if (time !== null && ea?.cur && known(ea.pn) && (await this.prices.read(time, ea))) shown();
    if (inView("peaks") && (await this.peaks.read(ea, time))) shown();
    if (charts) await charts.read(time, choice, shown);
    else if (idle() && inView("prices")) this.load(); // the first one with a chart
  }

  show() {
    const { doc, time } = feed;
    const { choice } = this;
    setShown(byId("cards"), choice.ready);
    if (!choice.ready) return;
    this.shownAt ??= Date.now();
    const ea = doc.ea ?? null;
    const silent = doc.s === null;
    choice.sparse = silent;
    setShown(byId("silent"), silent && !doc.sm);
    if (silent) showSilent(doc, choice.line);
    for (const id of OF_THE_METER) setShown(byId(id), !silent && (id !== "now" || choice.has("i", true) || choice.has("e", true)));
    showPower(doc, choice, time === null ? null : this.prices.trend(time));
    showHour(ea, time && doc.c, doc.im, doc.tf, choice);
    showSums(ea, doc.co, time, choice);
    this.live.draw(Date.now());
    showPhases(doc, choice);
    this.peaks.show(ea, time, choice);
    showMeter(doc, choice);
    this.charts?.show(this.prices, doc, time, choice);
  }
}

// Draws the page; returns what closes it.
export function open(root) {
  fill(root, markup);
  const page = new Now();
  return () => page.close();
}

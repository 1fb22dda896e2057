// Documents from the reader: by server-sent events, else by polling; none while the tab is hidden.
//
// The stream begins with a document; if none comes in time, as while it waits for a place, it is polled.
// A dead reader leaves an event stream open and silent, and the stream's heartbeat is a comment, which a page cannot
// see. After 15 s of silence a poll checks the stream; a poll with a newer document shows it dead. At a low supply
// voltage the reader asks for longer pauses, in the stream as well.

import { ask, idle, stopReading } from "./ask.js";
import { setZone } from "./zone.js";

const POLL_MS = 5000;
const QUIET_MS = 15000;
const FIRST_MS = 900; // until the stream has sent a document
const RETRY_MS = 30000;
const LOST_MS = 5000;
const ABSENT_MS = 25000;

// The reader's clock in s is believed from here on: November 2023.
const CLOCK_VALID = 1.7e9;

class Feed {
  constructor() {
    this.watchers = new Set();
    this.doc = null; // the newest document
    this.docAt = 0; // ms since 1970, as all times here
    this.telegramAt = null; // null before the meter's first telegram
    this.source = null;
    this.timer = null;
    this.failed = false;
    this.polling = null;
    this.dueAt = 0; // a poll, if the stream has sent nothing by then
    this.polledAt = 0;
    this.pauseMs = POLL_MS;
    this.revision = -1;
    this.absences = 0; // times without contact so long that the page has missed telegrams
    this.contactAt = Date.now();
    document.addEventListener("visibilitychange", () => (document.hidden ? this.pause() : this.resume()));
  }

  // take(document) is called for each document, at once if one is there; tick() after it and each second while the tab
  // is visible. Returns what ends it; the stream is closed with the last watcher.
  watch(take, tick) {
    const watcher = { take, tick };
    this.watchers.add(watcher);
    if (this.doc) take(this.doc);
    tick?.();
    if (!document.hidden) this.resume();
    return () => {
      this.watchers.delete(watcher);
      if (!this.watchers.size) this.pause();
    };
  }

  // Seconds since the last telegram, null before the first.
  get age() {
    return this.telegramAt === null ? null : Math.max(0, (Date.now() - this.telegramAt) / 1000);
  }

  // The reader's time in s, null without a clock.
  get time() {
    return this.doc?.c >= CLOCK_VALID ? this.doc.c + Math.floor((Date.now() - this.docAt) / 1000) : null;
  }

  get reachable() {
    return !this.failed && !document.hidden;
  }

  take(doc) {
    this.doc = doc;
    this.docAt = Date.now();
    if (doc.tz) setZone(doc.tz);
    this.telegramAt = doc.s === null ? null : this.docAt - doc.s * 1000;
    for (const { take } of this.watchers) take(doc);
    this.tick();
  }

  tick() {
    for (const { tick } of this.watchers) tick?.();
  }

  // The time of the last contact if the reader is lost, else null.
  get lostSince() {
    return this.failed && Date.now() - this.contactAt > LOST_MS ? this.contactAt : null;
  }

  resume() {
    if (this.timer !== null || !this.watchers.size) return;
    this.dueAt = Date.now() + FIRST_MS;
    this.listen();
    this.timer = setInterval(() => this.check(), 1000);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.unlisten();
    stopReading();
    this.polling = null;
  }

  check() {
    const now = Date.now();
    if (!this.source && now >= this.retryAt) this.listen();
    const unsure = !this.source || now > this.dueAt || this.quiet(now);
    if (unsure && idle() && now - this.polledAt >= this.pauseMs) this.poll();
    this.tick();
  }

  quiet(now) {
    return now - this.heardAt > QUIET_MS + this.pauseMs - POLL_MS;
  }

  listen() {
    this.unlisten();
    this.heardAt = Date.now();
    this.source = new EventSource("/events");
    this.source.onmessage = (event) => {
      this.heardAt = Date.now();
      this.accept(event.data);
    };
    this.source.onerror = () => {
      this.unlisten();
      this.poll();
    };
  }

  unlisten() {
    this.source?.close();
    this.source = null;
    this.retryAt = Date.now() + RETRY_MS;
  }

  async poll() {
    if (this.polling) return;
    const turn = (this.polling = {});
    this.polledAt = Date.now();
    const [status, text] = await ask("/now.json", POLL_MS);
    if (this.polling !== turn) return;
    this.polling = null;
    this.answered(status === 200 ? text : null);
  }

  answered(text) {
    const before = this.revision;
    const quiet = this.quiet(Date.now());
    if (text === null || !this.accept(text)) {
      this.failed = true;
      if (quiet) this.unlisten();
    } else if (this.returned || (quiet && this.source && this.revision !== before)) {
      this.listen();
    }
  }

  // True if the text was a document. A document older than the shown one is dropped, unless the reader has restarted.
  accept(text) {
    let doc = null;
    try {
      doc = JSON.parse(text);
    } catch {
      return false;
    }
    if (doc === null || typeof doc !== "object") return false;
    this.returned = this.failed && !this.source;
    if (this.failed || Date.now() - this.contactAt > ABSENT_MS + this.pauseMs) this.absences += 1;
    this.failed = false;
    this.dueAt = Infinity;
    this.contactAt = Date.now();
    this.pauseMs = Math.max(POLL_MS, doc.ps * 1000 || 0);
    if (doc.n < this.revision && doc.u >= this.uptime) return true;
    this.revision = doc.n;
    this.uptime = doc.u;
    this.take(doc);
    return true;
  }
}

export const feed = new Feed();

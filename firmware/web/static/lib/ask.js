// Requests, one at a time: the reader has few sockets, and the event stream holds one of them.

import { languageInUse } from "../words.js";

const READ_MS = 15000;
const WORDS_MS = 3000;
// A document with a sentence of the firmware.
const SAYS = /(?:message|error)\x22: ?\x22\w|(?:words|reasons|line)\x22/;
const AGAIN_MS = 10000;
const HIDDEN = "hidden";
let last = Promise.resolve();
let waiting = 0;
let reading = null;
let sentAway = false;

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export const idle = () => waiting === 0;

// The tab is hidden: the request for a document is dropped, a form that is being sent is not.
export const stopReading = () => reading?.abort(HIDDEN);

// A request without a valid login: the reader's own page asks for it, and comes back here. An owner who stays for unsaved
// changes is asked again by a form only.
function logIn(reads) {
  if (reads && sentAway) return;
  sentAway = true;
  if (location.pathname !== "/login") location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

async function send(path, ms, options) {
  const reads = !options.method;
  if (reads && document.hidden) {
    waiting -= 1;
    return [-1, ""];
  }
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), ms);
  if (reads) reading = abort;
  try {
    const answer = await fetch(path, { ...options, cache: "no-store", signal: abort.signal });
    if (answer.status === 401) logIn(reads);
    return [answer.status, await answer.text()];
  } catch (error) {
    return [error === HIDDEN ? -1 : 0, ""];
  } finally {
    clearTimeout(timer);
    reading = null;
    waiting -= 1;
  }
}

function queue(path, ms, options) {
  waiting += 1;
  last = last.then(() => send(path, ms, options));
  return last;
}

// [HTTP status, text]; status 0 without a complete answer, -1 when the tab was hidden. form: keys and values to POST.
export const ask = (path, ms, form) => queue(path, ms, form ? { method: "POST", body: new URLSearchParams(form) } : {});

// Puts the page's language in place of the sentences of the firmware in a document. They stay English if the words do not
// come: the reader may have begun to restart.
export const translate = (doc) => languageInUse() !== "en" && Promise.race([
  import("./said.js").then((said) => said.translate(doc)),
  pause(WORDS_MS),
]).catch(() => null);

async function parsed([status, text]) {
  try {
    const doc = JSON.parse(text);
    if (SAYS.test(text)) await translate(doc);
    return [status, doc];
  } catch {
    return [status, null];
  }
}

// [HTTP status, object or null]; the object of an error has `message`. Sentences of the firmware are in the page's language.
// body: an object to send as JSON, or a Blob or text to send as it is; method: POST by default. A hidden tab reads once it is seen.
export async function askJson(path, { body, method = "POST", ms = READ_MS } = {}) {
  if (body === undefined) {
    const answer = await queue(path, ms, {});
    if (answer[0] >= 0 || !document.hidden) return parsed(answer);
    await new Promise((seen) => document.addEventListener("visibilitychange", seen, { once: true }));
    return askJson(path, { ms });
  }
  const plain = body instanceof Blob || typeof body === "string";
  const headers = plain ? {} : { "Content-Type": "application/json" };
  return parsed(await queue(path, ms, { method, headers, body: plain ? body : JSON.stringify(body) }));
}

// The same for a form of keys and values.
export const postForm = async (path, form, ms = READ_MS) => parsed(await ask(path, ms, form));

// Sends a file; step(octets sent, octets in all) while it goes. [HTTP status, object or null], status 0 without an answer.
export function upload(path, file, step) {
  const request = new XMLHttpRequest();
  waiting += 1;
  const sent = last.then(() => new Promise((done) => {
    request.upload.onprogress = ({ loaded, total }) => step(loaded, total);
    request.onloadend = () => {
      waiting -= 1;
      if (request.status === 401) logIn();
      done(parsed([request.status, request.responseText]));
    };
    request.open("POST", path);
    request.send(file);
  }));
  last = sent.catch(() => {});
  return sent;
}

// A document. It is read when its key changes, 10 s after a failure, and after the ms that take() returned.
export class Source {
  key = null;
  again = 0;
  failed = false;

  // take(text): throws if the text is not a document; returns the ms after which to read the same key again.
  // True if it was read.
  async refresh(key, path, take) {
    if (!idle() || (key === this.key && Date.now() < this.again)) return false;
    this.key = key;
    this.again = Infinity;
    const [status, text] = await ask(path, READ_MS);
    if (status < 0) {
      this.key = null;
      return false;
    }
    try {
      if (status !== 200) throw new RangeError(status);
      this.again = Date.now() + (take(text) ?? Infinity);
      this.failed = false;
    } catch {
      this.again = Date.now() + AGAIN_MS;
      this.failed = true;
    }
    return true;
  }
}

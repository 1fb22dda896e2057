// Requests, one at a time: the reader has few sockets, and the event stream holds one of them.

const READ_MS = 15000;
const AGAIN_MS = 10000;
const HIDDEN = "hidden";
let last = Promise.resolve();
let waiting = 0;
let reading = null;

export const idle = () => waiting === 0;

// The tab is hidden: the request for a document is dropped, a form that is being sent is not.
export const stopReading = () => reading?.abort(HIDDEN);

async function send(path, ms, form) {
  if (!form && document.hidden) {
    waiting -= 1;
    return [-1, ""];
  }
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), ms);
  if (!form) reading = abort;
  try {
    const body = form && new URLSearchParams(form);
    const answer = await fetch(path, { method: form ? "POST" : "GET", body, cache: "no-store", signal: abort.signal });
    return [answer.status, await answer.text()];
  } catch (error) {
    return [error === HIDDEN ? -1 : 0, ""];
  } finally {
    clearTimeout(timer);
    reading = null;
    waiting -= 1;
  }
}

// [HTTP status, text]; status 0 without a complete answer, -1 when the tab was hidden. form: keys and values to POST.
export function ask(path, ms, form) {
  waiting += 1;
  last = last.then(() => send(path, ms, form));
  return last;
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

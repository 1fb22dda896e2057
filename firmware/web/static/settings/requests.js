// Requests of this page: {status, doc, words}. doc: the object of the answer, null without one; words: of a failure.

import { askJson, postForm } from "../lib/ask.js";
import { W } from "../words.js";

const USUAL_MS = 15000;

async function answered(asked, reads) {
  const [status, doc] = await asked;
  return { status, doc: reads && status !== 200 ? null : doc, words: doc?.message || W.ACT.noAnswer };
}

export const read = (path, ms = USUAL_MS) => answered(askJson(path, { ms }), true);

// body: an object for JSON; a text or a file as it is.
export const send = (method, path, body, ms = USUAL_MS) => answered(askJson(path, { method, body, ms }), false);

export const form = (path, fields, ms = USUAL_MS) => answered(postForm(path, fields, ms), false);

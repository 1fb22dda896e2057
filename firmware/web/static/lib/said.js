// The firmware's sentences in the page's language. words/en/said.js has the English ones, words/<language>/said.js the others.

import { languageInUse } from "../words.js";

// Members of documents that have sentences: a text, or an object or array of texts.
const SAYING = new Set(["message", "errors", "words", "cause_words", "text", "error", "fault", "held", "reason", "reasons",
  "help", "why", "check", "line", "settings", "crash", "left_out"]);
const SIGN = /[.*+?^${}()|[\]\\/]/g;
let table = new Map();
let templates = []; // [pattern, sentence], the most literal one first
let foreign = []; // sentences that stay English
let spoken = "";
let ready = null;

// A value goes on over ": " only at the end of a sentence, and over "; " nowhere: there another sentence begins.
const pattern = (text) => new RegExp(`^${text.replace(SIGN, "\\$&").replace(/%s$/, "((?:(?!; ).)*)")
  .replaceAll("%s", "((?:(?![:;] ).)*?)").replaceAll("%d", "(-?\\d+)")}$`);

// The build puts the served file's name into import().
const read = async (language) => (await import(`../words/${language}/said.js`)).SAID.split("\n");

async function load() {
  const [english, own] = [await read("en"), await read(spoken)];
  const rows = own.map((sentence, n) => [english[n], sentence]).filter(([, sentence]) => sentence);
  const literal = ([text]) => text.replace(/%[sd]/g, "").length;
  table = new Map(rows);
  templates = rows.filter(([text]) => /%[sd]/.test(text)).sort((a, b) => literal(b) - literal(a))
    .map(([text, sentence]) => [pattern(text), sentence]);
  foreign = [];
}

// A sentence, a template with its values, or several joined by "; " and ": "; what is not known stays.
function inWords(text) {
  if (table.has(text)) return table.get(text);
  for (const [match, sentence] of templates) {
    const [, ...values] = match.exec(text) ?? [];
    if (values.length) return sentence.replace(/%s/g, () => inWords(values.shift()));
  }
  for (const sign of ["; ", ": "]) {
    const at = text.indexOf(sign);
    if (at > 0) return inWords(text.slice(0, at)) + sign + inWords(text.slice(at + 2));
  }
  return text;
}

function sentence(text) {
  const own = inWords(text);
  if (own === text && /[a-z] [a-z]/.test(text) && !foreign.includes(text)) foreign.push(text);
  return own;
}

// Elements with a sentence that stays English say so to a screen reader.
const marked = new WeakSet();

function mark(text) {
  const element = text.parentElement;
  if (foreign.some((one) => text.data.includes(one))) {
    marked.add(element);
    element.lang = "en";
  } else if (marked.delete(element)) element.removeAttribute("lang");
}

function look(node) {
  if (node.nodeType !== Node.TEXT_NODE) node.childNodes.forEach(look);
  else if (node.parentElement) mark(node);
}

new MutationObserver((changes) => changes.forEach(({ target, addedNodes }) => [target, ...addedNodes].forEach((node, n) => {
  if (n || node.nodeType === Node.TEXT_NODE) look(node);
}))).observe(document.body, { childList: true, characterData: true, subtree: true });

function put(holder, all) {
  for (const [key, value] of Object.entries(holder)) {
    if (typeof value === "object" && value) put(value, SAYING.has(key));
    else if (typeof value === "string" && (all || SAYING.has(key))) holder[key] = sentence(value);
  }
}

// Changes the sentences of a document.
export async function translate(doc) {
  if (spoken !== languageInUse()) {
    spoken = languageInUse();
    ready = load();
  }
  try {
    await ready;
  } catch {
    spoken = "";
    return;
  }
  put(doc ?? {}, false);
}

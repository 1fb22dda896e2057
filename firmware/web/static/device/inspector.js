// The inspector: what is heard and tried on the meter's line, telegrams layer by layer, and captures.

import { askJson, stopReading } from "../lib/ask.js";
import { byId, make, setShown, setText } from "../lib/dom.js";
import { duration, number } from "../lib/format.js";
import { W } from "../words.js";
import { openDescriptors } from "./descriptors.js";
import { telegramView } from "./layers.js";
import { note, put, save, told, whileOff } from "./parts.js";

const PATIENCE_MS = 15000;
const AGAIN_MS = 1000;
// Of a choice: seconds, telegrams, octets.
const CHOICES = { one: [12, 1, 2048], some: [30, 10, 3840], all: [120, 32, 3840] };

const octetsOf = ({ bursts }) => bursts.map(({ octets }) => octets).join("");

const octetCount = (octets, seconds) => `${number(octets, 0)} / ${duration(seconds)}`;

function showLine({ line, heard, words }) {
  setText(byId("line-words"), words);
  const { settings, proven, wire, frames, search } = line;
  put(byId("line"), {
    settings: settings && [settings, wire, proven ? "" : W.LINE.trying].filter(Boolean).join(", "),
    frames: number(frames, 0), heard: octetCount(heard.octets, heard.seconds),
  });
  setShown(byId("search"), search);
  if (!search) return;
  setText(byId("search-words"), W.LINE.search(search.round, search.turn, search.combinations.length, duration(search.seconds)));
  byId("combinations").replaceChildren(...search.combinations.map(({ settings: name, octets, now }) =>
    make("tr", now ? { "aria-current": "true" } : {}, make("th", { scope: "row" }, name),
      make("td", {}, number(octets, 0), now ? ` \u2190 ${W.HEALTH.now}` : ""))));
}

function details(words, view, open) {
  return make("details", open ? { open: "" } : {}, make("summary", {}, words), view);
}

function showTelegrams(list, telegrams, capture, left) {
  const rows = telegrams.map((telegram, n) =>
    details(telegram.words, telegramView(telegram, capture), n === telegrams.length - 1));
  if (left) rows.push(make("p", { class: "sub" }, `+ ${left}`));
  list.replaceChildren(...rows);
}

// The newest error with its octets, as a telegram that has nothing else.
function showError({ newest_error: newest }) {
  setShown(byId("newest-error"), newest);
  if (!newest) return;
  const { error, age } = newest;
  const capture = error.before + error.octets;
  const telegram = { at: 0, length: capture.length / 2, errors: [{ ...error, at: error.before.length / 2 }] };
  setText(byId("error-age"), `\u2212${duration(age)}`);
  byId("error-view").replaceChildren(telegramView(telegram, capture));
}

function showUnknown({ unknown }) {
  setShown(byId("unknown"), unknown);
  if (!unknown) return;
  const { octets, items } = unknown;
  const telegram = { at: 0, length: octets.length / 2, apdu: { octets, name: "" }, list: { items }, errors: [] };
  byId("unknown-view").replaceChildren(telegramView(telegram, octets));
}

// The text of a capture that tools/decode.py and POST /api/inspect read.
const captureText = ({ firmware, board, time, bursts }) =>
  `# ${firmware} ${board} ${time ?? ""}\n${bursts.map(({ ms, settings, octets }) =>
    `# ${ms / 1000} s, ${settings}\n${(octets.match(/.{1,64}/g) ?? []).join("\n")}\n`).join("\n")}`;

export function openInspector() {
  let closed = false;
  let run = 0;
  let newest = null;
  let timer = null;
  const stopped = () => closed;

  function show(doc) {
    newest = doc;
    showLine(doc);
    showTelegrams(byId("telegrams"), doc.telegrams, octetsOf(doc), doc.left_out);
    setShown(byId("no-telegrams"), !doc.telegrams.length);
    showError(doc);
    showUnknown(doc);
    byId("capture-save").disabled = !doc.bursts.length;
  }

  function count(seconds) {
    const begin = Date.now();
    const draw = () => setText(byId("listening"), `${Math.round((Date.now() - begin) / 1000)} / ${duration(seconds)}`);
    draw();
    clearInterval(timer);
    timer = setInterval(draw, 1000);
  }

  function rest() {
    clearInterval(timer);
    setText(byId("listening"), "");
    byId("listen-stop").hidden = true;
  }

  // Listens; while no telegram is decoded, again and again.
  async function listen() {
    const mine = (run += 1);
    byId("listen-stop").hidden = false;
    for (;;) {
      const [seconds, telegrams, octets] = CHOICES[byId("listen-for").value];
      count(seconds);
      const query = `seconds=${seconds}&telegrams=${telegrams}&octets=${octets}`;
      const answer = await askJson(`/inspect.json?${query}`, { ms: 1000 * seconds + PATIENCE_MS });
      if (closed || mine !== run) return;
      const [done, why] = answer[0] < 0 ? [true, ""] : told(answer);
      note(byId("line-said"), "bad", done ? "" : why);
      if (done && answer[1]) show(answer[1]);
      if (!done || (answer[1] && answer[1].telegrams.some(({ errors, reading }) => reading && !errors.length))) break;
      await new Promise((go) => setTimeout(go, AGAIN_MS));
      if (closed || mine !== run) return;
    }
    rest();
  }

  async function decode() {
    const text = byId("paste").value;
    if (!text.trim()) return byId("paste").focus();
    const answer = await askJson("/api/inspect", { body: text });
    if (closed) return;
    const [done, why] = told(answer);
    note(byId("paste-said"), done ? "ok" : "bad", done ? answer[1].words : why);
    const { telegrams = [], capture = "", left_out: left } = (done && answer[1]) || {};
    showTelegrams(byId("pasted"), telegrams, capture, left);
  }

  byId("listen").onclick = () => {
    stopReading();
    listen();
  };
  byId("listen-stop").onclick = () => {
    run += 1;
    stopReading();
    rest();
    byId("listen").focus();
  };
  byId("capture-save").onclick = () => newest && save("capture.hex", captureText(newest));
  byId("decode").onclick = (event) => whileOff(event.currentTarget, decode);
  openDescriptors(stopped).then(() => !closed && listen());
  return () => {
    closed = true;
    clearInterval(timer);
    stopReading();
  };
}

// Backup and restore with a preview, the AMS reader's configfile.cfg, and the factory reset.

import { resetParts } from "../lib/actions.js";
import { askJson } from "../lib/ask.js";
import { byId, make, setShown, setText } from "../lib/dom.js";
import { DASH } from "../lib/format.js";
import { W, languageInUse } from "../words.js";
import { note, told, whileOff } from "./parts.js";

const LONG_MS = 120000;
const checked = (name) => [...document.querySelectorAll(`[name="${name}"]:checked`)].map((box) => box.value);

// The link of a download follows its check boxes; without one it is no link.
function follow(name, link, address) {
  const draw = () => {
    const parts = checked(name);
    if (parts.length) link.href = address(parts);
    else link.removeAttribute("href");
  };
  for (const box of document.querySelectorAll(`[name="${name}"]`)) box.onchange = draw;
  draw();
}

const shown = (value) => (typeof value === "string" ? value || DASH : JSON.stringify(value));

// "15 min", "1 h", "1 d"; months by the browser's own word.
const levelName = (level) => ({
  quarters: `15 ${W.UNIT.minute}`, hours: `1 ${W.UNIT.hour}`, days: `1 ${W.UNIT.day}`,
})[level] ?? new Intl.DisplayNames(languageInUse(), { type: "dateTimeField" }).of("month");

// The changes of a preview as rows of a table.
function changeRows({ settings, history, descriptors, corrections, certificates, unknown }) {
  const row = (name, words) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, words));
  const rows = settings.map(({ name, from, to, secret }) =>
    row(make("code", {}, name), secret ? W.RESTORE.changed : `${shown(from)} \u2192 ${shown(to)}`));
  for (const [level, counts] of Object.entries(history ?? {})) {
    const { new: fresh, different, left_out: left } = counts;
    if (fresh || different || left) rows.push(row(levelName(level), W.RESTORE.slots(fresh, different, left)));
  }
  if (descriptors === "different") rows.push(row(W.BACKUP.descriptors, W.RESTORE.changed));
  if (corrections) rows.push(row(W.BACKUP.corrections, String(corrections)));
  for (const name of certificates ?? []) rows.push(row(make("code", {}, name), W.RESTORE.changed));
  for (const name of unknown ?? []) rows.push(row(make("code", {}, name), DASH));
  return rows;
}

// Whether a slot that is known here has another value in the file.
const differs = ({ history }) => Object.values(history ?? {}).some(({ different }) => different);

// A file is shown first, then taken over.
function watchRestore(stopped) {
  const say = (kind, text) => note(byId("restore-said"), kind, text);
  const query = (more) => {
    const replace = byId("replace").checked ? "&replace=history" : "";
    return `/backup?${more}parts=${checked("take").join(",")}${replace}`;
  };
  const file = () => byId("restore-file").files[0];

  async function preview() {
    setShown(byId("effect"), false);
    say("", "");
    if (!file() || !checked("take").length) return;
    const answer = await askJson(query("preview=true&"), { body: file(), ms: LONG_MS });
    if (stopped()) return;
    const [done, words] = told(answer);
    if (!done) return say("bad", words);
    const rows = changeRows(answer[1]);
    byId("changes").replaceChildren(...rows);
    setShown(byId("changes").parentElement, rows.length);
    setShown(byId("replace-row"), differs(answer[1]));
    setText(byId("effect-text"), rows.length ? W.RESTORE.would : W.RESTORE.equal);
    setShown(byId("take"), rows.length);
    setShown(byId("effect"), true);
  }

  async function take() {
    const answer = await askJson(query(""), { body: file(), ms: LONG_MS });
    if (stopped()) return;
    const [done, words] = told(answer);
    setShown(byId("effect"), !done);
    say(done ? "ok" : "bad", done ? W.DEVICE.done : words);
    if (done && words.includes(";")) say("warn", words);
  }

  byId("restore-file").onchange = preview;
  byId("restore-file").onclick = ({ target }) => {
    target.value = ""; // the same file again is a change
    preview();
  };
  for (const box of document.querySelectorAll('[name="take"]')) box.onchange = preview;
  byId("take").onclick = (event) => whileOff(event.currentTarget, take);
}

// configfile.cfg: what was taken over and what was not.
function watchImport(stopped) {
  byId("config-send").onclick = (event) => whileOff(event.currentTarget, async () => {
    const [file] = byId("config-file").files;
    if (!file) return byId("config-file").focus();
    const answer = await askJson("/configfile", { body: file, ms: LONG_MS });
    if (stopped()) return;
    const [done, words] = told(answer);
    note(byId("config-said"), done ? "ok" : "bad", words);
    const left = Object.entries(answer[1]?.left_out ?? {});
    byId("config-left").replaceChildren(...left.map(([key, reason]) => make("li", {}, `${key}: ${reason}`)));
  });
}

export function openBackup() {
  let closed = false;
  const stopped = () => closed;
  follow("part", byId("backup-link"), (parts) => `/backup.json?parts=${parts.join(",")}`);
  follow("config-part", byId("config-link"), (parts) => `/configfile.cfg?${parts.map((part) => `${part}=true`).join("&")}`);
  watchRestore(stopped);
  watchImport(stopped);
  byId("reset").replaceChildren(...resetParts());
  return () => {
    closed = true;
  };
}

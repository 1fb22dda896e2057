// Firmware: the running version, the newest one, upgrade over the network or by a file, and its outcome.

import { untilBack } from "../lib/actions.js";
import { askJson, postForm, upload, pause } from "../lib/ask.js";
import { confirmBox } from "../lib/dialog.js";
import { byId, setShown, setText } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { progress } from "../lib/progress.js";
import { dateWords } from "../lib/zone.js";
import { W } from "../words.js";
import { note, put, told, whileOff } from "./parts.js";

const LOOK_MS = 1500;
const TRIAL_MS = 5000;
const TRIAL = "trial";
const TRAILER = 160; // octets of the signature behind an image
const KEY = "upgrade"; // the slot that ran before the restart, while an upgrade is on its way

const kilobytes = (octets) => number(octets / 1024, 0);
const share = (phase, done, size) => `${phase} ${kilobytes(done)} / ${kilobytes(size)} KB`;

// Storage may be forbidden: then only the reader's own words tell the outcome.
function kept(value) {
  try {
    if (value === undefined) return sessionStorage.getItem(KEY);
    if (value === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, value);
  } catch {
    return null;
  }
  return value;
}

// [kind, words] of the newest upgrade.
function outcome({ running, slot, phase, last, error }) {
  const before = kept();
  if (phase === TRIAL) return ["warn", W.FIRMWARE.trial(running)];
  if (error) return ["bad", error];
  if (before && before !== slot) return ["ok", W.FIRMWARE.confirmed(running)];
  if (last) return ["bad", W.FIRMWARE.wentBack(`${last.version}: ${last.why}`)];
  return ["", ""];
}

function draw(doc, bar) {
  const { running, built, chip, slot, latest, notes, reasons, may, phase, done, size, auto, channel, url } = doc;
  const day = built && dateWords(new Date(built * 1000).toISOString().slice(0, 10), { dateStyle: "medium" });
  put(byId("firmware"), { running: [running, day, chip, slot].filter(Boolean).join(", "), latest });
  setShown(byId("news"), notes);
  setText(byId("notes-text"), notes ?? "");
  byId("consent").checked = auto;
  byId("channel").value = channel;
  setText(byId("may"), (reasons ?? []).join("; "));
  setShown(byId("upgrade"), latest && latest !== running);
  setText(byId("upgrade"), W.FIRMWARE.upgrade(latest));
  for (const id of ["upgrade", "former", "send"]) byId(id).disabled = !may;
  byId("check").disabled = !url;
  setShown(byId("no-address"), !url);
  const busy = phase && phase !== TRIAL;
  setShown(bar.element, busy);
  if (busy) bar.set(done, size, size ? share(phase, done, size) : phase);
  note(byId("outcome"), ...outcome(doc));
}

// Returns { load() }: reads /upgrade.json and follows what goes on.
export function openFirmware(stopped) {
  const bar = progress(W.FIRMWARE.title);
  bar.element.hidden = true;
  byId("outcome").after(bar.element);
  let doc = null;

  async function look() {
    const [status, found] = await askJson("/upgrade.json", { ms: 8000 });
    if (stopped() || status !== 200 || !found) return status;
    draw((doc = found), bar);
    return status;
  }

  // The new firmware has a page of its own, so the page is loaded again.
  async function comeBack() {
    if (await untilBack((text) => note(byId("away"), "warn", text), stopped, true)) location.reload();
  }

  // Follows what was begun to its end, or to the restart.
  async function follow() {
    for (;;) {
      await pause(LOOK_MS);
      if (stopped()) return;
      const status = await look();
      if (status === 0) return comeBack();
      if (status === 200 && !doc.phase) return kept(null);
    }
  }

  async function load() {
    await look();
    if (doc?.phase && doc.phase !== TRIAL) return follow();
    while (doc?.phase === TRIAL && !stopped()) {
      await pause(TRIAL_MS);
      if (!stopped() && (await look()) === 0) return comeBack();
    }
    if (!stopped()) kept(null);
  }

  // Sends a request that may end in a restart.
  async function begin(send) {
    kept(doc?.slot ?? "");
    note(byId("outcome"), "", "");
    const [done, words] = told(await send());
    if (stopped()) return;
    if (done) return follow();
    kept(null);
    await look(); // where an upload was broken off
    bar.element.hidden = true;
    note(byId("outcome"), "bad", words);
  }

  // An upload that was broken off goes on where it was.
  async function sendFile(file) {
    const { room, resume } = doc ?? {};
    if (room && file.size > room + TRAILER) return note(byId("outcome"), "bad", `${file.name}: ${kilobytes(file.size)} > ${kilobytes(room)} KB`);
    const from = resume?.size === file.size ? resume.done : 0;
    bar.element.hidden = false;
    const step = (sent) => bar.set(from + sent, file.size, share(W.FIRMWARE.send, from + sent, file.size));
    await begin(() => upload(from ? `/firmware?offset=${from}` : "/firmware", file.slice(from), step));
  }

  async function set(changes) {
    const [done, words] = told(await askJson("/api/config", { body: changes, method: "PATCH" }));
    await look();
    if (!done) note(byId("outcome"), "bad", words);
  }

  const press = (id, work) => {
    byId(id).onclick = (event) => whileOff(event.currentTarget, work);
  };
  press("upgrade", () => begin(() => postForm("/upgrade", { expected_version: doc.latest })));
  press("check", () => begin(() => postForm("/upgrade/check", {})));
  press("former", async () => {
    const sure = { title: W.FIRMWARE.former, text: W.ACT.restartHelp, yes: W.FIRMWARE.former, no: W.ACT.cancel };
    if (await confirmBox(sure)) await begin(() => postForm("/upgrade/back", {}));
  });
  press("send", async () => {
    const [file] = byId("image-file").files;
    if (file) await sendFile(file);
    else byId("image-file").focus();
  });
  byId("consent").onchange = () => set({ upgrade_auto: byId("consent").checked });
  byId("channel").onchange = () => set({ upgrade_channel: Number(byId("channel").value) });
  return { load };
}

"""The fixed parts of the setup page: style and script, in pieces of about a kilobyte.

The form works without the script, which adds the list of networks, the test of the network before
it is saved, the password shown, and the search for the reader in its new network. Captive windows
have no storage, open no second window, and close when their network goes: so the script needs
neither, and the words that tell what happens next come before.

A browser uses style and script only if their digests are those in web.exchange.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = (
    """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>%s</title><link rel="icon" href="/favicon.svg">
<style>
:root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--ink:#1b1f24;--soft:#57606a;
--line:#8b949e;--go:#0b5cad;--on:#fff;--bad:#b42318;--good:#116329}
@media (prefers-color-scheme:dark){:root{--page:#14171a;--card:#1f2428;--ink:#e6e9ec;
--soft:#a5adb5;--line:#6e7781;--go:#79b8ff;--on:#0b1620;--bad:#ff9a8f;--good:#7ee08a}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.45 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem;margin:.2rem 0 .6rem}
h2{font-size:1.1rem;margin:0 0 .4rem}
p{margin:.4rem 0}
section,.note{background:var(--card);border:1px solid var(--line);border-radius:.6rem;
padding:.9rem;margin:0 0 .9rem}
""",
    """label,legend{display:block;font-weight:600;margin-top:.7rem}
label.tick{display:flex;align-items:center;font-weight:400}
small{display:block;color:var(--soft);font-size:.875rem}
input:not([type=checkbox]),select,button{font:inherit;color:inherit;background:var(--card);
border:1px solid var(--line);border-radius:.4rem;min-height:2.75rem;padding:.4rem .7rem;width:100%}
input[type=checkbox]{width:1.4rem;height:1.4rem;flex:none;margin:.4rem .5rem .4rem 0}
input[aria-invalid=true]{border:2px solid var(--bad)}
button{cursor:pointer;margin-top:.6rem;color:var(--go);border-color:var(--go)}
button.main{background:var(--go);color:var(--on);font-weight:600}
:focus-visible{outline:3px solid var(--go);outline-offset:2px}
ul{list-style:none;margin:.5rem 0;padding:0}
li button,li a{display:flex;gap:.6rem;align-items:center;justify-content:space-between;margin:0 0
 .4rem;color:var(--ink);border:1px solid var(--line);border-radius:.4rem;min-height:2.75rem;
padding:.4rem .7rem;text-decoration:none;text-align:left}
li b{overflow-wrap:anywhere;min-width:0}
li span{flex:none;color:var(--soft);font-size:.875rem}
li [aria-pressed=true]{border:2px solid var(--go)}
a{color:var(--go)}
.side{display:flex;gap:.5rem}.side>:first-child{flex:1;min-width:0}
.side button{width:auto;margin:0}.bad{color:var(--bad);font-weight:600}.good{color:var(--good)}
.bad:empty,#tested:empty{display:none}summary{cursor:pointer;min-height:2.75rem;padding:.6rem 0}
[hidden]{display:none!important}
</style></head><body><main>
""",
)


def head(title: str) -> "Iterator[str]":
    """The begin of a page, with its style."""
    yield _HEAD[0] % title
    yield _HEAD[1]


def escape(text: str) -> str:
    """A text as HTML, also within quotes."""
    for sign, code in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, code)
    return text


SCRIPT = (
    """<script>
"use strict";
const at = (id) => document.getElementById(id);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const form = at("form"), ssid = at("ss"), psk = at("sp"), SAVE = at("save").textContent;
let address = "";  // the one that the reader had in the test
const LOCK = '<svg role="img" aria-label="locked" viewBox="0 0 16 16" width="14" height="14">' +
  '<path fill="currentColor" d="M3 7V5a5 5 0 0 1 10 0v2h1v8H2V7zm2 0h6V5a3 3 0 0 0-6 0z"/></svg>';
for (const part of document.querySelectorAll(".script")) part.hidden = false;

async function ask(path, body) {
  const request = fetch(path, body ? {method: "POST", body} : {cache: "no-store"});
  const answer = await Promise.race([request, pause(12000)]);
  if (!answer) throw new Error("no answer");
  return answer.json();
}

function say(id, text, good) {
  at(id).textContent = text;
  at(id).className = good ? "good" : "bad";
}

function blame(message) {
  for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
  for (const old of form.querySelectorAll("[role=alert]")) old.textContent = "";
  const [, name, text] = /^(s[a-z]): (.*)$/.exec(message) || [0, "", message];
  const field = name && at(name);
  if (!field) return say("failed", text);
  if (field.closest("details")) field.closest("details").open = true;
  field.setAttribute("aria-invalid", "true");
  say(name + "-why", text);
  field.focus();
}
""",
    """
function choose(network, button) {
  ssid.value = network.s;
  for (const one of at("list").querySelectorAll("button"))
    one.setAttribute("aria-pressed", one === button);
  if (network.e !== "open" && psk.value === "***") psk.value = "";
  (network.e === "open" ? at("test") : psk).focus();
}

async function scan() {
  say("found", "Looking for networks \\u2026", true);
  at("scan").disabled = true;
  try {
    const networks = (await ask("/wifi.json")).n;
    at("list").replaceChildren(...networks.map((network) => {
      const button = document.createElement("button");
      const name = document.createElement("b"), signal = document.createElement("span");
      button.type = "button";
      button.setAttribute("aria-pressed", network.s === ssid.value);
      name.textContent = network.s;
      signal.textContent = network.w + (network.e === "open" ? ", open" : " ");
      if (network.e !== "open") signal.insertAdjacentHTML("beforeend", LOCK);
      button.append(name, signal);
      button.onclick = () => choose(network, button);
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
    say("found", networks.length ? "" : "The reader hears no network.");
  } catch (e) {
    say("found", "The list did not come: search again, or type the name.");
  }
  at("scan").disabled = false;
}
""",
    """
// What was typed when a test began, worked, or did not; a save of the last one needs no new test.
let proven = "", forced = "";
const typed = () => JSON.stringify([ssid.value, psk.value]);

// "ok", "failed", or "wrong" if a field is.
async function test() {
  const tried = typed();
  blame("");
  at("save").textContent = SAVE;
  at("test").disabled = at("save").disabled = true;
  say("tested", "The reader tries this network \\u2026 Your phone may lose the reader's own" +
      " network for a moment: then join it again, the result waits here.", true);
  let outcome = "failed";
  try {
    const network = new URLSearchParams({ss: ssid.value, sp: psk.value});
    const begun = await ask("/wifi/test", network);
    if (begun.success) outcome = await follow();
    else {
      outcome = "wrong";
      at("tested").textContent = "";
      blame(begun.message);
    }
  } catch (e) {
    say("tested", "The reader did not answer. Are you still in its network?");
  }
  if (outcome === "ok") proven = tried;
  at("test").disabled = at("save").disabled = false;
  return outcome;
}

async function follow() {
  for (let tries = 0; tries < 60; tries++) {
    await pause(1000);
    let result;
    try {
      result = await ask("/wifi/test.json");
    } catch (e) {
      continue;
    }
    if (result.state === "running") continue;
    say("tested", result.message, result.state === "ok");
    address = result.ip;
    return result.state;
  }
  say("tested", "No result came within a minute: try again.");
  return "failed";
}
""",
    """
async function save(event) {
  event.preventDefault();
  const now = typed();
  if (now !== proven && now !== forced) {
    const outcome = await test();
    if (outcome === "failed") {
      forced = now;
      at("save").textContent = "Save without the test";
    }
    if (outcome !== "ok") return;
  }
  blame("");
  at("save").disabled = true;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await ask("/save", body);
    if (answer.success) return leave(answer.message);
    blame(answer.message);
  } catch (e) {
    say("failed", "The reader did not answer. Nothing you typed is lost: join its network again" +
        " and save once more.");
  }
  at("save").disabled = false;
}

async function leave(message) {
  const port = location.port ? ":" + location.port : "";
  const name = at("sh").value.trim() || at("sh").dataset.own;
  const places = [name + ".local", name];
  const own = at("sm").checked ? at("si").value.trim() : address;
  if (own) places.unshift(own);
  at("next").textContent = message;
  at("places").replaceChildren(...places.map((place) => {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = link.textContent = "http://" + place + port + "/";
    item.append(link);
    return item;
  }));
  form.hidden = true;
  at("saved").hidden = false;
  at("saved").focus();
  await pause(5000);
  for (let turn = 0; ; turn++) {
    const place = "http://" + places[turn % places.length] + port + "/";
    try {
      const request = fetch(place + "is-alive", {cache: "no-store"});
      const answer = await Promise.race([request, pause(3000)]);
      if (answer && answer.ok) {
        location.replace(place);
        return;
      }
    } catch (e) {
    }
    await pause(1000);
  }
}
""",
    """
form.addEventListener("submit", save);
at("test").onclick = test;
if (at("tested").dataset.state === "running") follow();
if (at("tested").dataset.state === "ok") {
  proven = typed();
  address = at("tested").dataset.ip;
}
at("scan").onclick = scan;
at("show").onclick = () => {
  const shown = psk.type === "text";
  psk.type = shown ? "password" : "text";
  at("show").textContent = shown ? "Show" : "Hide";
  at("show").setAttribute("aria-pressed", !shown);
};
ssid.oninput = () => {
  at("ss-note").hidden = ssid.value === ssid.value.trim();
};
at("sm").onchange = () => {
  for (const id of ["si", "sg"]) at(id).required = at("sm").checked;
};
ssid.oninput();
at("sm").onchange();
if (at("list")) scan();
</script>
""",
)

// Tokens of programs: made when the reader's button is pressed, shown once.

import { make, setText } from "../lib/dom.js";
import { dateWords } from "../lib/zone.js";
import { W } from "../words.js";
import { button, card, help, status, textInput } from "./parts.js";
import { form, read } from "./requests.js";
import { sure } from "./sure.js";

const BUTTON_MS = 70000;
const CLOCK_VALID = 1.7e9;
const MOST = 4;

// The day on which it was made, if the reader knew the time.
function since({ made }) {
  if (made < CLOCK_VALID) return "";
  return make("small", {}, dateWords(new Date(made * 1000).toISOString().slice(0, 10), { dateStyle: "medium" }));
}

export function tokens() {
  const rows = make("ul", { class: "tokens" });
  const name = textInput({ id: "token-name", maxlength: "32" });
  const state = status();
  const made = make("code", { class: "token", hidden: "" });

  async function revoke(token) {
    if (!(await sure({ title: W.SET.remove, text: token.name, yes: W.SET.remove }))) return;
    const { doc, words } = await form("/api/token/revoke", { id: token.id });
    setText(state, doc?.success ? "" : words);
    await list();
    name.focus();
  }

  async function list() {
    const { doc, words } = await read("/api/tokens");
    if (!doc) return setText(state, words);
    rows.replaceChildren(...doc.tokens.map((token) => {
      const drop = button(W.SET.remove, () => revoke(token));
      drop.setAttribute("aria-label", `${W.SET.remove}: ${token.name}`);
      return make("li", {}, make("span", {}, token.name, since(token)), drop);
    }));
    more.disabled = doc.tokens.length >= MOST;
  }

  const more = button(W.TOKEN.make, async () => {
    if (!name.value.trim()) return name.focus();
    made.hidden = true;
    setText(state, W.TOKEN.press);
    const { doc, words } = await form("/api/token", { name: name.value.trim() }, BUTTON_MS);
    setText(state, doc?.success ? W.TOKEN.once : words);
    if (!doc?.success) return;
    setText(made, doc.token);
    made.hidden = false;
    name.value = "";
    list();
  });
  list();
  return card(W.TOKEN.title, help(W.TOKEN.help), rows,
    make("div", { class: "field" }, make("label", { for: "token-name" }, W.TOKEN.name), name), more, state, made);
}

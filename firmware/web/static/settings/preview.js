// What the price rules of the form would make of the known spot prices, before they are saved.

import { make, setText } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { dateWords } from "../lib/zone.js";
import { W } from "../words.js";
import { button, card, help, status, tools } from "./parts.js";
import { send } from "./requests.js";

const NAMES = [
  "price_multiplier", "price_fixed_micro", "price_rules", "export_price", "export_multiplier", "export_fixed_micro",
];
const DAY = { weekday: "short", day: "numeric" };
const PREVIEW_MS = 30000;

const amount = ([name, value], i) => `${i ? (value < 0 ? "\u2212 " : "+ ") : ""}${name} ${number(i ? Math.abs(value) : value, 4)}`;

function table(doc) {
  const unit = `${doc.currency}/kWh`;
  const head = [W.PREVIEW.time, `${W.PREVIEW.spot}, ${unit}`, `${W.PREVIEW.price}, ${unit}`, W.PREVIEW.steps];
  const rows = doc.slots.map((slot) => make("tr", {},
    make("th", { scope: "row" }, `${dateWords(slot.l.slice(0, 10), DAY)} ${slot.l.slice(11)}`),
    make("td", {}, number(slot.s, 4)), make("td", {}, number(slot.p, 4)), make("td", {}, slot.w.map(amount).join(" "))));
  return make("table", {},
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))), make("tbody", {}, ...rows));
}

// section: the form.
export function preview(section) {
  const direction = make("select", { id: "preview-direction" }, ...["import", "export"].map((value, i) =>
    make("option", { value }, W.RULE.directions.split("|")[i])));
  const state = status();
  const out = make("div", { id: "preview", tabindex: "0", role: "region", "aria-label": W.PREVIEW.title, hidden: "" });

  const test = button(W.PREVIEW.title, async () => {
    const changes = section.changes();
    if (!changes) return;
    const body = Object.fromEntries(NAMES.filter((name) => name in changes).map((name) => [name, changes[name]]));
    const { doc, words } = await send("POST", "/pricepreview.json", { ...body, direction: direction.value }, PREVIEW_MS);
    out.hidden = !doc?.slots;
    if (!doc?.slots) return setText(state, words);
    setText(state, doc.slots.some((slot) => slot.p !== null) ? "" : W.PREVIEW.none);
    out.replaceChildren(table(doc));
  });
  return card(W.PREVIEW.title, help(W.SET.tryHelp),
    tools(make("label", { for: "preview-direction" }, W.RULE.direction), direction, test), state, out);
}

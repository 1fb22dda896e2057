// Temperature sensors: value, name and address of each.

import { askJson } from "../lib/ask.js";
import { byId, make, setShown, setText } from "../lib/dom.js";
import { DASH, number } from "../lib/format.js";
import { W } from "../words.js";
import { told, whileOff } from "./parts.js";

const NOT_READ = -100;

function row({ a, n, v }) {
  const value = v > NOT_READ ? `${number(v, 1)} \u00b0C` : DASH;
  const name = make("input", { "aria-label": `${W.HEAT.name} ${a}`, maxlength: 16, "data-address": a, autocomplete: "off" });
  name.value = n;
  return make("tr", {}, make("th", { scope: "row" }, make("code", {}, a)), make("td", {}, name), make("td", {}, value));
}

async function keep() {
  const names = [...byId("sensors").querySelectorAll("input")].map((input) => [input.dataset.address, input.value.trim()]);
  const text = names.filter(([, name]) => name).map((pair) => pair.join(" ")).join(", ");
  const [done, words] = told(await askJson("/api/config", { body: { sensor_names: text }, method: "PATCH" }));
  setText(byId("sensors-said"), done ? W.DEVICE.done : words);
}

// The card is there if a sensor is.
export async function showTemperatures(stopped) {
  const [status, doc] = await askJson("/temperature.json");
  if (stopped() || status !== 200 || !doc) return;
  setShown(byId("heat"), doc.c);
  byId("sensors").replaceChildren(...doc.s.map(row));
  byId("sensors-save").onclick = (event) => whileOff(event.currentTarget, keep);
}

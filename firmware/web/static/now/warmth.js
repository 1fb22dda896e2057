// The card Temperatures: the sensors at the reader.

import { Source } from "../lib/ask.js";
import { byId, setShown, setText } from "../lib/dom.js";
import { known, number } from "../lib/format.js";
import { W } from "../words.js";

const AGAIN_MS = 60000;
const NO_VALUE = -127;

export class Warmth {
  id = "warmth";
  #source = new Source();
  #sensors = [];

  read(choice) {
    if (!choice.has("s", true)) return Promise.resolve(false);
    return this.#source.refresh("all", "/temperature.json", (text) => {
      this.#sensors = JSON.parse(text).s.map(({ a, n, v }) => [n || a.slice(-4), v]);
      return this.#sensors.length || choice.always("s") ? AGAIN_MS : undefined;
    });
  }

  show(choice) {
    const card = byId(this.id);
    setShown(card, choice.has("s", this.#sensors.length));
    if (card.hidden) return;
    const list = card.querySelector("dl");
    this.#sensors.forEach(([name, degrees], n) => {
      if (!list.children[n]) list.append(byId("sensor").content.cloneNode(true));
      setText(list.children[n].firstElementChild, name);
      setText(list.children[n].lastElementChild, `${number(known(degrees) && degrees > NO_VALUE ? degrees : null, 1)}\u00a0°C`);
    });
    while (list.children.length > this.#sensors.length) list.lastElementChild.remove();
    setText(card.querySelector(".why"), this.#sensors.length ? "" : W.NOW.nothing);
  }
}

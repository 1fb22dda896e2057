// The cards under the first ones: prices, energy of hours and days, temperatures. A part of its own, so that the first
// figures are there sooner.

import { inView } from "../lib/dom.js";
import { W } from "../words.js";
import { EnergyChart } from "./energychart.js";
import { PriceChart } from "./pricechart.js";
import { Warmth } from "./warmth.js";

export class Charts {
  #prices = new PriceChart();
  #energy = [new EnergyChart("day"), new EnergyChart("month")];
  #warmth = new Warmth();

  close() {
    for (const chart of [this.#prices, ...this.#energy]) chart.close();
  }

  // shown(): called after each document that was read.
  async read(now, choice, shown) {
    for (const part of [...this.#energy, this.#warmth]) {
      if (inView(part.id) && (await part.read(choice, now))) shown();
    }
  }

  // prices: of prices.js; doc: the newest document; now: the reader's time in s, null without a clock.
  show(prices, doc, now, choice) {
    const { co, ea } = doc;
    this.#prices.show(prices, now, choice, co?.nr && ea ? W.SUMS.noRate(co.sc, ea.cur) : "");
    for (const part of this.#energy) part.show(now, choice);
    this.#warmth.show(choice);
  }
}

// A row of steps, a card for each. Its name is the section of the address, and what was typed is in the entry of the
// browser's history: both are still there if the phone has dropped the page while it slept. No other storage is needed.

import { byId, setShown, setText } from "../lib/dom.js";
import { W } from "../words.js";

export class Steps {
  // steps: { name, title, open(body, steps), next: text of the button, skip: whether there is nothing to lose,
  //   aside: it is not in the row, wanted(): false leaves it out }
  // open() draws into body, and returns { save(), close() }: save() resolves to whether the next step may come.
  // network: /network.json.
  constructor(steps, network) {
    this.steps = steps;
    this.network = network;
    this.draft = { ...history.state?.draft };
    this.turn = 0;
    this.hear = () => this.show();
    addEventListener("popstate", this.hear);
    byId("step-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.next();
    });
    byId("step-back").addEventListener("click", () => this.move(-1));
    byId("step-skip").addEventListener("click", () => this.move(1));
    this.show();
  }

  get row() {
    return this.steps.filter(({ aside, wanted }) => !aside && wanted?.() !== false);
  }

  keep(values) {
    Object.assign(this.draft, values);
    history.replaceState({ draft: this.draft }, "");
  }

  async show() {
    const turn = (this.turn += 1);
    const { row } = this;
    const named = this.steps.find(({ name }) => name === location.hash.slice(1));
    const step = named?.aside || row.includes(named) ? named : row[0];
    this.part?.close?.();
    [this.step, this.part] = [step, null];
    setText(byId("step-title"), step.title);
    this.number();
    setText(byId("step-next"), step.next ?? W.SETUP.next);
    setShown(byId("step-skip"), step.skip);
    setShown(byId("step-back"), step !== row[0]);
    this.blame("");
    this.hold(false);
    const body = byId("step-body");
    body.replaceChildren();
    const part = await step.open(body, this);
    if (turn !== this.turn) part?.close?.();
    else this.part = part;
  }

  // "2 / 8"; how many there are may have changed.
  number() {
    const { row, step } = this;
    setText(byId("step-place"), step.aside ? "" : `${row.indexOf(step) + 1} / ${row.length}`);
  }

  to(name) {
    history.pushState({ draft: this.draft }, "", `#${name}`);
    this.show();
    byId("step-title").focus();
    scrollTo(0, 0);
  }

  move(by) {
    const { row } = this;
    this.to((row[row.indexOf(this.step) + by] ?? row[0]).name);
  }

  async next() {
    const { turn } = this;
    if (byId("step-next").getAttribute("aria-disabled") === "true") return;
    this.blame("");
    this.hold(true);
    const done = (await this.part?.save?.()) ?? true;
    if (turn !== this.turn) return;
    this.hold(false);
    if (done) this.move(1);
  }

  hold(busy) {
    // It keeps the focus; it is gone when the reader leaves.
    byId("step-next")?.setAttribute("aria-disabled", busy);
  }

  blame(text) {
    setText(byId("step-why"), text);
  }

  close() {
    this.turn += 1;
    removeEventListener("popstate", this.hear);
    this.part?.close?.();
  }
}

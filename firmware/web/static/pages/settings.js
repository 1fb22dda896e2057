// The page "Settings": sections as a list, beside it on a wide screen the form of one, each with a save of its own.
//
// /settings#mqtt opens a section, /settings#mqtt_port the section of a setting, with the focus on it.

import { openDialog } from "../lib/dialog.js";
import { byId, fill, make, setText } from "../lib/dom.js";
import { holdPage } from "../lib/route.js";
import { actions, restart } from "../lib/actions.js";
import { certificates } from "../settings/certificates.js";
import { optionsOf, textOf, useTexts } from "../settings/fields.js";
import { keyTest } from "../settings/keytest.js";
import { brokerTest } from "../settings/mqtttest.js";
import { button } from "../settings/parts.js";
import { preview } from "../settings/preview.js";
import { read, send } from "../settings/requests.js";
import { Rules } from "../settings/ruleedit.js";
import { HIDDEN, Section } from "../settings/section.js";
import { Tariff } from "../settings/tariff.js";
import { tokens } from "../settings/tokens.js";
import { Trial } from "../settings/trial.js";
import { W, loadTexts } from "../words.js";
import markup from "./settings.html";

export { default as style } from "./settings.css";
// The guide has fields of this page.
export { Fault } from "../settings/kinds.js";
export { fieldOf } from "../settings/fields.js";
export { brokerTest, keyTest, useTexts };

const OWN = { price_rules: Rules, tariff: Tariff };
// What follows the form of a section.
const EXTRAS = {
  general: () => [tokens()],
  prices: (section) => [preview(section), certificates("price-ca")],
  meter: (section) => [keyTest(section)],
  mqtt: (section) => [brokerTest(section), certificates("mqtt-ca", "mqtt-cert", "mqtt-key")],
  push: () => [certificates("push-ca")],
};
const ACTIONS = "actions";

class Page {
  constructor(settings) {
    this.settings = settings.filter(({ name }) => !HIDDEN.includes(name));
    this.names = [...Object.keys(W.SECTION).filter((name) => name === ACTIONS || this.of(name).length)];
    this.section = null;
    this.shown = null;
    this.trial = new Trial((words) => this.reread(words));
  }

  of(section) {
    return this.settings.filter((setting) => setting.section === section);
  }

  setting(name) {
    return this.settings.find((setting) => setting.name === name);
  }

  dirty() {
    return Boolean(this.section?.dirty());
  }

  // Resolves to whether what is entered may be left.
  async mayLeave() {
    if (!this.dirty()) return true;
    const answer = await openDialog(W.SET.unsaved, [W.SECTION[this.shown]],
      [["stay", W.SET.stay], ["drop", W.SET.drop, "danger"], ["save", W.ACT.save, "main"]]);
    if (answer === "drop") this.section.reset();
    return answer === "drop" || (answer === "save" && this.save());
  }

  drawMenu() {
    const text = byId("find").value.trim().toLowerCase();
    const items = text ? this.found(text) : this.names.map((name) => {
      const labels = this.of(name).slice(0, 3).map((setting) => textOf(setting)[0]);
      return [name, W.SECTION[name], labels.join(", ")];
    });
    setText(byId("found"), text ? W.SET.found(items.length) : "");
    byId("menu").replaceChildren(...items.map(([hash, title, more]) => {
      const link = make("a", { href: `#${hash}`, ...(hash === this.shown && { "aria-current": "true" }) }, title);
      if (more) link.append(make("small", {}, more));
      return make("li", {}, link);
    }));
  }

  // Settings whose name, label, help or an option has each of the words.
  found(text) {
    const words = text.split(/\s+/);
    return this.settings.filter((setting) => {
      const all = [setting.name, ...textOf(setting), W.SECTION[setting.section], ...optionsOf(setting).map(([, label]) => label)].join(" ").toLowerCase();
      return words.every((word) => all.includes(word));
    }).map((setting) => [setting.name, textOf(setting)[0], W.SECTION[setting.section]]);
  }

  // hash: a section, a setting, or "".
  async go(hash, focus) {
    const setting = this.setting(hash);
    const name = setting?.section ?? (this.names.includes(hash) ? hash : "");
    const wanted = name || this.names[0];
    if (wanted !== this.shown) {
      if (!(await this.mayLeave())) return history.replaceState(null, "", `#${this.shown}`);
      this.draw(wanted);
    }
    byId("settings").classList.toggle("at-list", !name);
    this.drawMenu();
    if (setting) this.section.find(hash);
    else if (focus && name) byId("section-title").focus();
  }

  draw(name) {
    this.shown = name;
    this.section = null;
    const title = make("h2", { id: "section-title", tabindex: "-1" }, W.SECTION[name]);
    const back = make("a", { href: location.pathname, class: "back" }, `\u2190 ${W.SET.all}`);
    back.addEventListener("click", (event) => {
      event.preventDefault();
      history.pushState(null, "", location.pathname);
      this.go("", false);
      byId("find").focus();
    });
    const content = [back, title, this.trial.element];
    if (name === ACTIONS) content.push(...actions());
    else {
      this.section = new Section(name, this.of(name), OWN);
      this.section.element.addEventListener("submit", (event) => {
        event.preventDefault();
        this.save();
      });
      content.push(this.section.element, ...(EXTRAS[name]?.(this.section) ?? []));
    }
    byId("section").replaceChildren(...content);
  }

  // Resolves to whether everything is saved.
  async save() {
    const { section } = this;
    const changes = section.changes();
    if (!changes) {
      section.say(W.SET.refused, "bad-text");
      return false;
    }
    section.busy(true);
    const { doc, words } = await send("PATCH", "/api/config", changes);
    section.busy(false);
    if (!doc?.success) {
      section.say(doc?.errors ? W.SET.refused : words, "bad-text");
      section.refuse(doc?.errors ?? {});
      return false;
    }
    section.accept(changes);
    this.tell(section, Object.values(doc.needs));
    return true;
  }

  // needs: what the changes need, of docs/settings.md.
  tell(section, needs) {
    section.say(W.SET.saved, "good-text");
    if (needs.includes("restart")) {
      section.say(W.ACT.needed, "warn-text");
      section.state.append(" ", button(W.ACT.restart, () => restart((text) => section.say(text))));
    }
    if (needs.includes("network")) this.lookForTrial();
  }

  async lookForTrial() {
    const { doc } = await read("/network.json");
    if (doc?.trial) this.trial.begin(doc.trial, (name) => this.setting(name).value);
  }

  // The trial of a network is over: its settings are others, or as they were.
  async reread(words) {
    const { doc } = await read("/api/settings.json");
    const untouched = this.section && !this.dirty();
    for (const { name, value, set } of doc?.settings ?? []) Object.assign(this.setting(name) ?? {}, { value, set });
    if (untouched) this.section.reset();
    this.section?.say(words);
  }
}

export async function open(root) {
  const [{ doc, words }] = await Promise.all([read("/api/settings.json"), loadTexts()]);
  if (!doc) {
    const again = button(W.SHELL.again, () => location.reload());
    root.replaceChildren(make("div", { class: "card full", role: "alert" }, make("p", {}, words), again));
    return null;
  }
  fill(root, markup);
  useTexts(doc.settings);
  const page = new Page(doc.settings);
  const move = () => page.go(location.hash.slice(1), true);
  byId("find").addEventListener("input", () => page.drawMenu());
  addEventListener("hashchange", move);
  holdPage(() => page.dirty(), () => page.mayLeave());
  await page.go(location.hash.slice(1) || (location.pathname === "/priceconfig" ? "prices" : ""), false);
  page.lookForTrial();
  return () => {
    removeEventListener("hashchange", move);
    page.trial.close();
  };
}

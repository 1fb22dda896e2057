// A new network is on trial for 60 s: the owner confirms it from the reader's new address.

import { make, setText } from "../lib/dom.js";
import { W } from "../words.js";
import { button } from "./parts.js";
import { form, read } from "./requests.js";

const LOOK_MS = 3000;
const LOOK_WAIT_MS = 2500;

// ended(): the trial is over, the settings may be others now.
export class Trial {
  constructor(ended) {
    this.ended = ended;
    this.text = make("span", {});
    this.keep = button(W.TRIAL.keep, () => this.confirm(), "main");
    this.links = make("span", {});
    this.element = make("div", { class: "note warn", role: "alert", hidden: "" }, make("i", {}), make("div", {}, this.text, " ", this.links, " ", this.keep));
    this.timer = null;
  }

  // setting(name): the value on trial.
  begin(left, setting) {
    this.until = Date.now() + left * 1000;
    const address = (setting("address") ?? "").split("/")[0];
    const name = setting("hostname");
    const hosts = [address, name && `${name}.local`].filter(Boolean);
    const port = location.port ? `:${location.port}` : "";
    this.links.replaceChildren(...hosts.filter((host) => host !== location.hostname)
      .flatMap((host) => [make("a", { href: `http://${host}${port}/settings#network`, target: "_self" }, host), " "]));
    this.element.hidden = false;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), 1000);
    this.lookAt = Date.now() + LOOK_MS;
    this.tick();
  }

  async tick() {
    const left = Math.max(0, Math.ceil((this.until - Date.now()) / 1000));
    setText(this.text, W.TRIAL.text(left));
    if (this.looking || Date.now() < this.lookAt) return;
    this.looking = true;
    const { doc } = await read("/network.json", LOOK_WAIT_MS);
    this.looking = false;
    this.lookAt = Date.now() + LOOK_MS;
    if (!this.timer || !doc) return;
    if (!doc.trial) return this.end("");
    this.until = Date.now() + doc.trial * 1000;
  }

  async confirm() {
    const { doc, words } = await form("/network/confirm", {});
    if (doc?.success) this.end(W.SET.saved);
    else setText(this.text, words);
  }

  end(words) {
    this.close();
    this.element.hidden = true;
    this.ended(words);
  }

  close() {
    clearInterval(this.timer);
    this.timer = null;
  }
}

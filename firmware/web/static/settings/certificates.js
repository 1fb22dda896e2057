// Certificates: what is stored, and another file, which is shown before it is kept.

import { make, setText } from "../lib/dom.js";
import { W } from "../words.js";
import { button, card, help, status, tools } from "./parts.js";
import { read, send } from "./requests.js";
import { sure } from "./sure.js";

const MOST = 6144;
const SEND_MS = 20000;

// One certificate, or the kind of a key.
function shown(found) {
  if (!found.subject) return make("p", {}, found.key);
  const until = found.to.slice(0, 10);
  const rows = [
    [W.CERT.subject, found.subject],
    [W.CERT.issuer, found.issuer],
    [W.CERT.valid, `${found.from.slice(0, 10)} \u2013 ${until}${found.expired ? `, ${W.CERT.expired}` : ""}`],
    [W.CERT.names, found.names.join(", ")],
    ["SHA-256", found.sha256],
  ];
  return make("dl", {}, ...rows.filter(([, text]) => text)
    .map(([term, text]) => make("div", {}, make("dt", {}, term), make("dd", {}, text))));
}

const all = (found) => found.map(shown);

class File {
  constructor(name, stored) {
    this.name = name;
    this.stored = make("div", {});
    this.state = status();
    this.next = make("div", { class: "cert-next" });
    this.input = make("input", { type: "file", id: name, accept: ".pem,.crt,.cer,.der,.key" });
    this.remove = button(W.SET.remove, () => this.drop());
    this.element = make("div", { class: "cert" }, make("h3", {}, make("label", { for: name }, W.FILE[name.split("-")[1]])),
      this.stored, this.input, this.next, tools(this.remove), this.state);
    this.input.addEventListener("change", () => this.look());
    this.show(stored);
  }

  show(stored) {
    this.stored.replaceChildren(...(stored.length ? all(stored) : [help(W.SET.notSet)]));
    this.remove.hidden = !stored.length;
    this.next.replaceChildren();
    this.input.value = "";
  }

  async look() {
    const [file] = this.input.files;
    this.next.replaceChildren();
    setText(this.state, "");
    if (!file) return;
    if (file.size > MOST) return setText(this.state, W.SET.most(MOST));
    const { doc, words } = await send("POST", `/${this.name}?preview=true`, file, SEND_MS);
    if (!doc?.success) return setText(this.state, words);
    const keep = button(W.ACT.save, () => this.send(file, W.SET.saved), "main");
    const leave = button(W.ACT.cancel, () => {
      this.next.replaceChildren();
      this.input.value = "";
      this.input.focus();
    });
    this.next.replaceChildren(...all(doc.found), tools(keep, leave));
    keep.focus();
  }

  async drop() {
    if (await sure({ title: W.SET.remove, text: W.FILE[this.name.split("-")[1]], yes: W.SET.remove })) this.send("", "");
  }

  async send(body, done) {
    const { doc, words } = await send("POST", `/${this.name}`, body, SEND_MS);
    if (doc?.success) {
      this.show(doc.found);
      this.input.focus();
    }
    setText(this.state, doc?.success ? done : words);
  }
}

export function certificates(...names) {
  const made = card(W.CERT.title);
  read("/api/certificates.json").then(({ doc, words }) => {
    made.append(...(doc ? names.map((name) => new File(name, doc[name]).element) : [make("p", { class: "bad-text" }, words)]));
  });
  return made;
}

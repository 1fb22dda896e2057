// Certificates: what is stored, and another file, which is shown before it is kept.

import { make, setText } from "../lib/dom.js";
import { W } from "../words.js";
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
    this.state = make("p", { role: "status" });
    this.next = make("div", { class: "cert-next" });
    this.input = make("input", { type: "file", id: name, accept: ".pem,.crt,.cer,.der,.key" });
    this.remove = make("button", { type: "button" }, W.SET.remove);
    this.element = make("div", { class: "cert" }, make("h3", {}, make("label", { for: name }, W.FILE[name.split("-")[1]])),
      this.stored, this.input, this.next, make("p", { class: "tools" }, this.remove), this.state);
    this.input.addEventListener("change", () => this.look());
    this.remove.addEventListener("click", () => this.drop());
    this.show(stored);
  }

  show(stored) {
    this.stored.replaceChildren(...(stored.length ? all(stored) : [make("p", { class: "help" }, W.SET.notSet)]));
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
    const keep = make("button", { type: "button", class: "main" }, W.SET.save);
    const leave = make("button", { type: "button" }, W.SET.cancel);
    this.next.replaceChildren(...all(doc.found), make("p", { class: "tools" }, keep, " ", leave));
    keep.focus();
    keep.addEventListener("click", () => this.send(file, W.SET.saved));
    leave.addEventListener("click", () => {
      this.next.replaceChildren();
      this.input.value = "";
      this.input.focus();
    });
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
  const card = make("div", { class: "card" }, make("h2", {}, W.CERT.title));
  read("/api/certificates.json").then(({ doc, words }) => {
    card.append(...(doc ? names.map((name) => new File(name, doc[name]).element) : [make("p", { class: "bad-text" }, words)]));
  });
  return card;
}

// The login, which goes back to where it was asked for; and the first password, or none, before the guide.

import { askJson, postForm } from "../lib/ask.js";
import { askHeld } from "../lib/badges.js";
import { byId, fill, make, setShown, setText } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { W } from "../words.js";
import markup from "./login.html";

const ANSWER_MS = 30000;
const TOO_MANY = 429;
const WRONG = 403;
const SHORTEST = 8;

// A path of this reader.
const local = (path) => (/^\/(?![/\\])/.test(path ?? "") ? path : "/");

const secret = (name, label, autocomplete) => field({ name, kind: "password", label, most: 63, autocomplete });

async function send(path, form, next) {
  const button = byId("login-do");
  setText(byId("login-why"), "");
  button.disabled = true;
  const [status, doc] = await postForm(path, form, ANSWER_MS);
  button.disabled = false;
  if (status === 200) return location.replace(next);
  setText(byId("login-why"), status === TOO_MANY ? W.LOGIN.wait : doc?.message ?? (status === WRONG ? W.REASON.password : W.SETUP.lost));
  byId("f-password").focus();
}

function login(query) {
  const user = field({ name: "user", label: W.LOGIN.user, most: 63, autocomplete: "username" });
  const password = secret("password", W.SETUP.password, "current-password");
  user.input.autocapitalize = "none";
  byId("login-fields").append(user.row, password.row);
  setText(byId("login-do"), W.PLACE.login);
  setText(byId("login-foot"), `${W.SETUP.held}/welcome`);
  const next = local(query.get("next"));
  return () => send("/login", { user: user.value, password: password.value, next }, next);
}

function welcome() {
  const password = secret("password", W.SETUP.password, "new-password");
  const again = secret("again", W.LOGIN.again, "new-password");
  const all = field({ name: "all", kind: "switch", label: W.LOGIN.all });
  // Password managers want a name.
  const user = make("input", { name: "user", autocomplete: "username", value: "owner", hidden: "" });
  byId("login-fields").append(user, password.row, again.row, all.row);
  setText(byId("login-head"), W.LOGIN.why);
  setText(byId("login-do"), W.LOGIN.set);
  setShown(byId("login-skip"), true);
  // Where nothing can be stored, no password can.
  askJson("/network.json").then(([, network]) => askHeld(network?.nf));
  byId("login-skip").addEventListener("click", () => send("/welcome", { do: "skip" }, "/setup"));
  return () => {
    const short = password.value.length < SHORTEST;
    const differs = !short && again.value !== password.value;
    password.fault(short ? W.SETUP.short : "");
    again.fault(differs ? W.LOGIN.again : "");
    if (short || differs) return (short ? password : again).input.focus();
    return send("/welcome", { do: "set", password: password.value, again: again.value, all: all.value ? "2" : "" }, "/setup");
  };
}

export function openLogin(root, query) {
  fill(root, markup);
  const submit = location.pathname === "/welcome" ? welcome() : login(query);
  byId("login").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  byId("login-fields").querySelector("input:not([hidden])").focus();
  return () => {};
}

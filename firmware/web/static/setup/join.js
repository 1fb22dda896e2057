// The last step in the reader's own network: what is stored, then the way into the owner's.

import { postForm, pause } from "../lib/ask.js";
import { byId, make, setText } from "../lib/dom.js";
import { W } from "../words.js";

const BEFORE_MS = 5000;
const BETWEEN_MS = 1000;
const ANSWER_MS = 3000;
const SAVE_MS = 15000;

// The reader leaves its own network: its addresses in the new one. The first that answers is opened.
export async function leave(steps, name, own) {
  const port = location.port && `:${location.port}`;
  const places = [...(own ? [own] : []), `${name}.local`, name].map((place) => `http://${place}${port}/`);
  const { turn } = steps;
  setText(byId("step-title"), W.SETUP.saved);
  setText(byId("step-place"), "");
  byId("step-form").replaceChildren(
    make("p", { role: "status" }, W.SETUP.leaving),
    make("ul", { class: "places" }, ...places.map((place) => make("li", {}, make("a", { href: place }, place)))),
    make("p", { class: "sub" }, W.SETUP.held));
  byId("step-title").focus();
  await pause(BEFORE_MS);
  for (let at = 0; turn === steps.turn; at += 1) {
    const place = places[at % places.length];
    const answer = await Promise.race([fetch(`${place}is-alive`, { cache: "no-store" }).catch(() => null), pause(ANSWER_MS)]);
    if (answer?.ok) return location.replace(place);
    await pause(BETWEEN_MS);
  }
}

export function open(body, steps) {
  const { draft, network } = steps;
  const host = draft.sh || network.hostname;
  const rows = [[W.SETUP.network, draft.ss], [W.SETUP.host, host], ["IP", draft.sm ? `${draft.si}/${draft.su}` : "DHCP"]];
  body.append(make("dl", {}, ...rows.map(([term, text]) => make("div", {}, make("dt", {}, term), make("dd", {}, text ?? "\u2014")))));
  return {
    async save() {
      const { ss = "", sh = "", sm, si, su, sg, sd = "" } = draft;
      const sp = steps.psk ?? draft.sp;
      if (sp === undefined) return steps.to("wifi"); // of an untested network, gone with the page
      const form = { s: "true", ss, sp, sh, ...(sm && { sm: "static", si, su, sg, sd }) };
      const [, doc] = await postForm("/save", form, SAVE_MS);
      if (!doc?.success) steps.blame(doc ? doc.message.replace(/^s\w: /, "") : W.SETUP.lost);
      else leave(steps, host, sm ? si : steps.ip);
      return false;
    },
  };
}

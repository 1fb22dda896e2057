// Buttons Earlier, Later and Today, labelled with their ranges, and the name of the shown range.

import { byId, setShown, setText } from "../lib/dom.js";
import { endOf, kept, rangeName, shift } from "./range.js";
import { W } from "../words.js";

const STEPS = { earlier: -1, later: 1, today: 0 };

// A focused button without a range keeps the focus, so it is not disabled. place: "" = no range.
function lead(name, place) {
  byId(name).setAttribute("aria-disabled", !place);
  byId(name).setAttribute("aria-label", place ? W.WALK.to(W.WALK[name], place) : W.WALK[name]);
}

// end: the last date of the shown range, null for the running one; today: a date, null = unknown; empty: whether the
// reader has no data of this range and of the one before.
export function drawWalk(view, end, today, empty) {
  setShown(byId("walk"), today);
  if (!today) return;
  const name = (date) => rangeName(view, date, today, "long");
  const before = shift(view, end ?? today, -1);
  lead("earlier", !empty && kept(view, before, today) ? name(before) : "");
  lead("later", end ? name(endOf(view, shift(view, end, 1), today) ?? today) : "");
  lead("today", name(today));
  setShown(byId("today"), end);
  setText(byId("range"), rangeName(view, end ?? today, today, "short"));
}

// go(n): called to show the n-th range after this one; 0: the running range.
export function watchWalk(go) {
  byId("walk").addEventListener("click", ({ target }) => {
    if (!(target.id in STEPS) || target.getAttribute("aria-disabled") === "true") return;
    go(STEPS[target.id]);
    if (target.hidden) byId("earlier").focus();
  });
}

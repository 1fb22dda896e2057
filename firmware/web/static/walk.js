// Buttons Earlier, Later and Today, named for the range that each leads to, and the name of the range shown.

import { byId, setShown, setText } from "./dom.js";
import { endOf, kept, rangeName, shift } from "./range.js";
import { WALK } from "./words.js";

const STEPS = { earlier: -1, later: 1, today: 0 };

// A button that leads nowhere keeps the focus it has, so it is not disabled outright. place: "" for nowhere.
function lead(name, place) {
  byId(name).setAttribute("aria-disabled", !place);
  byId(name).setAttribute("aria-label", place ? WALK.to(WALK[name], place) : WALK[name]);
}

// end: the last date of the range shown, null for the one that is not over; today: a date, null while it is not known;
// empty: whether the reader has nothing of this range nor of the one before.
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

// go(n): called to show the n-th range after this one; 0: the one that is not over.
export function watchWalk(go) {
  byId("walk").addEventListener("click", ({ target }) => {
    if (!(target.id in STEPS) || target.getAttribute("aria-disabled") === "true") return;
    go(STEPS[target.id]);
    if (target.hidden) byId("earlier").focus();
  });
}

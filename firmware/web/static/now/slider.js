// A chart as a slider: pointer and touch choose a place, arrow keys go on from there, and it is given up on leaving.

const MOVES = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -1e9, End: 1e9 };

// at(x): x in px from the left edge of the drawing; move(n): n places on; leave().
export function slide(svg, at, move, leave) {
  const follow = ({ clientX }) => at(clientX - svg.getBoundingClientRect().left);
  svg.addEventListener("pointermove", follow);
  svg.addEventListener("pointerdown", follow);
  svg.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && !svg.matches(":focus-visible") && leave());
  svg.addEventListener("blur", leave);
  svg.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    if (!MOVES[event.key]) return;
    event.preventDefault();
    move(MOVES[event.key]);
  });
}

// Its range and value: numbers, the value also as a text.
export function setSlider(svg, least, most, value, text) {
  for (const [name, is] of [["min", least], ["max", most], ["now", value], ["text", text]]) {
    if (svg.getAttribute(`aria-value${name}`) !== String(is)) svg.setAttribute(`aria-value${name}`, is);
  }
}

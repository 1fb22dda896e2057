// The page History.

import { fill } from "../lib/dom.js";
import { feed } from "../lib/feed.js";
import { showEnergy, watchEnergy } from "../history/energy.js";
import markup from "./history.html";

export { default as style } from "./history.css";

// Draws the page; returns what closes it.
export function open(root) {
  fill(root, markup);
  const stop = watchEnergy();
  const end = feed.watch(
    () => {},
    () => showEnergy(feed.doc?.ea ?? null, feed.time, feed.reachable && feed.doc),
  );
  return () => {
    end();
    stop();
  };
}

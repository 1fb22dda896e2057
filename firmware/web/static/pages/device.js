// The page Device: four views, one at a time; the section of the address names it.

import { openBackup } from "../device/backup.js";
import { openHealth } from "../device/health.js";
import { openInspector } from "../device/inspector.js";
import { openOverview } from "../device/overview.js";
import { byId, fill } from "../lib/dom.js";
import markup from "./device.html";

export { default as style } from "./device.css";

const VIEWS = {
  overview: openOverview,
  health: openHealth,
  backup: openBackup,
  inspector: openInspector,
};

// Draws the page; returns what closes it.
export function open(root) {
  fill(root, markup);
  let shown = "";
  let close = null;

  async function show() {
    const asked = location.hash.slice(1);
    const name = asked in VIEWS ? asked : "overview";
    if (name === shown) return;
    close?.();
    close = null;
    shown = name;
    for (const link of root.querySelectorAll(".views a")) {
      if (link.hash.slice(1) === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const view of Object.keys(VIEWS)) byId(`view-${view}`).hidden = view !== name;
    const end = await VIEWS[name](byId(`view-${name}`));
    if (shown === name) close = end;
    else end();
  }

  addEventListener("hashchange", show);
  show();
  return () => {
    removeEventListener("hashchange", show);
    shown = "";
    close?.();
  };
}

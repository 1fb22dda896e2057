// The shell: words of the language, theme, navigation, and the page of the address.

import { showBadges } from "./lib/badges.js";
import { LANGUAGES, THEMES, keepLanguage, language, theme, useTheme } from "./lib/choice.js";
import { byId, make, setText } from "./lib/dom.js";
import { mayLeave, watchRoute } from "./lib/route.js";
import { icon } from "./lib/svg.js";
import { PAGES, PATHS, PLACES } from "./pages.js";
import { W, loadWords, useLanguage } from "./words.js";

const BARE = ["setup", "login", "welcome"]; // pages without navigation
let close = null;
let closeBadges = null;
let styled = false; // whether a page's style is in force
let turn = 0;

const nameOf = (path) => (PATHS[path] in PAGES ? PATHS[path] : "now");

// Drawn in 24 by 24.
const ICONS = {
  now: "M13 3 5 14h6l-1 7 8-11h-6z",
  history: "M4 20h16M7 17v-6M12 17V5M17 17V9",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  device: "M7 7h10v10H7zM10 7V4M14 7V4M10 20v-3M14 20v-3M4 10h3M4 14h3M17 10h3M17 14h3",
};

function drawNavigation(name) {
  const nav = byId("places");
  nav.hidden = BARE.includes(name);
  nav.setAttribute("aria-label", W.SHELL.navigation);
  const links = Object.entries(PLACES).filter(([place]) => place in PAGES);
  nav.replaceChildren(...links.map(([place, path]) =>
    make("a", { href: path, ...(place === name && { "aria-current": "page" }) }, icon(ICONS[place]), make("span", {}, W.PLACE[place]))));
}

// The style of a page, in place of the former one's, as one rule after those of the shell: phones of 2022 cannot make sheets.
function useStyle(text) {
  const [sheet] = document.styleSheets;
  if (styled) sheet.deleteRule(sheet.cssRules.length - 1);
  styled = Boolean(sheet);
  sheet?.insertRule(`@media{${text}}`, sheet.cssRules.length);
}

// A part that cannot be loaded: the reader restarts, or has another firmware by now.
function drawFailure() {
  const again = make("button", { type: "button", class: "main" }, W.SHELL.again);
  again.addEventListener("click", () => location.reload());
  byId("page").replaceChildren(
    make("section", { class: "card full", role: "alert" }, make("p", {}, W.SHELL.failed), make("p", { class: "tools" }, again)));
}

async function parts(name) {
  try {
    const page = PAGES[name];
    const [module] = await Promise.all([page.load(), loadWords(page.words)]);
    return module;
  } catch {
    return null;
  }
}

async function open(focus) {
  const mine = (turn += 1);
  const name = nameOf(location.pathname);
  close?.();
  close = null;
  const root = byId("page");
  root.replaceChildren();
  drawNavigation(name);
  document.body.dataset.page = name;
  setText(byId("title"), W.PLACE[name]);
  document.title = `${W.PLACE[name]} \u2013 ${byId("product").textContent}`;
  if (focus) {
    scrollTo(0, 0);
    byId("title").focus();
  }
  if (BARE.includes(name)) closeBadges = closeBadges?.();
  else closeBadges ??= showBadges();
  const module = await parts(name);
  if (mine !== turn) return;
  if (!module) return drawFailure();
  useStyle(module.style);
  const done = await module.open(root, new URLSearchParams(location.search));
  if (mine === turn) close = done;
  else done?.();
}

function options(select, texts, value, change) {
  select.replaceChildren(...Object.entries(texts).map(([key, text]) => make("option", { value: key }, text)));
  select.value = value;
  select.onchange = () => change(select.value);
}

async function speak(name) {
  useLanguage(name);
  await loadWords("shared");
  document.documentElement.lang = name;
  setText(byId("skip"), W.SHELL.skip);
  setText(byId("language-label"), W.SHELL.language);
  setText(byId("theme-label"), W.SHELL.theme);
  options(byId("language"), LANGUAGES, name, async (chosen) => {
    if (!(await mayLeave())) {
      byId("language").value = name;
      return;
    }
    keepLanguage(chosen);
    await speak(chosen);
    open(false);
  });
  options(byId("theme"), Object.fromEntries(THEMES.map((key) => [key, W.SHELL[key]])), theme(), useTheme);
}

useTheme(theme());
try {
  await speak(language());
  watchRoute((path) => PATHS[path] in PAGES, () => open(true));
  open(false);
} catch {
  byId("failed").hidden = false;
}

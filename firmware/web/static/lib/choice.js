// The owner's choices of language and theme, kept in this browser.

import { W, languageInUse } from "../words.js";

export const LANGUAGES = {
  en: "English", nb: "Norsk", sv: "Svenska", da: "Dansk", de: "Deutsch", nl: "Nederlands", fi: "Suomi",
};
export const THEMES = ["auto", "light", "dark"];
const ALIKE = { no: "nb", nn: "nb" }; // languages that read another one's words

// Storage may be forbidden, as in the window of a captive portal.
function kept(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice holds until the page is left.
  }
}

const base = (tag) => {
  const name = tag.toLowerCase().split("-")[0];
  return ALIKE[name] ?? name;
};

// The kept language, else the browser's first one that the page has, else English.
export function language() {
  const chosen = kept("lang");
  if (chosen in LANGUAGES) return chosen;
  return navigator.languages.map(base).find((name) => name in LANGUAGES) ?? "en";
}

// The locale of figures and dates: the browser's of the language in use, "de-AT" for "de"; else the usual one.
export const pageLocale = () => navigator.languages.find((tag) => base(tag) === languageInUse()) ?? W.PAGE.locale;

export const keepLanguage = (name) => keep("lang", name);

export const theme = () => (THEMES.includes(kept("theme")) ? kept("theme") : "auto");

// name: auto, light or dark.
export function useTheme(name) {
  keep("theme", name);
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}

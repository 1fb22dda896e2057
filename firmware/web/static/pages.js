// The pages: the file of words of each, and what loads its module and its style. A page is a line in each table.

import deviceStyle from "./pages/device.css";
import historyStyle from "./pages/history.css";
import nowStyle from "./pages/now.css";
import settingsStyle from "./pages/settings.css";
import setupStyle from "./pages/setup.css";

export const PAGES = {
  now: { words: "now", style: nowStyle, load: () => import("./pages/now.js") },
  history: { words: "history", style: historyStyle, load: () => import("./pages/history.js") },
  settings: { words: "settings", style: settingsStyle, load: () => import("./pages/settings.js") },
  setup: { words: "setup", style: setupStyle, load: () => import("./pages/setup.js") },
  login: { words: "setup", style: setupStyle, load: () => import("./pages/login.js") },
  welcome: { words: "setup", style: setupStyle, load: () => import("./pages/login.js") },
  device: { words: "device", style: deviceStyle, load: () => import("./pages/device.js") },
};

// Those of the navigation, in its order, each with its address.
export const PLACES = { now: "/", history: "/history", settings: "/settings", device: "/device" };

// Addresses; a row of _FILES in web/routes.py for each.
export const PATHS = {
  "/": "now",
  "/index.html": "now",
  "/history": "history",
  "/edit-day": "history",
  "/edit-month": "history",
  "/settings": "settings",
  "/configuration": "settings",
  "/priceconfig": "settings",
  "/device": "device",
  "/status": "device",
  "/consent": "device",
  "/setup": "setup",
  "/vendor": "setup",
  "/login": "login",
  "/welcome": "welcome",
};

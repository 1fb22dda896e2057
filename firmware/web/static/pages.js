// The pages: the file of words of each, and what loads its module. A page is a line in each table.

// The login is in the file of the guide, which has its style.
async function loadLogin() {
  const { openLogin: open, style } = await import("./pages/setup.js");
  return { open, style };
}

export const PAGES = {
  now: { words: "now", load: () => import("./pages/now.js") },
  history: { words: "history", load: () => import("./pages/history.js") },
  settings: { words: "settings", load: () => import("./pages/settings.js") },
  setup: { words: "setup", load: () => import("./pages/setup.js") },
  login: { words: "setup", load: loadLogin },
  welcome: { words: "setup", load: loadLogin },
  device: { words: "device", load: () => import("./pages/device.js") },
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

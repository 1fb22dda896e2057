// English: words of all pages.
//
// Figures, dates and times that a function takes are text, unless a comment gives another type.

export const PAGE = {
  // For names of weekdays and months, if the browser has no locale of this language.
  locale: "en-GB",
};

export const UNIT = {
  w: "W",
  kw: "kW",
  kwh: "kWh",
  a: "A",
  v: "V",
  var: "var",
  kvarh: "kvarh",
  second: "s",
  minute: "min",
  hour: "h",
  day: "d",
};

// The pages.
export const PLACE = {
  now: "Now",
  history: "History",
  settings: "Settings",
  device: "Device",
  setup: "Set-up",
  login: "Log in",
  welcome: "Welcome",
};

export const SHELL = {
  skip: "Skip to content",
  navigation: "Pages",
  language: "Language",
  theme: "Theme",
  auto: "Automatic",
  light: "Light",
  dark: "Dark",
  failed: "A part of this page could not be loaded: the reader does not answer, or has got other firmware.",
  again: "Load the page again",
  noscript: "This page needs JavaScript. The live figures are also at /now.json.",
};

// Badges in the header, the line at the foot. Levels are 1 good, 2 doubtful, 3 bad; ages are texts.
export const BADGE = {
  title: "Status",
  meterUnknown: "Meter unknown",
  meterWaiting: "Meter waiting",
  meterSilent: "Meter silent",
  meterHeard: (age, fault) => `Meter ${fault ? "error, " : ""}${age} ago`,
  signal: (dbm, level) => `Wi-Fi ${dbm} dBm${{ 2: ", weak", 3: ", very weak" }[level] ?? ""}`,
  broker: (level) => `MQTT ${["off", "connected", "connecting", "failed"][level] ?? "unknown"}`,
  voltage: (volts, level, low) =>
    `Supply ${volts} V${{ 2: ", check", 3: low ? ", too low" : ", too high" }[level] ?? ""}`,
  none: "No telegram seen yet",
  last: (age) => `Last telegram ${age} ago`,
  uptime: (age) => `Reader running for ${age}`,
};

export const FIELD = {
  reveal: "Show",
};

// Restart, factory reset, and what forms have in common.
export const ACT = {
  restart: "Restart",
  needed: "Saved. It is used after a restart.",
  restartHelp: "Nothing is lost. It takes half a minute.",
  restarting: "Restarting …",
  back: "The reader is back.",
  reset: "Factory reset",
  resetHelp: "Clears settings, passwords, keys, tokens and own lists, and opens the network for the setup.",
  keep: "Keep history, costs and prices",
  lost: "History, costs and prices are lost too.",
  backup: "Backup",
  cancel: "Cancel",
  noAnswer: "The reader does not answer.",
  save: "Save",
};

// A data partition with something else on it.
export const HELD = {
  stored: "Nothing is stored, also no settings: the memory for files has something else on it.",
  ask: "Format the memory for files?",
  lost: "What another firmware has there is lost. To keep it, read it by cable first.",
  yes: "Format",
};

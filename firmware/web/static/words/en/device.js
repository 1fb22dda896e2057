// English: the page Device.

export const DEVICE = {
  overview: "Information",
  board: "Board",
  apMac: "MAC in set-up",
  uptime: "Running for",
  reset: "Last restart",
  maker: "Manufacturer",
  model: "Model",
  number: "Meter ID",
  network: "Network",
  hostname: "Host name",
  mask: "Mask",
  gateway: "Gateway",
  fixedAddress: "fixed",
  done: "Done.",
};

export const HEAT = {
  title: "Temperature sensors",
  name: "Name",
};

export const FIRMWARE = {
  title: "Firmware",
  running: "Running",
  latest: "Newer",
  news: "What is new",
  upgrade: (v) => `Upgrade to ${v}`,
  check: "Look for a newer one",
  former: "Back to the former one",
  consent: "Look once a day",
  consentHelp: "Your consent: the server then sees version, board and internet address. You install it yourself.",
  channel: "Channel",
  send: "Install",
  trial: (v) => `${v} is on trial for a minute or two; if it fails, the former one comes back.`,
  confirmed: (v) => `${v} runs and has confirmed itself.`,
  wentBack: (w) => `The former firmware is back. ${w}`,
};

export const HEALTH = {
  title: "Health",
  meter: "Meter",
  prices: "Prices",
  supply: "Supply voltage",
  missing: (r) => `no exchange rate ${r}`,
  noPrices: "none for now",
  safe: (t) => `Safe mode after crashes: the meter is not read for ${t}.`,
  diagnostics: "Diagnostics",
  counts: "Since the start",
  crash: "Last crash",
  telegrams: "Telegrams",
  frames: "Frames",
  lists: "Unknown lists",
  errors: "Errors",
  hour: "Last 60 minutes",
  signal: "Wi-Fi signal",
  heap: "Free memory",
  now: "now",
  log: "Event log",
  level: "From level",
  filter: "Search",
  copy: "Copy",
};

export const BACKUP = {
  corrections: "Corrections",
  descriptors: "List descriptors",
  secrets: "Passwords and keys",
  secretsHelp: "They are in clear: keep the file safe.",
  download: "Download",
};

export const RESTORE = {
  title: "Restore",
  file: "File",
  would: "This would change:",
  equal: "Everything in the file is here already.",
  changed: "changed",
  slots: (n, d, l) => `${n} new, ${d} different, ${l} left out`,
  replace: "Replace history that is known here",
};

export const CONFIGFILE = {
  time: "Time",
  thresholds: "Thresholds",
  download: "Export",
  send: "Import",
};

export const LINE = {
  inspector: "Inspector",
  title: "Meter's line",
  settings: "Line settings",
  trying: "being tried",
  heard: "Octets heard",
  search: (r, t, n, s) => `Searching: round ${r}, setting ${t} of ${n}, for ${s}`,
  listen: "Listen",
  stop: "Stop",
  save: "Save capture",
  privacy: "The meter's number may be in a capture.",
  newestError: "Newest error",
};

export const LAYER = {
  frame: "Frame",
  cipher: "Cipher",
  sent: "Octets",
  clear: "Deciphered",
};

export const PASTE = {
  title: "Decode a capture",
  help: "Hexadecimal or P1 text, after a line encryption_key=… if it needs one.",
  decode: "Decode",
};

export const LISTS = {
  check: "Check",
};

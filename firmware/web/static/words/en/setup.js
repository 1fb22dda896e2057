// English: words of the pages Set-up, Log in and Welcome.

export const SETUP = {
  next: "Next",
  back: "Back",
  skip: "Skip",
  lost: "The reader does not answer.",
  // In the reader's own network.
  wifi: "Your Wi-Fi",
  board: "Board",
  other: "Not this one?",
  usb: "Keep the reader on USB power until it is set up.",
  looking: "Looking for networks …",
  again: "Search again",
  open: "open",
  network: "Network (SSID)",
  hidden: "Choose it, or type a hidden one. 2.4 GHz only.",
  space: "The name begins or ends with a space.",
  password: "Password",
  short: "At least 8 characters",
  trying: "Trying … If the phone leaves the reader's network, join it again.",
  works: "It works.",
  untested: "Go on untested",
  host: "Name of the reader",
  letters: "a-z, 0-9 and -",
  fixed: "Static IP address",
  subnet: "Subnet",
  router: "Router",
  save: "Save and join",
  saved: "Saved",
  leaving: "The reader joins your network. Join it too: this page then opens one of these.",
  held: "No way in? Hold the reader's button for 5 s, join its network and open http://192.168.4.1",
  restore: "Take over a backup",
  file: "backup.json, or configfile.cfg of an AMS reader",
  window: "No file to choose (iPhone)? Open http://192.168.4.1 in the browser.",
  taken: (n) => `${n} settings taken over.`,
  // In the owner's network.
  listening: "Listening …",
  found: (what) => `Found ${what}`,
  phases: (n) => `${n}-phase`,
  silent: "nothing heard",
  garbled: (n) => `${n} octets, no telegram`,
  plug: "Is the plug firmly in the port?",
  port: "Has the grid company opened the port?",
  wire: "Are cable and board the right ones?",
  cipher: "Does the meter encrypt? Enter its key in the next step.",
  fuse: "The amperes are on the main switch. If 400 V is anywhere on the meter's front, choose 400 V.",
  checks: "Does everything work?",
  done: "Finish",
};

// Steps with settings.
export const STEPS = {
  key: "Key of the meter",
  fuse: "Main fuse",
  zone: "Time and price",
  tariff: "Tariff",
  broker: "MQTT",
  consent: "Upgrades",
};

// Why a network could not be joined.
export const REASON = {
  password: "Wrong password?",
  absent: "Not found: check name, distance, 2.4 GHz.",
  security: "The router must use WPA2.",
  address: "The router gave no address (DHCP).",
  other: (n) => `The router refused it (${n}).`,
};

export const CHECK = {
  meter: "Meter",
  clock: "Clock",
  price: "Price",
  broker: "MQTT",
  wifi: "Wi-Fi",
  supply: "Supply",
  ok: "fine",
  warn: "look",
  off: "off",
};

// What to do.
export const TODO = {
  meter: "Check plug and port.",
  clock: "Check the time server.",
  price: "Check area and token.",
  broker: "Check address and password.",
  wifi: "Weak: move the router or add an access point.",
  supply: "Low: close pages.",
};

export const LOGIN = {
  user: "User name, if one is set",
  wait: "Too many tries: wait a minute.",
  why: "Without a password everybody in your network can open the reader.",
  again: "The same again",
  all: "Also for reading, by programs too",
  set: "Set the password",
  none: "Continue without",
};

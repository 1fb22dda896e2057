// English: words of the page Settings. Labels and explanations of the settings are in firmware/schema_texts.py.

export const SECTION = {
  general: "General",
  prices: "Prices",
  meter: "Meter",
  wifi: "Wi-Fi",
  network: "Network",
  mqtt: "MQTT",
  thresholds: "Tariff thresholds",
  ui: "User interface",
  debug: "Debugging",
  push: "Push",
  device: "Reader",
  actions: "Restart and reset",
};

export const SET = {
  search: "Search all settings",
  sections: "Sections",
  all: "All settings",
  found: (n) => `${n} found`,
  saved: "Saved.",
  undo: "Undo changes",
  refused: "Nothing is saved: see the marked fields.",
  unsaved: "Save the changes?",
  stay: "Keep editing",
  drop: "Discard",
  other: "another …",
  isSet: "Set. Empty: it stays.",
  notSet: "Not set.",
  remove: "Remove",
  month: "a month",
  number: (n) => (n ? `A number with at most ${n} decimals.` : "A whole number."),
  range: (low, high) => `It must be ${low} to ${high}.`,
  most: (n) => `At most ${n} characters.`,
  least: (n) => `At least ${n} characters.`,
  as: (example) => `It must be as ${example}`,
  tryBroker: "Test the broker",
  tryHelp: "With what is entered above; nothing is saved.",
  trying: "Testing, up to 25 s …",
  failed: "failed",
  fine: "good",
  untried: "not tried",
};

// Inputs of settings of several parts.
export const PART = {
  address: "Address/length|Gateway|Name server",
  supply: "Offset, mV|Multiplier, thousandths|Boot limit, mV",
};

export const STAGE = {
  login: "Login",
  publish: "Message",
};

export const KEYS = {
  title: "Test the keys",
  waiting: "Waiting for a telegram, up to 15 s …",
  ok: "The keys fit.",
  key: "The encryption key does not fit.",
  auth: "Only the encryption key fits.",
  clear: "The telegrams are not encrypted: no key is needed.",
  damaged: "No whole telegram came.",
  silent: "Nothing received: is the meter connected?",
};

export const CERT = {
  title: "Certificates",
  subject: "For",
  issuer: "Signed by",
  valid: "Valid",
  expired: "expired",
  names: "Names",
};

export const FILE = {
  ca: "Certificate of the CA",
  cert: "Client certificate",
  key: "Key of the client",
};

export const TOKEN = {
  title: "Tokens of programs",
  help: "A program with a token may do what you may.",
  name: "Name of the program",
  make: "New token",
  press: "Press the reader's button within 60 s …",
  once: "Copy it now: it is shown once.",
};

export const RULE = {
  add: "Add a rule",
  text: "As text",
  name: "Name",
  direction: "Of",
  directions: "import|export|both",
  kind: "Kind",
  kinds: "fixed price|add|per cent|subtract|subsidy (strømstøtte)|Norgespris",
  value: "Value",
  days: "Days",
  hours: "Hours",
  begin: "From DD-MM",
  end: "To DD-MM",
  kwh: "Up to kWh a month",
  up: "Up",
  down: "Down",
};

export const PREVIEW = {
  title: "Preview",
  time: "Time",
  spot: "Spot",
  price: "Price",
  steps: "Made of",
  none: "No spot prices are known yet.",
};

// The ladder of the capacity tariff.
export const STEP = {
  add: "Add a step",
  begin: "Begin with the usual steps",
  usual: "Use those of the tariff",
  price: "Price a month",
  upTo: "up to",
  above: "above",
  rising: "Each limit must be higher than the one before.",
  text: "All own rules as text (JSON)",
};

export const PEAK = {
  count: "Average of hours",
  price_micro_per_kw: "Price of a kW a month",
};

export const TRIAL = {
  text: (s) => `On trial: the old network comes back in ${s} s. Open the new address and keep it.`,
  keep: "Keep the new network",
};


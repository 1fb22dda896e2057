// English: every text of the page, by card.
//
// A second language is another file of this folder with the same groups and keys, and its name in LANGUAGE of
// tools/page.py. Modules write HOUR.limit(...), index.html writes {{HOUR.title}}: tools/page.py puts a
// plain text in place of its name; functions and indexed groups stay here. Each entry starts a line.
// The functions form plurals and the order of words; their figures, dates and times are text, unless a comment gives
// another type.

export const PAGE = {
  language: "en",
  // For names of weekdays and months, and their order in a date. Figures are as the browser writes them.
  locale: "en-GB",
  noscript: "This page needs JavaScript to show live values. The same figures are at /now.json.",
};

export const UNIT = {
  w: "W",
  kw: "kW",
  kwh: "kWh",
  a: "A",
  v: "V",
  var: "var",
  kvarh: "kvarh",
};

// "L1, L2 and L3"
const listed = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);

// Seconds in; "42 s", "5 min", "3 h 10 min", "2 d 4 h" out.
function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(s / 60);
  const hours = Math.floor(minutes / 60);
  if (s < 100) return `${s} s`;
  if (hours < 1) return `${minutes} min`;
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const CHECK_PLUG = "Check that the plug sits firmly in the meter and that the grid company has opened the port.";

const CHECK_WIRING = "check cable or serial settings";

const METER_FAULTS = {
  "-1": "the telegram could not be read: check the meter type",
  "-2": `telegram incomplete: ${CHECK_WIRING}`,
  "-3": `start or end of the telegram missing: ${CHECK_WIRING}`,
  "-4": `header checksum wrong: ${CHECK_WIRING}`,
  "-5": `checksum wrong: ${CHECK_WIRING}`,
  "-9": `unknown kind of data: ${CHECK_WIRING}`,
  "-41": `length does not match: ${CHECK_WIRING}`,
  "-51": "authentication failed: check the authentication key",
  "-52": "decryption failed: check the encryption key",
  "-53": "the encryption key is not valid: enter it again",
  89: `data not recognised: ${CHECK_WIRING}`,
  90: "no telegram for 30 s: check the plug and that the port is open",
  91: "break on the line: check the cable and the signal inversion",
  92: "receive buffer full: check the baud rate",
  93: "receiver overrun: check the baud rate",
  94: "framing error: check the baud rate and the cable",
  95: "parity error: check the parity setting",
  96: `receive error: ${CHECK_WIRING}`,
  98: "internal error in the decoder: restart the reader if it stays",
  99: "serial settings not found: set baud rate and parity by hand",
};

const MQTT_FAULTS = {
  "-3": "no connection to the broker: check address and port",
  "-4": "the broker does not answer: check that it runs",
  "-5": "connection to the broker broke while reading",
  "-6": "connection to the broker broke while sending",
  "-10": "the broker refused the login: check user name and password",
  "-11": "the broker refused the subscription: check its access rules",
  "-12": "the broker refused the subscription: check its access rules",
  "-13": "connection to the broker lost",
};

const code = (n) => `(error ${String(n).replace("-", "\u2212")})`;

// Badges in the header, notes under it, the line at the foot. Levels are 1 good, 2 doubtful, 3 bad; ages are seconds.
export const STATUS = {
  title: "Status",
  meter: "Meter",
  wifi: "Wi-Fi",
  mqtt: "MQTT",
  supply: "Supply",
  meterUnknown: "Meter unknown",
  meterWaiting: "Meter waiting",
  meterSilent: "Meter silent",
  meterHeard: (age, fault) => `Meter ${fault ? "error, " : ""}${duration(age)} ago`,
  signal: (dbm, level) => `Wi-Fi ${dbm} dBm${{ 2: ", weak", 3: ", very weak" }[level] ?? ""}`,
  broker: (level) => `MQTT ${["off", "connected", "connecting", "failed"][level] ?? "unknown"}`,
  voltage: (volts, level, low) =>
    `Supply ${volts} V${{ 2: ", check", 3: low ? ", too low" : ", too high" }[level] ?? ""}`,
  lost: (time) => `No contact with the reader since ${time}; retrying.`,
  never: `No telegram since the reader started. ${CHECK_PLUG}`,
  silent: (time) => `No telegram since ${time}. ${CHECK_PLUG}`,
  late: (time) => `No telegram since ${time}.`,
  meterFault: (n) => `Meter data: ${METER_FAULTS[n] ?? "unknown fault"} ${code(n)}.`,
  mqttFault: (n) =>
    n === 0 ? "MQTT: not connected." : `MQTT: ${MQTT_FAULTS[n] ?? "unexpected answer from the broker"} ${code(n)}.`,
  none: "No telegram seen yet",
  last: (age) => `Last telegram ${duration(age)} ago`,
  uptime: (age) => `Reader running for ${duration(age)}`,
};

export const NOW = {
  title: "Now",
  importing: "Importing",
  exporting: "Exporting",
  connecting: "Connecting to the reader.",
  waiting: "Waiting for the first telegram.",
  noPower: "This meter has not reported its power yet.",
  imported: "meter reading",
  exported: "exported in total",
  ofFuse: (percent, amps, state) =>
    `${percent} % of ${amps} A main fuse${{ warn: ", close to the limit", bad: ", above the limit" }[state] ?? ""}`,
  ofPanels: (percent, kwp) => `${percent} % of ${kwp} kWp of panels`,
  most: (kw) => `max ${kw} kW`,
};

export const HOUR = {
  title: "This hour",
  quarter: "This quarter",
  used: "Used so far",
  expected: "Expected at its end",
  expectedAt: (time) => `Expected at ${time}`,
  limit: (kwh) => `limit ${kwh} kWh`,
  month: (kw) => `Month so far ${kw} kW`,
  mean: (power) => `Expected mean ${power}.`,
  // The verdict on this hour or quarter as [word, sentence]; kw: the upper limit of the tariff's step.
  fine: (power, quarter, kw) => ["OK", `: ${power} ${rest(quarter)} keeps you in ${stepUpTo(kw)}.`],
  much: (power, quarter, kw) => ["Too much", `: stay below ${power} ${rest(quarter)} to keep ${stepUpTo(kw)}.`],
  passed: (kw) => ["Passed", `: the month leaves ${stepUpTo(kw)}.`],
  free: () => ["Free", ": this time does not count for the tariff."],
  noClock: "Sums begin when the reader knows the time.",
  wait: "Sums begin with the meter's next register, within the hour.",
};

const rest = (quarter) => (quarter ? "for the rest of the quarter" : "for the rest of the hour");

const stepUpTo = (kw) => `the step up to ${kw} kW`;

// names: a list of phases, or of pairs of phases on a grid without a neutral line.
export const PHASES = {
  title: "Phases",
  l1: "L1",
  l2: "L2",
  l3: "L3",
  l12: "L1-L2",
  l13: "L1-L3",
  l23: "L2-L3",
  fuse: (amps) => `bars: share of ${amps} A`,
  out: (power) => `${power} out`,
  high: (names) => `${listed(names)} is close to or above the main fuse.`,
  unmeasured: (names) => `This meter does not measure the current of ${listed(names)}.`,
  estimated: (names) => `The current of ${listed(names)} is estimated from the power.`,
  noCurrent: (names) => `This meter has not reported the current of ${listed(names)}.`,
  noVoltage: (names) => `This meter has not reported the voltage of ${listed(names)}.`,
  later: "Phases come in a longer telegram, which most meters send every 10 s.",
};

export const LIVE = {
  title: "Live",
  span: "last 10 minutes",
  empty: "The line begins with the second telegram seen by this page.",
  now: "now",
  ago: (minutes) => `\u2212${minutes} min`,
  lowest: (power, out) => (out ? `export up to ${power}` : `lowest ${power}`),
  highest: (power, out) => (out ? `export down to ${power}` : `highest ${power}`),
  latest: (power, out) => (out ? `export now ${power}` : `now ${power}`),
  chart: (lowest, highest, latest) => `Power over the last ten minutes: ${lowest}, ${highest}, ${latest}.`,
};

// The slots of each view.
export const SLOT = {
  day: "Hour",
  week: "Day",
  month: "Day",
  year: "Month",
};

// The quality of a slot's figures, by the code of the reader or of history.js.
export const QUALITY = {
  measured: "measured",
  edited: "corrected",
  estimated: "estimated",
  interpolated: "interpolated",
  gap: "unknown",
  running: "so far",
  pending: "not complete yet",
  none: "nothing recorded",
  future: "to come",
};

// The name of the range before: of the running range, of another.
const BEFORE = {
  day: ["Yesterday", "The day before"],
  week: ["The week before", "The week before"],
  month: ["Last month", "The month before"],
};

// view: day, week, month or year.
export const ENERGY = {
  title: "Energy",
  day: "Day",
  week: "Week",
  month: "Month",
  year: "Year",
  imported: "kWh imported",
  exported: "kWh exported",
  // partly: kWh of the range before up to this time, wholly: all of them; "" when unknown. over: a past range.
  compare: (view, over, partly, wholly) => {
    const parts = [partly && `by now ${partly} kWh`, wholly && `${over ? "" : "in all "}${wholly} kWh`];
    return `${BEFORE[view][over ? 1 : 0]} ${parts.filter(Boolean).join(", ")}`;
  },
  chart: (view, range) => `Energy per ${SLOT[view].toLowerCase()}, ${range}`,
  hours: (from, to) => `${from}\u2013${to}`,
  // The read-out of a bar; imported, exported: kWh, "" when unknown.
  bar: (name, imported, exported, quality) =>
    `${name}: ${imported && `import ${imported} kWh, `}${exported && `export ${exported} kWh, `}${quality}`,
  incomplete: "incomplete",
  unsure: listed,
  // n: number of gaps.
  missing: (view, n) => n ? `${n} ${SLOT[view].toLowerCase()}${n > 1 ? "s are" : " is"} not known in full.` : "",
  legendImport: "import",
  legendExport: "export",
  headImport: "Import",
  headExport: "Export",
  headQuality: "Quality",
  asTable: "Show as table",
  asChart: "Show as chart",
  csv: "Download CSV",
  noClock: "History begins when the reader knows the time.",
  loading: "Reading history.",
  empty: "History begins when the meter has sent its first register.",
  nothing: "Nothing was recorded in this range. Hours are kept for 400 days, days for five years.",
  failed: "History could not be read: retrying in 10 s.",
};

// The buttons Earlier, Later and Today, without and with the range that they show.
export const WALK = {
  earlier: "Earlier",
  later: "Later",
  today: "Today",
  to: (button, range) => `${button}: ${range}`,
};

// The form that corrects a slot; name: that of the slot.
export const CORRECT = {
  open: "Correct",
  title: (name) => `Correct ${name}`,
  imported: "Import, kWh",
  exported: "Export, kWh",
  save: "Save",
  saving: "Saving",
  cancel: "Cancel",
  undo: "Undo",
  wrong: "Enter kWh from 0 to 999999.999, with up to three decimals.",
  done: (name) => `${name} is corrected.`,
  undone: "The correction is taken back.",
  same: "Nothing has changed: these are the old values, or the meter's register has not come yet.",
  late: "Too late: the reader takes corrections of the last 24 hours and the last 31 days.",
  silent: "No answer from the reader: look at the value before you save again.",
  refused: (why) => `The reader refused: ${why}.`,
  status: (number) => `HTTP ${number}`,
};

// kw: the upper limit of a step of the tariff.
export const PEAKS = {
  title: "Peaks",
  month: "kW this month",
  when: (date, hour) => `${date}, ${hour}`,
  loading: "Reading the peaks.",
  failed: "The peaks could not be read: retrying in 10 s.",
  empty: "No measured hour yet this month.",
  few: (n) => `${n} more ${n > 1 ? "peaks" : "peak"} will count this month.`,
  step: (kw) => `step up to ${kw} kW`,
  next: (kw) => `The next step goes up to ${kw} kW.`,
  above: "above the highest step",
  costs: (money, currency) => `costs ${money} ${currency}`,
};

export const COST = {
  title: "Cost",
  today: "Today",
  month: "This month",
  yesterday: "Yesterday",
  lastMonth: "Last month",
  price: (money, currency) => `now ${money} ${currency} per kWh`,
  // Energy used, and the earnings of the export; "" for nothing.
  sums: (kwh, earned) => `${kwh} kWh${earned && `\nexport earned ${earned}`}`,
};

const MAKERS = {
  1: "Aidon", 2: "Kaifa", 3: "Kamstrup", 8: "Iskraemeco", 9: "Landis+Gyr", 10: "Sagemcom", 136: "Custom meter",
};

const LISTS = { 1: "power only", 2: "with phases", 3: "with energy", 4: "with power per phase" };

export const METER = {
  title: "Meter",
  // Meter type number and model in; "Aidon 6525" out, "" when neither is known.
  name: (type, model) => [MAKERS[type], model].filter(Boolean).join(" "),
  list: (list) => (list > 0 ? `list ${list}${LISTS[list] ? `, ${LISTS[list]}` : ""}` : ""),
  imported: "Imported",
  exported: "Exported",
  reactiveImported: "Reactive imported",
  reactiveExported: "Reactive exported",
  reactiveImport: "Reactive import now",
  reactiveExport: "Reactive export now",
  factor: "Power factor",
  id: "Meter ID",
  noTotals: "Energy totals have not come yet; many meters send them once an hour.",
  dash: "A dash is a value this meter has not reported.",
};

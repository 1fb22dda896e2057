// Codes of the reader turned into words: what is wrong, and what to do about it.

const MAKERS = {
  1: "Aidon", 2: "Kaifa", 3: "Kamstrup", 8: "Iskraemeco", 9: "Landis+Gyr", 10: "Sagemcom", 136: "Custom meter",
};

const LISTS = { 1: "power only", 2: "with phases", 3: "with energy", 4: "with power per phase" };

const WIRING = "check cable or serial settings";
const HAN_ERRORS = {
  "-1": "the telegram could not be read: check the meter type",
  "-2": `telegram incomplete: ${WIRING}`,
  "-3": `start or end of the telegram missing: ${WIRING}`,
  "-4": `header checksum wrong: ${WIRING}`,
  "-5": `checksum wrong: ${WIRING}`,
  "-9": `unknown kind of data: ${WIRING}`,
  "-41": `length does not match: ${WIRING}`,
  "-51": "authentication failed: check the authentication key",
  "-52": "decryption failed: check the encryption key",
  "-53": "the encryption key is not valid: enter it again",
  89: `data not recognised: ${WIRING}`,
  90: "no telegram for 30 s: check the plug and that the port is open",
  91: "break on the line: check the cable and the signal inversion",
  92: "receive buffer full: check the baud rate",
  93: "receiver overrun: check the baud rate",
  94: "framing error: check the baud rate and the cable",
  95: "parity error: check the parity setting",
  96: `receive error: ${WIRING}`,
  98: "internal error in the decoder: restart the reader if it stays",
  99: "serial settings not found: set baud rate and parity by hand",
};

const MQTT_ERRORS = {
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

export const CHECK_PLUG =
  "Check that the plug sits firmly in the meter and that the grid company has opened the port.";

// Meter type number and model in; "Aidon 6525" out, "" when neither is known.
export const meterName = (type, model) => [MAKERS[type], model].filter(Boolean).join(" ");

export const listName = (list) => (list > 0 ? `list ${list}${LISTS[list] ? `, ${LISTS[list]}` : ""}` : "");

export const hanSentence = (n) => `Meter data: ${HAN_ERRORS[n] ?? "unknown fault"} ${code(n)}.`;

export const mqttSentence = (n) =>
  n === 0 ? "MQTT: not connected." : `MQTT: ${MQTT_ERRORS[n] ?? "unexpected answer from the broker"} ${code(n)}.`;

// Dates and weekdays are of the page's language; figures are as the browser writes them.
export const LOCALE = "en-GB";

const QUALITIES = {
  edited: "corrected", running: "so far", pending: "not complete yet", none: "nothing recorded", future: "to come",
};

export const quality = (slot) =>
  slot.q === "gap" ? (slot.i === null ? "unknown" : "incomplete") : QUALITIES[slot.q] ?? slot.q;

export const ENERGY = {
  clock: "History begins when the reader knows the time.",
  loading: "Reading history.",
  empty: "History begins when the meter has sent its first register.",
  nothing: "Nothing was recorded in this range. Hours are kept for 400 days, days for five years.",
  failed: "History could not be read: retrying in 10 s.",
  asTable: "Show as table",
  asChart: "Show as chart",
  slot: { day: "Hour", week: "Day", month: "Day", year: "Month" },
  chart: (slot, range) => `Energy per ${slot.toLowerCase()}, ${range}`,
};

export const WALK = { earlier: "Earlier", later: "Later", today: "Today" };

// The range before: that of the running one, that of another.
export const COMPARE = {
  day: ["Yesterday", "The day before"], week: ["The week before", "The week before"],
  month: ["Last month", "The month before"],
};

// What is unknown, "" when nothing.
export function missing(view, slots) {
  const n = slots.filter(({ q }) => q === "gap").length;
  const slot = ENERGY.slot[view].toLowerCase();
  return n ? `${n} ${slot}${n > 1 ? "s are" : " is"} not known in full.` : "";
}

export const CORRECT = {
  title: (name) => `Correct ${name}`,
  wrong: "Enter kWh from 0 to 999999.999, with up to three decimals.",
  save: "Save",
  saving: "Saving",
  done: (name) => `${name} is corrected.`,
  undone: "The correction is taken back.",
  same: "Nothing has changed: these are the old values, or the meter's register has not come yet.",
  late: "Too late: the reader takes corrections of the last 24 hours and the last 31 days.",
  silent: "No answer from the reader: look at the value before you save again.",
  refused: (why) => `The reader refused: ${why}.`,
};

const stepUpTo = (kw) => `the step up to ${kw} kW`;

export const HOUR = {
  hour: "This hour",
  quarter: "This quarter",
  rest: { 15: "for the rest of the quarter", 60: "for the rest of the hour" },
  expected: (time) => (time ? `Expected at ${time}` : "Expected at its end"),
  limit: (kwh) => `limit ${kwh} kWh`,
  month: (kw) => `Month so far ${kw} kW`,
  mean: (power) => `Expected mean ${power}.`,
  fine: (power, rest, kw) => ["OK", `: ${power} ${rest} keeps you in ${stepUpTo(kw)}.`],
  much: (power, rest, kw) => ["Too much", `: stay below ${power} ${rest} to keep ${stepUpTo(kw)}.`],
  passed: (kw) => ["Passed", `: the month leaves ${stepUpTo(kw)}.`],
  free: ["Free", ": this time does not count for the tariff."],
  clock: "Sums begin when the reader knows the time.",
  wait: "Sums begin with the meter's next register, within the hour.",
};

export const PEAKS = {
  loading: "Reading the peaks.",
  failed: "The peaks could not be read: retrying in 10 s.",
  empty: "No measured hour yet this month.",
  few: (n) => `${n} more ${n > 1 ? "peaks" : "peak"} will count this month.`,
  step: (kw) => `step up to ${kw} kW`,
  next: (kw) => `The next step goes up to ${kw} kW.`,
  above: "above the highest step",
  costs: (money, currency) => `costs ${money} ${currency}`,
  earned: (money) => `\nexport earned ${money}`,
};

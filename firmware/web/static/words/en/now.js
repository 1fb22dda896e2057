// English: words of the page Now.
//
// Figures, dates, times and money that a function takes are text, unless a comment gives another type.

const WIRING = "damaged telegram: check cable and serial settings";
const FAULTS = {
  "-1": "unreadable telegram: check the meter type",
  "-4": "header checksum wrong: check cable and serial settings",
  "-5": "checksum wrong: check cable and serial settings",
  "-51": "authentication failed: check the authentication key",
  "-52": "decryption failed: check the encryption key",
  "-53": "invalid encryption key: enter it again",
  90: "no telegram for 30 s",
  91: "break on the line: check cable and signal inversion",
  92: "receive buffer full: check the baud rate",
  93: "receiver overrun: check the baud rate",
  94: "framing error: check baud rate and cable",
  95: "parity error: check the parity",
  98: "internal error: restart the reader if it stays",
  99: "serial settings not found: set them by hand",
};
const BROKER = {
  "-3": "no connection: check address and port",
  "-4": "no answer: check that the broker runs",
  "-10": "login refused: check user name and password",
  "-11": "subscription refused: check the access rules",
  "-12": "subscription refused: check the access rules",
};
const CLOCKS = { 1: "The time server's clock", 2: "The meter's clock" };
const code = (n) => `(error ${String(n).replace("-", "\u2212")})`;

// Notes above the cards. n: a number.
export const STATUS = {
  lost: (time) => `No contact with the reader since ${time}; retrying.`,
  late: (time) => `No telegram since ${time}.`,
  plug: "Check that the plug sits firmly in the meter and that the grid company has opened the port.",
  meterFault: (n) => `Meter data: ${FAULTS[n] ?? WIRING} ${code(n)}.`,
  mqttFault: (n) => `MQTT: ${BROKER[n] ?? "not connected"}${n ? ` ${code(n)}` : ""}.`,
  safeMode: "Safe mode after several crashes: the meter is not read. It ends within the hour, or by a restart; undo the last change if it returns.",
  noTime: "No confirmed time yet: waiting for a time server or the meter's clock.",
  meterTime: "The time is from the meter's clock: no time server has confirmed it.",
  // kind: 1 a time server, 2 the meter.
  absurdTime: (kind) => `${CLOCKS[kind]} shows a time that cannot be right; it is not believed.`,
  refusedTime: (kind, time, ahead) => `${CLOCKS[kind]} is ${time} ${ahead ? "ahead" : "behind"}; it is not believed.`,
  saving: (time) => `The supply voltage is low: figures come every ${time}.`,
  upgrade: (version) => `Version ${version} is available`,
  upgrading: (percent) => `New firmware is being installed: ${percent} %`,
};

export const SILENT = {
  title: "Waiting for the meter",
  listening: (settings) => `Listening at ${settings}`,
  searching: "Searching for the line settings",
  nothing: "nothing heard",
  unread: "nothing readable heard",
  key: "Encrypted telegrams come: the key is missing or wrong",
  plug: "Does the plug sit firmly in the meter and in the reader?",
  port: "Has the grid company opened the port? Often you have to ask.",
  kind: "Do reader and port match? RJ45 is M-Bus (HAN), RJ12 is P1.",
  inspect: "Look at the line in the inspector",
};

export const NOW = {
  importing: "Importing",
  exporting: "Exporting",
  imported: "import",
  exported: "export",
  noPower: "This meter has not reported its power yet.",
  // Where a card has nothing to show.
  noClock: "Begins when the reader knows the time.",
  wait: "Begins with the first telegram.",
  nothing: "No data yet.",
  failed: "Not readable: retrying in 10 s.",
  meter: "meter",
  cent: "ct",
  trends: ["falling", "steady", "rising"],
  // trend: one of these, or "".
  perKwh: (trend) => `per kWh${trend && `, ${trend}`}`,
  ofFuse: (percent, amps, state) =>
    `${percent} % of ${amps} A main fuse${{ warn: ", close to the limit", bad: ", above the limit" }[state] ?? ""}`,
  ofPanels: (percent, kwp) => `${percent} % of ${kwp} kWp of panels`,
  most: "max",
};

// aim: from step() or peak().
export const HOUR = {
  title: "This hour",
  quarter: "This quarter",
  used: "Used so far",
  since: (time) => `since ${time}`,
  estimate: "estimate",
  // time: "" if unknown.
  expected: (time) => `Expected${time && ` at ${time}`}`,
  mean: (time) => `Expected mean${time && ` at ${time}`}`,
  limit: "limit",
  month: (kw) => `Month so far ${kw} kW.`,
  floor: (kw) => `The month counts as ${kw} kW, the tariff's minimum.`,
  rolling: (kw) => `Mean of the last months ${kw} kW.`,
  // percent: a number; until: "" if it does not change.
  counts: (percent, until) => `Counts ${{ 50: "half", 100: "now" }[percent] ?? `${percent} %`}${until && ` until ${until}`}.`,
  rate: (kw, money) => `At this rate the month becomes ${kw} kW${money && `, ${money}`}.`,
  none: "The peak power costs nothing in this tariff.",
  fault: (why) => `A setting is not used: ${why}.`,
  step: (kw) => `the step up to ${kw} kW`,
  peak: (kw) => `the month's ${kw} kW`,
  // Verdicts as [word, sentence].
  fine: (power, aim) => ["OK", `: ${power} for the rest keeps ${aim}.`],
  much: (power, aim) => ["Too much", `: stay below ${power} for the rest to keep ${aim}.`],
  passed: (aim) => ["Passed", `: the month goes above ${aim}.`],
  nothing: (aim) => ["OK", `: nothing you can switch on now changes ${aim}.`],
  free: (until) => ["Free", `: this time does not count${until && `; it counts again from ${until}`}.`],
  above: () => ["Above", ": the month is above the highest step; more changes nothing."],
  first: () => ["Counts", ": nothing of this month is measured yet."],
  // level: 0 low, 1 high, 2 peak.
  band: (level, until) => [["Low", "High", "Peak"][level], `: the grid's price of a kWh${until && ` until ${until}`}.`],
};

export const SUMS = {
  title: "Energy and cost",
  today: "Today",
  month: "This month",
  yesterday: "Yesterday",
  lastMonth: "Last month",
  priced: (priced, all) => `${priced} of ${all} priced`,
  earned: (money) => `earned ${money}`,
  withFee: (money, fee) => `${money} with the monthly fee of ${fee}`,
  noRate: (from, to) => `There is no exchange rate from ${from} to ${to}: prices are unknown until it comes.`,
  invoice: (month) => `For the invoice: ${month}`,
  capacity: (kw) => `Capacity, ${kw} kW`,
  fee: "Monthly fee",
  sum: "Sum",
};

export const PRICE = {
  title: "Price",
  now: "now",
  cheapest: (span) => `cheapest 3 h: ${span}`,
  source: "source",
  fixed: "fixed price",
  // By direction, cheapest and dearest, and day, today and another.
  ranks: [["cheapest today", "cheapest that day"], ["dearest today", "dearest that day"]],
};

export const LIVE = {
  title: "Live",
  empty: "The line begins with the second telegram.",
  lowest: "lowest",
  highest: "highest",
  mean: "mean of a minute",
  // span: "10 min"
  chart: (span) => `Power over the last ${span}`,
};

// names: of phases, or of pairs of phases on a grid without a neutral line.
export const PHASES = {
  title: "Phases",
  voltages: ["low", "high"],
  high: (names) => `${names}: close to or above the main fuse.`,
  unmeasured: (names) => `This meter does not measure the current of ${names}.`,
  estimated: (names) => `The current of ${names} is estimated from the power.`,
  missing: (names) => `This meter has not reported all values of ${names}.`,
  later: "Phases come in a longer telegram, which most meters send every 10 s.",
};

export const PEAKS = {
  title: "Peaks",
  prices: "Price of a month by step",
  // n: a number
  few: (n) => `Peaks still to count this month: ${n}.`,
  step: (kw) => `step up to ${kw} kW`,
  gap: (kw) => `${kw} kW below the limit of the step.`,
  // kw: "" above the last limit; money: its price a month, "" if unknown.
  next: (kw, money) => `Next step: ${kw ? `up to ${kw} kW` : "the highest"}${money && `, ${money} a month`}.`,
  perKw: (money) => `A kW costs ${money} a month.`,
};

export const USE = {
  day: "Last 24 hours",
  month: "Last 31 days",
  quality: {
    estimated: "estimated", interpolated: "interpolated", provisional: "provisional", partial: "incomplete", gap: "unknown",
  },
};

export const METER = {
  title: "Meter",
  custom: "Custom meter",
  reactiveIn: "Reactive import",
  reactiveOut: "Reactive export",
  factor: "Power factor",
  id: "Meter ID",
  noTotals: "Many meters send their readings once an hour.",
  dash: "A dash is a value this meter has not reported.",
};

export const WARMTH = {
  title: "Temperatures",
};

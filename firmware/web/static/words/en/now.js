// English: words of the page Now.

const LEAVE_SAFE_MODE = "It ends by itself within the hour, or at once by a restart; undo the last change if it returns.";

const CLOCKS = { 1: "The time server's clock", 2: "The meter's clock" };

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

// Badges in the header, notes under it, the line at the foot. Levels are 1 good, 2 doubtful, 3 bad; ages are texts.
export const STATUS = {
  lost: (time) => `No contact with the reader since ${time}; retrying.`,
  never: `No telegram since the reader started. ${CHECK_PLUG}`,
  silent: (time) => `No telegram since ${time}. ${CHECK_PLUG}`,
  late: (time) => `No telegram since ${time}.`,
  meterFault: (n) => `Meter data: ${METER_FAULTS[n] ?? "unknown fault"} ${code(n)}.`,
  mqttFault: (n) =>
    n === 0 ? "MQTT: not connected." : `MQTT: ${MQTT_FAULTS[n] ?? "unexpected answer from the broker"} ${code(n)}.`,
  safeMode: `Safe mode after several crashes: the meter is not read and no energy is counted. ${LEAVE_SAFE_MODE}`,
  noTime: "No confirmed time yet: waiting for a time server or the meter's clock.",
  meterTime: "The time is from the meter's clock: no time server has confirmed it.",
  // kind: 1 a time server, 2 the meter; ahead: of the believed time.
  absurdTime: (kind) => `${CLOCKS[kind]} shows a time that cannot be right; it is not believed.`,
  refusedTime: (kind, by, ahead) =>
    `${CLOCKS[kind]} is ${by} ${ahead ? "ahead" : "behind"}; it is not believed.`,
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
  // time: "" if the whole hour or quarter is counted.
  usedSince: (time, estimate) => `Used ${time ? `since ${time}` : "so far"}${estimate ? ", estimate" : ""}`,
  expected: "Expected at its end",
  expectedAt: (time) => `Expected at ${time}`,
  limit: (kwh) => `limit ${kwh} kWh`,
  month: (kw) => `Month so far ${kw} kW.`,
  floor: (kw) => `The month counts as ${kw} kW, the tariff's minimum: its peaks are lower.`,
  rolling: (kw) => `Mean of the last months ${kw} kW.`,
  // percent: a number; until: "" if it does not change.
  counts: (percent, until) =>
    `Counts ${{ 50: "half", 100: "now" }[percent] ?? `${percent} %`}${until && ` until ${until}`}.`,
  rate: (kw, money) => `At this rate the month becomes ${kw} kW${money && `, ${money}`}.`,
  none: "The peak power costs nothing in this tariff.",
  mean: (power) => `Expected mean ${power}.`,
  fault: (why) => `A setting is not used: ${why}.`,
  // What is to be kept, a step of the tariff or the month's value: in what, what, its loss, what does not change.
  step: (kw) => [
    `you in the step up to ${kw} kW`,
    `the step up to ${kw} kW`,
    `leaves the step up to ${kw} kW`,
    "the step",
  ],
  peak: (kw) => [`the month at ${kw} kW`, `the month at ${kw} kW`, `rises above ${kw} kW`, `the month's ${kw} kW`],
  // The verdict on this hour or quarter as [word, sentence]; aim: of step or peak.
  fine: (power, quarter, aim) => ["OK", `: ${power} ${rest(quarter)} keeps ${aim[0]}.`],
  much: (power, quarter, aim) => ["Too much", `: stay below ${power} ${rest(quarter)} to keep ${aim[1]}.`],
  passed: (aim) => ["Passed", `: the month ${aim[2]}.`],
  nothing: (quarter, aim) =>
    ["OK", `: nothing you can switch on this ${quarter ? "quarter" : "hour"} changes ${aim[3]}.`],
  free: (until) => ["Free", `: this time does not count for the tariff${until && `; it counts again from ${until}`}.`],
  above: () => ["Above", ": the month is above the highest step; more changes nothing."],
  first: (quarter) => ["Counts", `: no ${quarter ? "quarter" : "hour"} of this month is measured yet.`],
  // level: 0 low, 1 high, 2 peak
  band: (level, until) => [
    ["Low", "High", "Peak"][level],
    `: the grid's ${["lowest", "middle", "highest"][level]} price of a kWh${until && ` until ${until}`}.`,
  ],
  noClock: "Sums begin when the reader knows the time.",
  wait: "Sums begin with the first telegram.",
};

const rest = (quarter) => (quarter ? "for the rest of the quarter" : "for the rest of the hour");

// names: phases, or pairs of phases on a grid without a neutral line.
export const PHASES = {
  title: "Phases",
  fuse: (amps) => `bars: share of ${amps} A`,
  out: (power) => `${power} out`,
  high: (names) => `${names} is close to or above the main fuse.`,
  unmeasured: (names) => `This meter does not measure the current of ${names}.`,
  estimated: (names) => `The current of ${names} is estimated from the power.`,
  noCurrent: (names) => `This meter has not reported the current of ${names}.`,
  noVoltage: (names) => `This meter has not reported the voltage of ${names}.`,
  later: "Phases come in a longer telegram, which most meters send every 10 s.",
};

export const LIVE = {
  title: "Live",
  tenMinutes: "10\u00a0min",
  hour: "1\u00a0h",
  sixHours: "6\u00a0h",
  empty: "The line begins with the second telegram.",
  now: "now",
  // minutes: a number
  ago: (minutes) => (minutes % 60 ? `\u2212${minutes} min` : `\u2212${minutes / 60} h`),
  lowest: (power, out) => (out ? `export up to ${power}` : `lowest ${power}`),
  highest: (power, out) => (out ? `export down to ${power}` : `highest ${power}`),
  latest: (power, out) => (out ? `export now ${power}` : `now ${power}`),
  // mean: the power is the mean of the minute that begins at time.
  readout: (time, power, out, mean) => `${time}: ${out ? "export" : "import"} ${power}${mean ? ", mean of a minute" : ""}`,
  // minutes: 10, 60 or 360
  chart: (minutes, lowest, highest, latest) =>
    `Power over the last ${{ 10: "ten minutes", 60: "hour" }[minutes] ?? "six hours"}: ${lowest}, ${highest}, ${latest}.`,
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
  // kw: "" above the last limit; money: its price a month, "" if unknown.
  next: (kw, money) => {
    const costs = money && ` and costs ${money}`;
    return kw ? `The next step goes up to ${kw} kW${costs}.` : `The next step is the highest${costs}.`;
  },
  perKw: (money) => `A kW costs ${money} a month.`,
  above: "above the highest step",
  costs: (money, currency) => `costs ${money} ${currency}`,
};

export const COST = {
  title: "Cost",
  hour: "This hour",
  today: "Today",
  month: "This month",
  yesterday: "Yesterday",
  lastMonth: "Last month",
  price: (money, currency) => `now ${money} ${currency} per kWh`,
  kwh: (kwh) => `${kwh} kWh`,
  priced: (priced, kwh) => `${priced} of ${kwh} kWh priced`,
  // priced: as the result of priced(), "" if all of the export was.
  earned: (money, priced) => `export earned ${money}${priced && `, ${priced}`}`,
  exported: (kwh) => `${kwh} kWh exported, no price`,
  withFee: (money, fee) => `${money} with the monthly fee of ${fee}`,
  noRate: (from, to) => `There is no exchange rate from ${from} to ${to}: prices are unknown until it comes.`,
  // The last month as on an invoice.
  invoice: (month) => `For the invoice: ${month}`,
  // energy: as the result of kwh() or priced().
  bought: (energy) => `Energy, ${energy}`,
  sold: (energy) => `Export, ${energy}`,
  capacity: (kw) => `Capacity, ${kw} kW`,
  fee: "Monthly fee",
  sum: "Sum",
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

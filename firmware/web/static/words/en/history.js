// English: words of the page History.

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
  near: "measured to within a sixteenth",
  edited: "corrected",
  estimated: "estimated",
  interpolated: "interpolated",
  gap: "unknown",
  partial: "incomplete",
  priced: "a part had no price",
  provisional: "provisional",
  running: "so far",
  pending: "not complete yet",
  none: "nothing recorded",
  future: "to come",
};

// The name of the range before: of the running range, of another.
const BEFORE = {
  day: ["yesterday", "the day before"],
  week: ["the week before", "the week before"],
  month: ["last month", "the month before"],
  year: ["last year", "the year before"],
};

const first = (text) => text[0].toUpperCase() + text.slice(1);

// view: day, week, month or year.
export const ENERGY = {
  title: "Energy",
  day: "Day",
  week: "Week",
  month: "Month",
  year: "Year",
  units: "Unit",
  money: "Money",
  imported: "kWh imported",
  exported: "kWh exported",
  // partly: a figure with its unit, of the range before up to this time, wholly: of all of it; "" when unknown. over: a past range.
  compare: (view, over, partly, wholly) => {
    const parts = [partly && `by now ${partly}`, wholly && `${over ? "" : "in all "}${wholly}`];
    return `${first(BEFORE[view][over ? 1 : 0])} ${parts.filter(Boolean).join(", ")}`;
  },
  chart: (view, range) => `Energy per ${SLOT[view].toLowerCase()}, ${range}`,
  hours: (from, to) => `${from}\u2013${to}`,
  // percent: a text; value: the same as a number. "132 % of yesterday by now"
  verdict: (view, over, percent) => `${percent} % of ${BEFORE[view][over ? 1 : 0]}${over ? "" : " by now"}`,
  // The same slot of the range before.
  ghost: (view, energy) => `${BEFORE[view][1]} ${energy}`,
  cost: (currency) => `${currency} cost`,
  earned: (currency) => `${currency} earned by export`,
  costChart: (view, range) => `Cost per ${SLOT[view].toLowerCase()}, ${range}`,
  priced: (priced, all) => `for ${priced} of ${all} kWh; the rest had no price`,
  hourMoney: "The cost by the hour is not known for this day, only its sum. It is kept for two months.",
  noMoney: "No cost is kept of this range: days with a price are kept for ten weeks.",
  // The read-out of a bar; imported, exported: figures with their unit, "" when unknown.
  bar: (name, imported, exported, quality) =>
    `${name}: ${imported && `import ${imported}, `}${exported && `export ${exported}, `}${quality}`,
  // when: the time or date since which the running range is counted, "" if it is counted from its begin.
  since: (when, estimate) => [when && `since ${when}`, estimate && "estimate"].filter(Boolean).join(", "),
  // quality: that of a bar; when: the time or date since which it is counted.
  barSince: (quality, when) => `${quality}, since ${when}`,
  // n: number of gaps.
  missing: (view, n) => n ? `${n} ${SLOT[view].toLowerCase()}${n > 1 ? "s are" : " is"} not known in full.` : "",
  legendImport: "import",
  legendExport: "export",
  legendCost: "cost",
  legendEarned: "earned",
  legendGhost: "the range before",
  headImport: "Import",
  headExport: "Export",
  headQuality: "Quality",
  asTable: "Show as table",
  asChart: "Show as chart",
  csv: "Download CSV",
  noClock: "History begins when the reader knows the time.",
  loading: "Reading history.",
  empty: "History begins with the first telegram.",
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
  title: (name) => `Correct ${name}`,
  imported: "Import, kWh",
  exported: "Export, kWh",
  check: "Preview",
  checking: "Checking",
  save: "Save",
  saving: "Saving",
  cancel: "Cancel",
  undo: "Undo",
  wrong: "Enter kWh from 0 to 999999.999, with up to three decimals.",
  done: (name) => `${name} is corrected.`,
  undone: "The correction is undone.",
  redone: "The correction is made again.",
  same: "Nothing has changed: these are the old values, or the meter's register has not come yet.",
  late: "Too late: the reader takes corrections of the last 24 hours and the last 31 days.",
  silent: "No answer from the reader: look at the value before you save again.",
  refused: (why) => `The reader refused: ${why}.`,
  status: (number) => `HTTP ${number}`,
};

const change = (before, after) => `${before} \u2192 ${after}`;

// What a correction would change; name: a day or a month.
export const EFFECT = {
  title: "Saving would change:",
  imported: (name) => `Import, ${name}`,
  exported: (name) => `Export, ${name}`,
  energy: (before, after) => `${change(before, after)} kWh`,
  peaks: (name) => `Peaks, ${name}`,
  power: (before, after) => `${change(before, after)} kW`,
  samePeaks: "unchanged",
  step: "Step of the tariff",
  // kw: the upper limit of the step, "" above the highest one.
  steps: (before, after) => change(before ? `up to ${before} kW` : "above all", after ? `up to ${after} kW` : "above all"),
  cost: "Cost",
  income: "Export earns",
  money: (money, currency) => `${money} ${currency}`,
  noCost: "not known: the reader has no price for this time",
  dayCost: "unchanged: a whole day has no hours to price",
};

// The list of corrections.
export const EDITS = {
  title: "Corrections",
  none: "Nothing has been corrected. The last ten corrections and imports are listed here.",
  failed: "The corrections could not be read: close and open this list to try again.",
  loading: "Reading the corrections.",
  kinds: { correction: "Correction", import: "Import" },
  at: (kind, time) => (time ? `${kind}, ${time}` : kind),
  undone: (time) => (time ? `undone ${time}` : "undone"),
  // imported, exported: texts of change(), "" if unchanged.
  slot: (name, imported, exported) =>
    `${name}: ${[imported && `import ${imported}`, exported && `export ${exported}`].filter(Boolean).join(", ")}`,
  kwh: (before, after) => `${change(before, after)} kWh`,
  known: "same energy, now known",
  more: (n) => `and ${n} more`,
  undo: "Undo",
  redo: "Redo",
};

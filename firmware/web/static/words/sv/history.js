// Swedish: words of the page History.

export const SLOT = {
  day: "Timme",
  week: "Dag",
  month: "Dag",
  year: "Månad",
};

export const QUALITY = {
  measured: "uppmätt",
  near: "uppmätt på 1/16 när",
  edited: "rättad",
  estimated: "uppskattad",
  interpolated: "interpolerad",
  gap: "okänd",
  partial: "ofullständig",
  priced: "en del utan pris",
  provisional: "preliminär",
  running: "hittills",
  pending: "inte komplett än",
  none: "inget registrerat",
  future: "kommer",
};

const BEFORE = {
  day: ["i går", "dagen före"],
  week: ["veckan före", "veckan före"],
  month: ["förra månaden", "månaden före"],
  year: ["i fjol", "året före"],
};

const first = (text) => text[0].toUpperCase() + text.slice(1);

export const ENERGY = {
  title: "Energi",
  day: "Dag",
  week: "Vecka",
  month: "Månad",
  year: "År",
  units: "Enhet",
  money: "Pengar",
  imported: "kWh import",
  exported: "kWh export",
  compare: (view, over, partly, wholly) => {
    const parts = [partly && `hittills ${partly}`, wholly && `${over ? "" : "totalt "}${wholly}`];
    return `${first(BEFORE[view][over ? 1 : 0])} ${parts.filter(Boolean).join(", ")}`;
  },
  chart: (view, range) => `Energi per ${SLOT[view].toLowerCase()}, ${range}`,
  hours: (from, to) => `${from}\u2013${to}`,
  verdict: (view, over, percent) => `${percent} % av ${BEFORE[view][over ? 1 : 0]}${over ? "" : " vid samma tid"}`,
  ghost: (view, energy) => `${BEFORE[view][1]} ${energy}`,
  cost: (currency) => `${currency} kostnad`,
  earned: (currency) => `${currency} intäkt av export`,
  costChart: (view, range) => `Kostnad per ${SLOT[view].toLowerCase()}, ${range}`,
  priced: (priced, all) => `för ${priced} av ${all} kWh; resten hade inget pris`,
  hourMoney: "Kostnaden per timme är inte känd för den här dagen, bara summan. Den sparas i två månader.",
  noMoney: "Ingen kostnad är sparad: dagar med pris sparas i tio veckor.",
  bar: (name, imported, exported, quality) =>
    `${name}: ${imported && `import ${imported}, `}${exported && `export ${exported}, `}${quality}`,
  since: (when, estimate) => [when && `sedan ${when}`, estimate && "uppskattning"].filter(Boolean).join(", "),
  barSince: (quality, when) => `${quality}, sedan ${when}`,
  missing: (view, n) => (n ? `${n} ${n > 1 ? { day: "timmar", week: "dagar", month: "dagar", year: "månader" }[view] : SLOT[view].toLowerCase()} är inte helt kända.` : ""),
  legendImport: "import",
  legendExport: "export",
  legendCost: "kostnad",
  legendEarned: "intäkt",
  legendGhost: "perioden före",
  headImport: "Import",
  headExport: "Export",
  headQuality: "Kvalitet",
  asTable: "Visa som tabell",
  asChart: "Visa som diagram",
  csv: "Ladda ner CSV",
  noClock: "Börjar när läsaren vet tiden.",
  loading: "Läser historik.",
  empty: "Börjar med det första telegrammet.",
  nothing: "Inget registrerat. Timmar sparas i 400 dagar, dagar i fem år.",
  failed: "Historiken kunde inte läsas: nytt försök om 10 s.",
};

export const WALK = {
  earlier: "Tidigare",
  later: "Senare",
  today: "I dag",
  to: (button, range) => `${button}: ${range}`,
};

export const CORRECT = {
  title: (name) => `Rätta ${name}`,
  imported: "Import, kWh",
  exported: "Export, kWh",
  check: "Förhandsgranska",
  checking: "Kontrollerar",
  save: "Spara",
  saving: "Sparar",
  cancel: "Avbryt",
  undo: "Ångra",
  wrong: "Ange kWh från 0 till 999999,999, med högst tre decimaler.",
  done: (name) => `${name} är rättad.`,
  undone: "Rättelsen är ångrad.",
  redone: "Rättelsen är gjord igen.",
  same: "Inget har ändrats: det är de gamla värdena, eller mätarställningen har inte kommit än.",
  late: "För sent: bara de senaste 24 timmarna och 31 dagarna kan rättas.",
  silent: "Inget svar från läsaren: kontrollera värdet innan du sparar igen.",
  refused: (why) => `Läsaren avvisade: ${why}.`,
  status: (number) => `HTTP ${number}`,
};

const change = (before, after) => `${before} \u2192 ${after}`;

export const EFFECT = {
  title: "Det här skulle ändras:",
  imported: (name) => `Import, ${name}`,
  exported: (name) => `Export, ${name}`,
  energy: (before, after) => `${change(before, after)} kWh`,
  peaks: (name) => `Toppar, ${name}`,
  power: (before, after) => `${change(before, after)} kW`,
  samePeaks: "oförändrat",
  step: "Effektsteg",
  steps: (before, after) => change(before ? `upp till ${before} kW` : "över alla", after ? `upp till ${after} kW` : "över alla"),
  cost: "Kostnad",
  income: "Export ger",
  money: (money, currency) => `${money} ${currency}`,
  noCost: "okänt: inget pris för den tiden",
  dayCost: "oförändrat: en dag har inga timpriser",
};

export const EDITS = {
  title: "Rättelser",
  none: "Inget har rättats. De senaste tio rättelserna och importerna visas här.",
  failed: "Rättelserna kunde inte läsas: stäng och öppna listan för att försöka igen.",
  loading: "Läser rättelserna.",
  kinds: { correction: "Rättelse", import: "Import" },
  at: (kind, time) => (time ? `${kind}, ${time}` : kind),
  undone: (time) => (time ? `ångrad ${time}` : "ångrad"),
  slot: (name, imported, exported) =>
    `${name}: ${[imported && `import ${imported}`, exported && `export ${exported}`].filter(Boolean).join(", ")}`,
  kwh: (before, after) => `${change(before, after)} kWh`,
  known: "samma energi, nu känd",
  more: (n) => `och ${n} till`,
  undo: "Ångra",
  redo: "Gör om",
};

// Norwegian: words of the page History.

export const SLOT = {
  day: "Time",
  week: "Dag",
  month: "Dag",
  year: "Måned",
};

export const QUALITY = {
  measured: "målt",
  near: "målt på 1/16 nær",
  edited: "rettet",
  estimated: "anslått",
  interpolated: "interpolert",
  gap: "ukjent",
  partial: "ufullstendig",
  priced: "en del uten pris",
  provisional: "foreløpig",
  running: "hittil",
  pending: "ikke komplett ennå",
  none: "ingenting registrert",
  future: "kommer",
};

const BEFORE = {
  day: ["i går", "dagen før"],
  week: ["uken før", "uken før"],
  month: ["forrige måned", "måneden før"],
  year: ["i fjor", "året før"],
};

const first = (text) => text[0].toUpperCase() + text.slice(1);

export const ENERGY = {
  title: "Energi",
  day: "Dag",
  week: "Uke",
  month: "Måned",
  year: "År",
  units: "Enhet",
  money: "Penger",
  imported: "kWh importert",
  exported: "kWh eksportert",
  compare: (view, over, partly, wholly) => {
    const parts = [partly && `hittil ${partly}`, wholly && `${over ? "" : "totalt "}${wholly}`];
    return `${first(BEFORE[view][over ? 1 : 0])} ${parts.filter(Boolean).join(", ")}`;
  },
  chart: (view, range) => `Energi per ${SLOT[view].toLowerCase()}, ${range}`,
  hours: (from, to) => `${from}\u2013${to}`,
  verdict: (view, over, percent) => `${percent} % av ${BEFORE[view][over ? 1 : 0]}${over ? "" : " på samme tid"}`,
  ghost: (view, energy) => `${BEFORE[view][1]} ${energy}`,
  cost: (currency) => `${currency} kostnad`,
  earned: (currency) => `${currency} tjent på eksport`,
  costChart: (view, range) => `Kostnad per ${SLOT[view].toLowerCase()}, ${range}`,
  priced: (priced, all) => `for ${priced} av ${all} kWh; resten hadde ingen pris`,
  hourMoney: "Kostnaden per time er ikke kjent for denne dagen, bare summen. Den beholdes i to måneder.",
  noMoney: "Ingen kostnad er lagret for perioden: dager med pris beholdes i ti uker.",
  bar: (name, imported, exported, quality) =>
    `${name}: ${imported && `import ${imported}, `}${exported && `eksport ${exported}, `}${quality}`,
  since: (when, estimate) => [when && `siden ${when}`, estimate && "anslag"].filter(Boolean).join(", "),
  barSince: (quality, when) => `${quality}, siden ${when}`,
  missing: (view, n) => (n ? `${n} ${n > 1 ? { day: "timer", week: "dager", month: "dager", year: "måneder" }[view] : SLOT[view].toLowerCase()} er ikke fullt kjent.` : ""),
  legendImport: "import",
  legendExport: "eksport",
  legendCost: "kostnad",
  legendEarned: "tjent",
  legendGhost: "perioden før",
  headImport: "Import",
  headExport: "Eksport",
  headQuality: "Kvalitet",
  asTable: "Vis som tabell",
  asChart: "Vis som diagram",
  csv: "Last ned CSV",
  noClock: "Historikken begynner når leseren vet tiden.",
  loading: "Leser historikk.",
  empty: "Historikken begynner med det første telegrammet.",
  nothing: "Ingenting er registrert i denne perioden. Timer beholdes i 400 dager, dager i fem år.",
  failed: "Historikken kunne ikke leses: prøver igjen om 10 s.",
};

export const WALK = {
  earlier: "Tidligere",
  later: "Senere",
  today: "I dag",
  to: (button, range) => `${button}: ${range}`,
};

export const CORRECT = {
  title: (name) => `Rett ${name}`,
  imported: "Import, kWh",
  exported: "Eksport, kWh",
  check: "Forhåndsvis",
  checking: "Kontrollerer",
  save: "Lagre",
  saving: "Lagrer",
  cancel: "Avbryt",
  undo: "Angre",
  wrong: "Skriv kWh fra 0 til 999999,999, med opptil tre desimaler.",
  done: (name) => `${name} er rettet.`,
  undone: "Rettelsen er angret.",
  redone: "Rettelsen er gjort på nytt.",
  same: "Ingenting er endret: dette er de gamle verdiene, eller målerens stand har ikke kommet ennå.",
  late: "For sent: leseren tar rettelser for siste 24 timer og siste 31 dager.",
  silent: "Ikke noe svar fra leseren: se på verdien før du lagrer igjen.",
  refused: (why) => `Leseren avslo: ${why}.`,
  status: (number) => `HTTP ${number}`,
};

const change = (before, after) => `${before} \u2192 ${after}`;

export const EFFECT = {
  title: "Lagring vil endre:",
  imported: (name) => `Import, ${name}`,
  exported: (name) => `Eksport, ${name}`,
  energy: (before, after) => `${change(before, after)} kWh`,
  peaks: (name) => `Topper, ${name}`,
  power: (before, after) => `${change(before, after)} kW`,
  samePeaks: "uendret",
  step: "Trinn i effektleddet",
  steps: (before, after) => change(before ? `opptil ${before} kW` : "over alle", after ? `opptil ${after} kW` : "over alle"),
  cost: "Kostnad",
  income: "Eksport gir",
  money: (money, currency) => `${money} ${currency}`,
  noCost: "ukjent: leseren har ingen pris for denne tiden",
  dayCost: "uendret: en hel dag har ingen timer å prise",
};

export const EDITS = {
  title: "Rettelser",
  none: "Ingenting er rettet. De siste ti rettelser og importer står her.",
  failed: "Rettelsene kunne ikke leses: lukk og åpne listen for å prøve igjen.",
  loading: "Leser rettelsene.",
  kinds: { correction: "Rettelse", import: "Import" },
  at: (kind, time) => (time ? `${kind}, ${time}` : kind),
  undone: (time) => (time ? `angret ${time}` : "angret"),
  slot: (name, imported, exported) =>
    `${name}: ${[imported && `import ${imported}`, exported && `eksport ${exported}`].filter(Boolean).join(", ")}`,
  kwh: (before, after) => `${change(before, after)} kWh`,
  known: "samme energi, nå kjent",
  more: (n) => `og ${n} til`,
  undo: "Angre",
  redo: "Gjør om",
};

// Danish: words of the page History.

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
  estimated: "anslået",
  interpolated: "interpoleret",
  gap: "ukendt",
  partial: "ufuldstændig",
  priced: "en del uden pris",
  provisional: "foreløbig",
  running: "indtil nu",
  pending: "ikke komplet endnu",
  none: "intet registreret",
  future: "kommer",
};

const BEFORE = {
  day: ["i går", "dagen før"],
  week: ["ugen før", "ugen før"],
  month: ["sidste måned", "måneden før"],
  year: ["sidste år", "året før"],
};

const first = (text) => text[0].toUpperCase() + text.slice(1);

export const ENERGY = {
  title: "Energi",
  day: "Dag",
  week: "Uge",
  month: "Måned",
  year: "År",
  units: "Enhed",
  money: "Penge",
  imported: "kWh importeret",
  exported: "kWh eksporteret",
  compare: (view, over, partly, wholly) => {
    const parts = [partly && `indtil nu ${partly}`, wholly && `${over ? "" : "i alt "}${wholly}`];
    return `${first(BEFORE[view][over ? 1 : 0])} ${parts.filter(Boolean).join(", ")}`;
  },
  chart: (view, range) => `Energi pr. ${SLOT[view].toLowerCase()}, ${range}`,
  hours: (from, to) => `${from}\u2013${to}`,
  verdict: (view, over, percent) => `${percent} % af ${BEFORE[view][over ? 1 : 0]}${over ? "" : " på samme tid"}`,
  ghost: (view, energy) => `${BEFORE[view][1]} ${energy}`,
  cost: (currency) => `${currency} udgift`,
  earned: (currency) => `${currency} tjent på eksport`,
  costChart: (view, range) => `Udgift pr. ${SLOT[view].toLowerCase()}, ${range}`,
  priced: (priced, all) => `for ${priced} af ${all} kWh; resten havde ingen pris`,
  hourMoney: "Udgiften pr. time kendes ikke for denne dag, kun summen. Den gemmes i to måneder.",
  noMoney: "Ingen udgift er gemt for perioden: dage med pris gemmes i ti uger.",
  bar: (name, imported, exported, quality) =>
    `${name}: ${imported && `import ${imported}, `}${exported && `eksport ${exported}, `}${quality}`,
  since: (when, estimate) => [when && `siden ${when}`, estimate && "skøn"].filter(Boolean).join(", "),
  barSince: (quality, when) => `${quality}, siden ${when}`,
  missing: (view, n) => (n ? `${n} ${n > 1 ? { day: "timer", week: "dage", month: "dage", year: "måneder" }[view] : SLOT[view].toLowerCase()} er ikke fuldt kendt.` : ""),
  legendImport: "import",
  legendExport: "eksport",
  legendCost: "udgift",
  legendEarned: "tjent",
  legendGhost: "perioden før",
  headImport: "Import",
  headExport: "Eksport",
  headQuality: "Kvalitet",
  asTable: "Vis som tabel",
  asChart: "Vis som diagram",
  csv: "Hent CSV",
  noClock: "Historikken begynder, når læseren kender tiden.",
  loading: "Læser historik.",
  empty: "Historikken begynder med det første telegram.",
  nothing: "Intet blev registreret i perioden. Timer gemmes i 400 dage, dage i fem år.",
  failed: "Historikken kunne ikke læses: prøver igen om 10 s.",
};

export const WALK = {
  earlier: "Tidligere",
  later: "Senere",
  today: "I dag",
  to: (button, range) => `${button}: ${range}`,
};

export const CORRECT = {
  title: (name) => `Ret ${name}`,
  imported: "Import, kWh",
  exported: "Eksport, kWh",
  check: "Forhåndsvis",
  checking: "Kontrollerer",
  save: "Gem",
  saving: "Gemmer",
  cancel: "Annullér",
  undo: "Fortryd",
  wrong: "Angiv kWh fra 0 til 999999,999 med højst tre decimaler.",
  done: (name) => `${name} er rettet.`,
  undone: "Rettelsen er fortrudt.",
  redone: "Rettelsen er udført igen.",
  same: "Intet er ændret: det er de gamle værdier, eller målerens stand er ikke kommet endnu.",
  late: "For sent: læseren tager imod rettelser for de seneste 24 timer og 31 dage.",
  silent: "Intet svar fra læseren: se på værdien, før du gemmer igen.",
  refused: (why) => `Læseren afviste: ${why}.`,
  status: (number) => `HTTP ${number}`,
};

const change = (before, after) => `${before} \u2192 ${after}`;

export const EFFECT = {
  title: "Dette ville ændres:",
  imported: (name) => `Import, ${name}`,
  exported: (name) => `Eksport, ${name}`,
  energy: (before, after) => `${change(before, after)} kWh`,
  peaks: (name) => `Spidser, ${name}`,
  power: (before, after) => `${change(before, after)} kW`,
  samePeaks: "uændret",
  step: "Effekttrin",
  steps: (before, after) => change(before ? `op til ${before} kW` : "over alle", after ? `op til ${after} kW` : "over alle"),
  cost: "Udgift",
  income: "Eksport giver",
  money: (money, currency) => `${money} ${currency}`,
  noCost: "ukendt: læseren har ingen pris for den tid",
  dayCost: "uændret: en hel dag har ingen timer at prissætte",
};

export const EDITS = {
  title: "Rettelser",
  none: "Intet er rettet. De seneste ti rettelser og importer vises her.",
  failed: "Rettelserne kunne ikke læses: luk og åbn listen for at prøve igen.",
  loading: "Læser rettelserne.",
  kinds: { correction: "Rettelse", import: "Import" },
  at: (kind, time) => (time ? `${kind}, ${time}` : kind),
  undone: (time) => (time ? `fortrudt ${time}` : "fortrudt"),
  slot: (name, imported, exported) =>
    `${name}: ${[imported && `import ${imported}`, exported && `eksport ${exported}`].filter(Boolean).join(", ")}`,
  kwh: (before, after) => `${change(before, after)} kWh`,
  known: "samme energi, nu kendt",
  more: (n) => `og ${n} til`,
  undo: "Fortryd",
  redo: "Gentag",
};

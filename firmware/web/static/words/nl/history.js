// Dutch: words of the page History.

export const SLOT = {
  day: "Uur",
  week: "Dag",
  month: "Dag",
  year: "Maand",
};

export const QUALITY = {
  measured: "gemeten",
  near: "gemeten tot op 1/16",
  edited: "gecorrigeerd",
  estimated: "geschat",
  interpolated: "geïnterpoleerd",
  gap: "onbekend",
  partial: "onvolledig",
  priced: "een deel zonder prijs",
  provisional: "voorlopig",
  running: "tot nu toe",
  pending: "nog niet volledig",
  none: "niets vastgelegd",
  future: "komt nog",
};

const BEFORE = {
  day: ["gisteren", "de dag ervoor"],
  week: ["de week ervoor", "de week ervoor"],
  month: ["vorige maand", "de maand ervoor"],
  year: ["vorig jaar", "het jaar ervoor"],
};

const first = (text) => text[0].toUpperCase() + text.slice(1);

export const ENERGY = {
  title: "Energie",
  day: "Dag",
  week: "Week",
  month: "Maand",
  year: "Jaar",
  units: "Eenheid",
  money: "Geld",
  imported: "kWh afname",
  exported: "kWh teruglevering",
  compare: (view, over, partly, wholly) => {
    const parts = [partly && `tot nu ${partly}`, wholly && `${over ? "" : "in totaal "}${wholly}`];
    return `${first(BEFORE[view][over ? 1 : 0])} ${parts.filter(Boolean).join(", ")}`;
  },
  chart: (view, range) => `Energie per ${SLOT[view].toLowerCase()}, ${range}`,
  hours: (from, to) => `${from}\u2013${to}`,
  verdict: (view, over, percent) => `${percent} % van ${BEFORE[view][over ? 1 : 0]}${over ? "" : " op dit tijdstip"}`,
  ghost: (view, energy) => `${BEFORE[view][1]} ${energy}`,
  cost: (currency) => `${currency} kosten`,
  earned: (currency) => `${currency} opbrengst van teruglevering`,
  costChart: (view, range) => `Kosten per ${SLOT[view].toLowerCase()}, ${range}`,
  priced: (priced, all) => `voor ${priced} van ${all} kWh; de rest had geen prijs`,
  hourMoney: "De kosten per uur zijn van deze dag niet bekend, alleen de som. Ze worden twee maanden bewaard.",
  noMoney: "Geen kosten bewaard: dagen met prijs blijven tien weken.",
  bar: (name, imported, exported, quality) =>
    `${name}: ${imported && `afname ${imported}, `}${exported && `teruglevering ${exported}, `}${quality}`,
  since: (when, estimate) => [when && `sinds ${when}`, estimate && "schatting"].filter(Boolean).join(", "),
  barSince: (quality, when) => `${quality}, sinds ${when}`,
  missing: (view, n) => (n ? `${n} ${n > 1 ? { day: "uren zijn", week: "dagen zijn", month: "dagen zijn", year: "maanden zijn" }[view] : `${SLOT[view].toLowerCase()} is`} niet volledig bekend.` : ""),
  legendImport: "afname",
  legendExport: "teruglevering",
  legendCost: "kosten",
  legendEarned: "opbrengst",
  legendGhost: "periode ervoor",
  headImport: "Afname",
  headExport: "Teruglevering",
  headQuality: "Kwaliteit",
  asTable: "Toon als tabel",
  asChart: "Toon als grafiek",
  csv: "CSV downloaden",
  noClock: "Begint als de lezer de tijd weet.",
  loading: "Historie wordt gelezen.",
  empty: "Begint met het eerste telegram.",
  nothing: "Niets vastgelegd. Uren blijven 400 dagen, dagen vijf jaar.",
  failed: "Historie niet te lezen: nieuwe poging over 10 s.",
};

export const WALK = {
  earlier: "Eerder",
  later: "Later",
  today: "Vandaag",
  to: (button, range) => `${button}: ${range}`,
};

export const CORRECT = {
  title: (name) => `${name} corrigeren`,
  imported: "Afname, kWh",
  exported: "Teruglevering, kWh",
  check: "Voorbeeld",
  checking: "Controleren",
  save: "Opslaan",
  saving: "Bezig met opslaan",
  cancel: "Annuleren",
  undo: "Ongedaan maken",
  wrong: "Vul kWh in van 0 tot 999999,999, met hoogstens drie decimalen.",
  done: (name) => `${name} is gecorrigeerd.`,
  undone: "De correctie is ongedaan gemaakt.",
  redone: "De correctie is opnieuw gemaakt.",
  same: "Er is niets veranderd: dit zijn de oude waarden, of de meterstand is er nog niet.",
  late: "Te laat: alleen de laatste 24 uur en 31 dagen zijn te corrigeren.",
  silent: "Geen antwoord van de lezer: bekijk de waarde voordat u opnieuw opslaat.",
  refused: (why) => `De lezer weigert: ${why}.`,
  status: (number) => `HTTP ${number}`,
};

const change = (before, after) => `${before} \u2192 ${after}`;

export const EFFECT = {
  title: "Opslaan zou veranderen:",
  imported: (name) => `Afname, ${name}`,
  exported: (name) => `Teruglevering, ${name}`,
  energy: (before, after) => `${change(before, after)} kWh`,
  peaks: (name) => `Pieken, ${name}`,
  power: (before, after) => `${change(before, after)} kW`,
  samePeaks: "onveranderd",
  step: "Trede van het tarief",
  steps: (before, after) => change(before ? `tot ${before} kW` : "boven alle", after ? `tot ${after} kW` : "boven alle"),
  cost: "Kosten",
  income: "Teruglevering levert op",
  money: (money, currency) => `${money} ${currency}`,
  noCost: "onbekend: geen prijs voor deze tijd",
  dayCost: "onveranderd: een dag heeft geen uurprijzen",
};

export const EDITS = {
  title: "Correcties",
  none: "Niets gecorrigeerd. Hier staan de laatste tien correcties en imports.",
  failed: "Correcties niet te lezen: sluit en open de lijst.",
  loading: "Correcties worden gelezen.",
  kinds: { correction: "Correctie", import: "Import" },
  at: (kind, time) => (time ? `${kind}, ${time}` : kind),
  undone: (time) => (time ? `ongedaan gemaakt ${time}` : "ongedaan gemaakt"),
  slot: (name, imported, exported) =>
    `${name}: ${[imported && `afname ${imported}`, exported && `teruglevering ${exported}`].filter(Boolean).join(", ")}`,
  kwh: (before, after) => `${change(before, after)} kWh`,
  known: "zelfde energie, nu bekend",
  more: (n) => `en nog ${n}`,
  undo: "Ongedaan maken",
  redo: "Opnieuw",
};

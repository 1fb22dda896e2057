// German: words of the page History.

export const SLOT = {
  day: "Stunde",
  week: "Tag",
  month: "Tag",
  year: "Monat",
};

export const QUALITY = {
  measured: "gemessen",
  near: "auf 1/16 genau gemessen",
  edited: "korrigiert",
  estimated: "geschätzt",
  interpolated: "interpoliert",
  gap: "unbekannt",
  partial: "unvollständig",
  priced: "ein Teil ohne Preis",
  provisional: "vorläufig",
  running: "bisher",
  pending: "noch nicht vollständig",
  none: "nichts aufgezeichnet",
  future: "kommt noch",
};

const BEFORE = {
  day: ["gestern", "Vortag"],
  week: ["Vorwoche", "Vorwoche"],
  month: ["Vormonat", "Vormonat"],
  year: ["Vorjahr", "Vorjahr"],
};

const first = (text) => text[0].toUpperCase() + text.slice(1);

export const ENERGY = {
  title: "Energie",
  day: "Tag",
  week: "Woche",
  month: "Monat",
  year: "Jahr",
  units: "Einheit",
  money: "Geld",
  imported: "kWh Bezug",
  exported: "kWh Einspeisung",
  compare: (view, over, partly, wholly) => {
    const parts = [partly && `bis jetzt ${partly}`, wholly && `${over ? "" : "gesamt "}${wholly}`];
    return `${first(BEFORE[view][over ? 1 : 0])} ${parts.filter(Boolean).join(", ")}`;
  },
  chart: (view, range) => `Energie je ${SLOT[view]}, ${range}`,
  hours: (from, to) => `${from}\u2013${to}`,
  verdict: (view, over, percent) => `${percent} % gegenüber ${BEFORE[view][over ? 1 : 0]}${over ? "" : " zur selben Zeit"}`,
  ghost: (view, energy) => `${BEFORE[view][1]} ${energy}`,
  cost: (currency) => `${currency} Kosten`,
  earned: (currency) => `${currency} Erlös der Einspeisung`,
  costChart: (view, range) => `Kosten je ${SLOT[view]}, ${range}`,
  priced: (priced, all) => `für ${priced} von ${all} kWh; der Rest ohne Preis`,
  hourMoney: "Die Kosten je Stunde sind für diesen Tag nicht bekannt, nur die Summe. Sie werden zwei Monate lang behalten.",
  noMoney: "Keine Kosten gespeichert: Tage mit Preis bleiben zehn Wochen.",
  bar: (name, imported, exported, quality) =>
    `${name}: ${imported && `Bezug ${imported}, `}${exported && `Einspeisung ${exported}, `}${quality}`,
  since: (when, estimate) => [when && `seit ${when}`, estimate && "Schätzung"].filter(Boolean).join(", "),
  barSince: (quality, when) => `${quality}, seit ${when}`,
  missing: (view, n) => (n ? `${n} ${n > 1 ? { day: "Stunden", week: "Tage", month: "Tage", year: "Monate" }[view] : SLOT[view]} unvollständig.` : ""),
  legendImport: "Bezug",
  legendExport: "Einspeisung",
  legendCost: "Kosten",
  legendEarned: "Erlös",
  legendGhost: "Zeitraum davor",
  headImport: "Bezug",
  headExport: "Einspeisung",
  headQuality: "Qualität",
  asTable: "Als Tabelle zeigen",
  asChart: "Als Diagramm zeigen",
  csv: "CSV herunterladen",
  noClock: "Beginnt, wenn das Lesegerät die Zeit kennt.",
  loading: "Verlauf wird gelesen.",
  empty: "Beginnt mit dem ersten Telegramm.",
  nothing: "Nichts aufgezeichnet. Stunden bleiben 400 Tage, Tage fünf Jahre.",
  failed: "Verlauf nicht lesbar: neuer Versuch in 10 s.",
};

export const WALK = {
  earlier: "Früher",
  later: "Später",
  today: "Heute",
  to: (button, range) => `${button}: ${range}`,
};

export const CORRECT = {
  title: (name) => `${name} korrigieren`,
  imported: "Bezug, kWh",
  exported: "Einspeisung, kWh",
  check: "Vorschau",
  checking: "Wird geprüft",
  save: "Speichern",
  saving: "Wird gespeichert",
  cancel: "Abbrechen",
  undo: "Rückgängig",
  wrong: "kWh von 0 bis 999999,999, höchstens drei Dezimalen.",
  done: (name) => `${name} ist korrigiert.`,
  undone: "Korrektur rückgängig gemacht.",
  redone: "Korrektur wiederhergestellt.",
  same: "Nichts geändert: alte Werte, oder der Zählerstand fehlt noch.",
  late: "Zu spät: Korrigierbar sind die letzten 24 Stunden und 31 Tage.",
  silent: "Keine Antwort vom Lesegerät: erst den Wert ansehen, dann speichern.",
  refused: (why) => `Das Lesegerät lehnt ab: ${why}.`,
  status: (number) => `HTTP ${number}`,
};

const change = (before, after) => `${before} \u2192 ${after}`;

export const EFFECT = {
  title: "Speichern würde ändern:",
  imported: (name) => `Bezug, ${name}`,
  exported: (name) => `Einspeisung, ${name}`,
  energy: (before, after) => `${change(before, after)} kWh`,
  peaks: (name) => `Spitzen, ${name}`,
  power: (before, after) => `${change(before, after)} kW`,
  samePeaks: "unverändert",
  step: "Tarifstufe",
  steps: (before, after) => change(before ? `bis ${before} kW` : "über allen", after ? `bis ${after} kW` : "über allen"),
  cost: "Kosten",
  income: "Einspeisung bringt",
  money: (money, currency) => `${money} ${currency}`,
  noCost: "unbekannt: kein Preis für diese Zeit",
  dayCost: "unverändert: ein Tag hat keine Stundenpreise",
};

export const EDITS = {
  title: "Korrekturen",
  none: "Nichts korrigiert. Hier stehen die letzten zehn Korrekturen und Importe.",
  failed: "Korrekturen nicht lesbar: Liste schließen und öffnen.",
  loading: "Korrekturen werden gelesen.",
  kinds: { correction: "Korrektur", import: "Import" },
  at: (kind, time) => (time ? `${kind}, ${time}` : kind),
  undone: (time) => (time ? `rückgängig ${time}` : "rückgängig"),
  slot: (name, imported, exported) =>
    `${name}: ${[imported && `Bezug ${imported}`, exported && `Einspeisung ${exported}`].filter(Boolean).join(", ")}`,
  kwh: (before, after) => `${change(before, after)} kWh`,
  known: "gleiche Energie, jetzt bekannt",
  more: (n) => `und ${n} weitere`,
  undo: "Rückgängig",
  redo: "Wiederholen",
};

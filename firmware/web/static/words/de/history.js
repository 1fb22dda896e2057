// German: words of the page History.

export const SLOT = {
  day: "Stunde",
  week: "Tag",
  month: "Tag",
  year: "Monat",
};

export const QUALITY = {
  measured: "gemessen",
  near: "auf ein Sechzehntel genau gemessen",
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
  day: ["gestern", "am Vortag"],
  week: ["in der Vorwoche", "in der Vorwoche"],
  month: ["im letzten Monat", "im Vormonat"],
  year: ["im letzten Jahr", "im Vorjahr"],
};

const OF = {
  day: ["von gestern", "des Vortags"],
  week: ["der Vorwoche", "der Vorwoche"],
  month: ["des Vormonats", "des Vormonats"],
  year: ["des Vorjahrs", "des Vorjahrs"],
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
    const parts = [partly && `bis jetzt ${partly} kWh`, wholly && `${over ? "" : "insgesamt "}${wholly} kWh`];
    return `${first(BEFORE[view][over ? 1 : 0])} ${parts.filter(Boolean).join(", ")}`;
  },
  chart: (view, range) => `Energie je ${SLOT[view]}, ${range}`,
  hours: (from, to) => `${from}\u2013${to}`,
  verdict: (view, over, percent) => `${percent} % ${OF[view][over ? 1 : 0]}${over ? "" : " zur selben Zeit"}`,
  ghost: (view, energy) => `${BEFORE[view][1]} ${energy}`,
  cost: (currency) => `${currency} Kosten`,
  earned: (currency) => `${currency} Erlös der Einspeisung`,
  costChart: (view, range) => `Kosten je ${SLOT[view]}, ${range}`,
  priced: (priced, all) => `für ${priced} von ${all} kWh; der Rest hatte keinen Preis`,
  hourMoney: "Das Lesegerät speichert Geld je Tag: Woche oder Monat wählen.",
  noMoney: "Für diesen Zeitraum sind keine Kosten gespeichert: Tage mit Preis bleiben zehn Wochen.",
  bar: (name, imported, exported, quality) =>
    `${name}: ${imported && `Bezug ${imported}, `}${exported && `Einspeisung ${exported}, `}${quality}`,
  since: (when, estimate) => [when && `seit ${when}`, estimate && "Schätzung"].filter(Boolean).join(", "),
  barSince: (quality, when) => `${quality}, seit ${when}`,
  missing: (view, n) => (n ? `${n} ${n > 1 ? { day: "Stunden", week: "Tage", month: "Tage", year: "Monate" }[view] : SLOT[view]} nicht vollständig bekannt.` : ""),
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
  noClock: "Der Verlauf beginnt, wenn das Lesegerät die Zeit kennt.",
  loading: "Verlauf wird gelesen.",
  empty: "Der Verlauf beginnt mit dem ersten Telegramm.",
  nothing: "In diesem Zeitraum wurde nichts aufgezeichnet. Stunden bleiben 400 Tage, Tage fünf Jahre.",
  failed: "Der Verlauf konnte nicht gelesen werden: neuer Versuch in 10 s.",
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
  wrong: "kWh von 0 bis 999999,999 mit höchstens drei Nachkommastellen eingeben.",
  done: (name) => `${name} ist korrigiert.`,
  undone: "Die Korrektur ist rückgängig gemacht.",
  redone: "Die Korrektur ist wiederhergestellt.",
  same: "Nichts hat sich geändert: Das sind die alten Werte, oder der Zählerstand ist noch nicht da.",
  late: "Zu spät: Das Lesegerät nimmt Korrekturen der letzten 24 Stunden und 31 Tage an.",
  silent: "Keine Antwort vom Lesegerät: Wert ansehen, bevor erneut gespeichert wird.",
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
  step: "Stufe des Netzentgelts",
  steps: (before, after) => change(before ? `bis ${before} kW` : "über allen", after ? `bis ${after} kW` : "über allen"),
  cost: "Kosten",
  income: "Einspeisung bringt",
  money: (money, currency) => `${money} ${currency}`,
  noCost: "unbekannt: Das Lesegerät hat keinen Preis für diese Zeit",
  dayCost: "unverändert: Ein ganzer Tag hat keine Stunden mit Preis",
};

export const EDITS = {
  title: "Korrekturen",
  none: "Nichts wurde korrigiert. Die letzten zehn Korrekturen und Importe stehen hier.",
  failed: "Die Korrekturen konnten nicht gelesen werden: Liste schließen und öffnen.",
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

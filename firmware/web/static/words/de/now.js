// German: words of the page Now. en/now.js tells what the functions take.

const WIRING = "beschädigtes Telegramm: Kabel und serielle Einstellungen prüfen";
const FAULTS = {
  "-1": "unlesbares Telegramm: Zählertyp prüfen",
  "-4": "falsche Prüfsumme im Kopf: Kabel und serielle Einstellungen prüfen",
  "-5": "falsche Prüfsumme: Kabel und serielle Einstellungen prüfen",
  "-51": "Authentifizierung fehlgeschlagen: Authentifizierungsschlüssel prüfen",
  "-52": "Entschlüsselung fehlgeschlagen: Schlüssel prüfen",
  "-53": "ungültiger Schlüssel: neu eingeben",
  90: "kein Telegramm seit 30 s",
  91: "Leitung unterbrochen: Kabel und Signalumkehr prüfen",
  92: "Empfangspuffer voll: Baudrate prüfen",
  93: "Empfänger übergelaufen: Baudrate prüfen",
  94: "Rahmenfehler: Baudrate und Kabel prüfen",
  95: "Paritätsfehler: Parität prüfen",
  98: "interner Fehler: Lesegerät neu starten, falls er bleibt",
  99: "serielle Einstellungen nicht gefunden: von Hand setzen",
};
const BROKER = {
  "-3": "keine Verbindung: Adresse und Port prüfen",
  "-4": "keine Antwort: prüfen, ob der Broker läuft",
  "-10": "Anmeldung abgelehnt: Benutzername und Passwort prüfen",
  "-11": "Abonnement abgelehnt: Zugriffsregeln prüfen",
  "-12": "Abonnement abgelehnt: Zugriffsregeln prüfen",
};
const CLOCKS = { 1: "Die Uhr des Zeitservers", 2: "Die Zähleruhr" };
const code = (n) => `(Fehler ${String(n).replace("-", "\u2212")})`;

export const STATUS = {
  lost: (time) => `Kein Kontakt zum Lesegerät seit ${time}; neuer Versuch läuft.`,
  late: (time) => `Kein Telegramm seit ${time}.`,
  plug: "Sitzt der Stecker fest im Zähler? Hat der Netzbetreiber die Schnittstelle freigeschaltet?",
  meterFault: (n) => `Zählerdaten: ${FAULTS[n] ?? WIRING} ${code(n)}.`,
  mqttFault: (n) => `MQTT: ${BROKER[n] ?? "nicht verbunden"}${n ? ` ${code(n)}` : ""}.`,
  safeMode: "Abgesicherter Modus nach Abstürzen, höchstens eine Stunde: Der Zähler wird nicht gelesen. Kommt er wieder: letzte Änderung zurücknehmen.",
  noTime: "Noch keine bestätigte Zeit: Warten auf Zeitserver oder Zähler.",
  meterTime: "Die Zeit ist von der Zähleruhr, nicht von einem Zeitserver bestätigt.",
  absurdTime: (kind) => `${CLOCKS[kind]} zeigt eine unmögliche Zeit; sie gilt nicht.`,
  refusedTime: (kind, time, ahead) => `${CLOCKS[kind]} geht ${time} ${ahead ? "vor" : "nach"}; sie gilt nicht.`,
  saving: (time) => `Versorgungsspannung niedrig: Werte alle ${time}.`,
  upgrade: (version) => `Version ${version} ist verfügbar`,
  upgrading: (percent) => `Neue Firmware wird installiert: ${percent} %`,
};

export const SILENT = {
  title: "Warten auf den Zähler",
  listening: (settings) => `Empfang mit ${settings}`,
  searching: "Suche nach der Leitungseinstellung",
  nothing: "nichts gehört",
  unread: "nichts Lesbares gehört",
  key: "Verschlüsselte Telegramme: Schlüssel fehlt oder ist falsch",
  plug: "Sitzt der Stecker fest in Zähler und Lesegerät?",
  port: "Hat der Netzbetreiber die Schnittstelle freigeschaltet? Oft auf Antrag.",
  kind: "Passt das Lesegerät zur Schnittstelle? RJ45 ist M-Bus (HAN), RJ12 ist P1.",
  inspect: "Die Leitung im Inspektor ansehen",
};

export const NOW = {
  importing: "Bezug",
  exporting: "Einspeisung",
  imported: "Bezug",
  exported: "Einspeisung",
  noPower: "Der Zähler hat noch keine Leistung gemeldet.",
  noClock: "Beginnt, wenn das Lesegerät die Zeit kennt.",
  wait: "Beginnt mit dem ersten Telegramm.",
  nothing: "Noch keine Daten.",
  failed: "Nicht lesbar: neuer Versuch in 10 s.",
  meter: "Zähler",
  cent: "ct",
  trends: ["fallend", "stabil", "steigend"],
  perKwh: (trend) => `pro kWh${trend && `, ${trend}`}`,
  ofFuse: (percent, amps, state) =>
    `${percent} % der Hauptsicherung ${amps} A${{ warn: ", nahe der Grenze", bad: ", über der Grenze" }[state] ?? ""}`,
  ofPanels: (percent, kwp) => `${percent} % von ${kwp} kWp Photovoltaik`,
  most: "max.",
};

export const HOUR = {
  title: "Diese Stunde",
  quarter: "Diese Viertelstunde",
  used: "Bisher",
  since: (time) => `seit ${time}`,
  estimate: "geschätzt",
  expected: (time) => `Erwartet${time && ` um ${time}`}`,
  mean: (time) => `Erwartetes Mittel${time && ` um ${time}`}`,
  limit: "Grenze",
  month: (kw) => `Monat bisher ${kw} kW.`,
  floor: (kw) => `Der Monat zählt als ${kw} kW, das Minimum des Tarifs.`,
  rolling: (kw) => `Mittel der letzten Monate ${kw} kW.`,
  counts: (percent, until) => `Zählt ${{ 50: "halb", 100: "jetzt" }[percent] ?? `zu ${percent} %`}${until && ` bis ${until}`}.`,
  rate: (kw, money) => `So wird der Monat ${kw} kW${money && `, ${money}`}.`,
  none: "Die Spitzenleistung kostet in diesem Tarif nichts.",
  fault: (why) => `Eine Einstellung wird nicht verwendet: ${why}.`,
  step: (kw) => `die Stufe bis ${kw} kW`,
  peak: (kw) => `die ${kw} kW des Monats`,
  fine: (power, aim) => ["OK", `: ${power} bis zum Ende halten ${aim}.`],
  much: (power, aim) => ["Zu viel", `: bis zum Ende unter ${power} bleiben, um ${aim} zu halten.`],
  passed: (aim) => ["Überschritten", `: der Monat geht über ${aim}.`],
  nothing: (aim) => ["OK", `: nichts, was Sie jetzt einschalten, ändert ${aim}.`],
  free: (until) => ["Frei", `: diese Zeit zählt nicht${until && `; sie zählt wieder ab ${until}`}.`],
  above: () => ["Darüber", ": der Monat liegt über der höchsten Stufe; mehr ändert nichts."],
  first: () => ["Zählt", ": in diesem Monat ist noch nichts gemessen."],
  band: (level, until) => [["Niedrig", "Hoch", "Spitze"][level], `: Preis des Netzes pro kWh${until && ` bis ${until}`}.`],
};

export const SUMS = {
  title: "Energie und Kosten",
  today: "Heute",
  month: "Dieser Monat",
  yesterday: "Gestern",
  lastMonth: "Letzter Monat",
  priced: (priced, all) => `${priced} von ${all} mit Preis`,
  earned: (money) => `Erlös ${money}`,
  withFee: (money, fee) => `${money} mit dem Grundpreis von ${fee}`,
  noRate: (from, to) => `Kein Wechselkurs von ${from} nach ${to}: Preise noch unbekannt.`,
  invoice: (month) => `Für die Rechnung: ${month}`,
  capacity: (kw) => `Leistungspreis, ${kw} kW`,
  fee: "Grundpreis",
  sum: "Summe",
};

export const PRICE = {
  title: "Preis",
  now: "jetzt",
  cheapest: (span) => `günstigste 3 h: ${span}`,
  source: "Quelle",
  fixed: "Festpreis",
  ranks: [["heute am günstigsten", "am Tag am günstigsten"], ["heute am teuersten", "am Tag am teuersten"]],
};

export const LIVE = {
  title: "Live",
  empty: "Beginnt mit dem zweiten Telegramm.",
  lowest: "tiefster",
  highest: "höchster",
  mean: "Mittel einer Minute",
  chart: (span) => `Leistung der letzten ${span}`,
};

export const PHASES = {
  title: "Phasen",
  voltages: ["niedrig", "hoch"],
  high: (names) => `${names}: nahe an oder über der Hauptsicherung.`,
  unmeasured: (names) => `Der Zähler misst den Strom von ${names} nicht.`,
  estimated: (names) => `Der Strom von ${names} ist aus der Leistung geschätzt.`,
  missing: (names) => `Der Zähler hat nicht alles von ${names} gemeldet.`,
  later: "Phasen kommen in einem längeren Telegramm, meist alle 10 s.",
};

export const PEAKS = {
  title: "Leistungsspitzen",
  prices: "Preis im Monat je Stufe",
  few: (n) => `Spitzen, die in diesem Monat noch zählen: ${n}.`,
  step: (kw) => `Stufe bis ${kw} kW`,
  gap: (kw) => `${kw} kW unter der Grenze der Stufe.`,
  next: (kw, money) => `Nächste Stufe: ${kw ? `bis ${kw} kW` : "die höchste"}${money && `, ${money} im Monat`}.`,
  perKw: (money) => `Ein kW kostet ${money} im Monat.`,
};

export const USE = {
  day: "Letzte 24 Stunden",
  month: "Letzte 31 Tage",
  quality: {
    estimated: "geschätzt", interpolated: "interpoliert", provisional: "vorläufig", partial: "unvollständig", gap: "unbekannt",
  },
};

export const METER = {
  title: "Zähler",
  custom: "Eigener Zähler",
  reactiveIn: "Blindleistung Bezug",
  reactiveOut: "Blindleistung Einspeisung",
  factor: "Leistungsfaktor",
  id: "Zählernummer",
  noTotals: "Viele Zähler senden den Stand nur stündlich.",
  dash: "Ein Strich: vom Zähler nicht gemeldet.",
};

export const WARMTH = {
  title: "Temperaturen",
};

// German: words of the page Settings.

export const SECTION = {
  general: "Allgemein",
  prices: "Preise",
  meter: "Zähler",
  wifi: "WLAN",
  network: "Netzwerk",
  mqtt: "MQTT",
  thresholds: "Leistungstarif",
  ui: "Anzeige",
  debug: "Fehlersuche",
  push: "Push",
  device: "Lesegerät",
  actions: "Neustart und Zurücksetzen",
};

export const SET = {
  search: "Alle Einstellungen durchsuchen",
  sections: "Abschnitte",
  all: "Alle Einstellungen",
  found: (n) => `${n} gefunden`,
  saved: "Gespeichert.",
  undo: "Änderungen verwerfen",
  refused: "Nichts ist gespeichert: siehe markierte Felder.",
  unsaved: "Änderungen speichern?",
  stay: "Weiter bearbeiten",
  drop: "Verwerfen",
  other: "anderer Wert …",
  isSet: "Gesetzt. Leer: es bleibt so.",
  notSet: "Nicht gesetzt.",
  remove: "Entfernen",
  month: "im Monat",
  number: (n) => (n ? `Eine Zahl mit höchstens ${n} Dezimalen.` : "Eine ganze Zahl."),
  range: (low, high) => `Muss ${low} bis ${high} sein.`,
  most: (n) => `Höchstens ${n} Zeichen.`,
  least: (n) => `Mindestens ${n} Zeichen.`,
  as: (example) => `Muss sein wie ${example}`,
  tryBroker: "Broker testen",
  tryHelp: "Mit den Angaben oben, ohne zu speichern.",
  trying: "Test läuft, bis zu 25 s …",
  failed: "fehlgeschlagen",
  fine: "in Ordnung",
  untried: "nicht versucht",
};

export const PART = {
  address: "Adresse/Länge|Gateway|Namensserver",
  supply: "Abweichung, mV|Faktor, 1/1000|Startgrenze, mV",
};

export const STAGE = {
  login: "Anmeldung",
  publish: "Nachricht",
};

export const KEYS = {
  title: "Schlüssel testen",
  waiting: "Warten auf ein Telegramm, bis zu 15 s …",
  ok: "Die Schlüssel passen.",
  key: "Der Verschlüsselungsschlüssel passt nicht.",
  auth: "Nur der Verschlüsselungsschlüssel passt.",
  clear: "Die Telegramme sind nicht verschlüsselt: kein Schlüssel nötig.",
  damaged: "Es kam kein ganzes Telegramm.",
  silent: "Nichts empfangen: ist der Zähler angeschlossen?",
};

export const CERT = {
  title: "Zertifikate",
  subject: "Für",
  issuer: "Signiert von",
  valid: "Gültig",
  expired: "abgelaufen",
  names: "Namen",
};

export const FILE = {
  ca: "CA-Zertifikat",
  cert: "Client-Zertifikat",
  key: "Schlüssel des Clients",
};

export const TOKEN = {
  title: "Programme mit Zugang",
  help: "Ein Programm mit einem Token darf, was Sie dürfen.",
  name: "Name des Programms",
  make: "Neues Token",
  press: "Drücken Sie binnen 60 s die Taste am Lesegerät …",
  once: "Jetzt kopieren: nur einmal zu sehen.",
};

export const RULE = {
  add: "Neue Regel",
  text: "Als Text",
  name: "Name",
  direction: "Für",
  directions: "Bezug|Einspeisung|beides",
  kind: "Art",
  kinds: "Festpreis|Zuschlag|Prozent|Abzug|strømstøtte (Norwegen)|Norgespris",
  value: "Wert",
  days: "Tage",
  hours: "Stunden",
  begin: "Von TT-MM",
  end: "Bis TT-MM",
  kwh: "Bis kWh im Monat",
  up: "Nach oben",
  down: "Nach unten",
};

export const PREVIEW = {
  title: "Vorschau",
  time: "Zeit",
  spot: "Spot",
  price: "Preis",
  steps: "Besteht aus",
  none: "Noch keine Spotpreise bekannt.",
};

export const STEP = {
  add: "Neue Stufe",
  begin: "Mit üblichen Stufen beginnen",
  usual: "Die des Tarifs verwenden",
  price: "Preis",
  upTo: "bis",
  above: "darüber",
  rising: "Jede Grenze muss höher als die vorige sein.",
  text: "Alle eigenen Regeln als Text (JSON)",
};

export const PEAK = {
  count: "Mittel aus Stunden",
  price_micro_per_kw: "Preis je kW und Monat",
};

export const TRIAL = {
  text: (s) => `Auf Probe: In ${s} s kommt das alte Netz zurück. Neue Adresse öffnen, Netz behalten.`,
  keep: "Das neue behalten",
};

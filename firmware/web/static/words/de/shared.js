// German: words of all pages.

export const PAGE = {
  locale: "de-DE",
};

export const UNIT = {
  w: "W",
  kw: "kW",
  kwh: "kWh",
  a: "A",
  v: "V",
  var: "var",
  kvarh: "kvarh",
  second: "s",
  minute: "min",
  hour: "h",
  day: "d",
};

export const PLACE = {
  now: "Jetzt",
  history: "Verlauf",
  settings: "Einstellungen",
  device: "Gerät",
  setup: "Einrichtung",
  login: "Anmelden",
  welcome: "Willkommen",
};

export const SHELL = {
  skip: "Zum Inhalt springen",
  navigation: "Seiten",
  language: "Sprache",
  theme: "Design",
  auto: "Automatisch",
  light: "Hell",
  dark: "Dunkel",
  failed: "Ein Teil der Seite fehlt: Das Lesegerät antwortet nicht oder hat eine andere Firmware.",
  again: "Seite neu laden",
  noscript: "Die Seite braucht JavaScript. Werte auch unter /now.json.",
};

export const BADGE = {
  title: "Zustand",
  meterUnknown: "Zähler unbekannt",
  meterWaiting: "Warte auf Zähler",
  meterSilent: "Zähler ist stumm",
  meterHeard: (age, fault) => `Zähler ${fault ? "Fehler, " : ""}vor ${age}`,
  signal: (dbm, level) => `WLAN ${dbm} dBm${{ 2: ", schwach", 3: ", sehr schwach" }[level] ?? ""}`,
  broker: (level) => `MQTT ${["aus", "verbunden", "verbindet", "gescheitert"][level] ?? "unbekannt"}`,
  voltage: (volts, level, low) =>
    `Versorgung ${volts} V${{ 2: ", prüfen", 3: low ? ", zu niedrig" : ", zu hoch" }[level] ?? ""}`,
  none: "Noch kein Telegramm empfangen",
  last: (age) => `Letztes Telegramm vor ${age}`,
  uptime: (age) => `Lesegerät läuft seit ${age}`,
};

export const FIELD = {
  reveal: "Zeigen",
};

export const ACT = {
  restart: "Neustart",
  needed: "Gespeichert. Gilt nach einem Neustart.",
  restartHelp: "Nichts geht verloren. Es dauert eine halbe Minute.",
  restarting: "Neustart läuft …",
  back: "Das Lesegerät ist wieder da.",
  reset: "Zurücksetzen",
  resetHelp: "Löscht Einstellungen, Passwörter, Schlüssel, Token, eigene Listen; öffnet das Netz zur Einrichtung.",
  keep: "Verlauf, Kosten und Preise behalten",
  lost: "Verlauf, Kosten und Preise werden auch gelöscht.",
  backup: "Sicherung",
  cancel: "Abbrechen",
  noAnswer: "Das Lesegerät antwortet nicht.",
  save: "Speichern",
};

export const HELD = {
  stored: "Nichts wird gespeichert, auch keine Einstellungen: im Dateispeicher ist etwas anderes.",
  ask: "Dateispeicher formatieren?",
  lost: "Was eine andere Firmware dort hat, geht verloren. Zum Behalten zuerst per Kabel auslesen.",
  yes: "Formatieren",
};

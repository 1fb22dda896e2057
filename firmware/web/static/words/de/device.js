// German: the page Device.

export const DEVICE = {
  overview: "Information",
  board: "Platine",
  apMac: "MAC bei Einrichtung",
  uptime: "Läuft seit",
  reset: "Letzter Neustart",
  maker: "Hersteller",
  model: "Modell",
  number: "Zählernummer",
  network: "Netzwerk",
  hostname: "Hostname",
  mask: "Maske",
  gateway: "Gateway",
  fixedAddress: "fest",
  done: "Erledigt.",
};

export const HEAT = {
  title: "Temperaturfühler",
  name: "Name",
};

export const FIRMWARE = {
  title: "Firmware",
  running: "Aktiv",
  latest: "Neuere",
  news: "Was ist neu",
  upgrade: (v) => `Auf ${v} aktualisieren`,
  check: "Nach neuerer suchen",
  former: "Zurück zur vorigen",
  consent: "Täglich suchen",
  consentHelp: "Ihre Einwilligung: Der Server sieht Version, Platine und Internetadresse. Sie installieren selbst.",
  channel: "Kanal",
  send: "Installieren",
  trial: (v) => `${v} ist kurz auf Probe; scheitert sie, kommt die vorige zurück.`,
  confirmed: (v) => `${v} läuft und hat sich bestätigt.`,
  wentBack: (w) => `Die vorige Firmware ist zurück. ${w}`,
};

export const HEALTH = {
  title: "Zustand",
  meter: "Zähler",
  prices: "Preise",
  supply: "Versorgungsspannung",
  missing: (r) => `kein Wechselkurs ${r}`,
  noPrices: "keine für jetzt",
  safe: (t) => `Abgesicherter Modus nach Abstürzen: Der Zähler wird ${t} lang nicht gelesen.`,
  diagnostics: "Diagnose",
  counts: "Seit dem Start",
  crash: "Letzter Absturz",
  telegrams: "Telegramme",
  frames: "Rahmen",
  lists: "Unbekannte Listen",
  errors: "Fehler",
  hour: "Letzte 60 Minuten",
  signal: "WLAN-Signal",
  heap: "Freier Speicher",
  now: "jetzt",
  log: "Ereignisse",
  level: "Ab Stufe",
  filter: "Suchen",
  copy: "Kopieren",
};

export const BACKUP = {
  corrections: "Korrekturen",
  descriptors: "Listenbeschreibungen",
  secrets: "Passwörter und Schlüssel",
  secretsHelp: "Sie stehen im Klartext: Datei sicher aufbewahren.",
  download: "Herunterladen",
};

export const RESTORE = {
  title: "Wiederherstellen",
  file: "Datei",
  would: "Das würde sich ändern:",
  equal: "Alles aus der Datei ist schon da.",
  changed: "geändert",
  slots: (n, d, l) => `${n} neu, ${d} anders, ${l} ausgelassen`,
  replace: "Bekannten Verlauf ersetzen",
};

export const CONFIGFILE = {
  time: "Zeit",
  thresholds: "Schwellen",
  download: "Exportieren",
  send: "Importieren",
};

export const LINE = {
  inspector: "Inspektor",
  title: "Zählerleitung",
  settings: "Leitungseinstellung",
  trying: "wird versucht",
  heard: "Gehörte Oktette",
  search: (r, t, n, s) => `Suche: Runde ${r}, Einstellung ${t} von ${n}, seit ${s}`,
  listen: "Zuhören",
  stop: "Stopp",
  save: "Aufzeichnung speichern",
  privacy: "Eine Aufzeichnung kann die Zählernummer enthalten.",
  newestError: "Neuester Fehler",
};

export const LAYER = {
  frame: "Rahmen",
  cipher: "Verschlüsselung",
  sent: "Oktette",
  clear: "Entschlüsselt",
};

export const PASTE = {
  title: "Aufzeichnung decodieren",
  help: "Hexadezimal oder P1-Text, evtl. nach Zeile encryption_key=….",
  decode: "Decodieren",
};

export const LISTS = {
  check: "Prüfen",
};

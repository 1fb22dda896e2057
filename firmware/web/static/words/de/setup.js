// German: words of the pages Set-up, Log in and Welcome.

export const SETUP = {
  next: "Weiter",
  back: "Zurück",
  skip: "Überspringen",
  lost: "Das Lesegerät antwortet nicht.",
  // In the reader's own network.
  wifi: "Ihr WLAN",
  board: "Platine",
  other: "Nicht diese?",
  usb: "Das Lesegerät bis zum Ende über USB versorgen.",
  looking: "Netze werden gesucht …",
  again: "Neu suchen",
  open: "offen",
  network: "Netz (SSID)",
  hidden: "Auswählen, oder ein verborgenes eintippen. Nur 2,4 GHz.",
  space: "Der Name beginnt oder endet mit einem Leerzeichen.",
  password: "Passwort",
  short: "Mindestens 8 Zeichen",
  trying: "Wird versucht … Ist das Handy aus dem Netz des Lesegeräts, neu verbinden.",
  works: "Es geht.",
  untested: "Ohne Test weiter",
  host: "Name des Lesegeräts",
  letters: "a-z, 0-9 und -",
  fixed: "Feste IP-Adresse",
  subnet: "Subnetz",
  router: "Router",
  save: "Speichern und verbinden",
  saved: "Gespeichert",
  leaving: "Das Lesegerät geht in Ihr Netz. Folgen Sie ihm: Dann öffnet sich eine dieser Seiten.",
  held: "Kein Zugang? Taste am Lesegerät 5 s halten, in sein Netz gehen und öffnen: http://192.168.4.1",
  restore: "Sicherung übernehmen",
  file: "backup.json, oder configfile.cfg eines AMS-Lesegeräts",
  window: "Keine Datei wählbar (iPhone)? http://192.168.4.1 im Browser öffnen.",
  taken: (n) => `${n} Einstellungen übernommen.`,
  // In the owner's network.
  listening: "Es wird gelauscht …",
  found: (what) => `Gefunden: ${what}`,
  phases: (n) => `${n}-phasig`,
  silent: "nichts gehört",
  garbled: (n) => `${n} Oktette, kein Telegramm`,
  plug: "Sitzt der Stecker fest in der Schnittstelle?",
  port: "Hat der Netzbetreiber sie freigeschaltet?",
  wire: "Sind Kabel und Platine die richtigen?",
  cipher: "Verschlüsselt der Zähler? Schlüssel im nächsten Schritt eingeben.",
  fuse: "Die Ampere stehen auf dem Hauptschalter. Steht vorn am Zähler 400 V, 400 V wählen.",
  checks: "Geht alles?",
  done: "Fertig",
};

// Steps with settings.
export const STEPS = {
  key: "Schlüssel des Zählers",
  fuse: "Hauptsicherung",
  zone: "Zeit und Preis",
  tariff: "Tarif",
  broker: "MQTT",
  consent: "Aktualisierungen",
};

// Why a network could not be joined.
export const REASON = {
  password: "Falsches Passwort?",
  absent: "Nicht gefunden: Name, Abstand, 2,4 GHz prüfen.",
  security: "Der Router muss WPA2 nutzen.",
  address: "Der Router gab keine Adresse (DHCP).",
  other: (n) => `Der Router lehnte ab (${n}).`,
};

export const CHECK = {
  meter: "Zähler",
  clock: "Uhr",
  price: "Preis",
  broker: "MQTT",
  wifi: "WLAN",
  supply: "Versorgung",
  ok: "gut",
  warn: "ansehen",
  off: "aus",
};

// What to do.
export const TODO = {
  meter: "Stecker und Schnittstelle prüfen.",
  clock: "Zeitserver prüfen.",
  price: "Gebotszone und Token prüfen.",
  broker: "Adresse und Passwort prüfen.",
  wifi: "Schwach: Router umstellen oder Access Point ergänzen.",
  supply: "Niedrig: Seiten schließen.",
};

export const LOGIN = {
  user: "Benutzername, falls gesetzt",
  wait: "Zu viele Versuche: eine Minute warten.",
  why: "Ohne Passwort kann jeder in Ihrem Netz das Lesegerät öffnen.",
  again: "Noch einmal",
  all: "Auch zum Lesen, auch für Programme",
  set: "Passwort setzen",
  none: "Ohne weiter",
};

// Norwegian: the page Device.

export const DEVICE = {
  overview: "Informasjon",
  board: "Kort",
  apMac: "MAC i oppsettet",
  uptime: "Oppetid",
  reset: "Siste omstart",
  maker: "Produsent",
  model: "Modell",
  number: "Målernummer",
  network: "Nettverk",
  hostname: "Vertsnavn",
  mask: "Maske",
  gateway: "Gateway",
  fixedAddress: "fast",
  done: "Utført.",
};

export const HEAT = {
  title: "Temperaturfølere",
  name: "Navn",
};

export const FIRMWARE = {
  title: "Fastvare",
  running: "I bruk",
  latest: "Nyere",
  news: "Hva er nytt",
  upgrade: (v) => `Oppgrader til ${v}`,
  check: "Se etter nyere",
  former: "Tilbake til forrige",
  consent: "Se etter hver dag",
  consentHelp: "Ditt samtykke: serveren ser versjon, kort og internettadresse. Du installerer selv.",
  channel: "Kanal",
  send: "Installer",
  trial: (v) => `${v} er på prøve i et minutt eller to; svikter den, kommer forrige tilbake.`,
  confirmed: (v) => `${v} er i bruk og har bekreftet seg.`,
  wentBack: (w) => `Forrige fastvare er tilbake. ${w}`,
};

export const HEALTH = {
  title: "Tilstand",
  meter: "Måler",
  prices: "Priser",
  supply: "Forsyningsspenning",
  missing: (r) => `mangler valutakurs ${r}`,
  noPrices: "ingen for nå",
  safe: (t) => `Sikker modus etter krasj: måleren leses ikke på ${t}.`,
  diagnostics: "Diagnose",
  counts: "Siden start",
  crash: "Siste krasj",
  telegrams: "Telegrammer",
  frames: "Rammer",
  lists: "Ukjente lister",
  errors: "Feil",
  hour: "Siste 60 minutter",
  signal: "Wi-Fi-signal",
  heap: "Ledig minne",
  now: "nå",
  log: "Hendelser",
  level: "Fra nivå",
  filter: "Søk",
  copy: "Kopier",
};

export const BACKUP = {
  corrections: "Rettelser",
  descriptors: "Listebeskrivelser",
  secrets: "Passord og nøkler",
  secretsHelp: "De står i klartekst: oppbevar filen trygt.",
  download: "Last ned",
};

export const RESTORE = {
  title: "Gjenopprett",
  file: "Fil",
  would: "Dette endres:",
  equal: "Alt i filen er her allerede.",
  changed: "endret",
  slots: (n, d, l) => `${n} nye, ${d} andre, ${l} utelatt`,
  replace: "Erstatt kjent historikk",
};

export const CONFIGFILE = {
  time: "Tid",
  thresholds: "Terskler",
  download: "Eksporter",
  send: "Importer",
};

export const LINE = {
  inspector: "Inspektør",
  title: "Målerens linje",
  settings: "Linjeinnstillinger",
  trying: "prøves",
  heard: "Oktetter hørt",
  search: (r, t, n, s) => `Søker: runde ${r}, innstilling ${t} av ${n}, i ${s}`,
  listen: "Lytt",
  stop: "Stopp",
  save: "Lagre opptak",
  privacy: "Målernummeret kan stå i opptaket.",
  newestError: "Nyeste feil",
};

export const LAYER = {
  frame: "Ramme",
  cipher: "Kryptering",
  sent: "Oktetter",
  clear: "Dekryptert",
};

export const PASTE = {
  title: "Dekode et opptak",
  help: "Heksadesimalt eller P1-tekst, etter en linje encryption_key=… ved behov.",
  decode: "Dekode",
};

export const LISTS = {
  check: "Sjekk",
};

// Danish: the page Device.

export const DEVICE = {
  overview: "Information",
  board: "Kort",
  apMac: "MAC i opsætning",
  uptime: "Tændt i",
  reset: "Seneste genstart",
  maker: "Producent",
  model: "Model",
  number: "Målernummer",
  network: "Netværk",
  hostname: "Værtsnavn",
  mask: "Maske",
  gateway: "Gateway",
  fixedAddress: "fast",
  done: "Udført.",
};

export const HEAT = {
  title: "Temperaturfølere",
  name: "Navn",
};

export const FIRMWARE = {
  title: "Firmware",
  running: "I brug",
  latest: "Nyere",
  news: "Hvad er nyt",
  upgrade: (v) => `Opgrader til ${v}`,
  check: "Søg efter nyere",
  former: "Tilbage til forrige",
  consent: "Søg hver dag",
  consentHelp: "Dit samtykke: serveren ser version, kort og internetadresse. Du installerer selv.",
  channel: "Kanal",
  send: "Installer",
  trial: (v) => `${v} er på prøve et minut eller to; svigter den, kommer den forrige tilbage.`,
  confirmed: (v) => `${v} er i brug og har bekræftet sig.`,
  wentBack: (w) => `Forrige firmware er tilbage. ${w}`,
};

export const HEALTH = {
  title: "Tilstand",
  meter: "Måler",
  prices: "Priser",
  supply: "Forsyningsspænding",
  missing: (r) => `mangler valutakurs ${r}`,
  noPrices: "ingen for nu",
  safe: (t) => `Sikker tilstand efter nedbrud: måleren læses ikke i ${t}.`,
  diagnostics: "Diagnose",
  counts: "Siden start",
  crash: "Seneste nedbrud",
  telegrams: "Telegrammer",
  frames: "Rammer",
  lists: "Ukendte lister",
  errors: "Fejl",
  hour: "Seneste 60 minutter",
  signal: "Wi-Fi-signal",
  heap: "Ledig hukommelse",
  now: "nu",
  log: "Hændelser",
  level: "Fra niveau",
  filter: "Søg",
  copy: "Kopier",
};

export const BACKUP = {
  corrections: "Rettelser",
  descriptors: "Listebeskrivelser",
  secrets: "Adgangskoder og nøgler",
  secretsHelp: "De står i klartekst: pas på filen.",
  download: "Hent",
};

export const RESTORE = {
  title: "Gendan",
  file: "Fil",
  would: "Dette ændres:",
  equal: "Alt i filen er her allerede.",
  changed: "ændret",
  slots: (n, d, l) => `${n} nye, ${d} andre, ${l} udeladt`,
  replace: "Erstat kendt historik",
};

export const CONFIGFILE = {
  time: "Tid",
  thresholds: "Tærskler",
  download: "Eksporter",
  send: "Importer",
};

export const LINE = {
  inspector: "Inspektør",
  title: "Målerens linje",
  settings: "Linjeindstillinger",
  trying: "prøves",
  heard: "Oktetter hørt",
  search: (r, t, n, s) => `Søger: runde ${r}, indstilling ${t} af ${n}, i ${s}`,
  listen: "Lyt",
  stop: "Stop",
  save: "Gem optagelse",
  privacy: "Målernummeret kan stå i optagelsen.",
  newestError: "Nyeste fejl",
};

export const LAYER = {
  frame: "Ramme",
  cipher: "Kryptering",
  sent: "Oktetter",
  clear: "Dekrypteret",
};

export const PASTE = {
  title: "Afkod en optagelse",
  help: "Hexadecimalt eller P1-tekst, efter en linje encryption_key=… ved behov.",
  decode: "Afkod",
};

export const LISTS = {
  check: "Kontroller",
};

// Dutch: the page Device.

export const DEVICE = {
  overview: "Informatie",
  board: "Print",
  apMac: "MAC bij installatie",
  uptime: "Draait",
  reset: "Laatste herstart",
  maker: "Fabrikant",
  model: "Model",
  number: "Meternummer",
  network: "Netwerk",
  hostname: "Hostnaam",
  mask: "Masker",
  gateway: "Gateway",
  fixedAddress: "vast",
  done: "Klaar.",
};

export const HEAT = {
  title: "Temperatuursensoren",
  name: "Naam",
};

export const FIRMWARE = {
  title: "Firmware",
  running: "Actief",
  latest: "Nieuwer",
  news: "Wat is nieuw",
  upgrade: (v) => `Bijwerken naar ${v}`,
  check: "Zoek naar nieuwere",
  former: "Terug naar de vorige",
  consent: "Dagelijks zoeken",
  consentHelp: "Uw toestemming: de server ziet versie, print en internetadres. U installeert zelf.",
  channel: "Kanaal",
  send: "Installeren",
  trial: (v) => `${v} is enkele minuten op proef; mislukt hij, dan komt de vorige terug.`,
  confirmed: (v) => `${v} draait en is bevestigd.`,
  wentBack: (w) => `De vorige firmware is terug. ${w}`,
};

export const HEALTH = {
  title: "Toestand",
  meter: "Meter",
  prices: "Prijzen",
  supply: "Voedingsspanning",
  missing: (r) => `geen wisselkoers ${r}`,
  noPrices: "geen voor nu",
  safe: (t) => `Veilige modus na crashes: de meter wordt ${t} niet gelezen.`,
  diagnostics: "Diagnose",
  counts: "Sinds de start",
  crash: "Laatste crash",
  telegrams: "Telegrammen",
  frames: "Frames",
  lists: "Onbekende lijsten",
  errors: "Fouten",
  hour: "Laatste 60 minuten",
  signal: "Wifi-signaal",
  heap: "Vrij geheugen",
  now: "nu",
  log: "Gebeurtenissen",
  level: "Vanaf niveau",
  filter: "Zoeken",
  copy: "Kopiëren",
};

export const BACKUP = {
  corrections: "Correcties",
  descriptors: "Lijstbeschrijvingen",
  secrets: "Wachtwoorden en sleutels",
  secretsHelp: "Ze staan leesbaar: bewaar het bestand veilig.",
  download: "Downloaden",
};

export const RESTORE = {
  title: "Herstellen",
  file: "Bestand",
  would: "Dit verandert:",
  equal: "Alles in het bestand is er al.",
  changed: "gewijzigd",
  slots: (n, d, l) => `${n} nieuw, ${d} anders, ${l} weggelaten`,
  replace: "Bekende historie vervangen",
};

export const CONFIGFILE = {
  time: "Tijd",
  thresholds: "Drempels",
  download: "Exporteren",
  send: "Importeren",
};

export const LINE = {
  inspector: "Inspecteur",
  title: "Meterlijn",
  settings: "Lijninstelling",
  trying: "wordt geprobeerd",
  heard: "Gehoorde octetten",
  search: (r, t, n, s) => `Zoekt: ronde ${r}, instelling ${t} van ${n}, al ${s}`,
  listen: "Luisteren",
  stop: "Stop",
  save: "Opname opslaan",
  privacy: "Een opname kan het meternummer bevatten.",
  newestError: "Nieuwste fout",
};

export const LAYER = {
  frame: "Frame",
  cipher: "Versleuteling",
  sent: "Octetten",
  clear: "Ontcijferd",
};

export const PASTE = {
  title: "Opname decoderen",
  help: "Hexadecimaal of P1-tekst, zo nodig na een regel encryption_key=….",
  decode: "Decoderen",
};

export const LISTS = {
  check: "Controleren",
};

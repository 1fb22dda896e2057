// Swedish: the page Device.

export const DEVICE = {
  overview: "Information",
  board: "Kort",
  apMac: "MAC vid installation",
  uptime: "Igång i",
  reset: "Senaste omstart",
  maker: "Tillverkare",
  model: "Modell",
  number: "Mätarnummer",
  network: "Nätverk",
  hostname: "Värdnamn",
  mask: "Mask",
  gateway: "Gateway",
  fixedAddress: "fast",
  done: "Klart.",
};

export const HEAT = {
  title: "Temperaturgivare",
  name: "Namn",
};

export const FIRMWARE = {
  title: "Firmware",
  running: "I drift",
  latest: "Nyare",
  news: "Vad är nytt",
  upgrade: (v) => `Uppgradera till ${v}`,
  check: "Sök nyare",
  former: "Tillbaka till förra",
  consent: "Sök varje dag",
  consentHelp: "Ditt samtycke: servern ser version, kort och internetadress. Du installerar själv.",
  channel: "Kanal",
  send: "Installera",
  trial: (v) => `${v} är på prov någon minut; sviktar den kommer den förra tillbaka.`,
  confirmed: (v) => `${v} är i drift och har bekräftat sig.`,
  wentBack: (w) => `Förra firmwaren är tillbaka. ${w}`,
};

export const HEALTH = {
  title: "Tillstånd",
  meter: "Mätare",
  prices: "Priser",
  supply: "Matningsspänning",
  missing: (r) => `växelkurs saknas ${r}`,
  noPrices: "inga för nu",
  safe: (t) => `Säkert läge efter krascher: mätaren läses inte på ${t}.`,
  diagnostics: "Diagnos",
  counts: "Sedan start",
  crash: "Senaste krasch",
  telegrams: "Telegram",
  frames: "Ramar",
  lists: "Okända listor",
  errors: "Fel",
  hour: "Senaste 60 minuterna",
  signal: "Wi-Fi-signal",
  heap: "Ledigt minne",
  now: "nu",
  log: "Händelser",
  level: "Från nivå",
  filter: "Sök",
  copy: "Kopiera",
};

export const BACKUP = {
  corrections: "Rättelser",
  descriptors: "Listbeskrivningar",
  secrets: "Lösenord och nycklar",
  secretsHelp: "De står i klartext: förvara filen säkert.",
  download: "Ladda ner",
};

export const RESTORE = {
  title: "Återställ",
  file: "Fil",
  would: "Detta ändras:",
  equal: "Allt i filen finns redan här.",
  changed: "ändrat",
  slots: (n, d, l) => `${n} nya, ${d} andra, ${l} utelämnade`,
  replace: "Ersätt känd historik",
};

export const CONFIGFILE = {
  time: "Tid",
  thresholds: "Trösklar",
  download: "Exportera",
  send: "Importera",
};

export const LINE = {
  inspector: "Inspektör",
  title: "Mätarens linje",
  settings: "Linjens inställningar",
  trying: "provas",
  heard: "Oktetter hörda",
  search: (r, t, n, s) => `Söker: varv ${r}, inställning ${t} av ${n}, i ${s}`,
  listen: "Lyssna",
  stop: "Stopp",
  save: "Spara inspelning",
  privacy: "Mätarnumret kan stå i inspelningen.",
  newestError: "Senaste fel",
};

export const LAYER = {
  frame: "Ram",
  cipher: "Kryptering",
  sent: "Oktetter",
  clear: "Dekrypterat",
};

export const PASTE = {
  title: "Avkoda en inspelning",
  help: "Hexadecimalt eller P1-text, efter en rad encryption_key=… vid behov.",
  decode: "Avkoda",
};

export const LISTS = {
  check: "Kontrollera",
};

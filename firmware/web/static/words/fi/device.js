// Finnish: the page Device.

export const DEVICE = {
  overview: "Tiedot",
  board: "Piirikortti",
  apMac: "MAC käyttöönotossa",
  uptime: "Käynnissä",
  reset: "Viime käynnistys",
  maker: "Valmistaja",
  model: "Malli",
  number: "Mittarin numero",
  network: "Verkko",
  hostname: "Isäntänimi",
  mask: "Peite",
  gateway: "Yhdyskäytävä",
  fixedAddress: "kiinteä",
  done: "Valmis.",
};

export const HEAT = {
  title: "Lämpötila-anturit",
  name: "Nimi",
};

export const FIRMWARE = {
  title: "Laiteohjelmisto",
  running: "Käytössä",
  latest: "Uudempi",
  news: "Mitä uutta",
  upgrade: (v) => `Päivitä versioon ${v}`,
  check: "Etsi uudempi",
  former: "Takaisin edelliseen",
  consent: "Etsi päivittäin",
  consentHelp: "Suostumuksesi: palvelin näkee version, kortin ja internetosoitteen. Asennat itse.",
  channel: "Kanava",
  send: "Asenna",
  trial: (v) => `${v} on koekäytössä pari minuuttia; jos se pettää, edellinen palaa.`,
  confirmed: (v) => `${v} on käytössä ja vahvistunut.`,
  wentBack: (w) => `Edellinen ohjelmisto palasi. ${w}`,
};

export const HEALTH = {
  title: "Kunto",
  meter: "Mittari",
  prices: "Hinnat",
  supply: "Syöttöjännite",
  missing: (r) => `valuuttakurssi puuttuu ${r}`,
  noPrices: "ei tälle hetkelle",
  safe: (t) => `Vikasietotila kaatumisten jälkeen: mittaria ei lueta, ${t}.`,
  diagnostics: "Diagnostiikka",
  counts: "Käynnistyksestä",
  crash: "Viime kaatuminen",
  telegrams: "Sanomat",
  frames: "Kehykset",
  lists: "Tuntemattomat listat",
  errors: "Virheet",
  hour: "Viime 60 minuuttia",
  signal: "Wi-Fi-signaali",
  heap: "Vapaa muisti",
  now: "nyt",
  log: "Tapahtumat",
  level: "Tasosta",
  filter: "Haku",
  copy: "Kopioi",
};

export const BACKUP = {
  corrections: "Korjaukset",
  descriptors: "Listakuvaukset",
  secrets: "Salasanat ja avaimet",
  secretsHelp: "Ne ovat selväkielisinä: säilytä turvassa.",
  download: "Lataa",
};

export const RESTORE = {
  title: "Palauta",
  file: "Tiedosto",
  would: "Tämä muuttuisi:",
  equal: "Kaikki tiedostossa on jo täällä.",
  changed: "muuttuu",
  slots: (n, d, l) => `${n} uutta, ${d} erilaista, ${l} pois`,
  replace: "Korvaa tunnettu historia",
};

export const CONFIGFILE = {
  time: "Aika",
  thresholds: "Kynnykset",
  download: "Vie",
  send: "Tuo",
};

export const LINE = {
  inspector: "Tarkastin",
  title: "Mittarin linja",
  settings: "Linjan asetukset",
  trying: "kokeillaan",
  heard: "Kuullut oktetit",
  search: (r, t, n, s) => `Haku: kierros ${r}, asetus ${t}/${n}, ${s}`,
  listen: "Kuuntele",
  stop: "Lopeta",
  save: "Tallenna kaappaus",
  privacy: "Kaappauksessa voi olla mittarin numero.",
  newestError: "Uusin virhe",
};

export const LAYER = {
  frame: "Kehys",
  cipher: "Salaus",
  sent: "Oktetit",
  clear: "Purettu",
};

export const PASTE = {
  title: "Pura kaappaus",
  help: "Heksadesimaaleja tai P1-tekstiä, tarvittaessa rivin encryption_key=… jälkeen.",
  decode: "Pura",
};

export const LISTS = {
  check: "Tarkista",
};

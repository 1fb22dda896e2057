// Dutch: words of all pages.

export const PAGE = {
  locale: "nl-NL",
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
  hour: "u",
  day: "d",
};

export const PLACE = {
  now: "Nu",
  history: "Historie",
  settings: "Instellingen",
  device: "Apparaat",
  setup: "Installatie",
  login: "Inloggen",
  welcome: "Welkom",
};

export const SHELL = {
  skip: "Naar de inhoud",
  navigation: "Pagina's",
  language: "Taal",
  theme: "Thema",
  auto: "Automatisch",
  light: "Licht",
  dark: "Donker",
  failed: "Een deel van de pagina kon niet worden geladen: de lezer antwoordt niet of heeft andere firmware.",
  again: "Pagina opnieuw laden",
  noscript: "Deze pagina heeft JavaScript nodig. De waarden staan ook op /now.json.",
};

export const BADGE = {
  title: "Status",
  meterUnknown: "Meter onbekend",
  meterWaiting: "Wacht op meter",
  meterSilent: "Meter zwijgt",
  meterHeard: (age, fault) => `Meter ${fault ? "fout, " : ""}${age} geleden`,
  signal: (dbm, level) => `Wifi ${dbm} dBm${{ 2: ", zwak", 3: ", zeer zwak" }[level] ?? ""}`,
  broker: (level) => `MQTT ${["uit", "verbonden", "verbindt", "mislukt"][level] ?? "onbekend"}`,
  voltage: (volts, level, low) =>
    `Voeding ${volts} V${{ 2: ", controleren", 3: low ? ", te laag" : ", te hoog" }[level] ?? ""}`,
  none: "Nog geen telegram ontvangen",
  last: (age) => `Laatste telegram ${age} geleden`,
  uptime: (age) => `Lezer draait ${age}`,
};

export const FIELD = {
  reveal: "Tonen",
};

export const ACT = {
  restart: "Herstarten",
  needed: "Opgeslagen. Geldt na een herstart.",
  restartHelp: "Er gaat niets verloren. Het duurt een halve minuut.",
  restarting: "Herstart …",
  back: "De lezer is terug.",
  reset: "Fabrieksreset",
  resetHelp: "Wist instellingen, wachtwoorden, sleutels, tokens en eigen lijsten, en opent het netwerk voor de installatie.",
  keep: "Historie, kosten en prijzen behouden",
  lost: "Historie, kosten en prijzen worden ook gewist.",
  backup: "Back-up",
  cancel: "Annuleren",
  noAnswer: "De lezer antwoordt niet.",
  save: "Opslaan",
};

export const HELD = {
  stored: "Er wordt niets opgeslagen, ook geen instellingen: in het bestandsgeheugen staat iets anders.",
  ask: "Bestandsgeheugen formatteren?",
  lost: "Wat andere firmware daar heeft, gaat verloren. Lees het eerst via de kabel uit om het te houden.",
  yes: "Formatteren",
};

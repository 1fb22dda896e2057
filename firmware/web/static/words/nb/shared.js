// Norwegian: words of all pages.

export const PAGE = {
  locale: "nb-NO",
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
  hour: "t",
  day: "d",
};

export const PLACE = {
  now: "Nå",
  history: "Historikk",
  settings: "Innstillinger",
  device: "Enhet",
  setup: "Oppsett",
  login: "Logg inn",
  welcome: "Velkommen",
};

export const SHELL = {
  skip: "Hopp til innholdet",
  navigation: "Sider",
  language: "Språk",
  theme: "Tema",
  auto: "Automatisk",
  light: "Lyst",
  dark: "Mørkt",
  failed: "En del av siden kunne ikke lastes: leseren svarer ikke, eller har fått annen fastvare.",
  again: "Last siden på nytt",
  noscript: "Siden trenger JavaScript. Verdiene finnes også på /now.json.",
};

export const BADGE = {
  title: "Status",
  meterUnknown: "Måler ukjent",
  meterWaiting: "Venter på måler",
  meterSilent: "Måler er taus",
  meterHeard: (age, fault) => `Måler ${fault ? "feil, " : ""}for ${age} siden`,
  signal: (dbm, level) => `Wi-Fi ${dbm} dBm${{ 2: ", svakt", 3: ", svært svakt" }[level] ?? ""}`,
  broker: (level) => `MQTT ${["av", "tilkoblet", "kobler til", "feilet"][level] ?? "ukjent"}`,
  voltage: (volts, level, low) =>
    `Forsyning ${volts} V${{ 2: ", sjekk", 3: low ? ", for lav" : ", for høy" }[level] ?? ""}`,
  none: "Ikke noe telegram mottatt ennå",
  last: (age) => `Siste telegram for ${age} siden`,
  uptime: (age) => `Leseren har gått i ${age}`,
};

export const FIELD = {
  reveal: "Vis",
};

export const ACT = {
  restart: "Omstart",
  needed: "Lagret. Gjelder etter omstart.",
  restartHelp: "Ingenting går tapt. Det tar et halvt minutt.",
  restarting: "Starter på nytt …",
  back: "Leseren er tilbake.",
  reset: "Nullstilling",
  resetHelp: "Sletter innstillinger, passord, nøkler, koder og egne lister, og åpner nettverket for oppsett.",
  keep: "Behold historikk, kostnader og priser",
  lost: "Historikk, kostnader og priser slettes også.",
  backup: "Sikkerhetskopi",
  cancel: "Avbryt",
  noAnswer: "Leseren svarer ikke.",
  save: "Lagre",
};

export const HELD = {
  stored: "Ingenting lagres, heller ikke innstillinger: fillageret inneholder noe annet.",
  ask: "Formatere fillageret?",
  lost: "Det en annen fastvare har der, går tapt. Les det først ut med kabel for å beholde det.",
  yes: "Formater",
};

// Danish: words of all pages.

export const PAGE = {
  locale: "da-DK",
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
  now: "Nu",
  history: "Historik",
  settings: "Indstillinger",
  device: "Enhed",
  setup: "Opsætning",
  login: "Log ind",
  welcome: "Velkommen",
};

export const SHELL = {
  skip: "Spring til indholdet",
  navigation: "Sider",
  language: "Sprog",
  theme: "Tema",
  auto: "Automatisk",
  light: "Lyst",
  dark: "Mørkt",
  failed: "En del af siden kunne ikke hentes: læseren svarer ikke eller har fået anden firmware.",
  again: "Hent siden igen",
  noscript: "Siden kræver JavaScript. Værdierne findes også på /now.json.",
};

export const BADGE = {
  title: "Status",
  meterUnknown: "Måler ukendt",
  meterWaiting: "Venter på måler",
  meterSilent: "Måleren er tavs",
  meterHeard: (age, fault) => `Måler ${fault ? "fejl, " : ""}for ${age} siden`,
  signal: (dbm, level) => `Wi-Fi ${dbm} dBm${{ 2: ", svagt", 3: ", meget svagt" }[level] ?? ""}`,
  broker: (level) => `MQTT ${["fra", "forbundet", "forbinder", "fejlede"][level] ?? "ukendt"}`,
  voltage: (volts, level, low) =>
    `Forsyning ${volts} V${{ 2: ", kontrollér", 3: low ? ", for lav" : ", for høj" }[level] ?? ""}`,
  none: "Intet telegram modtaget endnu",
  last: (age) => `Seneste telegram for ${age} siden`,
  uptime: (age) => `Læseren har kørt i ${age}`,
};

export const FIELD = {
  reveal: "Vis",
};

export const ACT = {
  restart: "Genstart",
  needed: "Gemt. Gælder efter genstart.",
  restartHelp: "Intet går tabt. Det tager et halvt minut.",
  restarting: "Genstarter …",
  back: "Læseren er tilbage.",
  reset: "Nulstilling",
  resetHelp: "Sletter indstillinger, adgangskoder, nøgler, koder og egne lister, og åbner netværket til opsætning.",
  keep: "Behold historik, udgifter og priser",
  lost: "Historik, udgifter og priser slettes også.",
  backup: "Sikkerhedskopi",
  cancel: "Annullér",
  noAnswer: "Læseren svarer ikke.",
  save: "Gem",
};

export const HELD = {
  stored: "Intet gemmes, heller ikke indstillinger: fillageret indeholder noget andet.",
  ask: "Formatere fillageret?",
  lost: "Det, en anden firmware har der, går tabt. Læs det først ud med kabel for at beholde det.",
  yes: "Formatér",
};

// Swedish: words of all pages.

export const PAGE = {
  locale: "sv-SE",
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
  hour: "h",
  day: "d",
};

export const PLACE = {
  now: "Nu",
  history: "Historik",
  settings: "Inställningar",
  device: "Enhet",
  setup: "Installation",
  login: "Logga in",
  welcome: "Välkommen",
};

export const SHELL = {
  skip: "Hoppa till innehållet",
  navigation: "Sidor",
  language: "Språk",
  theme: "Tema",
  auto: "Automatiskt",
  light: "Ljust",
  dark: "Mörkt",
  failed: "En del av sidan kunde inte laddas: läsaren svarar inte eller har fått annan firmware.",
  again: "Ladda om sidan",
  noscript: "Sidan behöver JavaScript. Värdena finns också på /now.json.",
};

export const BADGE = {
  title: "Status",
  meterUnknown: "Mätare okänd",
  meterWaiting: "Väntar på mätare",
  meterSilent: "Mätaren är tyst",
  meterHeard: (age, fault) => `Mätare ${fault ? "fel, " : ""}för ${age} sedan`,
  signal: (dbm, level) => `Wi-Fi ${dbm} dBm${{ 2: ", svag", 3: ", mycket svag" }[level] ?? ""}`,
  broker: (level) => `MQTT ${["av", "ansluten", "ansluter", "misslyckades"][level] ?? "okänd"}`,
  voltage: (volts, level, low) =>
    `Matning ${volts} V${{ 2: ", kontrollera", 3: low ? ", för låg" : ", för hög" }[level] ?? ""}`,
  none: "Inget telegram har kommit än",
  last: (age) => `Senaste telegram för ${age} sedan`,
  uptime: (age) => `Läsaren har gått i ${age}`,
};

export const FIELD = {
  reveal: "Visa",
};

export const ACT = {
  restart: "Omstart",
  needed: "Sparat. Gäller efter omstart.",
  restartHelp: "Inget går förlorat. Det tar en halv minut.",
  restarting: "Startar om …",
  back: "Läsaren är tillbaka.",
  reset: "Fabriksåterställning",
  resetHelp: "Raderar inställningar, lösenord, nycklar, koder och egna listor, och öppnar nätverket för installation.",
  keep: "Behåll historik, kostnader och priser",
  lost: "Historik, kostnader och priser raderas också.",
  backup: "Säkerhetskopia",
  cancel: "Avbryt",
  noAnswer: "Läsaren svarar inte.",
  save: "Spara",
};

export const HELD = {
  stored: "Inget sparas, inte heller inställningar: fillagringen innehåller något annat.",
  ask: "Formatera fillagringen?",
  lost: "Det som en annan firmware har där går förlorat. Läs först ut det med kabel för att behålla det.",
  yes: "Formatera",
};

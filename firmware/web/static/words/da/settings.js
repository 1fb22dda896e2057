// Danish: words of the page Settings.

export const SECTION = {
  general: "Generelt",
  prices: "Priser",
  meter: "Måler",
  wifi: "Wi-Fi",
  network: "Netværk",
  mqtt: "MQTT",
  thresholds: "Effekttarif",
  ui: "Visning",
  debug: "Fejlsøgning",
  push: "Push",
  device: "Læser",
  actions: "Genstart og nulstilling",
};

export const SET = {
  search: "Søg i alle indstillinger",
  sections: "Afsnit",
  all: "Alle indstillinger",
  found: (n) => `${n} fundet`,
  saved: "Gemt.",
  undo: "Fortryd ændringer",
  refused: "Intet er gemt: se de markerede felter.",
  unsaved: "Gem ændringerne?",
  stay: "Redigér videre",
  drop: "Kassér",
  other: "en anden …",
  isSet: "Sat. Tomt felt beholder den.",
  notSet: "Ikke sat.",
  remove: "Fjern",
  month: "pr. måned",
  number: (n) => (n ? `Et tal med højst ${n} decimaler.` : "Et helt tal."),
  range: (low, high) => `Skal være ${low} til ${high}.`,
  most: (n) => `Højst ${n} tegn.`,
  least: (n) => `Mindst ${n} tegn.`,
  as: (example) => `Skal være som ${example}`,
  tryBroker: "Test brokeren",
  tryHelp: "Med det, der står ovenfor; intet gemmes.",
  trying: "Tester, op til 25 s …",
  failed: "mislykkedes",
  fine: "i orden",
  untried: "ikke prøvet",
};

export const PART = {
  address: "Adresse/længde|Gateway|Navneserver",
  supply: "Afvigelse, mV|Faktor, 1/1000|Startgrænse, mV",
};

export const STAGE = {
  login: "Login",
  publish: "Besked",
};

export const KEYS = {
  title: "Test nøglerne",
  waiting: "Venter på et telegram, op til 15 s …",
  ok: "Nøglerne passer.",
  key: "Krypteringsnøglen passer ikke.",
  auth: "Kun krypteringsnøglen passer.",
  clear: "Telegrammerne er ikke krypteret: ingen nøgle er nødvendig.",
  damaged: "Der kom intet helt telegram.",
  silent: "Intet modtaget: er måleren tilsluttet?",
};

export const CERT = {
  title: "Certifikater",
  subject: "For",
  issuer: "Underskrevet af",
  valid: "Gyldigt",
  expired: "udløbet",
  names: "Navne",
};

export const FILE = {
  ca: "CA-certifikat",
  cert: "Klientcertifikat",
  key: "Klientens nøgle",
};

export const TOKEN = {
  title: "Programmer med adgang",
  help: "Et program med en kode må det samme som du.",
  name: "Programmets navn",
  make: "Ny kode",
  press: "Tryk på læserens knap inden 60 s …",
  once: "Kopiér den nu: den vises kun én gang.",
};

export const RULE = {
  add: "Ny regel",
  text: "Som tekst",
  name: "Navn",
  direction: "For",
  directions: "import|eksport|begge",
  kind: "Type",
  kinds: "fast pris|tillæg|procent|fradrag|strømstøtte (Norge)|Norgespris",
  value: "Værdi",
  days: "Dage",
  hours: "Timer",
  begin: "Fra DD-MM",
  end: "Til DD-MM",
  kwh: "Op til kWh pr. måned",
  up: "Op",
  down: "Ned",
};

export const PREVIEW = {
  title: "Forhåndsvisning",
  time: "Tid",
  spot: "Spot",
  price: "Pris",
  steps: "Består af",
  none: "Ingen spotpriser er kendt endnu.",
};

export const STEP = {
  add: "Nyt trin",
  begin: "Begynd med de sædvanlige trin",
  usual: "Brug tariffens",
  price: "Pris",
  upTo: "op til",
  above: "over",
  rising: "Hver grænse skal være højere end den forrige.",
  text: "Alle egne regler som tekst (JSON)",
};

export const PEAK = {
  count: "Gennemsnit af timer",
  price_micro_per_kw: "Pris pr. kW og måned",
};

export const TRIAL = {
  text: (s) => `På prøve: det gamle netværk er tilbage om ${s} s. Åbn den nye adresse og behold det.`,
  keep: "Behold det nye",
};

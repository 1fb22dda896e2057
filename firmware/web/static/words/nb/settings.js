// Norwegian: words of the page Settings.

export const SECTION = {
  general: "Generelt",
  prices: "Priser",
  meter: "Måler",
  wifi: "Wi-Fi",
  network: "Nettverk",
  mqtt: "MQTT",
  thresholds: "Effektledd",
  ui: "Visning",
  debug: "Feilsøking",
  push: "Push",
  device: "Leser",
  actions: "Omstart og nullstilling",
};

export const SET = {
  search: "Søk i alle innstillinger",
  sections: "Deler",
  all: "Alle innstillinger",
  found: (n) => `${n} funnet`,
  saved: "Lagret.",
  undo: "Angre endringer",
  refused: "Ingenting er lagret: se de merkede feltene.",
  unsaved: "Lagre endringene?",
  stay: "Rediger videre",
  drop: "Forkast",
  other: "en annen …",
  isSet: "Satt. Tomt felt beholder den.",
  notSet: "Ikke satt.",
  remove: "Fjern",
  month: "per måned",
  number: (n) => (n ? `Et tall med høyst ${n} desimaler.` : "Et helt tall."),
  range: (low, high) => `Må være ${low} til ${high}.`,
  most: (n) => `Høyst ${n} tegn.`,
  least: (n) => `Minst ${n} tegn.`,
  as: (example) => `Må være som ${example}`,
  tryBroker: "Test brokeren",
  tryHelp: "Med det som står over; ingenting lagres.",
  trying: "Tester, opptil 25 s …",
  failed: "feilet",
  fine: "i orden",
  untried: "ikke prøvd",
};

export const PART = {
  address: "Adresse/lengde|Gateway|Navneserver",
  supply: "Avvik, mV|Faktor, 1/1000|Startgrense, mV",
};

export const STAGE = {
  login: "Innlogging",
  publish: "Melding",
};

export const KEYS = {
  title: "Test nøklene",
  waiting: "Venter på et telegram, opptil 15 s …",
  ok: "Nøklene passer.",
  key: "Krypteringsnøkkelen passer ikke.",
  auth: "Bare krypteringsnøkkelen passer.",
  clear: "Telegrammene er ikke kryptert: nøkkel trengs ikke.",
  damaged: "Ikke noe helt telegram kom.",
  silent: "Ingenting mottatt: er måleren koblet til?",
};

export const CERT = {
  title: "Sertifikater",
  subject: "For",
  issuer: "Signert av",
  valid: "Gyldig",
  expired: "utløpt",
  names: "Navn",
};

export const FILE = {
  ca: "CA-sertifikat",
  cert: "Klientsertifikat",
  key: "Klientens nøkkel",
};

export const TOKEN = {
  title: "Programtilganger",
  help: "Et program med en kode kan det samme som du.",
  name: "Programmets navn",
  make: "Ny kode",
  press: "Trykk på leserens knapp innen 60 s …",
  once: "Kopier den nå: vises bare én gang.",
};

export const RULE = {
  add: "Ny regel",
  text: "Som tekst",
  name: "Navn",
  direction: "For",
  directions: "import|eksport|begge",
  kind: "Type",
  kinds: "fastpris|tillegg|prosent|fradrag|strømstøtte|Norgespris",
  value: "Verdi",
  days: "Dager",
  hours: "Timer",
  begin: "Fra DD-MM",
  end: "Til DD-MM",
  kwh: "Inntil kWh per måned",
  up: "Opp",
  down: "Ned",
};

export const PREVIEW = {
  title: "Forhåndsvisning",
  time: "Tid",
  spot: "Spot",
  price: "Pris",
  steps: "Består av",
  none: "Ingen spotpriser er kjent ennå.",
};

export const STEP = {
  add: "Nytt trinn",
  begin: "Begynn med vanlige trinn",
  usual: "Bruk tariffens",
  price: "Pris",
  upTo: "opptil",
  above: "over",
  rising: "Hver grense må være høyere enn den forrige.",
  text: "Alle egne regler som tekst (JSON)",
};

export const PEAK = {
  count: "Snitt av timer",
  price_micro_per_kw: "Pris per kW og måned",
};

export const TRIAL = {
  text: (s) => `På prøve: det gamle nettverket er tilbake om ${s} s. Åpne den nye adressen og behold det.`,
  keep: "Behold det nye",
};

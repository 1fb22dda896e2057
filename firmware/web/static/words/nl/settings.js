// Dutch: words of the page Settings.

export const SECTION = {
  general: "Algemeen",
  prices: "Prijzen",
  meter: "Meter",
  wifi: "Wifi",
  network: "Netwerk",
  mqtt: "MQTT",
  thresholds: "Capaciteitstarief",
  ui: "Weergave",
  debug: "Foutopsporing",
  push: "Push",
  device: "Lezer",
  actions: "Herstarten en resetten",
};

export const SET = {
  search: "Zoek in alle instellingen",
  sections: "Onderdelen",
  all: "Alle instellingen",
  found: (n) => `${n} gevonden`,
  saved: "Opgeslagen.",
  undo: "Wijzigingen ongedaan maken",
  refused: "Niets is opgeslagen: zie de gemarkeerde velden.",
  unsaved: "Wijzigingen opslaan?",
  stay: "Verder bewerken",
  drop: "Verwerpen",
  other: "een andere …",
  isSet: "Ingesteld. Leeg: blijft zo.",
  notSet: "Niet ingesteld.",
  remove: "Verwijderen",
  month: "per maand",
  number: (n) => (n ? `Een getal met hoogstens ${n} decimalen.` : "Een geheel getal."),
  range: (low, high) => `Moet ${low} tot ${high} zijn.`,
  most: (n) => `Hoogstens ${n} tekens.`,
  least: (n) => `Minstens ${n} tekens.`,
  as: (example) => `Moet zijn als ${example}`,
  tryBroker: "Broker testen",
  tryHelp: "Met wat hierboven staat; niets wordt opgeslagen.",
  trying: "Bezig met testen, tot 25 s …",
  failed: "mislukt",
  fine: "in orde",
  untried: "niet geprobeerd",
};

export const PART = {
  address: "Adres/lengte|Gateway|Naamserver",
  supply: "Afwijking, mV|Factor, 1/1000|Startgrens, mV",
};

export const STAGE = {
  login: "Aanmelden",
  publish: "Bericht",
};

export const KEYS = {
  title: "Sleutels testen",
  waiting: "Wachten op een telegram, tot 15 s …",
  ok: "De sleutels passen.",
  key: "De versleutelingssleutel past niet.",
  auth: "Alleen de versleutelingssleutel past.",
  clear: "De telegrammen zijn niet versleuteld: geen sleutel nodig.",
  damaged: "Er kwam geen heel telegram.",
  silent: "Niets ontvangen: is de meter aangesloten?",
};

export const CERT = {
  title: "Certificaten",
  subject: "Voor",
  issuer: "Ondertekend door",
  valid: "Geldig",
  expired: "verlopen",
  names: "Namen",
};

export const FILE = {
  ca: "CA-certificaat",
  cert: "Clientcertificaat",
  key: "Sleutel van de client",
};

export const TOKEN = {
  title: "Programma's met toegang",
  help: "Een programma met een token mag wat u mag.",
  name: "Naam van het programma",
  make: "Nieuw token",
  press: "Druk binnen 60 s op de knop van de lezer …",
  once: "Kopieer het nu: het wordt één keer getoond.",
};

export const RULE = {
  add: "Nieuwe regel",
  text: "Als tekst",
  name: "Naam",
  direction: "Voor",
  directions: "afname|teruglevering|beide",
  kind: "Soort",
  kinds: "vaste prijs|toeslag|procent|aftrek|strømstøtte (Noorwegen)|Norgespris",
  value: "Waarde",
  days: "Dagen",
  hours: "Uren",
  begin: "Van DD-MM",
  end: "Tot DD-MM",
  kwh: "Tot kWh per maand",
  up: "Omhoog",
  down: "Omlaag",
};

export const PREVIEW = {
  title: "Voorbeeld",
  time: "Tijd",
  spot: "Spot",
  price: "Prijs",
  steps: "Bestaat uit",
  none: "Er zijn nog geen spotprijzen bekend.",
};

export const STEP = {
  add: "Nieuwe trede",
  begin: "Begin met de gebruikelijke treden",
  usual: "Gebruik die van het tarief",
  price: "Prijs",
  upTo: "tot",
  above: "daarboven",
  rising: "Elke grens moet hoger zijn dan de vorige.",
  text: "Alle eigen regels als tekst (JSON)",
};

export const PEAK = {
  count: "Gemiddelde van uren",
  price_micro_per_kw: "Prijs per kW en maand",
};

export const TRIAL = {
  text: (s) => `Op proef: het oude netwerk komt over ${s} s terug. Open het nieuwe adres en behoud het.`,
  keep: "Het nieuwe behouden",
};

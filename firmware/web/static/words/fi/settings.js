// Finnish: words of the page Settings.

export const SECTION = {
  general: "Yleiset",
  prices: "Hinnat",
  meter: "Mittari",
  wifi: "Wi-Fi",
  network: "Verkko",
  mqtt: "MQTT",
  thresholds: "Tehomaksu",
  ui: "Näkymä",
  debug: "Vianetsintä",
  push: "Push",
  device: "Lukija",
  actions: "Uudelleenkäynnistys ja nollaus",
};

export const SET = {
  search: "Hae kaikista asetuksista",
  sections: "Osiot",
  all: "Kaikki asetukset",
  found: (n) => `${n} löytyi`,
  saved: "Tallennettu.",
  undo: "Kumoa muutokset",
  refused: "Mitään ei tallennettu: katso merkityt kentät.",
  unsaved: "Tallennetaanko muutokset?",
  stay: "Jatka muokkausta",
  drop: "Hylkää",
  other: "muu …",
  isSet: "Asetettu. Tyhjä kenttä säilyttää sen.",
  notSet: "Ei asetettu.",
  remove: "Poista",
  month: "kuukaudessa",
  number: (n) => (n ? `Luku, enintään ${n} desimaalia.` : "Kokonaisluku."),
  range: (low, high) => `Sallittu ${low}–${high}.`,
  most: (n) => `Enintään ${n} merkkiä.`,
  least: (n) => `Vähintään ${n} merkkiä.`,
  as: (example) => `Muoto: ${example}`,
  tryBroker: "Testaa välittäjä",
  tryHelp: "Yllä olevilla tiedoilla; mitään ei tallenneta.",
  trying: "Testataan, enintään 25 s …",
  failed: "epäonnistui",
  fine: "kunnossa",
  untried: "ei kokeiltu",
};

export const PART = {
  address: "Osoite/pituus|Yhdyskäytävä|Nimipalvelin",
  supply: "Poikkeama, mV|Kerroin, 1/1000|Käynnistysraja, mV",
};

export const STAGE = {
  login: "Kirjautuminen",
  publish: "Viesti",
};

export const KEYS = {
  title: "Testaa avaimet",
  waiting: "Odotetaan sanomaa, enintään 15 s …",
  ok: "Avaimet sopivat.",
  key: "Salausavain ei sovi.",
  auth: "Vain salausavain sopii.",
  clear: "Sanomia ei ole salattu: avainta ei tarvita.",
  damaged: "Kokonaista sanomaa ei tullut.",
  silent: "Mitään ei saatu: onko mittari kytketty?",
};

export const CERT = {
  title: "Varmenteet",
  subject: "Kohde",
  issuer: "Allekirjoittaja",
  valid: "Voimassa",
  expired: "vanhentunut",
  names: "Nimet",
};

export const FILE = {
  ca: "CA-varmenne",
  cert: "Asiakasvarmenne",
  key: "Asiakkaan avain",
};

export const TOKEN = {
  title: "Ohjelmien pääsy",
  help: "Ohjelma, jolla on tunnus, saa tehdä saman kuin sinä.",
  name: "Ohjelman nimi",
  make: "Uusi tunnus",
  press: "Paina lukijan painiketta 60 s kuluessa …",
  once: "Kopioi se nyt: se näytetään vain kerran.",
};

export const RULE = {
  add: "Uusi sääntö",
  text: "Tekstinä",
  name: "Nimi",
  direction: "Koskee",
  directions: "otto|anto|molemmat",
  kind: "Laji",
  kinds: "kiinteä hinta|lisäys|prosentti|vähennys|strømstøtte (Norja)|Norgespris",
  value: "Arvo",
  days: "Päivät",
  hours: "Tunnit",
  begin: "Alkaen PP-KK",
  end: "Asti PP-KK",
  kwh: "Enintään kWh kuukaudessa",
  up: "Ylös",
  down: "Alas",
};

export const PREVIEW = {
  title: "Esikatselu",
  time: "Aika",
  spot: "Spot",
  price: "Hinta",
  steps: "Koostuu",
  none: "Spot-hintoja ei vielä tunneta.",
};

export const STEP = {
  add: "Uusi porras",
  begin: "Aloita tavallisista portaista",
  usual: "Käytä tariffin omia",
  price: "Hinta",
  upTo: "enintään",
  above: "yli",
  rising: "Jokaisen rajan on oltava edellistä suurempi.",
  text: "Kaikki omat säännöt tekstinä (JSON)",
};

export const PEAK = {
  count: "Tuntien keskiarvo",
  price_micro_per_kw: "Hinta kW kuukaudessa",
};

export const TRIAL = {
  text: (s) => `Kokeilussa: vanha verkko palaa ${s} s kuluttua. Avaa uusi osoite ja säilytä verkko.`,
  keep: "Säilytä uusi",
};

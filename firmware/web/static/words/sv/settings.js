// Swedish: words of the page Settings.

export const SECTION = {
  general: "Allmänt",
  prices: "Priser",
  meter: "Mätare",
  wifi: "Wi-Fi",
  network: "Nätverk",
  mqtt: "MQTT",
  thresholds: "Effekttariff",
  ui: "Visning",
  debug: "Felsökning",
  push: "Push",
  device: "Läsare",
  actions: "Omstart och återställning",
};

export const SET = {
  search: "Sök i alla inställningar",
  sections: "Avsnitt",
  all: "Alla inställningar",
  found: (n) => `${n} hittade`,
  saved: "Sparat.",
  undo: "Ångra ändringar",
  refused: "Inget är sparat: se de markerade fälten.",
  unsaved: "Spara ändringarna?",
  stay: "Fortsätt redigera",
  drop: "Förkasta",
  other: "annan …",
  isSet: "Angiven. Tomt fält behåller den.",
  notSet: "Inte angiven.",
  remove: "Ta bort",
  month: "per månad",
  number: (n) => (n ? `Ett tal med högst ${n} decimaler.` : "Ett heltal."),
  range: (low, high) => `Ska vara ${low} till ${high}.`,
  most: (n) => `Högst ${n} tecken.`,
  least: (n) => `Minst ${n} tecken.`,
  as: (example) => `Ska vara som ${example}`,
  tryBroker: "Testa brokern",
  tryHelp: "Med det som står ovan; inget sparas.",
  trying: "Testar, upp till 25 s …",
  failed: "misslyckades",
  fine: "bra",
  untried: "inte provad",
};

export const PART = {
  address: "Adress/längd|Gateway|Namnserver",
  supply: "Avvikelse, mV|Faktor, 1/1000|Startgräns, mV",
};

export const STAGE = {
  login: "Inloggning",
  publish: "Meddelande",
};

export const KEYS = {
  title: "Testa nycklarna",
  waiting: "Väntar på ett telegram, upp till 15 s …",
  ok: "Nycklarna passar.",
  key: "Krypteringsnyckeln passar inte.",
  auth: "Bara krypteringsnyckeln passar.",
  clear: "Telegrammen är inte krypterade: ingen nyckel behövs.",
  damaged: "Inget helt telegram kom.",
  silent: "Inget mottaget: är mätaren ansluten?",
};

export const CERT = {
  title: "Certifikat",
  subject: "För",
  issuer: "Signerat av",
  valid: "Giltigt",
  expired: "har gått ut",
  names: "Namn",
};

export const FILE = {
  ca: "CA-certifikat",
  cert: "Klientcertifikat",
  key: "Klientens nyckel",
};

export const TOKEN = {
  title: "Program med åtkomst",
  help: "Ett program med en kod får göra det du får.",
  name: "Programmets namn",
  make: "Ny kod",
  press: "Tryck på läsarens knapp inom 60 s …",
  once: "Kopiera den nu: den visas bara en gång.",
};

export const RULE = {
  add: "Ny regel",
  text: "Som text",
  name: "Namn",
  direction: "För",
  directions: "import|export|båda",
  kind: "Typ",
  kinds: "fast pris|tillägg|procent|avdrag|strømstøtte (Norge)|Norgespris",
  value: "Värde",
  days: "Dagar",
  hours: "Timmar",
  begin: "Från DD-MM",
  end: "Till DD-MM",
  kwh: "Upp till kWh per månad",
  up: "Upp",
  down: "Ner",
};

export const PREVIEW = {
  title: "Förhandsvisning",
  time: "Tid",
  spot: "Spot",
  price: "Pris",
  steps: "Består av",
  none: "Inga spotpriser är kända ännu.",
};

export const STEP = {
  add: "Nytt steg",
  begin: "Börja med vanliga steg",
  usual: "Använd tariffens",
  price: "Pris",
  upTo: "upp till",
  above: "över",
  rising: "Varje gräns ska vara högre än den förra.",
  text: "Alla egna regler som text (JSON)",
};

export const PEAK = {
  count: "Medel av timmar",
  price_micro_per_kw: "Pris per kW och månad",
};

export const TRIAL = {
  text: (s) => `På prov: det gamla nätverket är tillbaka om ${s} s. Öppna den nya adressen och behåll det.`,
  keep: "Behåll det nya",
};

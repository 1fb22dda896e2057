// Swedish: words of the pages Set-up, Log in and Welcome.

export const SETUP = {
  next: "Nästa",
  back: "Tillbaka",
  skip: "Hoppa över",
  lost: "Läsaren svarar inte.",
  // In the reader's own network.
  wifi: "Ditt Wi-Fi",
  board: "Kort",
  other: "Inte detta?",
  usb: "Låt läsaren få ström från USB tills allt är klart.",
  looking: "Söker nätverk …",
  again: "Sök igen",
  open: "öppet",
  network: "Nätverk (SSID)",
  hidden: "Välj det, eller skriv namnet på ett dolt. Endast 2,4 GHz.",
  space: "Namnet börjar eller slutar med mellanslag.",
  password: "Lösenord",
  short: "Minst 8 tecken",
  trying: "Provar … Tappar telefonen läsarens nätverk, anslut igen.",
  works: "Det fungerar.",
  untested: "Fortsätt utan test",
  host: "Läsarens namn",
  letters: "a-z, 0-9 och -",
  fixed: "Fast IP-adress",
  subnet: "Subnät",
  router: "Router",
  save: "Spara och anslut",
  saved: "Sparat",
  leaving: "Läsaren går in i ditt nätverk. Gå dit du också: sidan öppnar då en av dessa.",
  held: "Kommer du inte in? Håll läsarens knapp i 5 s, gå in i dess nätverk och öppna http://192.168.4.1",
  restore: "Hämta en säkerhetskopia",
  file: "backup.json, eller configfile.cfg från en AMS-läsare",
  window: "Ingen fil att välja (iPhone)? Öppna http://192.168.4.1 i webbläsaren.",
  taken: (n) => `${n} inställningar hämtade.`,
  // In the owner's network.
  listening: "Lyssnar …",
  found: (what) => `Hittade ${what}`,
  phases: (n) => `${n}-fas`,
  silent: "inget hört",
  garbled: (n) => `${n} oktetter, inget telegram`,
  plug: "Sitter kontakten ordentligt i porten?",
  port: "Har nätbolaget öppnat porten?",
  wire: "Är det rätt kabel och kort?",
  cipher: "Krypterar mätaren? Skriv nyckeln i nästa steg.",
  fuse: "Ampere står på huvudbrytaren. Står 400 V någonstans fram på mätaren, välj 400 V.",
  checks: "Fungerar allt?",
  done: "Klar",
};

// Steps with settings.
export const STEPS = {
  key: "Mätarens nyckel",
  fuse: "Huvudsäkring",
  zone: "Tid och pris",
  tariff: "Tariff",
  broker: "MQTT",
  consent: "Uppgraderingar",
};

// Why a network could not be joined.
export const REASON = {
  password: "Fel lösenord?",
  absent: "Hittas inte: kontrollera namn, avstånd, 2,4 GHz.",
  security: "Routern måste använda WPA2.",
  address: "Routern gav ingen adress (DHCP).",
  other: (n) => `Routern avvisade den (${n}).`,
};

export const CHECK = {
  meter: "Mätare",
  clock: "Klocka",
  price: "Pris",
  broker: "MQTT",
  wifi: "Wi-Fi",
  supply: "Matning",
  ok: "bra",
  warn: "se över",
  off: "av",
};

// What to do.
export const TODO = {
  meter: "Kontrollera kontakt och port.",
  clock: "Kontrollera tidsservern.",
  price: "Kontrollera område och nyckel.",
  broker: "Kontrollera adress och lösenord.",
  wifi: "Svagt: flytta routern eller sätt upp en accesspunkt.",
  supply: "Låg: stäng sidor.",
};

export const LOGIN = {
  user: "Användarnamn, om det finns",
  wait: "För många försök: vänta en minut.",
  why: "Utan lösenord kan alla i ditt nätverk öppna läsaren.",
  again: "Samma igen",
  all: "Även för att läsa, även för program",
  set: "Sätt lösenordet",
  none: "Fortsätt utan",
};

// Norwegian: words of the pages Set-up, Log in and Welcome.

export const SETUP = {
  next: "Neste",
  back: "Tilbake",
  skip: "Hopp over",
  lost: "Leseren svarer ikke.",
  // In the reader's own network.
  wifi: "Ditt Wi-Fi",
  board: "Kort",
  other: "Ikke dette?",
  usb: "La leseren få strøm fra USB til oppsettet er ferdig.",
  looking: "Leter etter nettverk …",
  again: "Søk på nytt",
  open: "åpent",
  network: "Nettverk (SSID)",
  hidden: "Velg det, eller skriv navnet på et skjult. Kun 2,4 GHz.",
  space: "Navnet begynner eller slutter med mellomrom.",
  password: "Passord",
  short: "Minst 8 tegn",
  trying: "Prøver … Mister telefonen leserens nettverk, koble til igjen.",
  works: "Det virker.",
  untested: "Fortsett uten test",
  host: "Leserens navn",
  letters: "a-z, 0-9 og -",
  fixed: "Fast IP-adresse",
  subnet: "Subnett",
  router: "Ruter",
  save: "Lagre og koble til",
  saved: "Lagret",
  leaving: "Leseren går inn i nettverket ditt. Gå dit også: siden åpner da en av disse.",
  held: "Kommer du ikke inn? Hold leserens knapp i 5 s, gå inn i dens nettverk og åpne http://192.168.4.1",
  restore: "Hent en sikkerhetskopi",
  file: "backup.json, eller configfile.cfg fra en AMS-leser",
  window: "Ingen fil å velge (iPhone)? Åpne http://192.168.4.1 i nettleseren.",
  taken: (n) => `${n} innstillinger hentet.`,
  // In the owner's network.
  listening: "Lytter …",
  found: (what) => `Fant ${what}`,
  phases: (n) => `${n}-fase`,
  silent: "ingenting hørt",
  garbled: (n) => `${n} oktetter, ikke noe telegram`,
  plug: "Sitter pluggen godt i porten?",
  port: "Har nettselskapet åpnet porten?",
  wire: "Er kabel og kort de riktige?",
  cipher: "Krypterer måleren? Skriv nøkkelen i neste steg.",
  fuse: "Ampere står på hovedbryteren. Står 400 V noe sted foran på måleren, velg 400 V.",
  checks: "Virker alt?",
  done: "Ferdig",
};

// Steps with settings.
export const STEPS = {
  key: "Målerens nøkkel",
  fuse: "Hovedsikring",
  zone: "Tid og pris",
  tariff: "Effektledd",
  broker: "MQTT",
  consent: "Oppgraderinger",
};

// Why a network could not be joined.
export const REASON = {
  password: "Feil passord?",
  absent: "Ikke funnet: sjekk navn, avstand, 2,4 GHz.",
  security: "Ruteren må bruke WPA2.",
  address: "Ruteren ga ingen adresse (DHCP).",
  other: (n) => `Ruteren avviste den (${n}).`,
};

export const CHECK = {
  meter: "Måler",
  clock: "Klokke",
  price: "Pris",
  broker: "MQTT",
  wifi: "Wi-Fi",
  supply: "Forsyning",
  ok: "bra",
  warn: "se på",
  off: "av",
};

// What to do.
export const TODO = {
  meter: "Sjekk plugg og port.",
  clock: "Sjekk tidsserveren.",
  price: "Sjekk område og nøkkel.",
  broker: "Sjekk adresse og passord.",
  wifi: "Svakt: flytt ruteren eller bruk et ekstra aksesspunkt.",
  supply: "Lav: lukk sider.",
};

export const LOGIN = {
  user: "Brukernavn, hvis satt",
  wait: "For mange forsøk: vent et minutt.",
  why: "Uten passord kan alle i nettverket ditt åpne leseren.",
  again: "Det samme igjen",
  all: "Også for å lese, også for programmer",
  set: "Sett passordet",
  none: "Fortsett uten",
};

// Danish: words of the pages Set-up, Log in and Welcome.

export const SETUP = {
  next: "Næste",
  back: "Tilbage",
  skip: "Spring over",
  lost: "Læseren svarer ikke.",
  // In the reader's own network.
  wifi: "Dit Wi-Fi",
  board: "Kort",
  other: "Ikke dette?",
  usb: "Lad læseren få strøm fra USB, til alt er sat op.",
  looking: "Leder efter netværk …",
  again: "Søg igen",
  open: "åbent",
  network: "Netværk (SSID)",
  hidden: "Vælg det, eller skriv navnet på et skjult. Kun 2,4 GHz.",
  space: "Navnet begynder eller slutter med mellemrum.",
  password: "Adgangskode",
  short: "Mindst 8 tegn",
  trying: "Prøver … Mister telefonen læserens netværk, så forbind igen.",
  works: "Det virker.",
  untested: "Fortsæt uden test",
  host: "Læserens navn",
  letters: "a-z, 0-9 og -",
  fixed: "Fast IP-adresse",
  subnet: "Subnet",
  router: "Router",
  save: "Gem og forbind",
  saved: "Gemt",
  leaving: "Læseren går på dit netværk. Gå også derhen: siden åbner så en af disse.",
  held: "Kan du ikke komme ind? Hold læserens knap i 5 s, gå på dens netværk og åbn http://192.168.4.1",
  restore: "Hent en sikkerhedskopi",
  file: "backup.json, eller configfile.cfg fra en AMS-læser",
  window: "Ingen fil at vælge (iPhone)? Åbn http://192.168.4.1 i browseren.",
  taken: (n) => `${n} indstillinger hentet.`,
  // In the owner's network.
  listening: "Lytter …",
  found: (what) => `Fandt ${what}`,
  phases: (n) => `${n}-faset`,
  silent: "intet hørt",
  garbled: (n) => `${n} oktetter, intet telegram`,
  plug: "Sidder stikket godt i porten?",
  port: "Har netselskabet åbnet porten?",
  wire: "Er det det rigtige kabel og kort?",
  cipher: "Krypterer måleren? Skriv nøglen i næste trin.",
  fuse: "Ampere står på hovedafbryderen. Står der 400 V et sted på målerens forside, så vælg 400 V.",
  checks: "Virker alt?",
  done: "Færdig",
};

// Steps with settings.
export const STEPS = {
  key: "Målerens nøgle",
  fuse: "Hovedsikring",
  zone: "Tid og pris",
  tariff: "Tarif",
  broker: "MQTT",
  consent: "Opgraderinger",
};

// Why a network could not be joined.
export const REASON = {
  password: "Forkert adgangskode?",
  absent: "Ikke fundet: kontrollér navn, afstand, 2,4 GHz.",
  security: "Routeren skal bruge WPA2.",
  address: "Routeren gav ingen adresse (DHCP).",
  other: (n) => `Routeren afviste den (${n}).`,
};

export const CHECK = {
  meter: "Måler",
  clock: "Ur",
  price: "Pris",
  broker: "MQTT",
  wifi: "Wi-Fi",
  supply: "Forsyning",
  ok: "fint",
  warn: "se på",
  off: "fra",
};

// What to do.
export const TODO = {
  meter: "Kontrollér stik og port.",
  clock: "Kontrollér tidsserveren.",
  price: "Kontrollér område og nøgle.",
  broker: "Kontrollér adresse og adgangskode.",
  wifi: "Svagt: flyt routeren eller opsæt et adgangspunkt.",
  supply: "Lav: luk sider.",
};

export const LOGIN = {
  user: "Brugernavn, hvis der er et",
  wait: "For mange forsøg: vent et minut.",
  why: "Uden adgangskode kan alle på dit netværk åbne læseren.",
  again: "Den samme igen",
  all: "Også for at læse, også for programmer",
  set: "Sæt adgangskoden",
  none: "Fortsæt uden",
};

// Dutch: words of the pages Set-up, Log in and Welcome.

export const SETUP = {
  next: "Verder",
  back: "Terug",
  skip: "Overslaan",
  lost: "De lezer antwoordt niet.",
  // In the reader's own network.
  wifi: "Uw wifi",
  board: "Print",
  other: "Niet deze?",
  usb: "Voed de lezer via USB tot alles is ingesteld.",
  looking: "Netwerken zoeken …",
  again: "Opnieuw zoeken",
  open: "open",
  network: "Netwerk (SSID)",
  hidden: "Kies het, of typ een verborgen naam. Alleen 2,4 GHz.",
  space: "De naam begint of eindigt met een spatie.",
  password: "Wachtwoord",
  short: "Minstens 8 tekens",
  trying: "Bezig … Verliest de telefoon het netwerk van de lezer, verbind dan opnieuw.",
  works: "Het werkt.",
  untested: "Verder zonder test",
  host: "Naam van de lezer",
  letters: "a-z, 0-9 en -",
  fixed: "Vast IP-adres",
  subnet: "Subnet",
  router: "Router",
  save: "Opslaan en verbinden",
  saved: "Opgeslagen",
  leaving: "De lezer gaat naar uw netwerk. Ga er ook heen: dan opent een van deze pagina's.",
  held: "Geen toegang? Houd de knop van de lezer 5 s in, ga naar zijn netwerk en open http://192.168.4.1",
  restore: "Back-up overnemen",
  file: "backup.json, of configfile.cfg van een AMS-lezer",
  window: "Geen bestand te kiezen (iPhone)? Open http://192.168.4.1 in de browser.",
  taken: (n) => `${n} instellingen overgenomen.`,
  // In the owner's network.
  listening: "Luisteren …",
  found: (what) => `Gevonden: ${what}`,
  phases: (n) => `${n}-fase`,
  silent: "niets gehoord",
  garbled: (n) => `${n} octetten, geen telegram`,
  plug: "Zit de stekker goed in de poort?",
  port: "Heeft de netbeheerder de poort geopend?",
  wire: "Zijn het de juiste kabel en de juiste print?",
  cipher: "Versleutelt de meter? Vul de sleutel in de volgende stap in.",
  fuse: "De ampères staan op de hoofdschakelaar. Staat er ergens 400 V voor op de meter, kies dan 400 V.",
  checks: "Werkt alles?",
  done: "Klaar",
};

// Steps with settings.
export const STEPS = {
  key: "Sleutel van de meter",
  fuse: "Hoofdzekering",
  zone: "Tijd en prijs",
  tariff: "Tarief",
  broker: "MQTT",
  consent: "Updates",
};

// Why a network could not be joined.
export const REASON = {
  password: "Verkeerd wachtwoord?",
  absent: "Niet gevonden: controleer naam, afstand, 2,4 GHz.",
  security: "De router moet WPA2 gebruiken.",
  address: "De router gaf geen adres (DHCP).",
  other: (n) => `De router weigerde (${n}).`,
};

export const CHECK = {
  meter: "Meter",
  clock: "Klok",
  price: "Prijs",
  broker: "MQTT",
  wifi: "Wifi",
  supply: "Voeding",
  ok: "goed",
  warn: "kijk na",
  off: "uit",
};

// What to do.
export const TODO = {
  meter: "Controleer stekker en poort.",
  clock: "Controleer de tijdserver.",
  price: "Controleer gebied en token.",
  broker: "Controleer adres en wachtwoord.",
  wifi: "Zwak: verplaats de router of zet er een toegangspunt bij.",
  supply: "Laag: sluit pagina's.",
};

export const LOGIN = {
  user: "Gebruikersnaam, als die er is",
  wait: "Te veel pogingen: wacht een minuut.",
  why: "Zonder wachtwoord kan iedereen in uw netwerk de lezer openen.",
  again: "Nog eens hetzelfde",
  all: "Ook om te lezen, ook voor programma's",
  set: "Wachtwoord instellen",
  none: "Verder zonder",
};

// Finnish: words of the pages Set-up, Log in and Welcome.

export const SETUP = {
  next: "Seuraava",
  back: "Takaisin",
  skip: "Ohita",
  lost: "Lukija ei vastaa.",
  // In the reader's own network.
  wifi: "Oma Wi-Fi",
  board: "Piirikortti",
  other: "Ei tämä?",
  usb: "Pidä lukija USB-virrassa, kunnes käyttöönotto on valmis.",
  looking: "Etsitään verkkoja …",
  again: "Etsi uudelleen",
  open: "avoin",
  network: "Verkko (SSID)",
  hidden: "Valitse se tai kirjoita piilotetun nimi. Vain 2,4 GHz.",
  space: "Nimi alkaa tai loppuu välilyöntiin.",
  password: "Salasana",
  short: "Vähintään 8 merkkiä",
  trying: "Kokeillaan … Jos puhelin kadottaa lukijan verkon, liity uudelleen.",
  works: "Toimii.",
  untested: "Jatka kokeilematta",
  host: "Lukijan nimi",
  letters: "a-z, 0-9 ja -",
  fixed: "Kiinteä IP-osoite",
  subnet: "Aliverkko",
  router: "Reititin",
  save: "Tallenna ja liity",
  saved: "Tallennettu",
  leaving: "Lukija siirtyy verkkoosi. Siirry sinne myös: sivu avaa silloin jonkin näistä.",
  held: "Etkö pääse sisään? Paina lukijan painiketta 5 s, liity sen verkkoon ja avaa http://192.168.4.1",
  restore: "Palauta varmuuskopio",
  file: "backup.json tai AMS-lukijan configfile.cfg",
  window: "Eikö tiedostoa voi valita (iPhone)? Avaa http://192.168.4.1 selaimessa.",
  taken: (n) => `${n} asetusta palautettu.`,
  // In the owner's network.
  listening: "Kuunnellaan …",
  found: (what) => `Löytyi ${what}`,
  phases: (n) => `${n}-vaiheinen`,
  silent: "mitään ei kuulu",
  garbled: (n) => `${n} oktettia, ei sanomaa`,
  plug: "Onko pistoke kunnolla portissa?",
  port: "Onko verkkoyhtiö avannut portin?",
  wire: "Ovatko kaapeli ja kortti oikeat?",
  cipher: "Salaako mittari? Anna avain seuraavassa vaiheessa.",
  fuse: "Ampeerit lukevat pääkytkimessä. Jos mittarin etupuolella lukee 400 V, valitse 400 V.",
  checks: "Toimiiko kaikki?",
  done: "Valmis",
};

// Steps with settings.
export const STEPS = {
  key: "Mittarin avain",
  fuse: "Pääsulake",
  zone: "Aika ja hinta",
  tariff: "Tariffi",
  broker: "MQTT",
  consent: "Päivitykset",
};

// Why a network could not be joined.
export const REASON = {
  password: "Väärä salasana?",
  absent: "Ei löydy: tarkista nimi, etäisyys, 2,4 GHz.",
  security: "Reitittimen on käytettävä WPA2:ta.",
  address: "Reititin ei antanut osoitetta (DHCP).",
  other: (n) => `Reititin torjui (${n}).`,
};

export const CHECK = {
  meter: "Mittari",
  clock: "Kello",
  price: "Hinta",
  broker: "MQTT",
  wifi: "Wi-Fi",
  supply: "Syöttö",
  ok: "kunnossa",
  warn: "tarkista",
  off: "pois",
};

// What to do.
export const TODO = {
  meter: "Tarkista pistoke ja portti.",
  clock: "Tarkista aikapalvelin.",
  price: "Tarkista alue ja tunnus.",
  broker: "Tarkista osoite ja salasana.",
  wifi: "Heikko: siirrä reititintä tai lisää tukiasema.",
  supply: "Matala: sulje sivuja.",
};

export const LOGIN = {
  user: "Käyttäjätunnus, jos on",
  wait: "Liian monta yritystä: odota minuutti.",
  why: "Ilman salasanaa kaikki verkossasi voivat avata lukijan.",
  again: "Sama uudelleen",
  all: "Myös lukemiseen, myös ohjelmilta",
  set: "Aseta salasana",
  none: "Jatka ilman",
};

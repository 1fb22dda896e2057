// Finnish: words of all pages.

export const PAGE = {
  locale: "fi-FI",
};

export const UNIT = {
  w: "W",
  kw: "kW",
  kwh: "kWh",
  a: "A",
  v: "V",
  var: "var",
  kvarh: "kvarh",
  second: "s",
  minute: "min",
  hour: "h",
  day: "pv",
};

export const PLACE = {
  now: "Nyt",
  history: "Historia",
  settings: "Asetukset",
  device: "Laite",
  setup: "Käyttöönotto",
  login: "Kirjaudu",
  welcome: "Tervetuloa",
};

export const SHELL = {
  skip: "Siirry sisältöön",
  navigation: "Sivut",
  language: "Kieli",
  theme: "Teema",
  auto: "Automaattinen",
  light: "Vaalea",
  dark: "Tumma",
  failed: "Osaa sivusta ei voitu ladata: lukija ei vastaa, tai siinä on toinen ohjelmisto.",
  again: "Lataa sivu uudelleen",
  noscript: "Sivu tarvitsee JavaScriptin. Arvot ovat myös osoitteessa /now.json.",
};

export const BADGE = {
  title: "Tila",
  meterUnknown: "Mittari tuntematon",
  meterWaiting: "Odottaa mittaria",
  meterSilent: "Mittari on hiljaa",
  meterHeard: (age, fault) => `Mittari${fault ? ", virhe" : ""} ${age} sitten`,
  signal: (dbm, level) => `Wi-Fi ${dbm} dBm${{ 2: ", heikko", 3: ", erittäin heikko" }[level] ?? ""}`,
  broker: (level) => `MQTT ${["pois", "yhdistetty", "yhdistää", "epäonnistui"][level] ?? "tuntematon"}`,
  voltage: (volts, level, low) =>
    `Syöttö ${volts} V${{ 2: ", tarkista", 3: low ? ", liian matala" : ", liian korkea" }[level] ?? ""}`,
  none: "Sanomaa ei ole vielä tullut",
  last: (age) => `Viimeisin sanoma ${age} sitten`,
  uptime: (age) => `Lukija käynnissä ${age}`,
};

export const FIELD = {
  reveal: "Näytä",
};

export const ACT = {
  restart: "Käynnistä uudelleen",
  needed: "Tallennettu. Voimassa uudelleenkäynnistyksen jälkeen.",
  restartHelp: "Mitään ei menetetä. Se kestää puoli minuuttia.",
  restarting: "Käynnistyy …",
  back: "Lukija on taas käytössä.",
  reset: "Tehdasasetukset",
  resetHelp: "Poistaa asetukset, salasanat, avaimet, tunnukset ja omat luettelot ja avaa verkon käyttöönottoa varten.",
  keep: "Säilytä historia, kulut ja hinnat",
  lost: "Myös historia, kulut ja hinnat poistetaan.",
  backup: "Varmuuskopio",
  cancel: "Peruuta",
  noAnswer: "Lukija ei vastaa.",
  save: "Tallenna",
};

export const HELD = {
  stored: "Mitään ei tallenneta, ei asetuksiakaan: tiedostomuistissa on jotain muuta.",
  ask: "Alustetaanko tiedostomuisti?",
  lost: "Toisen laiteohjelmiston tiedot häviävät. Lue ne ensin kaapelilla, jos haluat säilyttää ne.",
  yes: "Alusta",
};

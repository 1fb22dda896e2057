// Finnish: words of the page Now. en/now.js tells what the functions take.

const WIRING = "vioittunut sanoma: tarkista kaapeli ja sarjaportin asetukset";
const FAULTS = {
  "-1": "lukukelvoton sanoma: tarkista mittarin tyyppi",
  "-4": "otsakkeen tarkistussumma väärä: tarkista kaapeli ja sarjaportin asetukset",
  "-5": "tarkistussumma väärä: tarkista kaapeli ja sarjaportin asetukset",
  "-51": "todennus epäonnistui: tarkista todennusavain",
  "-52": "salauksen purku epäonnistui: tarkista salausavain",
  "-53": "salausavain ei kelpaa: anna se uudelleen",
  90: "ei sanomaa 30 s aikana",
  91: "katkos linjalla: tarkista kaapeli ja signaalin kääntö",
  92: "vastaanottopuskuri täynnä: tarkista baudinopeus",
  93: "vastaanotin ei ehtinyt lukea: tarkista baudinopeus",
  94: "kehysvirhe: tarkista baudinopeus ja kaapeli",
  95: "pariteettivirhe: tarkista pariteetti",
  98: "sisäinen virhe: käynnistä lukija uudelleen, jos se jää",
  99: "sarjaportin asetuksia ei löytynyt: aseta ne käsin",
};
const BROKER = {
  "-3": "ei yhteyttä: tarkista osoite ja portti",
  "-4": "ei vastausta: tarkista, että välittäjä on käynnissä",
  "-10": "kirjautuminen hylätty: tarkista käyttäjätunnus ja salasana",
  "-11": "tilaus hylätty: tarkista käyttöoikeudet",
  "-12": "tilaus hylätty: tarkista käyttöoikeudet",
};
const CLOCKS = { 1: "Aikapalvelimen kello", 2: "Mittarin kello" };
const code = (n) => `(virhe ${String(n).replace("-", "\u2212")})`;

export const STATUS = {
  lost: (time) => `Ei yhteyttä lukijaan klo ${time} jälkeen; yritetään uudelleen.`,
  late: (time) => `Ei sanomaa klo ${time} jälkeen.`,
  plug: "Onko pistoke kunnolla mittarissa? Onko verkkoyhtiö avannut portin?",
  meterFault: (n) => `Mittarin tiedot: ${FAULTS[n] ?? WIRING} ${code(n)}.`,
  mqttFault: (n) => `MQTT: ${BROKER[n] ?? "ei yhteyttä"}${n ? ` ${code(n)}` : ""}.`,
  safeMode: "Vikasietotila kaatumisten jälkeen, enintään tunnin tai uudelleenkäynnistykseen asti: mittaria ei lueta. Kumoa viimeisin muutos, jos se palaa.",
  noTime: "Ei vielä vahvistettua aikaa: odotetaan aikapalvelinta tai mittaria.",
  meterTime: "Aika on mittarin kellosta: aikapalvelin ei ole vahvistanut sitä.",
  absurdTime: (kind) => `${CLOCKS[kind]} näyttää mahdotonta aikaa; sitä ei käytetä.`,
  refusedTime: (kind, time, ahead) => `${CLOCKS[kind]} on ${time} ${ahead ? "edellä" : "jäljessä"}; sitä ei käytetä.`,
  saving: (time) => `Syöttöjännite matala: lukujen väli ${time}.`,
  upgrade: (version) => `Versio ${version} on saatavilla`,
  upgrading: (percent) => `Uutta laiteohjelmistoa asennetaan: ${percent} %`,
};

export const SILENT = {
  title: "Odotetaan mittaria",
  listening: (settings) => `Kuunnellaan ${settings}`,
  searching: "Etsitään linjan asetuksia",
  nothing: "mitään ei kuulu",
  unread: "mitään luettavaa ei kuulu",
  key: "Salattuja sanomia tulee: avain puuttuu tai on väärä",
  plug: "Onko pistoke kunnolla mittarissa ja lukijassa?",
  port: "Onko verkkoyhtiö avannut portin? Usein sitä pitää pyytää.",
  kind: "Sopiiko lukija porttiin? RJ45 on M-Bus (HAN), RJ12 on P1.",
  inspect: "Katso linjaa tarkastimessa",
};

export const NOW = {
  importing: "Otto verkosta",
  exporting: "Anto verkkoon",
  imported: "otto",
  exported: "anto",
  noPower: "Mittari ei ole vielä ilmoittanut tehoa.",
  noClock: "Alkaa, kun lukija tietää ajan.",
  wait: "Alkaa ensimmäisestä sanomasta.",
  nothing: "Ei vielä tietoja.",
  failed: "Ei voitu lukea: uusi yritys 10 s kuluttua.",
  meter: "mittari",
  cent: "snt",
  trends: ["laskeva", "vakaa", "nouseva"],
  perKwh: (trend) => `/ kWh${trend && `, ${trend}`}`,
  ofFuse: (percent, amps, state) =>
    `${percent} % pääsulakkeesta ${amps} A${{ warn: ", lähellä rajaa", bad: ", yli rajan" }[state] ?? ""}`,
  ofPanels: (percent, kwp) => `${percent} % paneeleista ${kwp} kWp`,
  most: "enintään",
};

export const HOUR = {
  title: "Tämä tunti",
  quarter: "Tämä vartti",
  used: "Tähän asti",
  since: (time) => `${time} alkaen`,
  estimate: "arvio",
  expected: (time) => `Odotettu${time && ` klo ${time}`}`,
  mean: (time) => `Odotettu keskiteho${time && ` klo ${time}`}`,
  limit: "raja",
  month: (kw) => `Kuukausi tähän asti ${kw} kW.`,
  floor: (kw) => `Kuukausi lasketaan arvolla ${kw} kW, tariffin pienimmällä.`,
  rolling: (kw) => `Viime kuukausien keskiarvo ${kw} kW.`,
  counts: (percent, until) => `Lasketaan ${{ 50: "puoliksi", 100: "nyt" }[percent] ?? `${percent} %`}${until && `, ${until} asti`}.`,
  rate: (kw, money) => `Näin kuukaudesta tulee ${kw} kW${money && `, ${money}`}.`,
  none: "Huipputeho ei maksa mitään tässä tariffissa.",
  fault: (why) => `Asetusta ei käytetä: ${why}.`,
  step: (kw) => `porras ${kw} kW`,
  peak: (kw) => `kuukauden ${kw} kW`,
  fine: (power, aim) => ["OK", `: kun loppuajan teho on enintään ${power}, ${aim} säilyy.`],
  much: (power, aim) => ["Liikaa", `: pysy loppuaika alle ${power}, jotta ${aim} säilyy.`],
  passed: (aim) => ["Ylitetty", `: kuukausi ylittyy: ${aim}.`],
  nothing: (aim) => ["OK", `: mikään kytkemäsi ei nyt muuta tätä: ${aim}.`],
  free: (until) => ["Vapaa", `: tätä aikaa ei lasketa${until && `; lasketaan taas ${until} alkaen`}.`],
  above: () => ["Yli", ": kuukausi on ylimmän portaan yli; lisä ei muuta mitään."],
  first: () => ["Lasketaan", ": tältä kuulta ei ole vielä mitattu mitään."],
  band: (level, until) => [["Matala", "Korkea", "Huippu"][level], `: verkon hinta kilowattitunnilta${until && `, ${until} asti`}.`],
};

export const SUMS = {
  title: "Energia ja kulut",
  today: "Tänään",
  month: "Tämä kuu",
  yesterday: "Eilen",
  lastMonth: "Viime kuu",
  priced: (priced, all) => `${priced} / ${all} hinnoiteltu`,
  earned: (money) => `tuotto ${money}`,
  withFee: (money, fee) => `${money} kuukausimaksun ${fee} kanssa`,
  noRate: (from, to) => `Valuuttakurssia ${from}\u2013${to} ei ole: hintoja ei vielä tunneta.`,
  invoice: (month) => `Laskua varten: ${month}`,
  capacity: (kw) => `Tehomaksu, ${kw} kW`,
  fee: "Kuukausimaksu",
  sum: "Summa",
};

export const PRICE = {
  title: "Hinta",
  now: "nyt",
  cheapest: (span) => `halvimmat 3 h: ${span}`,
  source: "lähde",
  fixed: "kiinteä hinta",
  ranks: [["tänään halvin", "päivän halvin"], ["tänään kallein", "päivän kallein"]],
};

export const LIVE = {
  title: "Reaaliaika",
  empty: "Alkaa toisesta sanomasta.",
  lowest: "alin",
  highest: "ylin",
  mean: "minuutin keskiarvo",
  chart: (span) => `Teho, viimeiset ${span}`,
};

export const PHASES = {
  title: "Vaiheet",
  voltages: ["matala", "korkea"],
  high: (names) => `${names}: lähellä pääsulaketta tai sen yli.`,
  unmeasured: (names) => `Mittari ei mittaa virtaa: ${names}.`,
  estimated: (names) => `Virta on arvioitu tehosta: ${names}.`,
  missing: (names) => `Kaikkia arvoja ei ole ilmoitettu: ${names}.`,
  later: "Vaiheet tulevat pidemmässä sanomassa, yleensä 10 s välein.",
};

export const PEAKS = {
  title: "Tehohuiput",
  prices: "Kuukausihinta portaittain",
  few: (n) => `Huippuja, jotka vielä lasketaan tässä kuussa: ${n}.`,
  step: (kw) => `porras enintään ${kw} kW`,
  gap: (kw) => `${kw} kW alle portaan rajan.`,
  next: (kw, money) => `Seuraava porras: ${kw ? `enintään ${kw} kW` : "ylin"}${money && `, ${money} kuussa`}.`,
  perKw: (money) => `Yksi kW maksaa ${money} kuussa.`,
};

export const USE = {
  day: "Viimeiset 24 tuntia",
  month: "Viimeiset 31 päivää",
  quality: {
    estimated: "arvioitu", interpolated: "interpoloitu", provisional: "alustava", partial: "vajaa", gap: "tuntematon",
  },
};

export const METER = {
  title: "Mittari",
  custom: "Oma mittari",
  reactiveIn: "Loistehon otto",
  reactiveOut: "Loistehon anto",
  factor: "Tehokerroin",
  id: "Mittarin numero",
  noTotals: "Monet mittarit lähettävät lukeman kerran tunnissa.",
  dash: "Viiva: mittari ei ole ilmoittanut.",
};

export const WARMTH = {
  title: "Lämpötilat",
};

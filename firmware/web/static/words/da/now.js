// Danish: words of the page Now. en/now.js tells what the functions take.

const WIRING = "beskadiget telegram: kontrollér kabel og serielle indstillinger";
const FAULTS = {
  "-1": "ulæseligt telegram: kontrollér målertypen",
  "-4": "forkert kontrolsum i hovedet: kontrollér kabel og serielle indstillinger",
  "-5": "forkert kontrolsum: kontrollér kabel og serielle indstillinger",
  "-51": "autentificeringen mislykkedes: kontrollér autentificeringsnøglen",
  "-52": "dekrypteringen mislykkedes: kontrollér krypteringsnøglen",
  "-53": "ugyldig krypteringsnøgle: skriv den igen",
  90: "intet telegram i 30 s",
  91: "brud på linjen: kontrollér kabel og signalinvertering",
  92: "fuld modtagebuffer: kontrollér baudhastigheden",
  93: "modtageren nåede ikke at læse: kontrollér baudhastigheden",
  94: "rammefejl: kontrollér baudhastighed og kabel",
  95: "paritetsfejl: kontrollér pariteten",
  98: "intern fejl: genstart læseren, hvis den bliver",
  99: "serielle indstillinger ikke fundet: angiv dem i hånden",
};
const BROKER = {
  "-3": "ingen forbindelse: kontrollér adresse og port",
  "-4": "intet svar: kontrollér at brokeren kører",
  "-10": "login afvist: kontrollér brugernavn og adgangskode",
  "-11": "abonnement afvist: kontrollér adgangsreglerne",
  "-12": "abonnement afvist: kontrollér adgangsreglerne",
};
const CLOCKS = { 1: "Tidsserverens ur", 2: "Målerens ur" };
const code = (n) => `(fejl ${String(n).replace("-", "\u2212")})`;

export const STATUS = {
  lost: (time) => `Ingen kontakt med læseren siden ${time}; prøver igen.`,
  late: (time) => `Intet telegram siden ${time}.`,
  plug: "Kontrollér at stikket sidder godt i måleren, og at netselskabet har åbnet porten.",
  meterFault: (n) => `Målerdata: ${FAULTS[n] ?? WIRING} ${code(n)}.`,
  mqttFault: (n) => `MQTT: ${BROKER[n] ?? "ikke forbundet"}${n ? ` ${code(n)}` : ""}.`,
  safeMode: "Sikker tilstand efter flere nedbrud: måleren læses ikke. Den slutter inden for en time eller ved en genstart; fortryd den seneste ændring, hvis den kommer igen.",
  noTime: "Ingen bekræftet tid endnu: venter på en tidsserver eller målerens ur.",
  meterTime: "Tiden er fra målerens ur: ingen tidsserver har bekræftet den.",
  absurdTime: (kind) => `${CLOCKS[kind]} viser en tid, der ikke kan passe; den bruges ikke.`,
  refusedTime: (kind, time, ahead) => `${CLOCKS[kind]} går ${time} ${ahead ? "foran" : "bagud"}; det bruges ikke.`,
  saving: (time) => `Forsyningsspændingen er lav: tallene kommer hver ${time}.`,
  upgrade: (version) => `Version ${version} er klar`,
  upgrading: (percent) => `Ny firmware installeres: ${percent} %`,
};

export const SILENT = {
  title: "Venter på måleren",
  listening: (settings) => `Lytter på ${settings}`,
  searching: "Søger linjens indstillinger",
  nothing: "hører intet",
  unread: "hører intet læseligt",
  key: "Der kommer krypterede telegrammer: nøglen mangler eller er forkert",
  plug: "Sidder stikket godt i måleren og i læseren?",
  port: "Har netselskabet åbnet porten? Ofte skal du bede om det.",
  kind: "Passer læseren til porten? RJ45 er M-Bus (HAN), RJ12 er P1.",
  inspect: "Se på linjen i inspektøren",
};

export const NOW = {
  importing: "Import",
  exporting: "Eksport",
  imported: "import",
  exported: "eksport",
  noPower: "Måleren har ikke meldt effekten endnu.",
  noClock: "Begynder, når læseren kender tiden.",
  wait: "Begynder med det første telegram.",
  nothing: "Ingen data endnu.",
  failed: "Kunne ikke læses: prøver igen om 10 s.",
  meter: "måler",
  cent: "ct",
  trends: ["faldende", "stabil", "stigende"],
  perKwh: (trend) => `pr. kWh${trend && `, ${trend}`}`,
  ofFuse: (percent, amps, state) =>
    `${percent} % af hovedsikring ${amps} A${{ warn: ", tæt på grænsen", bad: ", over grænsen" }[state] ?? ""}`,
  ofPanels: (percent, kwp) => `${percent} % af ${kwp} kWp solceller`,
  most: "maks.",
};

export const HOUR = {
  title: "Denne time",
  quarter: "Dette kvarter",
  used: "Brugt indtil nu",
  since: (time) => `siden ${time}`,
  estimate: "anslået",
  expected: (time) => `Ventet${time && ` kl. ${time}`}`,
  mean: (time) => `Ventet snit${time && ` kl. ${time}`}`,
  limit: "grænse",
  month: (kw) => `Måneden indtil nu ${kw} kW.`,
  floor: (kw) => `Måneden tæller som ${kw} kW, tariffens mindste.`,
  rolling: (kw) => `Snit af de seneste måneder ${kw} kW.`,
  counts: (percent, until) => `Tæller ${{ 50: "halvt", 100: "nu" }[percent] ?? `${percent} %`}${until && ` til ${until}`}.`,
  rate: (kw, money) => `Sådan bliver måneden ${kw} kW${money && `, ${money}`}.`,
  none: "Spidseffekten koster intet i denne tarif.",
  fault: (why) => `En indstilling bruges ikke: ${why}.`,
  step: (kw) => `trinnet op til ${kw} kW`,
  peak: (kw) => `månedens ${kw} kW`,
  fine: (power, aim) => ["OK", `: ${power} resten af tiden holder ${aim}.`],
  much: (power, aim) => ["For meget", `: hold dig under ${power} resten af tiden for at holde ${aim}.`],
  passed: (aim) => ["Passeret", `: måneden går over ${aim}.`],
  nothing: (aim) => ["OK", `: intet, du kan tænde nu, ændrer ${aim}.`],
  free: (until) => ["Fri", `: denne tid tæller ikke${until && `; den tæller igen fra ${until}`}.`],
  above: () => ["Over", ": måneden er over det højeste trin; mere ændrer intet."],
  first: () => ["Tæller", ": intet er målt endnu i denne måned."],
  band: (level, until) => [["Lav", "Høj", "Spids"][level], `: nettariffens pris pr. kWh${until && ` til ${until}`}.`],
};

export const SUMS = {
  title: "Energi og udgift",
  today: "I dag",
  month: "Denne måned",
  yesterday: "I går",
  lastMonth: "Sidste måned",
  priced: (priced, all) => `${priced} af ${all} har pris`,
  earned: (money) => `gav ${money}`,
  withFee: (money, fee) => `${money} med abonnement på ${fee}`,
  noRate: (from, to) => `Der er ingen valutakurs fra ${from} til ${to}: priserne er ukendte, indtil den kommer.`,
  invoice: (month) => `Til fakturaen: ${month}`,
  capacity: (kw) => `Effektbetaling, ${kw} kW`,
  fee: "Abonnement",
  sum: "Sum",
};

export const PRICE = {
  title: "Pris",
  now: "nu",
  cheapest: (span) => `billigste 3 t: ${span}`,
  source: "kilde",
  fixed: "fast pris",
  ranks: [["billigst i dag", "billigst den dag"], ["dyrest i dag", "dyrest den dag"]],
};

export const LIVE = {
  title: "Live",
  empty: "Kurven begynder med det andet telegram.",
  lowest: "lavest",
  highest: "højest",
  mean: "snit af et minut",
  chart: (span) => `Effekt de seneste ${span}`,
};

export const PHASES = {
  title: "Faser",
  voltages: ["lav", "høj"],
  high: (names) => `${names}: tæt på eller over hovedsikringen.`,
  unmeasured: (names) => `Måleren måler ikke strømmen i ${names}.`,
  estimated: (names) => `Strømmen i ${names} er anslået ud fra effekten.`,
  missing: (names) => `Måleren har ikke meldt alle værdier for ${names}.`,
  later: "Faserne kommer i et længere telegram, som de fleste målere sender hvert 10. s.",
};

export const PEAKS = {
  title: "Effektspidser",
  prices: "Pris pr. måned efter trin",
  few: (n) => `Spidser, der endnu kan tælle i denne måned: ${n}.`,
  step: (kw) => `trin op til ${kw} kW`,
  gap: (kw) => `${kw} kW under trinnets grænse.`,
  next: (kw, money) => `Næste trin: ${kw ? `op til ${kw} kW` : "det højeste"}${money && `, ${money} om måneden`}.`,
  perKw: (money) => `En kW koster ${money} om måneden.`,
};

export const USE = {
  day: "Seneste 24 timer",
  month: "Seneste 31 dage",
  quality: {
    estimated: "anslået", interpolated: "interpoleret", provisional: "foreløbig", partial: "ufuldstændig", gap: "ukendt",
  },
};

export const METER = {
  title: "Måler",
  custom: "Egen måler",
  reactiveIn: "Reaktiv import",
  reactiveOut: "Reaktiv eksport",
  factor: "Effektfaktor",
  id: "Målernummer",
  noTotals: "Mange målere sender målerstanden en gang i timen.",
  dash: "En streg er en værdi, som måleren ikke har meldt.",
};

export const WARMTH = {
  title: "Temperaturer",
};

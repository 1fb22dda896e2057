// Norwegian: words of the page Now. en/now.js tells what the functions take.

const WIRING = "skadet telegram: sjekk kabel og serieinnstillinger";
const FAULTS = {
  "-1": "uleselig telegram: sjekk målertypen",
  "-4": "feil sjekksum i hodet: sjekk kabel og serieinnstillinger",
  "-5": "feil sjekksum: sjekk kabel og serieinnstillinger",
  "-51": "autentiseringen feilet: sjekk autentiseringsnøkkelen",
  "-52": "dekrypteringen feilet: sjekk krypteringsnøkkelen",
  "-53": "ugyldig krypteringsnøkkel: skriv den inn på nytt",
  90: "ikke noe telegram på 30 s",
  91: "brudd på linjen: sjekk kabel og signalinvertering",
  92: "full mottaksbuffer: sjekk baudraten",
  93: "mottakeren rakk ikke å lese: sjekk baudraten",
  94: "rammefeil: sjekk baudrate og kabel",
  95: "paritetsfeil: sjekk pariteten",
  98: "intern feil: start leseren på nytt hvis den blir stående",
  99: "fant ikke serieinnstillingene: sett dem for hånd",
};
const BROKER = {
  "-3": "ingen forbindelse: sjekk adresse og port",
  "-4": "ikke noe svar: sjekk at brokeren kjører",
  "-10": "innlogging avvist: sjekk brukernavn og passord",
  "-11": "abonnement avvist: sjekk tilgangsreglene",
  "-12": "abonnement avvist: sjekk tilgangsreglene",
};
const CLOCKS = { 1: "Tidsserverens klokke", 2: "Målerens klokke" };
const code = (n) => `(feil ${String(n).replace("-", "\u2212")})`;

export const STATUS = {
  lost: (time) => `Ingen kontakt med leseren siden ${time}; prøver igjen.`,
  late: (time) => `Ikke noe telegram siden ${time}.`,
  plug: "Sjekk at pluggen sitter godt i måleren og at nettselskapet har åpnet porten.",
  meterFault: (n) => `Målerdata: ${FAULTS[n] ?? WIRING} ${code(n)}.`,
  mqttFault: (n) => `MQTT: ${BROKER[n] ?? "ikke tilkoblet"}${n ? ` ${code(n)}` : ""}.`,
  safeMode: "Sikker modus etter flere krasj: måleren leses ikke. Den varer høyst en time, eller til omstart; angre siste endring hvis den kommer tilbake.",
  noTime: "Ingen bekreftet tid ennå: venter på en tidsserver eller målerens klokke.",
  meterTime: "Tiden er fra målerens klokke: ingen tidsserver har bekreftet den.",
  absurdTime: (kind) => `${CLOCKS[kind]} viser en tid som ikke kan stemme; den brukes ikke.`,
  refusedTime: (kind, time, ahead) => `${CLOCKS[kind]} er ${time} ${ahead ? "foran" : "bak"}; den brukes ikke.`,
  saving: (time) => `Forsyningsspenningen er lav: tallene kommer hver ${time}.`,
  upgrade: (version) => `Versjon ${version} er tilgjengelig`,
  upgrading: (percent) => `Ny fastvare installeres: ${percent} %`,
};

export const SILENT = {
  title: "Venter på måleren",
  listening: (settings) => `Lytter på ${settings}`,
  searching: "Leter etter linjeinnstillingene",
  nothing: "hører ingenting",
  unread: "hører ingenting lesbart",
  key: "Det kommer krypterte telegrammer: nøkkelen mangler eller er feil",
  plug: "Sitter pluggen godt i måleren og i leseren?",
  port: "Har nettselskapet åpnet HAN-porten? Ofte må du be om det.",
  kind: "Passer leseren til porten? RJ45 er M-Bus (HAN), RJ12 er P1.",
  inspect: "Se på linjen i inspektøren",
};

export const NOW = {
  importing: "Import",
  exporting: "Eksport",
  imported: "import",
  exported: "eksport",
  noPower: "Måleren har ikke meldt effekten ennå.",
  noClock: "Begynner når leseren vet tiden.",
  wait: "Begynner med det første telegrammet.",
  nothing: "Ingen data ennå.",
  failed: "Kunne ikke leses: prøver igjen om 10 s.",
  meter: "måler",
  cent: "ct",
  trends: ["synkende", "stabil", "stigende"],
  perKwh: (trend) => `per kWh${trend && `, ${trend}`}`,
  ofFuse: (percent, amps, state) =>
    `${percent} % av hovedsikring ${amps} A${{ warn: ", nær grensen", bad: ", over grensen" }[state] ?? ""}`,
  ofPanels: (percent, kwp) => `${percent} % av ${kwp} kWp solceller`,
  most: "maks",
};

export const HOUR = {
  title: "Denne timen",
  quarter: "Dette kvarteret",
  used: "Brukt så langt",
  since: (time) => `siden ${time}`,
  estimate: "anslag",
  expected: (time) => `Ventet${time && ` kl. ${time}`}`,
  mean: (time) => `Ventet snitt${time && ` kl. ${time}`}`,
  limit: "grense",
  month: (kw) => `Måneden så langt ${kw} kW.`,
  floor: (kw) => `Måneden teller som ${kw} kW, tariffens minste.`,
  rolling: (kw) => `Snitt av de siste månedene ${kw} kW.`,
  counts: (percent, until) => `Teller ${{ 50: "halvt", 100: "nå" }[percent] ?? `${percent} %`}${until && ` til ${until}`}.`,
  rate: (kw, money) => `Slik blir måneden ${kw} kW${money && `, ${money}`}.`,
  none: "Effekttoppen koster ikke noe i denne tariffen.",
  fault: (why) => `En innstilling brukes ikke: ${why}.`,
  step: (kw) => `trinnet opp til ${kw} kW`,
  peak: (kw) => `månedens ${kw} kW`,
  fine: (power, aim) => ["OK", `: ${power} resten av tiden holder ${aim}.`],
  much: (power, aim) => ["For mye", `: hold deg under ${power} resten av tiden for å holde ${aim}.`],
  passed: (aim) => ["Passert", `: måneden går over ${aim}.`],
  nothing: (aim) => ["OK", `: ingenting du kan slå på nå, endrer ${aim}.`],
  free: (until) => ["Fri", `: denne tiden teller ikke${until && `; den teller igjen fra ${until}`}.`],
  above: () => ["Over", ": måneden er over det høyeste trinnet; mer endrer ingenting."],
  first: () => ["Teller", ": ingenting er målt ennå denne måneden."],
  band: (level, until) => [["Lav", "Høy", "Topp"][level], `: nettleiens pris per kWh${until && ` til ${until}`}.`],
};

export const SUMS = {
  title: "Energi og kostnad",
  today: "I dag",
  month: "Denne måneden",
  yesterday: "I går",
  lastMonth: "Forrige måned",
  priced: (priced, all) => `${priced} av ${all} har pris`,
  earned: (money) => `ga ${money}`,
  withFee: (money, fee) => `${money} med fastbeløpet ${fee}`,
  noRate: (from, to) => `Det finnes ingen valutakurs fra ${from} til ${to}: prisene er ukjente til den kommer.`,
  invoice: (month) => `For fakturaen: ${month}`,
  capacity: (kw) => `Effektledd, ${kw} kW`,
  fee: "Fastbeløp",
  sum: "Sum",
};

export const PRICE = {
  title: "Pris",
  now: "nå",
  cheapest: (span) => `billigste 3 t: ${span}`,
  source: "kilde",
  fixed: "fastpris",
  ranks: [["billigst i dag", "billigst den dagen"], ["dyrest i dag", "dyrest den dagen"]],
};

export const LIVE = {
  title: "Direkte",
  empty: "Kurven begynner med det andre telegrammet.",
  lowest: "lavest",
  highest: "høyest",
  mean: "snitt av ett minutt",
  chart: (span) => `Effekt de siste ${span}`,
};

export const PHASES = {
  title: "Faser",
  voltages: ["lav", "høy"],
  high: (names) => `${names}: nær eller over hovedsikringen.`,
  unmeasured: (names) => `Måleren måler ikke strømmen i ${names}.`,
  estimated: (names) => `Strømmen i ${names} er anslått fra effekten.`,
  missing: (names) => `Måleren har ikke meldt alle verdier for ${names}.`,
  later: "Fasene kommer i et lengre telegram, som de fleste målere sender hvert 10. s.",
};

export const PEAKS = {
  title: "Effekttopper",
  prices: "Pris per måned etter trinn",
  few: (n) => `Topper som ennå kan telle denne måneden: ${n}.`,
  step: (kw) => `trinn opp til ${kw} kW`,
  gap: (kw) => `${kw} kW under grensen for trinnet.`,
  next: (kw, money) => `Neste trinn: ${kw ? `opp til ${kw} kW` : "det høyeste"}${money && `, ${money} i måneden`}.`,
  perKw: (money) => `En kW koster ${money} i måneden.`,
};

export const USE = {
  day: "Siste 24 timer",
  month: "Siste 31 dager",
  quality: {
    estimated: "anslått", interpolated: "interpolert", provisional: "foreløpig", partial: "ufullstendig", gap: "ukjent",
  },
};

export const METER = {
  title: "Måler",
  custom: "Egendefinert måler",
  reactiveIn: "Reaktiv import",
  reactiveOut: "Reaktiv eksport",
  factor: "Effektfaktor",
  id: "Målernummer",
  noTotals: "Mange målere sender målerstanden en gang i timen.",
  dash: "En strek er en verdi som måleren ikke har meldt.",
};

export const WARMTH = {
  title: "Temperaturer",
};

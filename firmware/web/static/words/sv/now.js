// Swedish: words of the page Now. en/now.js tells what the functions take.

const WIRING = "skadat telegram: kontrollera kabel och serieinställningar";
const FAULTS = {
  "-1": "oläsligt telegram: kontrollera mätartypen",
  "-4": "fel kontrollsumma i huvudet: kontrollera kabel och serieinställningar",
  "-5": "fel kontrollsumma: kontrollera kabel och serieinställningar",
  "-51": "autentiseringen misslyckades: kontrollera autentiseringsnyckeln",
  "-52": "dekrypteringen misslyckades: kontrollera krypteringsnyckeln",
  "-53": "ogiltig krypteringsnyckel: skriv in den igen",
  90: "inget telegram på 30 s",
  91: "avbrott på linjen: kontrollera kabel och signalinvertering",
  92: "full mottagningsbuffert: kontrollera baudhastigheten",
  93: "mottagaren hann inte läsa: kontrollera baudhastigheten",
  94: "ramfel: kontrollera baudhastighet och kabel",
  95: "paritetsfel: kontrollera pariteten",
  98: "internt fel: starta om läsaren om det kvarstår",
  99: "serieinställningarna hittades inte: ange dem för hand",
};
const BROKER = {
  "-3": "ingen anslutning: kontrollera adress och port",
  "-4": "inget svar: kontrollera att brokern körs",
  "-10": "inloggning nekad: kontrollera användarnamn och lösenord",
  "-11": "prenumeration nekad: kontrollera åtkomstreglerna",
  "-12": "prenumeration nekad: kontrollera åtkomstreglerna",
};
const CLOCKS = { 1: "Tidsserverns klocka", 2: "Mätarens klocka" };
const code = (n) => `(fel ${String(n).replace("-", "\u2212")})`;

export const STATUS = {
  lost: (time) => `Ingen kontakt med läsaren sedan ${time}; försöker igen.`,
  late: (time) => `Inget telegram sedan ${time}.`,
  plug: "Kontrollera att kontakten sitter ordentligt i mätaren och att nätbolaget har öppnat porten.",
  meterFault: (n) => `Mätardata: ${FAULTS[n] ?? WIRING} ${code(n)}.`,
  mqttFault: (n) => `MQTT: ${BROKER[n] ?? "inte ansluten"}${n ? ` ${code(n)}` : ""}.`,
  safeMode: "Säkert läge efter flera krascher: mätaren läses inte. Det upphör inom en timme, eller vid omstart; ångra den senaste ändringen om det kommer tillbaka.",
  noTime: "Ingen bekräftad tid ännu: väntar på en tidsserver eller mätarens klocka.",
  meterTime: "Tiden kommer från mätarens klocka: ingen tidsserver har bekräftat den.",
  absurdTime: (kind) => `${CLOCKS[kind]} visar en omöjlig tid; den används inte.`,
  refusedTime: (kind, time, ahead) => `${CLOCKS[kind]} går ${time} ${ahead ? "före" : "efter"}; den används inte.`,
  saving: (time) => `Matningsspänningen är låg: värdena kommer med ${time} mellanrum.`,
  upgrade: (version) => `Version ${version} är tillgänglig`,
  upgrading: (percent) => `Ny firmware installeras: ${percent} %`,
};

export const SILENT = {
  title: "Väntar på mätaren",
  listening: (settings) => `Lyssnar på ${settings}`,
  searching: "Söker linjens inställningar",
  nothing: "inget hörs",
  unread: "inget läsbart hörs",
  key: "Krypterade telegram kommer: nyckeln saknas eller är fel",
  plug: "Sitter kontakten ordentligt i mätaren och i läsaren?",
  port: "Har nätbolaget öppnat porten? Ofta måste du be om det.",
  kind: "Passar läsaren till porten? RJ45 är M-Bus (HAN), RJ12 är P1.",
  inspect: "Titta på linjen i inspektören",
};

export const NOW = {
  importing: "Import",
  exporting: "Export",
  imported: "import",
  exported: "export",
  noPower: "Mätaren har inte meddelat effekten ännu.",
  noClock: "Börjar när läsaren vet tiden.",
  wait: "Börjar med det första telegrammet.",
  nothing: "Inga data ännu.",
  failed: "Kunde inte läsas: nytt försök om 10 s.",
  meter: "mätare",
  cent: "ct",
  trends: ["sjunkande", "stabilt", "stigande"],
  perKwh: (trend) => `per kWh${trend && `, ${trend}`}`,
  ofFuse: (percent, amps, state) =>
    `${percent} % av huvudsäkring ${amps} A${{ warn: ", nära gränsen", bad: ", över gränsen" }[state] ?? ""}`,
  ofPanels: (percent, kwp) => `${percent} % av ${kwp} kWp solceller`,
  most: "max",
};

export const HOUR = {
  title: "Den här timmen",
  quarter: "Den här kvarten",
  used: "Använt hittills",
  since: (time) => `sedan ${time}`,
  estimate: "uppskattat",
  expected: (time) => `Väntat${time && ` kl. ${time}`}`,
  mean: (time) => `Väntat medel${time && ` kl. ${time}`}`,
  limit: "gräns",
  month: (kw) => `Månaden hittills ${kw} kW.`,
  floor: (kw) => `Månaden räknas som ${kw} kW, tariffens minsta.`,
  rolling: (kw) => `Medel av de senaste månaderna ${kw} kW.`,
  counts: (percent, until) => `Räknas ${{ 50: "till hälften", 100: "nu" }[percent] ?? `till ${percent} %`}${until && ` till ${until}`}.`,
  rate: (kw, money) => `Så här blir månaden ${kw} kW${money && `, ${money}`}.`,
  none: "Effekttoppen kostar inget i denna tariff.",
  fault: (why) => `En inställning används inte: ${why}.`,
  step: (kw) => `steget upp till ${kw} kW`,
  peak: (kw) => `månadens ${kw} kW`,
  fine: (power, aim) => ["OK", `: ${power} resten av tiden behåller ${aim}.`],
  much: (power, aim) => ["För mycket", `: håll under ${power} resten av tiden för att behålla ${aim}.`],
  passed: (aim) => ["Passerat", `: månaden går över ${aim}.`],
  nothing: (aim) => ["OK", `: inget du kan slå på nu ändrar ${aim}.`],
  free: (until) => ["Fritt", `: denna tid räknas inte${until && `; den räknas igen från ${until}`}.`],
  above: () => ["Över", ": månaden är över det högsta steget; mer ändrar inget."],
  first: () => ["Räknas", ": inget är uppmätt ännu denna månad."],
  band: (level, until) => [["Låg", "Hög", "Topp"][level], `: nätets pris per kWh${until && ` till ${until}`}.`],
};

export const SUMS = {
  title: "Energi och kostnad",
  today: "I dag",
  month: "Den här månaden",
  yesterday: "I går",
  lastMonth: "Förra månaden",
  priced: (priced, all) => `${priced} av ${all} har pris`,
  earned: (money) => `gav ${money}`,
  withFee: (money, fee) => `${money} med månadsavgiften ${fee}`,
  noRate: (from, to) => `Ingen växelkurs från ${from} till ${to}: priserna är ännu okända.`,
  invoice: (month) => `För fakturan: ${month}`,
  capacity: (kw) => `Effektavgift, ${kw} kW`,
  fee: "Månadsavgift",
  sum: "Summa",
};

export const PRICE = {
  title: "Pris",
  now: "nu",
  cheapest: (span) => `billigaste 3 h: ${span}`,
  source: "källa",
  fixed: "fast pris",
  ranks: [["billigast i dag", "billigast den dagen"], ["dyrast i dag", "dyrast den dagen"]],
};

export const LIVE = {
  title: "Direkt",
  empty: "Kurvan börjar med det andra telegrammet.",
  lowest: "lägst",
  highest: "högst",
  mean: "medel av en minut",
  chart: (span) => `Effekt de senaste ${span}`,
};

export const PHASES = {
  title: "Faser",
  voltages: ["låg", "hög"],
  high: (names) => `${names}: nära eller över huvudsäkringen.`,
  unmeasured: (names) => `Mätaren mäter inte strömmen i ${names}.`,
  estimated: (names) => `Strömmen i ${names} är uppskattad från effekten.`,
  missing: (names) => `Mätaren har inte meddelat alla värden för ${names}.`,
  later: "Faserna kommer i ett längre telegram, som de flesta mätare sänder var 10:e s.",
};

export const PEAKS = {
  title: "Effekttoppar",
  prices: "Pris per månad efter steg",
  few: (n) => `Toppar som ännu kan räknas denna månad: ${n}.`,
  step: (kw) => `steg upp till ${kw} kW`,
  gap: (kw) => `${kw} kW under stegets gräns.`,
  next: (kw, money) => `Nästa steg: ${kw ? `upp till ${kw} kW` : "det högsta"}${money && `, ${money} i månaden`}.`,
  perKw: (money) => `En kW kostar ${money} i månaden.`,
};

export const USE = {
  day: "Senaste 24 timmarna",
  month: "Senaste 31 dagarna",
  quality: {
    estimated: "uppskattad", interpolated: "interpolerad", provisional: "preliminär", partial: "ofullständig", gap: "okänd",
  },
};

export const METER = {
  title: "Mätare",
  custom: "Egen mätare",
  reactiveIn: "Reaktiv import",
  reactiveOut: "Reaktiv export",
  factor: "Effektfaktor",
  id: "Mätarnummer",
  noTotals: "Många mätare sänder mätarställningen en gång i timmen.",
  dash: "Ett streck: inte meddelat av mätaren.",
};

export const WARMTH = {
  title: "Temperaturer",
};

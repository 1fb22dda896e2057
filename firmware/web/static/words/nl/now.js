// Dutch: words of the page Now. en/now.js tells what the functions take.

const WIRING = "beschadigd telegram: controleer kabel en seriële instellingen";
const FAULTS = {
  "-1": "onleesbaar telegram: controleer het metertype",
  "-4": "controlesom van de kop klopt niet: controleer kabel en seriële instellingen",
  "-5": "controlesom klopt niet: controleer kabel en seriële instellingen",
  "-51": "authenticatie mislukt: controleer de authenticatiesleutel",
  "-52": "ontsleutelen mislukt: controleer de versleutelingssleutel",
  "-53": "ongeldige versleutelingssleutel: voer hem opnieuw in",
  90: "30 s geen telegram",
  91: "onderbreking van de lijn: controleer kabel en signaalomkering",
  92: "ontvangstbuffer vol: controleer de baudrate",
  93: "ontvanger overgelopen: controleer de baudrate",
  94: "framefout: controleer baudrate en kabel",
  95: "pariteitsfout: controleer de pariteit",
  98: "interne fout: herstart de lezer als deze blijft",
  99: "seriële instellingen niet gevonden: stel ze met de hand in",
};
const BROKER = {
  "-3": "geen verbinding: controleer adres en poort",
  "-4": "geen antwoord: controleer of de broker draait",
  "-10": "aanmelding geweigerd: controleer gebruikersnaam en wachtwoord",
  "-11": "abonnement geweigerd: controleer de toegangsregels",
  "-12": "abonnement geweigerd: controleer de toegangsregels",
};
const CLOCKS = { 1: "De klok van de tijdserver", 2: "De klok van de meter" };
const code = (n) => `(fout ${String(n).replace("-", "\u2212")})`;

export const STATUS = {
  lost: (time) => `Geen contact met de lezer sinds ${time}; nieuwe poging loopt.`,
  late: (time) => `Geen telegram sinds ${time}.`,
  plug: "Zit de stekker goed in de meter? Heeft de netbeheerder de poort geopend?",
  meterFault: (n) => `Metergegevens: ${FAULTS[n] ?? WIRING} ${code(n)}.`,
  mqttFault: (n) => `MQTT: ${BROKER[n] ?? "niet verbonden"}${n ? ` ${code(n)}` : ""}.`,
  safeMode: "Veilige modus na crashes, hoogstens een uur of tot een herstart: de meter wordt niet gelezen. Maak de laatste wijziging ongedaan als hij terugkomt.",
  noTime: "Nog geen bevestigde tijd: wachten op een tijdserver of de klok van de meter.",
  meterTime: "De tijd komt van de klok van de meter: geen tijdserver heeft hem bevestigd.",
  absurdTime: (kind) => `${CLOCKS[kind]} geeft een onmogelijke tijd; die telt niet.`,
  refusedTime: (kind, time, ahead) => `${CLOCKS[kind]} loopt ${time} ${ahead ? "voor" : "achter"}; die telt niet.`,
  saving: (time) => `Voedingsspanning laag: waarden elke ${time}.`,
  upgrade: (version) => `Versie ${version} is beschikbaar`,
  upgrading: (percent) => `Nieuwe firmware wordt geïnstalleerd: ${percent} %`,
};

export const SILENT = {
  title: "Wachten op de meter",
  listening: (settings) => `Luistert op ${settings}`,
  searching: "Zoekt de lijninstellingen",
  nothing: "niets gehoord",
  unread: "niets leesbaars gehoord",
  key: "Er komen versleutelde telegrammen: de sleutel ontbreekt of is onjuist",
  plug: "Zit de stekker goed in de meter en in de lezer?",
  port: "Heeft de netbeheerder de poort geopend? Vaak moet u erom vragen.",
  kind: "Past de lezer bij de poort? RJ45 is M-Bus (HAN), RJ12 is P1.",
  inspect: "Bekijk de lijn in de inspecteur",
};

export const NOW = {
  importing: "Afname",
  exporting: "Teruglevering",
  imported: "afname",
  exported: "teruglevering",
  noPower: "De meter heeft zijn vermogen nog niet gemeld.",
  noClock: "Begint als de lezer de tijd weet.",
  wait: "Begint met het eerste telegram.",
  nothing: "Nog geen gegevens.",
  failed: "Niet te lezen: nieuwe poging over 10 s.",
  meter: "meter",
  cent: "ct",
  trends: ["dalend", "stabiel", "stijgend"],
  perKwh: (trend) => `per kWh${trend && `, ${trend}`}`,
  ofFuse: (percent, amps, state) =>
    `${percent} % van hoofdzekering ${amps} A${{ warn: ", dicht bij de grens", bad: ", boven de grens" }[state] ?? ""}`,
  ofPanels: (percent, kwp) => `${percent} % van ${kwp} kWp zonnepanelen`,
  most: "max.",
};

export const HOUR = {
  title: "Dit uur",
  quarter: "Dit kwartier",
  used: "Tot nu toe",
  since: (time) => `sinds ${time}`,
  estimate: "schatting",
  expected: (time) => `Verwacht${time && ` om ${time}`}`,
  mean: (time) => `Verwacht gemiddelde${time && ` om ${time}`}`,
  limit: "grens",
  month: (kw) => `Maand tot nu toe ${kw} kW.`,
  floor: (kw) => `De maand telt als ${kw} kW, het minimum van het tarief.`,
  rolling: (kw) => `Gemiddelde van de laatste maanden ${kw} kW.`,
  counts: (percent, until) => `Telt ${{ 50: "half", 100: "nu" }[percent] ?? `voor ${percent} %`}${until && ` tot ${until}`}.`,
  rate: (kw, money) => `Zo wordt de maand ${kw} kW${money && `, ${money}`}.`,
  none: "Het piekvermogen kost niets in dit tarief.",
  fault: (why) => `Een instelling wordt niet gebruikt: ${why}.`,
  step: (kw) => `de trede tot ${kw} kW`,
  peak: (kw) => `de ${kw} kW van de maand`,
  fine: (power, aim) => ["OK", `: ${power} tot het eind houdt ${aim}.`],
  much: (power, aim) => ["Te veel", `: blijf tot het eind onder ${power} om ${aim} te houden.`],
  passed: (aim) => ["Voorbij", `: de maand komt boven ${aim}.`],
  nothing: (aim) => ["OK", `: niets wat u nu kunt inschakelen verandert ${aim}.`],
  free: (until) => ["Vrij", `: deze tijd telt niet${until && `; hij telt weer vanaf ${until}`}.`],
  above: () => ["Erboven", ": de maand ligt boven de hoogste trede; meer verandert niets."],
  first: () => ["Telt", ": van deze maand is nog niets gemeten."],
  band: (level, until) => [["Laag", "Hoog", "Piek"][level], `: de prijs van het net per kWh${until && ` tot ${until}`}.`],
};

export const SUMS = {
  title: "Energie en kosten",
  today: "Vandaag",
  month: "Deze maand",
  yesterday: "Gisteren",
  lastMonth: "Vorige maand",
  priced: (priced, all) => `${priced} van ${all} met prijs`,
  earned: (money) => `opbrengst ${money}`,
  withFee: (money, fee) => `${money} met het vastrecht van ${fee}`,
  noRate: (from, to) => `Geen wisselkoers van ${from} naar ${to}: prijzen nog onbekend.`,
  invoice: (month) => `Voor de factuur: ${month}`,
  capacity: (kw) => `Capaciteit, ${kw} kW`,
  fee: "Vastrecht",
  sum: "Totaal",
};

export const PRICE = {
  title: "Prijs",
  now: "nu",
  cheapest: (span) => `goedkoopste 3 u: ${span}`,
  source: "bron",
  fixed: "vaste prijs",
  ranks: [["vandaag het goedkoopst", "die dag het goedkoopst"], ["vandaag het duurst", "die dag het duurst"]],
};

export const LIVE = {
  title: "Live",
  empty: "Begint met het tweede telegram.",
  lowest: "laagste",
  highest: "hoogste",
  mean: "gemiddelde van een minuut",
  chart: (span) => `Vermogen over de laatste ${span}`,
};

export const PHASES = {
  title: "Fasen",
  voltages: ["laag", "hoog"],
  high: (names) => `${names}: dicht bij of boven de hoofdzekering.`,
  unmeasured: (names) => `De meter meet de stroom van ${names} niet.`,
  estimated: (names) => `De stroom van ${names} is geschat uit het vermogen.`,
  missing: (names) => `De meter heeft niet alle waarden van ${names} gemeld.`,
  later: "De fasen komen in een langer telegram, meestal elke 10 s.",
};

export const PEAKS = {
  title: "Piekvermogens",
  prices: "Prijs per maand per trede",
  few: (n) => `Pieken die deze maand nog tellen: ${n}.`,
  step: (kw) => `trede tot ${kw} kW`,
  gap: (kw) => `${kw} kW onder de grens van de trede.`,
  next: (kw, money) => `Volgende trede: ${kw ? `tot ${kw} kW` : "de hoogste"}${money && `, ${money} per maand`}.`,
  perKw: (money) => `Een kW kost ${money} per maand.`,
};

export const USE = {
  day: "Laatste 24 uur",
  month: "Laatste 31 dagen",
  quality: {
    estimated: "geschat", interpolated: "geïnterpoleerd", provisional: "voorlopig", partial: "onvolledig", gap: "onbekend",
  },
};

export const METER = {
  title: "Meter",
  custom: "Eigen meter",
  reactiveIn: "Blindafname",
  reactiveOut: "Blindteruglevering",
  factor: "Arbeidsfactor",
  id: "Meternummer",
  noTotals: "Veel meters zenden hun stand eens per uur.",
  dash: "Een streepje: niet gemeld door de meter.",
};

export const WARMTH = {
  title: "Temperaturen",
};

// Finnish: words of the page History.

export const SLOT = {
  day: "Tunti",
  week: "Päivä",
  month: "Päivä",
  year: "Kuukausi",
};

export const QUALITY = {
  measured: "mitattu",
  near: "mitattu 1/16:n tarkkuudella",
  edited: "korjattu",
  estimated: "arvioitu",
  interpolated: "interpoloitu",
  gap: "tuntematon",
  partial: "vajaa",
  priced: "osa ilman hintaa",
  provisional: "alustava",
  running: "tähän mennessä",
  pending: "vielä vajaa",
  none: "ei kirjattu mitään",
  future: "tulossa",
};

const BEFORE = {
  day: ["eilen", "edellisenä päivänä"],
  week: ["edellisellä viikolla", "edellisellä viikolla"],
  month: ["viime kuussa", "edellisessä kuussa"],
  year: ["viime vuonna", "edellisenä vuonna"],
};

const first = (text) => text[0].toUpperCase() + text.slice(1);

export const ENERGY = {
  title: "Energia",
  day: "Päivä",
  week: "Viikko",
  month: "Kuukausi",
  year: "Vuosi",
  units: "Yksikkö",
  money: "Raha",
  imported: "kWh otettu",
  exported: "kWh annettu",
  compare: (view, over, partly, wholly) => {
    const parts = [partly && `tähän mennessä ${partly}`, wholly && `${over ? "" : "yhteensä "}${wholly}`];
    return `${first(BEFORE[view][over ? 1 : 0])} ${parts.filter(Boolean).join(", ")}`;
  },
  chart: (view, range) => `Energia, jaksona ${SLOT[view].toLowerCase()}, ${range}`,
  hours: (from, to) => `${from}\u2013${to}`,
  verdict: (view, over, percent) => `${percent} % siitä, mitä ${BEFORE[view][over ? 1 : 0]}${over ? "" : " samaan aikaan"}`,
  ghost: (view, energy) => `${BEFORE[view][1]} ${energy}`,
  cost: (currency) => `${currency} kulut`,
  earned: (currency) => `${currency} tuotto annosta`,
  costChart: (view, range) => `Kulut, jaksona ${SLOT[view].toLowerCase()}, ${range}`,
  priced: (priced, all) => `${priced} / ${all} kWh:sta; lopulla ei ollut hintaa`,
  hourMoney: "Tämän päivän kuluista tunneittain tiedetään vain summa. Tuntikulut säilyvät kaksi kuukautta.",
  noMoney: "Ei kuluja: hinnoitellut päivät säilyvät kymmenen viikkoa.",
  bar: (name, imported, exported, quality) =>
    `${name}: ${imported && `otto ${imported}, `}${exported && `anto ${exported}, `}${quality}`,
  since: (when, estimate) => [when && `alkaen ${when}`, estimate && "arvio"].filter(Boolean).join(", "),
  barSince: (quality, when) => `${quality}, alkaen ${when}`,
  missing: (view, n) => (n ? `${n} ${n > 1 ? { day: "tuntia", week: "päivää", month: "päivää", year: "kuukautta" }[view] : SLOT[view].toLowerCase()} ei ole täysin tiedossa.` : ""),
  legendImport: "otto",
  legendExport: "anto",
  legendCost: "kulut",
  legendEarned: "tuotto",
  legendGhost: "edellinen jakso",
  headImport: "Otto",
  headExport: "Anto",
  headQuality: "Laatu",
  asTable: "Näytä taulukkona",
  asChart: "Näytä kaaviona",
  csv: "Lataa CSV",
  noClock: "Alkaa, kun lukija tietää ajan.",
  loading: "Luetaan historiaa.",
  empty: "Alkaa ensimmäisestä sanomasta.",
  nothing: "Ei kirjattu mitään. Tunnit säilyvät 400 päivää, päivät viisi vuotta.",
  failed: "Historiaa ei voitu lukea: uusi yritys 10 s kuluttua.",
};

export const WALK = {
  earlier: "Aiempi",
  later: "Myöhempi",
  today: "Tänään",
  to: (button, range) => `${button}: ${range}`,
};

export const CORRECT = {
  title: (name) => `Korjaa ${name}`,
  imported: "Otto, kWh",
  exported: "Anto, kWh",
  check: "Esikatsele",
  checking: "Tarkistetaan",
  save: "Tallenna",
  saving: "Tallennetaan",
  cancel: "Peruuta",
  undo: "Kumoa",
  wrong: "Anna kWh väliltä 0–999999,999, enintään kolme desimaalia.",
  done: (name) => `${name} on korjattu.`,
  undone: "Korjaus on kumottu.",
  redone: "Korjaus on tehty uudelleen.",
  same: "Mikään ei muuttunut: vanhat arvot, tai lukema ei ole vielä tullut.",
  late: "Liian myöhään: vain viimeiset 24 tuntia ja 31 päivää voi korjata.",
  silent: "Lukija ei vastaa: katso arvo ennen kuin tallennat uudelleen.",
  refused: (why) => `Lukija hylkäsi: ${why}.`,
  status: (number) => `HTTP ${number}`,
};

const change = (before, after) => `${before} \u2192 ${after}`;

export const EFFECT = {
  title: "Tallennus muuttaisi:",
  imported: (name) => `Otto, ${name}`,
  exported: (name) => `Anto, ${name}`,
  energy: (before, after) => `${change(before, after)} kWh`,
  peaks: (name) => `Huiput, ${name}`,
  power: (before, after) => `${change(before, after)} kW`,
  samePeaks: "ennallaan",
  step: "Tehomaksun porras",
  steps: (before, after) => change(before ? `enintään ${before} kW` : "yli kaikkien", after ? `enintään ${after} kW` : "yli kaikkien"),
  cost: "Kulut",
  income: "Anto tuottaa",
  money: (money, currency) => `${money} ${currency}`,
  noCost: "ei tiedossa: ajalta ei ole hintaa",
  dayCost: "ennallaan: päivällä ei ole tuntihintoja",
};

export const EDITS = {
  title: "Korjaukset",
  none: "Ei korjauksia. Tässä näkyvät viimeiset kymmenen korjausta ja tuontia.",
  failed: "Korjauksia ei voi lukea: sulje ja avaa luettelo.",
  loading: "Luetaan korjauksia.",
  kinds: { correction: "Korjaus", import: "Tuonti" },
  at: (kind, time) => (time ? `${kind}, ${time}` : kind),
  undone: (time) => (time ? `kumottu ${time}` : "kumottu"),
  slot: (name, imported, exported) =>
    `${name}: ${[imported && `otto ${imported}`, exported && `anto ${exported}`].filter(Boolean).join(", ")}`,
  kwh: (before, after) => `${change(before, after)} kWh`,
  known: "sama energia, nyt tiedossa",
  more: (n) => `ja ${n} muuta`,
  undo: "Kumoa",
  redo: "Tee uudelleen",
};

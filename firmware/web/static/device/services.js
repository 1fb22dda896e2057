// The state of the reader's services in words.

import { byId, make } from "../lib/dom.js";
import { DASH, duration, number } from "../lib/format.js";
import { local, zoneKnown } from "../lib/zone.js";
import { W } from "../words.js";
import { note } from "./parts.js";

const KINDS = ["off", "ok", "warn", "bad"];
const SILENT_S = 30;
const WEAK_DBM = -75; // these two as in system.py
const VERY_WEAK_DBM = -95;

const moment = (utc) => (zoneKnown() ? local(utc).replace("T", " ") : "");

const row = (kind, ...words) =>
  make("li", { class: `verdict ${kind}` }, make("i"), make("span", {}, ...words));

function meterRow({ age, line }) {
  if (age === null) return row("bad", W.BADGE.meterSilent, ", ", line);
  return row(age > SILENT_S ? "bad" : "ok", W.BADGE.meterHeard(duration(age), false), ", ", line);
}

function wifiRow({ rssi }) {
  if (rssi === null) return row("off", `Wi-Fi ${DASH}`);
  const level = rssi > WEAK_DBM ? 1 : rssi > VERY_WEAK_DBM ? 2 : 3;
  return row(KINDS[level], W.BADGE.signal(number(rssi, 0), level));
}

const mqttRow = ({ light, error }) => row(KINDS[light] ?? "off", W.BADGE.broker(light), light > 1 && error ? ` (${error})` : "");

function priceRow({ enabled, area, source, currency, stale, error, missing, end }) {
  const words = (kind, ...parts) => row(kind, `${W.HEALTH.prices}: `, ...parts);
  if (!enabled && !source) return words("off", DASH);
  if (error) return words("warn", error);
  if (missing) return words("warn", W.HEALTH.missing(missing));
  if (stale || !end) return words("warn", W.HEALTH.noPrices);
  return words("ok", [area, source, currency, `\u2026 ${moment(end)}`].filter(Boolean).join(", "));
}

// doc: /health.json; prices: /prices.json or null; words: of /supply.json.
export function showServices(doc, prices, words) {
  const { meter, wifi, mqtt, push, supply, held, safe } = doc;
  const rows = [meterRow(meter), wifiRow(wifi), mqttRow(mqtt)];
  if (prices) rows.push(priceRow(prices));
  if (supply.v) rows.push(row(supply.tier ? "warn" : "ok", `${W.HEALTH.supply} ${number(supply.v, 2)} V: `, words));
  if (push.fault) rows.push(row("warn", "Push: ", push.fault));
  if (held) rows.push(row("warn", held));
  byId("services").replaceChildren(...rows);
  note(byId("safe"), "bad", safe ? W.HEALTH.safe(duration(safe)) : "");
}

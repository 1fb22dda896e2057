// Numbers and times as text, in the page's language. Unknown is an em dash, never 0.

import { W } from "../words.js";
import { pageLocale } from "./choice.js";
import { timeOf, zoneKnown } from "./zone.js";

export const DASH = "\u2014";
// What the reader sends as the limit of the step above the tariff's last one.
export const ABOVE_ALL = 65535;
// By the number that the reader has for them.
export const MAKERS = { 1: "Aidon", 2: "Kaifa", 3: "Kamstrup", 8: "Iskraemeco", 9: "Landis+Gyr", 10: "Sagemcom" };
const formats = {};

export const known = (value) => typeof value === "number" && Number.isFinite(value);

// The language's decimal sign, with a thin space between thousands: "48 211.73".
export function number(value, decimals) {
  if (!known(value)) return DASH;
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const format = (formats[[pageLocale(), decimals]] ??= new Intl.NumberFormat(pageLocale(), options));
  const part = (p) => (p.type === "group" ? "\u202f" : p.type === "minusSign" ? "\u2212" : p.value);
  return format.formatToParts(Math.round(value * 10 ** decimals) ? value : 0).map(part).join(""); // no -0.00
}

// The same with its sign, also of a positive value: "+10.09".
export const signed = (value, decimals) => (value > 0 ? "+" : "") + number(value, decimals);

// Watts in; [figure, unit] out. The unit changes at 1000 W, here and everywhere on the page.
export function power(watts) {
  if (!known(watts)) return [DASH, ""];
  return Math.abs(watts) < 1000 ? [number(watts, 0), W.UNIT.w] : [number(watts / 1000, 2), W.UNIT.kw];
}

export const powerText = (watts) => power(watts).join("\u00a0").trim();

// Milliseconds since 1970 in; "12:34:56" of the reader's zone out, of the browser's while that is not known.
export function clock(ms) {
  const two = (n) => String(n).padStart(2, "0");
  const date = new Date(ms);
  if (zoneKnown()) return `${timeOf(Math.floor(ms / 1000))}:${two(date.getUTCSeconds())}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

// Seconds in; "42 s", "5 min", "3 h 10 min", "2 d 4 h" out.
export function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(s / 60);
  const hours = Math.floor(minutes / 60);
  const { day, hour, minute, second } = W.UNIT;
  if (s < 100) return `${s} ${second}`;
  if (hours < 1) return `${minutes} ${minute}`;
  if (hours < 24) return `${hours} ${hour} ${minutes % 60} ${minute}`;
  return `${Math.floor(hours / 24)} ${day} ${hours % 24} ${hour}`;
}

// "L1, L2 and L3"
export const listed = (names) => new Intl.ListFormat(pageLocale(), { type: "conjunction" }).format(names);

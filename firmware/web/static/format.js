// Numbers and times as text. Unknown is an em dash, never 0.

import { UNIT } from "./words.js";

export const DASH = "\u2014";
// What the reader sends as the limit of the step above the tariff's last one.
export const ABOVE_ALL = 65535;
const formats = {};

export const known = (value) => typeof value === "number" && Number.isFinite(value);

// The reader's decimal sign, with a thin space between thousands: "48 211.73".
export function number(value, decimals) {
  if (!known(value)) return DASH;
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const format = (formats[decimals] ??= new Intl.NumberFormat(undefined, options));
  const part = (p) => (p.type === "group" ? "\u202f" : p.type === "minusSign" ? "\u2212" : p.value);
  return format.formatToParts(value).map(part).join("");
}

// The same with its sign, also of a positive value: "+10.09".
export const signed = (value, decimals) => (value > 0 ? "+" : "") + number(value, decimals);

// Watts in; [figure, unit] out. The unit changes at 1000 W, here and everywhere on the page.
export function power(watts) {
  if (!known(watts)) return [DASH, ""];
  return Math.abs(watts) < 1000 ? [number(watts, 0), UNIT.w] : [number(watts / 1000, 2), UNIT.kw];
}

export const powerText = (watts) => power(watts).join("\u00a0").trim();

// Milliseconds since 1970 in; local "12:34:56" out.
export function clock(ms) {
  const two = (n) => String(n).padStart(2, "0");
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

// Numbers, durations and times as text. Unknown is an em dash, never 0.

export const DASH = "\u2014";
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

// Watts in; [figure, unit] out. The unit changes at 1000 W, here and everywhere on the page.
export function power(watts) {
  if (!known(watts)) return [DASH, ""];
  return Math.abs(watts) < 1000 ? [number(watts, 0), "W"] : [number(watts / 1000, 2), "kW"];
}

export const powerText = (watts) => power(watts).join("\u00a0").trim();

// Seconds in; "42 s", "5 min", "3 h 10 min", "2 d 4 h" out.
export function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(s / 60);
  const hours = Math.floor(minutes / 60);
  if (s < 100) return `${s} s`;
  if (hours < 1) return `${minutes} min`;
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

// Milliseconds since 1970 in; local "12:34:56" out.
export function clock(ms) {
  const two = (n) => String(n).padStart(2, "0");
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

// ["L1", "L2", "L3"] in; "L1, L2 and L3" out.
export function listed(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

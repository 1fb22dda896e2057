// The reader's calendar. Moments are UTC in seconds; dates and hours are those of the reader's zone, not the browser's.

import { pageLocale } from "./choice.js";

let zone = null;
let parts = null;

// The name from the reader, "Europe/Oslo". A zone unknown to the browser is treated as UTC.
export function setZone(name) {
  if (name === zone) return;
  zone = name;
  const two = "2-digit";
  const options = { year: "numeric", month: two, day: two, hour: two, minute: two, hourCycle: "h23", timeZone: name };
  try {
    parts = new Intl.DateTimeFormat("en", options);
  } catch {
    parts = new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
  }
}

export const zoneKnown = () => parts !== null;

// "2026-03-01T12:00"
export function local(utc) {
  const p = Object.fromEntries(parts.formatToParts(utc * 1000).map((part) => [part.type, part.value]));
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

export const dateOf = (utc) => local(utc).slice(0, 10);
export const timeOf = (utc) => local(utc).slice(11);

// "UTC+2": distinguishes the two hours of the same name.
export function offset(utc) {
  const hours = Math.round((Date.parse(`${local(utc)}Z`) / 1000 - utc) / 3600);
  return `UTC${hours < 0 ? "\u2212" : "+"}${Math.abs(hours)}`;
}

// The beginnings of the 23, 24 or 25 hours of a date.
export function hoursOfDay(date) {
  const noon = Date.parse(`${date}T12:00Z`) / 1000;
  const utc = 2 * noon - Date.parse(`${local(noon)}Z`) / 1000;
  let hour = utc - (utc % 3600);
  while (dateOf(hour - 3600) === date) hour -= 3600;
  const list = [];
  for (; dateOf(hour) === date; hour += 3600) list.push(hour);
  return list;
}

export const addDays = (date, days) => new Date(Date.parse(date) + days * 864e5).toISOString().slice(0, 10);

// The dates of a month, "2026-03" or any date of it.
export function daysOfMonth(month) {
  const first = `${month.slice(0, 7)}-01`;
  return Array.from({ length: 31 }, (_, n) => addDays(first, n)).filter((date) => date.startsWith(first.slice(0, 7)));
}

// A date or a range of dates in words; parts: options of Intl.DateTimeFormat. An invalid date is returned unchanged.
export function dateWords(date, options, last) {
  const at = Date.parse(date);
  if (!at) return date;
  const format = new Intl.DateTimeFormat(pageLocale(), { ...options, timeZone: "UTC" });
  return last ? format.formatRange(at, Date.parse(last)) : format.format(at);
}

// Money as text: "16.40 kr", and prices below one in the currency's hundredth: "9.1 øre".

import { known, number } from "../lib/format.js";
import { W } from "../words.js";

const SIGNS = { NOK: "kr", SEK: "kr", DKK: "kr", EUR: "€", GBP: "£", PLN: "zł" };
const PARTS = { NOK: "øre", SEK: "öre", DKK: "øre", GBP: "p", PLN: "gr", CHF: "Rp." };
const LEAST = 0.995; // what is shown as 1.00

export const sign = (currency) => SIGNS[currency] ?? currency;
const part = (currency) => (currency === "EUR" ? W.NOW.cent : PARTS[currency]);

export const money = (amount, currency) => `${number(amount, 2)}\u00a0${sign(currency)}`;

// The unit for prices up to `most`: [factor, decimals, name].
export function priceUnit(most, currency) {
  const small = part(currency);
  return small && Math.abs(most) < LEAST ? [100, 1, small] : [1, 2, sign(currency)];
}

export function priceText(price, currency) {
  const [factor, decimals, unit] = priceUnit(price, currency);
  return known(price) ? `${number(price * factor, decimals)}\u00a0${unit}` : number(null);
}

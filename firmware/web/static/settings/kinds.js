// What the owner enters for a setting, and what the reader stores: 1250 thousandths are entered as 1.25.
//
// A kind has show(value): text, and read(text): the value. read() throws a Fault with words for the owner.

import { pageLocale } from "../lib/choice.js";
import { W } from "../words.js";

export class Fault extends Error {}

// Decimals and unit of numbers, by the setting's name; others are whole numbers.
const NUMBERS = {
  price_multiplier: [3, "\u00d7"],
  export_multiplier: [3, "\u00d7"],
  multiplier_w: [3, "\u00d7"],
  multiplier_v: [3, "\u00d7"],
  multiplier_a: [3, "\u00d7"],
  multiplier_wh: [3, "\u00d7"],
  price_fixed_micro: [6, "price"],
  export_fixed_micro: [6, "price"],
  monthly_fee_micro: [6, "fee"],
  wifi_power_ddbm: [1, "dBm"],
  main_fuse_a: [0, "A"],
  production_kwp: [0, "kWp"],
};

// Texts of several inputs: the shape of each, an example, and whether it may be empty.
const PARTS = {
  address: [
    [/^\d+(\.\d+){3}(\/\d+)?$/, "192.168.1.50/24"],
    [/^\d+(\.\d+){3}$/, "192.168.1.1"],
    [/^\d+(\.\d+){3}$/, "1.1.1.1", true],
  ],
  supply: [[/^-?\d+$/, "0"], [/^\d+$/, "1000"], [/^\d+$/, "0"]],
};

// Shapes of other texts, with an example.
const SHAPES = {
  hostname: [/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "ams-7f3a"],
  encryption_key: [/^((0x)?([\s-]*[0-9a-f]){32}|[ -~]{16})$/i, "0123456789ABCDEF0123456789ABCDEF"],
  authentication_key: [/^((0x)?([\s-]*[0-9a-f]){32}|[ -~]{16})$/i, "0123456789ABCDEF0123456789ABCDEF"],
  price_currency: [/^[A-Z]{3}$/, "NOK"],
  lights: [/^(all|errors|off)( (1?\d|2[0-3])-(1?\d|2[0-3]))?$/, "all 7-22"],
  mqtt_topic: [/^[^+#]*$/, "ams/reader"],
  mqtt_subscribe: [/^[^+#]*$/, "ams/command"],
  ha_prefix: [/^[^+#]*$/, "homeassistant"],
  push_url: [/^https?:\/\/\S+$/, "https://192.168.1.20:8086"],
  upgrade_url: [/^https?:\/\//, "https://192.168.1.20/manifest.json"],
  sensor_names: [/^( *[\da-f]{16} +[^\s,][^,]{0,15} *(,(?=.)|$))+$/i, "28FF641E93160342 A, 28FF641E93160343 B"],
};
const SHORTEST = { wifi_psk: 8, setup_psk: 8, price_token: 36 };
const IN_OCTETS = ["wifi_ssid", "wifi_psk", "setup_psk"];

// A number with its decimals, for an input: "1.25", or "1,25" where a comma is used.
export function decimal(value, decimals) {
  const options = { useGrouping: false, minimumFractionDigits: Math.min(2, decimals), maximumFractionDigits: decimals };
  return new Intl.NumberFormat(pageLocale(), options).format(value / 10 ** decimals).replace("\u2212", "-");
}

// The reverse, as a whole number of the smallest decimals.
export function readDecimal(text, decimals, min, max) {
  const plain = text.trim().replace("\u2212", "-").replace(",", ".");
  const match = /^-?\d+(?:\.(\d+))?$/.exec(plain);
  if (!match || (match[1] ?? "").length > decimals) throw new Fault(W.SET.number(decimals));
  const value = Math.round(Number(plain) * 10 ** decimals);
  if (!(value >= min && value <= max)) throw new Fault(W.SET.range(decimal(min, decimals), decimal(max, decimals)));
  return value;
}

function number({ name, min, max }) {
  const [decimals, unit] = NUMBERS[name] ?? [0, name.endsWith("_s") ? "s" : ""];
  return { unit, show: (value) => decimal(value, decimals), read: (text) => readDecimal(text, decimals, min, max) };
}

function fit(text, shape, example) {
  if (!shape.test(text)) throw new Fault(W.SET.as(example));
  return text;
}

function text({ name, maxLength }) {
  const [shape, example] = SHAPES[name] ?? [];
  const length = (value) => (IN_OCTETS.includes(name) ? new TextEncoder().encode(value) : [...value]).length;
  return {
    show: (value) => value,
    read(value) {
      const count = length(value);
      if (count > maxLength) throw new Fault(W.SET.most(maxLength));
      if (count && count < SHORTEST[name]) throw new Fault(W.SET.least(SHORTEST[name]));
      return count && shape ? fit(value, shape, example) : value;
    },
  };
}

// values: as many texts as there are inputs.
function parts(name) {
  const shapes = PARTS[name];
  return {
    examples: shapes.map(([, example]) => example),
    show: (value) => shapes.map((_, i) => value.split(/[\s,]+/)[i] ?? ""),
    read(values) {
      if (!values.join("").trim()) return "";
      const fitting = shapes.map(([shape, example, free], i) =>
        (free && !values[i].trim() ? "" : fit(values[i].trim(), shape, example)));
      return fitting.join(" ").trim();
    },
  };
}

export function kindOf(setting) {
  if (setting.name in PARTS) return parts(setting.name);
  return setting.type === "integer" ? number(setting) : text(setting);
}

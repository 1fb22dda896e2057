// The text of price rules: docs/prices.md. A rule is an object:
//
// name direction kind     texts, as in the rule
// value                   a text, with a decimal point
// days                    seven booleans, Monday first
// hours                   a text as "06-21,23", "" for all
// begin end               DD-MM, "" for open
// kwh                     a text, "" for the usual ones

export const DIRECTIONS = ["import", "export", "both"];
export const KINDS = ["fixed", "add", "percent", "subtract", "subsidy", "norgespris"];
export const MOST_RULES = 16;
const DAYS = ["mo", "tu", "we", "th", "fr", "sa", "su"];
const OPEN = "00-00";

function days(word) {
  if (word === "all") return DAYS.map(() => true);
  const found = DAYS.map(() => false);
  for (const range of word.split(",")) {
    const [first, last = first] = range.split("-").map((day) => DAYS.indexOf(day));
    if (first < 0 || last < 0) throw new SyntaxError(word);
    for (let day = first; ; day = (day + 1) % 7) {
      found[day] = true;
      if (day === last) break;
    }
  }
  return found;
}

function rule(text) {
  const match = /^\x22([^\x22]{0,31})\x22\s+(\w+)\s+(\w+)\s+(\S+)((?:\s+\S+)*)$/.exec(text);
  if (!match || !DIRECTIONS.includes(match[2]) || !KINDS.includes(match[3])) throw new SyntaxError(text);
  const [name, direction, kind, value] = match.slice(1);
  const [on = "all", hours = "all", begin = OPEN, end = OPEN, kwh = ""] = match[5].split(/\s+/).slice(1);
  const date = (word) => (word === OPEN ? "" : word);
  return { name, direction, kind, value, days: days(on), hours: hours === "all" ? "" : hours, begin: date(begin), end: date(end), kwh };
}

// Throws SyntaxError with the rule that is none.
export const parse = (text) => text.split(";").map((part) => part.trim()).filter(Boolean).map(rule);

function line({ name, direction, kind, value, days: on, hours, begin, end, kwh }) {
  const words = [
    on.every((day) => day === on[0]) ? "all" : DAYS.filter((_, i) => on[i]).join(","),
    hours.replace(/\s/g, "") || "all", begin.trim() || OPEN, end.trim() || OPEN, kwh.trim(),
  ];
  if (!words[4]) words.pop();
  if (words.join(" ") === `all all ${OPEN} ${OPEN}`) words.length = 0;
  return [`"${name.replace(/[\x22;]/g, "\u2019")}"`, direction, kind, value.trim().replace(",", ".") || "0", ...words].join(" ");
}

export const write = (rules) => rules.map(line).join("; ");

export const added = (kind) => ({
  name: "", direction: kind === "percent" ? "both" : "import", kind, value: "0", days: days("all"), hours: "", begin: "", end: "", kwh: "",
});

const HOURS = /^(\d\d(-\d\d)?)(,\d\d(-\d\d)?)*$/;
const DATE = /^\d\d-\d\d$/;
const CHECKS = {
  value: [/^-?\d{1,4}([.,]\d{1,6})?$/, "0.391"],
  hours: [HOURS, "06-21"],
  begin: [DATE, "15-11"],
  end: [DATE, "14-03"],
  kwh: [/^\d{1,6}$/, "5000"],
};

// [input, example] of the first input that is wrong; null if all are right.
export function wrong(found) {
  for (const [key, [shape, example]] of Object.entries(CHECKS)) {
    const text = found[key].replace(/\s/g, "");
    if ((text || key === "value") && !shape.test(text)) return [key, example];
  }
  return null;
}

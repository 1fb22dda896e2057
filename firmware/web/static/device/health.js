// Health: services in words, graphs of the last hour, restarts, counters and the log.

import { askJson } from "../lib/ask.js";
import { byId, make, setShown } from "../lib/dom.js";
import { duration, number } from "../lib/format.js";
import { W } from "../words.js";
import { drawChart } from "./chart.js";
import { showLog, watchLog } from "./log.js";
import { note, put } from "./parts.js";
import { showServices } from "./services.js";

const AGAIN_MS = 60000;

const volts = (value, bare) => number(value, 2) + (bare ? "" : " V");
const dbm = (value, bare) => number(value, 0) + (bare ? "" : " dBm");
const kilobytes = (value, bare) => number(value / 1024, 0) + (bare ? "" : " KB");

function showGraphs({ supply, wifi, heap }) {
  setShown(byId("graph-supply"), supply.low.some(Boolean));
  drawChart(byId("chart-supply"), supply.low, { text: volts, label: W.HEALTH.supply, least: 0.05 });
  drawChart(byId("chart-rssi"), wifi.history, { text: dbm, label: W.HEALTH.signal, least: 5 });
  drawChart(byId("chart-heap"), heap.history ?? [], { text: kilobytes, label: W.HEALTH.heap, least: 4096 });
  put(byId("graphs"), { supply: supply.v && volts(supply.v), rssi: wifi.rssi && dbm(wifi.rssi), heap: kilobytes(heap.free) });
}

function showCounts({ meter, reset, uptime, crash }) {
  const kinds = Object.entries(meter.errors).filter(([, count]) => count);
  const errors = kinds.reduce((sum, [, count]) => sum + count, 0);
  put(byId("counts"), { telegrams: number(meter.telegrams, 0), frames: number(meter.frames, 0), lists: meter.unknown, errors });
  put(byId("counts"), { reset: `${reset.words}; ${reset.cause_words}`, up: duration(uptime), last: crash });
  byId("kinds").replaceChildren(...kinds.map(([kind, count]) =>
    make("tr", {}, make("th", { scope: "row" }, make("span", { lang: "en" }, kind.replaceAll("_", " "))), make("td", {}, number(count, 0)))));
  setShown(byId("kinds-table"), kinds.length);
}

export function openHealth() {
  let closed = false;
  let timer = null;
  let newest = null;

  async function load() {
    const [status, doc] = await askJson("/health.json");
    if (closed) return;
    timer = setTimeout(load, AGAIN_MS);
    note(byId("health-said"), "bad", status === 200 || status < 0 ? "" : W.ACT.noAnswer);
    if (status !== 200 || !doc) return;
    newest = doc;
    showGraphs(doc);
    showCounts(doc);
    showLog(doc);
    const [, prices] = await askJson("/prices.json");
    const [, supply] = doc.supply.v ? await askJson("/supply.json") : [0, null];
    if (!closed) showServices(doc, prices, supply?.words ?? "");
  }

  const redraw = () => newest && showGraphs(newest);
  watchLog();
  addEventListener("resize", redraw);
  load();
  return () => {
    closed = true;
    clearTimeout(timer);
    removeEventListener("resize", redraw);
  };
}

// Information: the device, its meter, its network; restart. Firmware and temperatures are modules of their own.

import { restart } from "../lib/actions.js";
import { askJson } from "../lib/ask.js";
import { byId } from "../lib/dom.js";
import { MAKERS, duration, number } from "../lib/format.js";
import { W } from "../words.js";
import { openFirmware } from "./firmware.js";
import { note, put } from "./parts.js";
import { showTemperatures } from "./temperatures.js";

function showDevice(root, { chip, cpu, mac, apmac, hostname, meter, line }) {
  put(root, { chip: `${chip}, ${cpu} MHz`, mac, apmac, hostname });
  put(root, { maker: MAKERS[meter.mfg], model: meter.model, id: meter.id, line });
}

function showNetwork(root, { ssid, ip, mask, gw, dns, rssi, address, connected }) {
  const signal = connected && rssi < 0 ? `${number(rssi, 0)} dBm` : "";
  put(root, { ssid, ip: ip && `${ip} (${address ? W.DEVICE.fixedAddress : "DHCP"})`, mask, gw, dns, signal });
}

function showStart(root, { board, uptime, reset, crash }) {
  put(root, { board, reset: `${reset.words}; ${reset.cause_words}` });
  put(root, { uptime: duration(uptime) });
  byId("crash").hidden = !crash;
  put(root, { crash });
}

export function openOverview(root) {
  let closed = false;
  const stopped = () => closed;
  const firmware = openFirmware(stopped);

  async function load() {
    for (const [path, show] of [["/sysinfo.json", showDevice], ["/network.json", showNetwork], ["/health.json", showStart]]) {
      const [status, doc] = await askJson(path);
      if (closed) return;
      if (status === 200 && doc) show(root, doc);
    }
    await firmware.load();
    if (!closed) await showTemperatures(stopped);
  }

  byId("restart").onclick = async () => {
    if (await restart((text) => note(byId("away"), "warn", text), stopped)) load();
  };
  load();
  return () => {
    closed = true;
  };
}

// The reader's name, and a static address if the owner wants one.

import { make } from "../lib/dom.js";
import { field, showFaults } from "../lib/form.js";
import { W } from "../words.js";

const NAME = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/;
const ADDRESS = /^(\d{1,3}\.){3}\d{1,3}$/;
const LENGTHS = [24, 16, 20, 21, 22, 23, 25, 26, 27, 28, 29, 30];

export function open(body, steps) {
  const { draft, network } = steps;
  const [, own = "", length = "24", gateway = "", dns = ""] = /^(\S+)\/(\d+) (\S+) ?(\S*)$/.exec(network.address) ?? [];
  const fields = {
    sh: field({ name: "sh", label: W.SETUP.host, help: W.SETUP.letters, most: 32, value: draft.sh ?? network.hostname }),
    sm: field({ name: "sm", kind: "switch", label: W.SETUP.fixed, value: draft.sm ?? Boolean(own) }),
    si: field({ name: "si", label: "IP", placeholder: "192.168.1.50", most: 15, value: draft.si ?? own }),
    su: field({ name: "su", kind: "select", label: W.SETUP.subnet, options: LENGTHS.map((n) => [n, `/${n}`]), value: draft.su ?? length }),
    sg: field({ name: "sg", label: W.SETUP.router, placeholder: "192.168.1.1", most: 15, value: draft.sg ?? gateway }),
    sd: field({ name: "sd", label: "DNS", placeholder: "1.1.1.1", most: 15, value: draft.sd ?? dns }),
  };
  const values = () => Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, one.value]));
  const numbers = make("div", { class: "fields" }, fields.si.row, fields.su.row, fields.sg.row, fields.sd.row);
  const draw = () => (numbers.hidden = !fields.sm.value);
  body.append(fields.sh.row, fields.sm.row, numbers);
  body.addEventListener("input", () => {
    draw();
    steps.keep(values());
  });
  draw();
  return {
    save() {
      const { sh, sm, si, sg, sd } = values();
      const faults = { sh: NAME.test(sh) ? "" : W.SETUP.letters };
      if (sm) {
        for (const [name, text] of Object.entries({ si, sg, sd })) {
          if (!ADDRESS.test(text) && (text || name !== "sd")) faults[name] = "192.168.1.50";
        }
      }
      showFaults(fields, faults);
      return !Object.values(faults).some(Boolean);
    },
  };
}

// Another board than the one in use, and the GPIO of its meter's line.

import { untilBack } from "../lib/actions.js";
import { askJson, postForm } from "../lib/ask.js";
import { make, setText } from "../lib/dom.js";
import { field, showFaults } from "../lib/form.js";
import { W } from "../words.js";

export async function open(body, steps) {
  const { step } = steps;
  const [, known] = await askJson("/board.json");
  if (step !== steps.step) return {};
  if (!known) return steps.blame(W.SETUP.lost);
  const { board, boards, why } = known;
  const vb = field({ name: "vb", kind: "select", label: W.SETUP.board, help: W.ACT.restartHelp, options: boards.map(({ id, name }) => [id, name]), value: board });
  const vh = field({ name: "vh", kind: "select", label: "GPIO", options: [] });
  const vr = field({ name: "vr", kind: "switch", label: W.ACT.reset, help: W.ACT.resetHelp });
  const draw = () => {
    const { id, gpio, pins } = boards[vb.input.selectedIndex];
    vh.input.replaceChildren(...pins.map((pin) => make("option", {}, pin)));
    vh.value = (id === board && known.gpio) || gpio;
    vh.show(pins.length);
  };
  vb.input.addEventListener("input", draw);
  const said = make("p", { class: "sub", role: "status" });
  body.append(vb.row, vh.row, vr.row, said);
  draw();
  vb.fault(why);
  return {
    async save() {
      const [, doc] = await postForm("/save", { v: "true", vb: vb.value, vh: vh.value, vr: vr.value });
      const fault = doc?.success ? "" : (doc?.message ?? W.SETUP.lost);
      showFaults({ vb, vh }, { [fault.startsWith("vh") ? "vh" : "vb"]: fault.replace(/^v\w: /, "") });
      if (doc?.reboot && await untilBack((text) => setText(said, text))) location.assign("/setup");
      return !fault && !doc.reboot;
    },
  };
}

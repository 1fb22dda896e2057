// A bar of progress with a sentence that is read aloud.

import { make, setText } from "./dom.js";

let count = 0;

// { element, set(done, total, text) }; total 0: it is not known how much there is.
export function progress(label) {
  const id = `progress-${(count += 1)}`;
  const bar = make("progress", { "aria-labelledby": id, max: 1 });
  const said = make("p", { class: "sub", role: "status" });
  return {
    element: make("div", { class: "progress" }, make("p", { id, class: "sub" }, label), bar, said),
    set(done, total, text) {
      if (total) bar.value = Math.min(1, done / total);
      else bar.removeAttribute("value");
      setText(said, text ?? "");
    },
  };
}

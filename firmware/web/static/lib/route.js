// Addresses of the page: a link to one of them changes the shown page without a request for the document.

let show = null;
let hold = null;
let here = "";

// A page that has something to lose: dirty() tells whether, ask() resolves to whether it may be left. null: nothing.
export function holdPage(dirty, ask) {
  hold = dirty && { dirty, ask };
}

// Resolves to whether the shown page may be drawn anew, or left.
export const mayLeave = async () => !hold?.dirty() || hold.ask();

// path: an address of the page, with its query and section.
export async function go(path) {
  if (!(await mayLeave())) return;
  history.pushState(null, "", path);
  shown();
}

function shown() {
  hold = null;
  here = location.href;
  show();
}

async function back() {
  const there = location.href;
  if (there.split("#")[0] === here.split("#")[0]) return;
  if (await mayLeave()) return shown();
  history.pushState(null, "", here);
}

function follow(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.origin !== location.origin || link.target || link.hasAttribute("download")) return;
  if (!known(link.pathname) || (link.hash && link.pathname === location.pathname)) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
}

let known = null;

// has(path): whether it is an address of the page; change(): shows the page of the present address.
export function watchRoute(has, change) {
  [known, show, here] = [has, change, location.href];
  document.addEventListener("click", follow);
  addEventListener("popstate", back);
  addEventListener("beforeunload", (event) => hold?.dirty() && event.preventDefault());
}

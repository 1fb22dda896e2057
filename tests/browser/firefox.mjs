// Walks through the pages in Firefox: node firefox.mjs ADDRESS FIREFOX
// Prints JSON: for each page its title, its text, whether it is too wide, and what was reported as an error.

import puppeteer from "puppeteer-core";

const [address, executablePath] = process.argv.slice(2);
const timeout = 60000;
// Pages of the navigation, what they show, and what is pressed on them with what it shows.
const PLACES = [
  ["/", "#power"],
  ["/history", "#bars [role=option]"],
  ["/settings", "#page form, #page .card"],
  ["/device", "#firmware [data-v=running]"],
  ["/device", "#services li", '.views a[href="#health"]'],
  ["/device", "#backup-link", '.views a[href="#backup"]'],
  ["/device", "#telegrams", '.views a[href="#inspector"]'],
];
// Pages without navigation.
const ALONE = [
  ["/setup", "#step-body .note"],
  ["/setup#fuse", "#f-main_fuse_a", "#step-next"],
  ["/setup#zone", "#f-timezone", "#step-next"],
  ["/setup#tariff", "#f-tariff_profile", "#step-skip"],
  ["/setup#broker", "#f-mqtt_host", "#step-skip"],
  ["/setup#consent", "#f-upgrade_auto", "#step-skip"],
  ["/setup#checks", ".checks li", "#step-skip"],
  ["/welcome", "#f-again"],
  ["/login", "#f-password"],
];
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true, timeout: 120000 });
const seen = [];
try {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.setDefaultTimeout(timeout);
  await page.setViewport({ width: 360, height: 800 });

  async function note(path, part) {
    await page.waitForSelector(part, { visible: true, timeout });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    seen.push({ path, title: await page.title(), text: await page.$eval("#page", (e) => e.innerText), wide });
  }

  await page.goto(address);
  for (const [path, part, button = `#places a[href="${path}"]`] of PLACES) {
    if (path !== "/") await page.locator(button).click();
    await page.waitForFunction(() => !document.body.classList.contains("old"), { timeout });
    await note(path, part);
  }
  await page.select("#language", "nb");
  await page.waitForFunction(() => document.documentElement.lang === "nb", { timeout });
  await note("nb", "#telegrams");
  await page.select("#language", "en");
  await page.waitForFunction(() => document.documentElement.lang === "en", { timeout });
  for (const [path, part, button] of ALONE) {
    if (button) await page.locator(button).click();
    else await page.goto(address + path.slice(1));
    await note(path, part);
  }
  console.log(JSON.stringify({ seen, errors, version: await browser.version() }));
} finally {
  await browser.close();
}

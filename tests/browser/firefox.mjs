// Walks through the pages in Firefox: node firefox.mjs ADDRESS FIREFOX
// Prints JSON: for each page its title, its texts by id, and what was reported as an error.

import puppeteer from "puppeteer-core";

const [address, executablePath] = process.argv.slice(2);
const WALK = [
  ["/", "#power"],
  ["/history", "#bars [role=option]"],
  ["/settings", "#page form, #page .card"],
];
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true, timeout: 120000 });
const seen = [];
try {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.setViewport({ width: 360, height: 800 });
  await page.goto(address);
  for (const [path, part] of WALK) {
    if (path !== "/") await page.click(`#places a[href="${path}"]`);
    await page.waitForSelector(part, { visible: true, timeout: 60000 });
    await page.waitForFunction(() => !document.body.classList.contains("old"), { timeout: 60000 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    seen.push({ path, title: await page.title(), text: await page.$eval("#page", (e) => e.innerText), wide });
  }
  await page.select("#language", "nb");
  await page.waitForFunction(() => document.documentElement.lang === "nb", { timeout: 60000 });
  seen.push({ path: "nb", title: await page.title(), text: "", wide: false });
  console.log(JSON.stringify({ seen, errors, version: await browser.version() }));
} finally {
  await browser.close();
}

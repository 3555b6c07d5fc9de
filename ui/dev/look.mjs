// Opens every screen of the preview in headless Chromium, keeps a picture of each in dev/shots, and asks axe about each.
// Usage: npm run look [NAME…]. Needs Chromium at /usr/bin/chromium (or CHROMIUM=path).

import { mkdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";
import { build, preview } from "vite";

import { screens } from "./screens.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const axe = await readFile(here("../node_modules/axe-core/axe.min.js"), "utf8");
// The policy of the shipped window, so that what it blocks fails here as well.
const csp =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-src 'none'; form-action 'none'";

const wanted = process.argv.slice(2);
await mkdir(here("shots"), { recursive: true });
process.chdir(here(".."));
await build({ configFile: here("vite.config.ts"), logLevel: "error" });
const server = await preview({
  configFile: here("vite.config.ts"),
  preview: { headers: { "Content-Security-Policy": csp } },
  logLevel: "error",
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
  ],
});

let faults = 0;
for (const [name, screen] of Object.entries(screens)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const act = screen.act ?? screens[screen.like]?.act;
  const context = await browser.newContext({
    viewport: screen.size ?? { width: 1366, height: 850 },
    colorScheme: screen.dark ? "dark" : "light",
    reducedMotion: "reduce",
    // axe is put in from outside; the page itself stays under its policy, which the console below reports on.
    bypassCSP: false,
  });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  try {
    await page.goto(`http://localhost:5174/?${screen.query ?? ""}`);
    await page.waitForSelector("#app > *");
    await page.evaluate(() => document.fonts.ready);
    await act?.(page);
    await page.waitForTimeout(120);
    await page.screenshot({ path: here(`shots/${name}.png`) });
    const found = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
    for (const { id, help, nodes } of found.violations) {
      said.push(
        `axe ${id}: ${help}: ${nodes.map((node) => `${node.target} ${node.failureSummary?.split("\n")[1] ?? ""}`).join(" | ")}`,
      );
    }
  } catch (error) {
    said.push(String(error));
  }
  faults += said.length;
  console.log(said.length === 0 ? `ok    ${name}` : `FAULT ${name}\n      ${said.join("\n      ")}`);
  await context.close();
}
await browser.close();
await server.close();
process.exit(faults === 0 ? 0 : 1);

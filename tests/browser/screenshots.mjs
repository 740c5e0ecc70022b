// Pictures of every page, to look at: `node screenshots.mjs FOLDER`. No part of the tests.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DESKTOP, PHONE, launch, person } from "./browser.mjs";
import { Demo } from "./demo.mjs";
import { FRAME, menus } from "./pages.mjs";
import { furnish } from "./furniture.mjs";
import { logIn } from "./steps.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("which folder?");
const only = process.argv[3] ? new RegExp(process.argv[3]) : /./;
await mkdir(folder, { recursive: true });

const LOOKS = [
  ["light", { size: DESKTOP, theme: "light" }],
  ["dark", { size: DESKTOP, theme: "dark" }],
  ["phone", { size: PHONE, theme: "light" }],
];
const ENGLISH = /^owner-(start|webspaces|mailboxes|webspaces-new|activity)$/;

const slug = (kind) => kind.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "start";

/** The whole page, unless it is a roll that no eye unrolls. */
async function picture(page, name) {
  const high = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: high < 8_000 });
}

/** A few pages in English. */
async function english(pages) {
  const page = await person(browser, demo);
  await logIn(page, demo.account("owner"));
  await page.locator(".wb-account").click();
  await page.getByRole("button", { name: "English" }).click();
  for (const { path, kind } of pages.filter(({ kind }) => ENGLISH.test(`owner-${slug(kind)}`))) {
    await page.goto(path);
    await picture(page, `owner-${slug(kind)}-english`);
  }
  await page.locator(".wb-account").click();
  await page.getByRole("button", { name: "Deutsch" }).click();
  await page.context().close();
}

const demo = await Demo.start();
const browser = await launch();
try {
  const places = await furnish(browser, demo);
  for (const { role, pages } of places) {
    for (const [way, how] of LOOKS) {
      const page = await person(browser, demo, how);
      if (role !== "guest") await logIn(page, demo.account(role));
      for (const { path, kind } of pages) {
        const name = `${role}-${slug(kind)}`;
        if (!only.test(name)) continue;
        await page.goto(path);
        await picture(page, `${name}-${way}`);
        if (way === "dark") continue;
        const look = (menu) => page.screenshot({ path: join(folder, `${name}-${way}-menu-${menu}.png`) });
        await menus(page, look, path === pages[0].path ? [] : FRAME);
      }
      await page.context().close();
    }
    if (role === "owner") await english(pages);
  }
} finally {
  await browser.close();
  await demo.stop();
}

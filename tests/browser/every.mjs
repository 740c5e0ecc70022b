// Every page there is: accessible, no wider than the screen, nothing blocked, no broken script.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults } from "./axe.mjs";
import { DESKTOP, PHONE } from "./browser.mjs";
import { furnish } from "./furniture.mjs";
import { FRAME, menus, overhang, squeezed } from "./pages.mjs";
import { stage } from "./stage.mjs";
import { logIn, quiet } from "./steps.mjs";

const WIDTHS = [320, 390, 768, 1024, 1280, 1920];
/** Only these can differ between two looks that share theme or size with one that was looked at wholly. */
const SEEN = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"];
/** What is true of a page as a whole only, or not: looked for once more beside an open menu, which becomes part of it. */
const WHOLE = [
  "bypass", "duplicate-id-aria", "heading-order", "landmark-banner-is-top-level", "landmark-complementary-is-top-level",
  "landmark-contentinfo-is-top-level", "landmark-main-is-top-level", "landmark-no-duplicate-banner",
  "landmark-no-duplicate-contentinfo", "landmark-no-duplicate-main", "landmark-one-main", "landmark-unique",
  "page-has-heading-one", "region",
];
const LOOKS = [
  { theme: "light", size: DESKTOP, rules: null },
  { theme: "dark", size: DESKTOP, rules: SEEN },
  { theme: "dark", size: PHONE, rules: null },
  { theme: "light", size: PHONE, rules: SEEN },
];

/**
 * Looks at the open page in both themes, on both screens, with each menu open. Menus of the frame are opened once at each
 * size: `known` holds those that were.
 */
async function looked(page, name, known) {
  const found = [];
  for (const { theme, size, rules } of LOOKS) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize(size);
    const where = `${name}, ${theme}, ${size.width}`;
    found.push(...(await faults(page, where, rules)));
    if (rules !== null) continue;
    await menus(page, async (menu, target) => {
      const open = `${where}, menu ${menu}`;
      // What is around it was looked at before it was opened.
      found.push(...(await faults(page, open, null, target)), ...(await faults(page, open, WHOLE)));
      if (FRAME.includes(menu)) known.get(size).add(menu);
    }, known.get(size));
  }
  return found;
}

/** How far it can be scrolled sideways at each width where it can, and what has no room there. */
async function wide(page, name) {
  const found = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const over = await overhang(page);
    if (over > 0) found.push(`${name} at ${width}: ${over} px too wide`);
    for (const text of await squeezed(page)) found.push(`${name} at ${width}: no room for "${text}"`);
  }
  return found;
}

/** Declares one test for each of `roles`, in front of a demo that is furnished for them. */
export function everyPage(roles) {
  let places;
  const it = stage(async ({ browser, demo }) => {
    places = await furnish(browser, demo, roles);
  });
  for (const role of roles) {
    test(`every page of ${role} is accessible, fits, and runs without complaint`, async () => {
      const page = await it.person();
      if (role !== "guest") await logIn(page, it.demo.account(role));
      const found = [];
      const known = new Map([DESKTOP, PHONE].map((size) => [size, new Set()]));
      const { pages } = places.find((place) => place.role === role);
      assert.ok(pages.length >= 4, `${role} reaches ${pages.length} pages`);
      for (const { path } of pages) {
        await page.goto(path);
        const title = await page.title();
        if (!/^\S.* · Wabe$/.test(title)) found.push(`${path}: its title is "${title}"`);
        if ((await page.locator("h1").count()) !== 1) found.push(`${path}: not exactly one h1`);
        const name = `${role} ${path}`;
        found.push(...(await wide(page, name)), ...(await looked(page, name, known)));
      }
      assert.deepEqual(found, []);
      quiet(page);
    });
  }
}

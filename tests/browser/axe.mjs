// What axe finds wrong with a page.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Every violation on the open page, one line for each place; `rules` narrows what is looked for, and `within`, a
 * selector, where.
 */
export async function faults(page, where, rules = null, within = null) {
  // Legacy mode looks at the page alone; ours have no frames.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  if (within !== null) axe.include(within);
  const { violations } = await (rules ? axe.withRules(rules) : axe.withTags(RULES)).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${where}: ${id} at ${node.target.join(" ")} ${node.failureSummary.split("\n")[1] ?? ""}`));
}

/**
 * Proves that axe finds nothing on the open page. Axe is a script: in a browser without any it cannot run, and
 * the same pages are looked at in one that has them.
 */
export async function accessible(page) {
  if (!page.scripted) return;
  // What a scrolled page has under its bar would count as too small.
  await page.evaluate(() => scrollTo(0, 0));
  assert.deepEqual(await faults(page, new URL(page.url()).pathname), []);
}

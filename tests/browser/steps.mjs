// What people do on many journeys, by the words they see. No step knows markup or addresses that
// a person could not know.

import assert from "node:assert/strict";
import { until } from "./demo.mjs";

/** Logs in with the form and arrives on the first page. */
export async function logIn(page, { email, password }) {
  await page.goto("/login");
  await page.getByLabel("E-Mail-Adresse").fill(email);
  await page.getByLabel("Passwort", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
}

/** Waits until `locator` shows; without scripts the page is asked for again. */
export async function appears(page, locator, { script = true, limit = 15_000 } = {}) {
  if (script) return locator.first().waitFor({ state: "visible", timeout: limit });
  await until("a page to change", async () => {
    if (await locator.first().isVisible()) return true;
    await page.reload();
    return false;
  }, limit);
}

/** Waits until the open object is live. */
export function live(page, how) {
  return appears(page, page.locator("#state").getByText("Aktiv", { exact: true }), how);
}

/** Presses the button with this name. */
export function press(page, name) {
  return page.getByRole("main").getByRole("button", { name, exact: true }).click();
}

/** Follows the link with this name in the page. */
export function follow(page, name) {
  return page.getByRole("main").getByRole("link", { name, exact: true }).first().click();
}

/** Follows an entry of the main navigation. */
export function visit(page, name) {
  return page.getByRole("navigation", { name: "Hauptnavigation" }).getByRole("link", { name }).click();
}

/** Proves that nothing unwanted happened in this person's browser. */
export function quiet(page) {
  assert.deepEqual(page.complaints, []);
}

/** Logs out through the account menu. */
export async function logOut(page) {
  await page.locator(".wb-account").click();
  await page.getByRole("button", { name: "Abmelden" }).click();
  await page.waitForURL(/\/login/);
}

/** Opens the menu of further actions and chooses one. */
export async function choose(page, name) {
  await page.getByRole("main").getByRole("button", { name: /^Weitere Aktionen/ }).click();
  await page.locator(".wb-menu:popover-open").getByText(name, { exact: true }).click();
}

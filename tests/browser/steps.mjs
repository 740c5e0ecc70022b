// What people do on many journeys, by the words they see. No step knows markup or addresses that
// a person could not know.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { until } from "./demo.mjs";

const STEP_SECONDS = 30;
/** How long typing and sending may take: two thirds of a step. */
const SLACK_STEPS = 2 / 3;
/** The last step of each app whose code was typed. */
const used = new Map();

/** The code of an app for a step of 30 seconds (RFC 6238). */
function codeOf(secret, step) {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", key).update(counter).digest();
  const number = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/**
 * A code of an app that was not typed before, each is good once; waits for the next one when it must.
 * The step before is spent first, but not when it would lapse before a slow machine has sent it.
 */
export async function freshCode(secret) {
  const now = (ahead = 0) => Math.floor(Date.now() / 1000 / STEP_SECONDS + ahead);
  const step = Math.max((used.get(secret) ?? 0) + 1, now(SLACK_STEPS) - 1);
  used.set(secret, step);
  await until("the next code", async () => step <= now(), 2 * STEP_SECONDS * 1000);
  return codeOf(secret, step);
}

/** Goes on with a login that asks for a code. */
export async function passFactor(page, secret) {
  while (new URL(page.url()).pathname === "/login/factor") {
    await page.getByLabel("Code aus Ihrer App").fill(await freshCode(secret));
    const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
    await page.getByRole("button", { name: "Weiter", exact: true }).click();
    const accepted = (await answered).status() < 400;
    if (accepted) await page.waitForURL((url) => url.pathname !== "/login/factor");
    await page.waitForLoadState();
  }
}

/** Logs in with the form and arrives on the first page. */
export async function logIn(page, { email, password, totp_secret: secret }) {
  await page.goto("/login");
  await page.getByLabel("E-Mail-Adresse").fill(email);
  await page.getByLabel("Passwort", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  if (secret) {
    await page.waitForURL(/\/login\/factor/);
    await passFactor(page, secret);
  }
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

/** Fills in the form for a new ticket, and answers its address once it is there. */
export async function send(page, subject, text) {
  await page.getByLabel("Betreff", { exact: true }).fill(subject);
  await page.getByLabel("Nachricht", { exact: true }).fill(text);
  await press(page, "Anfrage senden");
  await page.getByRole("heading", { level: 1, name: subject }).waitFor();
  return new URL(page.url()).pathname;
}

/** Types what is wanted into a ticket at the desk, and arrives on the page of the action that is meant. */
export async function find(page, typed, title) {
  const box = page.getByRole("searchbox", { name: "Aktion suchen" });
  await box.fill(typed);
  await box.press("Enter");
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
}

/** Asks in the open ticket at the desk for a consent that reaches so far. */
export async function ask(page, reason, reach) {
  await page.getByLabel("Warum", { exact: true }).fill(reason);
  for (const name of reach) await page.getByRole("checkbox", { name, exact: true }).check();
  await press(page, "Um Freigabe bitten");
  await page.getByText("Wir warten auf die Antwort.").waitFor();
}

/** Gives what is ticked on the open ticket, for a day. */
export async function give(page) {
  await page.getByLabel("Gilt für").selectOption("1");
  await press(page, "Freigabe erteilen");
  await page.getByRole("button", { name: /^Freigabe zurücknehmen/ }).waitFor();
}

// A second factor: set up, asked for, lost, and wanted of everybody.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "../stage.mjs";
import { follow, freshCode, logIn, logOut, passFactor, press, quiet } from "../steps.mjs";

const it = stage();

/** The secret that a page shows for who cannot scan. */
async function shown(page) {
  await page.getByText("Kein Scanner? Von Hand eintragen").click();
  const text = await page.locator("#totp-secret").textContent();
  return text.replace(/\s+/g, "");
}

for (const [place, script] of [[0, true], [1, false]]) {
  const way = script ? "with scripts" : "without scripts";

  test(`an owner sets up an app, keeps the codes, and gets in with both, ${way}`, async () => {
    const page = await it.person({ script });
    const owner = it.demo.account("owner", place);
    await logIn(page, owner);
    await page.goto("/account/factors");
    await press(page, "App einrichten");
    await page.getByRole("img", { name: "QR-Code für Ihre Authenticator-App" }).waitFor();
    const secret = await shown(page);
    await page.getByLabel("Code aus Ihrer App").fill("000000");
    await press(page, "Einrichten");
    await page.getByText("Der Code stimmt nicht").first().waitFor();
    await page.getByLabel("Code aus Ihrer App").fill(await freshCode(secret));
    await press(page, "Einrichten");
    const codes = await page.locator(".wb-codes li").allTextContents();
    assert.equal(codes.length, 10);
    await follow(page, "Ich habe sie gesichert");
    await page.getByText("10 Notfallcodes sind noch übrig.").waitFor();
    if (script) await logOut(page);
    else await page.context().clearCookies();

    await logIn(page, { ...owner, totp_secret: secret });
    await page.goto("/account/factors");
    await page.context().clearCookies();
    await page.goto("/login");
    await page.getByLabel("E-Mail-Adresse").fill(owner.email);
    await page.getByLabel("Passwort", { exact: true }).fill(owner.password);
    await press(page, "Anmelden");
    await page.getByText("Ich habe meine App nicht zur Hand").click();
    await page.getByLabel("Notfallcode").fill(codes[4].toLowerCase());
    await press(page, "Mit Notfallcode weiter");
    await page.getByText("Der Notfallcode ist verbraucht.").waitFor();
    await it.demo.letter(owner.email, /Notfallcodes: 9/);
    const renewed = await shown(page);
    await page.getByLabel("Code aus Ihrer App").fill(await freshCode(renewed));
    await press(page, "Einrichten");
    await page.getByRole("heading", { level: 1, name: /^Guten/ }).waitFor();
    quiet(page);
  });
}

test("the desk opens only with a code, and asks for another before a new colleague", async () => {
  const page = await it.person();
  const operator = it.demo.account("operator");
  await page.goto("/login?next=%2Fstaff%2Fpeople");
  await page.getByLabel("E-Mail-Adresse").fill(operator.email);
  await page.getByLabel("Passwort", { exact: true }).fill(operator.password);
  await press(page, "Anmelden");
  await page.getByRole("heading", { level: 1, name: "Zweiter Schritt" }).waitFor();
  await page.goto("/staff");
  await page.getByRole("heading", { level: 1, name: "Anmelden" }).waitFor();
  await page.goto("/login/factor?next=%2Fstaff%2Fpeople");
  await passFactor(page, operator.totp_secret);
  await page.waitForURL(/\/staff\/people/);
  quiet(page);
});

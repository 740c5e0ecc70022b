// Who cannot get in: a letter that comes again, and an app that is lost with every recovery code.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "../stage.mjs";
import { follow, freshCode, logIn, press, quiet } from "../steps.mjs";

const it = stage();

/** Sets an app up for this person and forgets that they are logged in. */
async function withApp(page, owner) {
  await logIn(page, owner);
  await page.goto("/account/factors");
  await press(page, "App einrichten");
  await page.getByText("Kein Scanner? Von Hand eintragen").click();
  const secret = (await page.locator("#totp-secret").textContent()).replace(/\s+/g, "");
  await page.getByLabel("Code aus Ihrer App").fill(await freshCode(secret));
  await press(page, "Einrichten");
  await follow(page, "Ich habe sie gesichert");
  await page.context().clearCookies();
}

/** Gives the password and stands before the second step. */
async function half(page, { email, password }) {
  await page.goto("/login");
  await page.getByLabel("E-Mail-Adresse").fill(email);
  await page.getByLabel("Passwort", { exact: true }).fill(password);
  await press(page, "Anmelden");
  await page.getByRole("heading", { level: 1, name: "Zweiter Schritt" }).waitFor();
}

for (const [place, script] of [[0, true], [1, false]]) {
  const way = script ? "with scripts" : "without scripts";

  test(`an owner reports app and codes lost, and the letter stops it, ${way}`, async () => {
    const page = await it.person({ script });
    const owner = it.demo.account("owner", place);
    await withApp(page, owner);
    await page.goto("/login");
    await follow(page, "Hilfe beim Anmelden");
    await page.getByText("Auch die Notfallcodes sind weg").click();
    await page.getByText("warten 72 Stunden").waitFor();
    await half(page, owner);
    await page.getByText("Ich habe meine App nicht zur Hand").click();
    await follow(page, "Auch meine Notfallcodes sind weg");
    await page.getByText("Dann warten wir 72 Stunden").waitFor();
    await press(page, "Verlust melden");
    await page.getByText("Der Verlust ist gemeldet.").waitFor();
    const letter = await it.demo.letter(owner.email, /\/factor-keep\//);
    // Nothing is open: the login still waits for its code.
    await follow(page, "Doch einen Code eingeben");
    await page.getByRole("heading", { level: 1, name: "Zweiter Schritt" }).waitFor();

    const desk = await it.person({ script });
    const operator = it.demo.account("operator");
    await logIn(desk, operator);
    await desk.goto("/staff/lost-factors");
    await desk.getByText(owner.email).waitFor();

    const link = /https?:\/\/\S+\/factor-keep\/\S+/.exec(letter.text)[0];
    await page.goto(new URL(link).pathname);
    await press(page, "Meldung stoppen");
    await page.getByRole("heading", { level: 1, name: "Ihr zweiter Faktor bleibt" }).waitFor();
    await it.demo.letter(owner.email, /Meldung gestoppt/);
    await desk.reload();
    assert.equal(await desk.getByText(owner.email).count(), 0);
    // The link is used up, which a browser counts as a page that is not there.
    const again = await page.request.get(new URL(link).pathname);
    assert.equal(again.status(), 404);
    quiet(page);
    quiet(desk);
  });

  test(`whoever lost a letter asks for it by their address, ${way}`, async () => {
    const page = await it.person({ script });
    await page.goto("/access-help");
    await follow(page, "Link noch einmal schicken");
    await page.getByLabel("E-Mail-Adresse").fill("niemand@nirgends.example");
    await press(page, "E-Mail anfordern");
    await page.getByRole("heading", { level: 1, name: "Sehen Sie in Ihr Postfach" }).waitFor();
    await follow(page, "Zur Übersicht");
    await follow(page, "Entsperr-Link schicken");
    await page.getByLabel("E-Mail-Adresse").fill(it.demo.account("owner", place).email);
    await press(page, "E-Mail anfordern");
    await page.getByRole("heading", { level: 1, name: "Sehen Sie in Ihr Postfach" }).waitFor();
    quiet(page);
  });
}

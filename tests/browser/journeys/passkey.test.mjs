// A passkey: added, asked for at the login and before a confidential step, and taken away again. The
// authenticator is Chromium's own virtual one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "../stage.mjs";
import { follow, freshCode, logIn, logOut, press, quiet } from "../steps.mjs";

const it = stage();

/** Gives this page's browser an authenticator that recognises its person. */
async function authenticator(page, how = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...how },
  });
  return {
    credentials: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    recognise: (isUserVerified) => session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    forget: () => session.send("WebAuthn.clearCredentials", { authenticatorId }),
  };
}

async function toSecondStep(page, { email, password }, next = "") {
  await page.goto(`/login${next && `?next=${encodeURIComponent(next)}`}`);
  await page.getByLabel("E-Mail-Adresse").fill(email);
  await page.getByLabel("Passwort", { exact: true }).fill(password);
  await press(page, "Anmelden");
  await page.getByRole("heading", { level: 1, name: "Zweiter Schritt" }).waitFor();
}

async function addPasskey(page, name) {
  await follow(page, "Passkey hinzufügen");
  await page.getByLabel("Name des Passkeys").fill(name);
  await press(page, "Weiter");
}

test("an owner adds a passkey, logs in with it and nothing else, and takes it away", async () => {
  const page = await it.person();
  const owner = it.demo.account("owner");
  const key = await authenticator(page);
  await logIn(page, owner);
  await page.goto("/account/factors");
  await addPasskey(page, "Telefon");
  await page.locator(".wb-codes").waitFor();
  assert.equal(await page.locator(".wb-codes li").count(), 10);
  await follow(page, "Ich habe sie gesichert");
  await page.getByText("noch nicht verwendet").waitFor();
  assert.equal((await key.credentials()).length, 1);
  await it.demo.letter(owner.email, /zweiter Faktor/);
  await logOut(page);

  await toSecondStep(page, owner);
  assert.equal(await page.getByLabel("Code aus Ihrer App").count(), 0);
  await press(page, "Passkey verwenden");
  await page.getByRole("heading", { level: 1, name: /^Guten/ }).waitFor();

  // The same device again is none more, and says so.
  await page.goto("/account/factors");
  await addPasskey(page, "Noch einmal");
  await page.getByText("liegt schon ein Passkey für Ihr Konto").waitFor();
  await page.goto("/account/factors");
  await page.getByText("Umbenennen").click();
  await page.getByLabel("Name des Passkeys").fill("Schlüsselbund");
  await press(page, "Speichern");
  await page.getByText("Der Passkey hat einen neuen Namen.").waitFor();
  await page.getByRole("button", { name: /^Entfernen.*Schlüsselbund$/ }).click();
  await page.getByText("Der Passkey ist entfernt.").waitFor();
  await logOut(page);
  await logIn(page, owner);
  quiet(page);
});

test("who has an app and a passkey takes either, and is told when the passkey is not there", async () => {
  const page = await it.person();
  const owner = it.demo.account("owner", 1);
  const key = await authenticator(page);
  await logIn(page, owner);
  await page.goto("/account/factors");
  await press(page, "App einrichten");
  await page.getByText("Kein Scanner? Von Hand eintragen").click();
  const secret = (await page.locator("#totp-secret").textContent()).replace(/\s+/g, "");
  await page.getByLabel("Code aus Ihrer App").fill(await freshCode(secret));
  await press(page, "Einrichten");
  await follow(page, "Ich habe sie gesichert");
  // The app proves its owner from now on, also for this.
  await follow(page, "Passkey hinzufügen");
  await page.getByLabel("Code aus Ihrer App").fill(await freshCode(secret));
  await press(page, "Bestätigen");
  await page.getByLabel("Name des Passkeys").fill("Rechner");
  await press(page, "Weiter");
  await page.getByText("Ihr Passkey ist eingerichtet.").waitFor();
  await logOut(page);

  await toSecondStep(page, owner);
  await press(page, "Passkey verwenden");
  await page.getByRole("heading", { level: 1, name: /^Guten/ }).waitFor();
  await logOut(page);

  await toSecondStep(page, owner);
  await key.forget();
  await press(page, "Passkey verwenden");
  await page.getByText("Das hat nicht geklappt").waitFor();
  await page.getByLabel("Code aus Ihrer App").fill(await freshCode(secret));
  await press(page, "Weiter");
  await page.getByRole("heading", { level: 1, name: /^Guten/ }).waitFor();
  quiet(page);
});

test("the desk opens with a passkey that recognises its person", async () => {
  const page = await it.person();
  const operator = it.demo.account("operator");
  const key = await authenticator(page);
  await logIn(page, operator);
  await page.goto("/account/factors");
  await addPasskey(page, "Schreibtisch");
  await page.getByText("Ihr Passkey ist eingerichtet.").waitFor();
  await page.context().clearCookies();
  await toSecondStep(page, operator, "/staff/people");
  await key.recognise(false);
  await press(page, "Passkey verwenden");
  await page.getByText("Das hat nicht geklappt").waitFor();
  await key.recognise(true);
  await press(page, "Passkey verwenden");
  await page.waitForURL(/\/staff\/people/);
  quiet(page);
});

test("without scripts the page says what a passkey needs", async () => {
  const page = await it.person({ script: false });
  const operator = it.demo.account("operator");
  await logIn(page, operator);
  await page.goto("/account/factors/passkey");
  await page.getByText("Ein Passkey braucht einen aktuellen Browser mit JavaScript.").waitFor();
  assert.equal(await page.getByLabel("Name des Passkeys").isVisible(), false);
  quiet(page);
});

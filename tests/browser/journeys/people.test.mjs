// More people, more customers, and programs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "../stage.mjs";
import { appears, follow, logIn, press, quiet, visit } from "../steps.mjs";

const it = stage();

/** Invites `email` by the form. */
async function invite(page, email, role) {
  await page.goto("/members");
  await follow(page, "Mitbenutzer einladen");
  await page.getByLabel("E-Mail-Adresse").fill(email);
  await page.getByRole("radio", { name: new RegExp(`^${role}`) }).check();
  await press(page, "Einladung verschicken");
  await page.getByText("Offene Einladungen").waitFor();
  const letter = await it.demo.letter(email, /\/invitation\//);
  return /https:\/\/\S+\/invitation\/\S+/.exec(letter.text)[0];
}

test("an invited person chooses a password and sees what the role shows", async () => {
  const owner = await it.person();
  await logIn(owner, it.demo.account("owner"));
  const link = await invite(owner, "lena@agentur.example", "Webmaster");

  const guest = await it.person({ script: false });
  await guest.goto(link);
  await guest.getByText("Bäckerei Sonnenkorn GmbH").waitFor();
  const password = "ein Webbrowser voller Lesezeichen";
  await guest.getByLabel("Ihr Name").fill("Lena Okafor-Weißenberger");
  await guest.getByLabel("Neues Passwort", { exact: true }).fill(password);
  await press(guest, "Einladung annehmen");
  await guest.getByText("Sie haben die Einladung angenommen.").waitFor();
  await logIn(guest, { email: "lena@agentur.example", password });
  await visit(guest, "Webspace");
  await guest.getByRole("link", { name: "sonnenkorn", exact: true }).waitFor();
  const places = guest.getByRole("navigation", { name: "Hauptnavigation" });
  assert.equal(await places.getByText("Kontaktadressen").count(), 0);
  const refused = await guest.goto("/mailboxes/new");
  assert.ok(refused.status() === 403 || refused.status() === 404, `${refused.status()}`);

  await guest.goto(link);
  await guest.getByRole("heading", { name: "Dieser Link gilt nicht mehr" }).waitFor();
  quiet(owner);
  quiet(guest);
});

test("who belongs to two customers switches between them", async () => {
  const owner = await it.person();
  await logIn(owner, it.demo.account("owner"));
  const jonas = it.demo.account("owner", 1);
  const link = await invite(owner, jonas.email, "Beobachter");

  const page = await it.person();
  await page.goto(link);
  await page.getByText("Sie haben schon ein Konto").waitFor();
  await press(page, "Einladung annehmen");
  await page.getByText("Sie haben die Einladung angenommen.").waitFor();
  await logIn(page, jonas);
  await page.goto("/customers");
  await page.getByRole("button", { name: /^Wechseln/ }).first().waitFor();
  const tenant = () => page.getByRole("complementary").getByRole("link", { name: /^Kundenkonto wechseln/ });
  const before = await tenant().getAttribute("aria-label");
  await page.getByRole("button", { name: /^Wechseln/ }).first().click();
  await page.waitForURL((url) => url.pathname === "/");
  assert.notEqual(await tenant().getAttribute("aria-label"), before);
  quiet(page);
});

test("a token is shown once, works, and a change made with it appears on an open page", async () => {
  const page = await it.person();
  await logIn(page, it.demo.account("owner"));
  await page.goto("/account/tokens/new");
  await page.getByLabel("Bezeichnung").fill("Kassensystem");
  await page.getByLabel("Datenbanken sehen").check();
  await page.getByLabel("Datenbanken anlegen und ändern").check();
  await press(page, "API-Schlüssel anlegen");
  await page.getByText("nur hier und nur jetzt").waitFor();
  const token = (await page.locator(".wb-secret").first().textContent()).trim();
  await follow(page, "Ich habe ihn gesichert");
  await page.getByText("Kassensystem").first().waitFor();
  assert.ok(!(await page.content()).includes(token));

  await visit(page, "Datenbanken");
  await page.evaluate(() => (document.body.dataset.witness = "not reloaded"));
  const made = await it.demo.call("POST", "/databases", token, { name: "von_der_kasse", engine: "sqlite" });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const row = page.getByRole("row", { name: /von_der_kasse/ });
  await appears(page, row.getByText("Aktiv"));
  assert.equal(await page.evaluate(() => document.body.dataset.witness), "not reloaded");
  quiet(page);
});

// In and out: login, recovery, sessions, language and theme.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WAYS, stage } from "../stage.mjs";
import { appears, logIn, logOut, press, quiet, visit } from "../steps.mjs";

const it = stage();

for (const { script, way } of WAYS) {
  test(`a wrong password is refused kindly and the right one opens, ${way}`, async () => {
    const page = await it.person({ script });
    const { email, password } = it.demo.account("owner");
    await page.goto("/mailboxes");
    await page.getByLabel("E-Mail-Adresse").fill(email);
    await page.getByLabel("Passwort", { exact: true }).fill("nicht mein Passwort");
    await press(page, "Anmelden");
    await page.getByRole("alert").getByText("Anmeldung nicht möglich.").waitFor();
    assert.equal(await page.getByLabel("E-Mail-Adresse").inputValue(), email);
    assert.equal(await page.getByLabel("Passwort", { exact: true }).inputValue(), "");
    await page.getByLabel("Passwort", { exact: true }).fill(password);
    await press(page, "Anmelden");
    await page.getByRole("heading", { level: 1, name: "E-Mail-Postfächer" }).waitFor();
    quiet(page);
  });

  test(`language and theme are switched where one is and stay, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner", 1));
    await visit(page, "Webspace");
    const account = () => page.getByRole("button", { name: /^Konto von|account/i });
    await account().click();
    await page.getByRole("button", { name: "Darstellung: dunkel" }).click();
    assert.equal(await page.locator("html").getAttribute("data-bs-theme"), "dark");
    assert.equal(new URL(page.url()).pathname, "/webspaces");
    await account().click();
    await page.getByRole("button", { name: "English" }).click();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await page.goto("/mailboxes");
    await page.getByRole("heading", { level: 1, name: "Mailboxes" }).waitFor();
    await page.locator(".wb-account").click();
    await page.getByRole("button", { name: "Deutsch" }).click();
    await page.getByRole("heading", { level: 1, name: "E-Mail-Postfächer" }).waitFor();
    quiet(page);
  });
}

test("another session is listed, ended, and then asked to log in", async () => {
  const [here, there] = [await it.person(), await it.person()];
  const owner = it.demo.account("owner");
  await logIn(there, owner);
  await logIn(here, owner);
  await here.goto("/account/sessions");
  await here.getByText("dieses Gerät").waitFor();
  await press(here, "Alle anderen beenden");
  await here.getByText("Alle anderen Sitzungen sind beendet.").waitFor();
  await there.goto("/mailboxes");
  await there.getByRole("heading", { level: 1, name: "Anmelden" }).waitFor();
  quiet(here);
});

test("who logs out is out", async () => {
  const page = await it.person();
  await logIn(page, it.demo.account("owner", 1));
  await logOut(page);
  await page.goto("/");
  await page.getByRole("heading", { level: 1, name: "Anmelden" }).waitFor();
  quiet(page);
});

test("a forgotten password is replaced through the link in the letter", async () => {
  const page = await it.person();
  const { email } = it.demo.account("owner", 1);
  await page.goto("/login");
  await page.getByRole("link", { name: "Passwort vergessen?" }).click();
  await page.getByLabel("E-Mail-Adresse").fill(email);
  await press(page, "Link anfordern");
  await page.getByRole("heading", { level: 1, name: "Sehen Sie in Ihr Postfach" }).waitFor();
  const letter = await it.demo.letter(email, /\/reset\//);
  await page.goto(/https:\/\/\S+\/reset\/\S+/.exec(letter.text)[0]);
  const fresh = "zwölf Speichen im Hinterrad";
  await page.getByLabel("Neues Passwort", { exact: true }).fill(fresh);
  await press(page, "Passwort festlegen");
  await page.getByText("Ihr neues Passwort gilt.").waitFor();
  await logIn(page, { email, password: fresh });
  await appears(page, page.getByRole("heading", { level: 1, name: /^Guten/ }));
  quiet(page);
});

test("a guest whose browser speaks English is spoken to in English", async () => {
  const page = await it.person({ language: "en-GB" });
  await page.goto("/login");
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.getByLabel("Email address").fill("nobody@example.org");
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("main").locator("button.btn-primary").click();
  await page.getByRole("alert").waitFor();
  const nowhere = await page.goto("/nowhere");
  assert.equal(nowhere.status(), 404);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  quiet(page);
});

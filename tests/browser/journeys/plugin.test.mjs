// A plugin from the catalogue: agreed to, called by a router, looked at, reined in, removed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WAYS, stage } from "../stage.mjs";
import { choose, follow, logIn, press, quiet, visit } from "../steps.mjs";

const it = stage();

/** Agrees to DynDNS and answers the password that is shown this once. */
async function install(page) {
  await visit(page, "Erweiterungen");
  await page.getByRole("main").getByRole("link", { name: /Dynamische Adresse/ }).last().click();
  await page.getByText("Was darf „Dynamische Adresse (DynDNS)“?").waitFor();
  await page.getByText("andere Kunden erreichen").waitFor();
  await press(page, "Erlauben und einrichten");
  const password = (await page.locator(".wb-secret").first().textContent()).trim();
  await follow(page, "Kopiert, weiter");
  return password;
}

async function address(page) {
  const shown = page.locator(".wb-secret").filter({ hasText: /^\s*https:.*\/update\s*$/ }).first();
  return (await shown.textContent()).trim();
}

for (const { script, way } of WAYS) {
  const place = script ? 0 : 1;
  const [host, to] = script ? ["daheim.localhost", "203.0.113.7"] : ["werkstatt.localhost", "203.0.113.9"];

  test(`a router reports its address and the domain follows, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner", place));
    await page.goto("/domains/new");
    await page.getByLabel("Domain", { exact: true }).fill(host);
    await press(page, "Domain hinzufügen");
    await page.getByText(host).first().waitFor();
    const password = await install(page);
    const hook = await address(page);
    const report = (word) => it.demo.hook(`${hook}?hostname=${host}&myip=${to}`, word);
    assert.deepEqual(await report(password), { status: 200, text: `good ${to}\n` });
    assert.deepEqual(await report(password), { status: 200, text: `nochg ${to}\n` });
    assert.equal((await report("erraten")).status, 401);

    await follow(page, "Ausführungen");
    await page.getByRole("row", { name: /update/ }).last().getByRole("link").click();
    await page.getByText(`http://${to}/`).first().waitFor();
    await visit(page, "Änderungsprotokoll");
    await page.getByText(/Dynamische Adresse|dyndns/).first().waitFor();
    quiet(page);
  });

  test(`a plugin that is paused answers nobody, and one that is removed leaves its data, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner", place));
    const password = await install(page);
    const hook = await address(page);
    const report = () => it.demo.hook(`${hook}?hostname=${host}&myip=${to}`, password);
    await press(page, "Anhalten");
    await page.getByText("Angehalten").first().waitFor();
    assert.equal((await report()).status, 404);
    await press(page, "Weiterlaufen lassen");
    await page.getByText("Aktiv", { exact: true }).first().waitFor();
    assert.equal((await report()).status, 200);
    await choose(page, "Entfernen");
    const word = page.getByLabel(/Geben Sie zur Bestätigung/);
    if (await word.count()) {
      const label = await page.getByText(/Geben Sie zur Bestätigung/).first().textContent();
      await word.fill(/„(.+)“/.exec(label)[1]);
    }
    await press(page, "Erweiterung entfernen");
    await page.getByText("Entfernte Erweiterungen").waitFor();
    assert.equal((await report()).status, 404);
    quiet(page);
  });
}

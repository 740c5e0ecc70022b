// From the login to a website of one's own, and everything that happens to it later.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WAYS, stage } from "../stage.mjs";
import { appears, choose, follow, live, logIn, press, quiet, visit } from "../steps.mjs";

const it = stage();
const PAGE = "<!doctype html><html lang=de><title>Brot</title><h1>Frisches Brot seit 1911</h1>";

/** Creates a webspace by its form and ends on its page. */
async function create(page, name, how) {
  await page.goto("/webspaces/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await press(page, "Webspace anlegen");
  await page.getByText("Dieses Passwort sehen Sie nur jetzt.").waitFor();
  await follow(page, "Zum Webspace");
  await live(page, how);
}

for (const { script, way } of WAYS) {
  const suffix = script ? "mit" : "ohne";

  test(`five clicks lead from the login to a page of one's own, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner"));
    let clicks = 0;
    const click = async (locator) => {
      clicks += 1;
      await locator.click();
    };
    const main = page.getByRole("main");
    await click(page.getByRole("button", { name: "Neu anlegen" }));
    await click(page.locator(".wb-menu:popover-open").getByText("Webspace", { exact: true }));
    await page.getByLabel("Name", { exact: true }).fill(`brot-${suffix}`);
    await click(main.getByRole("button", { name: "Webspace anlegen" }));
    await click(main.getByRole("link", { name: "Dateien hochladen" }));
    const file = { name: "index.html", mimeType: "text/html", buffer: Buffer.from(PAGE) };
    await page.getByLabel("Dateien hochladen").setInputFiles(file);
    await click(main.getByRole("button", { name: "Hochladen", exact: true }));
    await page.getByText("Hochgeladen.").waitFor();
    assert.ok(clicks <= 5, `${clicks} clicks`);
    const address = await main.getByRole("link", { name: /^Website öffnen/ }).getAttribute("href");
    assert.match(address, /^https:\/\//);
    const visitor = await it.person({ script });
    await visitor.goto(address);
    assert.equal(await visitor.getByRole("heading").textContent(), "Frisches Brot seit 1911");
    quiet(page);
  });

  test(`a wrong name is said beside the field and what was typed stays, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner"));
    await page.goto("/webspaces/new");
    await page.getByLabel("Name", { exact: true }).fill("Kein Name!");
    await page.getByLabel("Zielverzeichnis").fill("public");
    await press(page, "Webspace anlegen");
    await page.getByRole("alert").getByText("Eine Angabe passt noch nicht.").waitFor();
    assert.equal(await page.getByLabel("Name", { exact: true }).getAttribute("aria-invalid"), "true");
    assert.equal(await page.getByLabel("Zielverzeichnis").inputValue(), "public");
    quiet(page);
  });

  test(`a webspace is suspended with a reason and resumed, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner"));
    await create(page, `pause-${suffix}`, { script });
    await choose(page, "Sperren");
    await page.getByLabel("Grund").fill("Umbau der Backstube");
    await press(page, "Webspace sperren");
    await appears(page, page.locator("#state").getByText("Gesperrt"), { script });
    await page.getByText("Grund: Umbau der Backstube").first().waitFor();
    await choose(page, "Entsperren");
    await live(page, { script });
    quiet(page);
  });

  test(`a deleted webspace lies in the trash and undo brings it back, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner"));
    const name = `weg-${suffix}`;
    await create(page, name, { script });
    await choose(page, "Löschen");
    await page.getByLabel(`Geben Sie zur Bestätigung „${name}“ ein.`).fill(name);
    await press(page, "In den Papierkorb");
    await page.getByRole("status").getByText(/liegt im Papierkorb/).waitFor();
    await press(page, "Rückgängig machen");
    await visit(page, "Webspace");
    await follow(page, name);
    await live(page, { script });
    quiet(page);
  });

  test(`a text file is edited in the file manager, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner"));
    await create(page, `text-${suffix}`, { script });
    await follow(page, "Dateien");
    await follow(page, "index.html");
    await page.getByLabel("Inhalt").fill("<h1>Neu geschrieben</h1>");
    await press(page, "Datei speichern");
    await page.getByText("Gespeichert.").waitFor();
    const address = await page.getByRole("link", { name: /^Website öffnen/ }).getAttribute("href");
    const visitor = await it.person({ script });
    await visitor.goto(address);
    assert.equal(await visitor.getByRole("heading").textContent(), "Neu geschrieben");
    quiet(page);
  });
}

// "My mailbox is full": asked for by a customer, mended by staff on exactly that, and taken back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stage, WAYS } from "../stage.mjs";
import { follow, logIn, press, quiet } from "../steps.mjs";

const it = stage();
/** From the open ticket to the card in it. */
const LIMIT = 15_000;

for (const { script, way } of WAYS) {
  test(`a full mailbox is mended in its ticket ${way}, and the customer has the last word`, async () => {
    const owner = await it.person({ script });
    await logIn(owner, it.demo.account("owner"));
    await owner.goto("/mailboxes");
    await owner.locator("main .wb-name").first().click();
    const name = (await owner.getByRole("heading", { level: 1 }).innerText()).trim();
    await owner.getByRole("link", { name: "Hilfe hierzu" }).first().click();
    const subject = `Postfach ist voll, ${way}`;
    await owner.getByLabel("Betreff").fill(subject);
    await owner.getByLabel("Nachricht").fill("Bitte geben Sie ihm mehr Platz.");
    await press(owner, "Anfrage senden");
    await owner.getByText("Der Support darf die Einstellungen von").waitFor();
    const ticket = new URL(owner.url()).pathname;

    const support = await it.person({ script });
    await logIn(support, it.demo.account("support"));
    await support.goto("/staff/tickets");
    await follow(support, subject);
    const begun = Date.now();
    const box = support.getByRole("searchbox", { name: "Aktion suchen" });
    await box.fill(`postfach voll ${name}`);
    await box.press("Enter");
    await support.getByRole("heading", { level: 1, name: /Speicherplatz des E-Mail-Postfachs ändern/ }).waitFor();
    await support.locator("main ins").first().waitFor();
    await press(support, "Jetzt ausführen");
    await support.getByText("Auf Weisung geändert, nichts gelesen.").waitFor();
    assert.ok(Date.now() - begun < LIMIT, `${Date.now() - begun} ms`);

    await owner.goto(ticket);
    await owner.getByText(/hat auf Ihre Weisung 1 Einstellung geändert und nichts gelesen/).waitFor();
    await owner.getByRole("button", { name: /^Rückgängig/ }).first().click();
    await owner.waitForLoadState();
    await owner.goto(ticket);
    await owner.getByRole("button", { name: /^Beenden/ }).click();
    await owner.getByRole("button", { name: "Änderung erlauben" }).waitFor();

    await support.reload();
    await support.getByText("Für diese Anfrage gibt es keine Weisung", { exact: false }).waitFor();
    await follow(support, "Um eine Weisung bitten");
    assert.match(await support.locator("#body").inputValue(), /Weisung/);
    quiet(owner);
    quiet(support);
  });
}

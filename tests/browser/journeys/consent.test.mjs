// "May we look at your pages?": asked in the ticket, allowed with a click, seen by both sides, ended.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { stage, WAYS } from "../stage.mjs";
import { logIn, press, quiet } from "../steps.mjs";

const it = stage();

for (const { script, way } of WAYS) {
  test(`support looks at pages with consent and only with it ${way}`, async () => {
    const owner = await it.person({ script });
    await logIn(owner, it.demo.account("owner"));
    await owner.goto("/tickets/new");
    const subject = `Die Seite bleibt leer, ${way}`;
    await owner.getByLabel("Betreff").fill(subject);
    await owner.getByLabel("Nachricht").fill("Bitte sehen Sie nach.");
    await press(owner, "Anfrage senden");
    await owner.getByRole("heading", { level: 1, name: subject }).waitFor();
    const ticket = new URL(owner.url()).pathname;

    const support = await it.person({ script });
    await logIn(support, it.demo.account("support"));
    const desk = `/staff${ticket}`;
    assert.equal((await support.goto("/mailboxes")).status(), 404);
    support.complaints.length = 0;
    await support.goto(desk);
    await support.getByLabel("Warum").fill("Um zu sehen, was Ihre Besucher sehen.");
    await press(support, "Um Freigabe bitten");
    await support.getByText("Wir warten auf die Antwort.", { exact: false }).waitFor();

    await owner.goto(ticket);
    await owner.getByText("Um zu sehen, was Ihre Besucher sehen.").waitFor();
    await owner.getByLabel("Gilt für").selectOption("1");
    await press(owner, "Freigabe erteilen");
    await owner.getByRole("button", { name: /^Freigabe zurücknehmen/ }).waitFor();

    await support.goto(desk);
    await press(support, "Seiten ansehen");
    const banner = support.getByText("Sie sehen die Seiten von", { exact: false });
    await banner.waitFor();
    await support.goto("/mailboxes");
    await banner.waitFor();
    await support.locator("main .wb-name").first().click();
    await banner.waitFor();
    const forms = await support.locator("main form[method=post]").count();
    assert.equal(forms, 1, "nothing but the end of the look");

    await owner.goto("/");
    await owner.getByText("Der Support sieht gerade Ihre Seiten.").waitFor();
    await owner.getByRole("link", { name: "Ansehen und beenden" }).click();
    await owner.getByText("E-Mail-Postfach angesehen", { exact: false }).first().waitFor();
    await owner.getByRole("button", { name: /^Zugriff beenden/ }).click();
    await owner.getByRole("button", { name: /^Freigabe zurücknehmen/ }).waitFor();
    assert.equal(await owner.getByRole("button", { name: /^Zugriff beenden/ }).count(), 0);
    assert.equal((await support.goto("/mailboxes")).status(), 404);

    await support.goto(desk);
    await press(support, "Seiten ansehen");
    await banner.waitFor();
    await owner.getByRole("button", { name: /^Freigabe zurücknehmen/ }).click();
    await owner.getByText("Im Moment sieht niemand von uns Ihre Seiten", { exact: false }).waitFor();
    assert.equal((await support.goto("/mailboxes")).status(), 404);
    await support.goto(desk);
    await support.getByText("Die Freigabe wurde zurückgenommen.").waitFor();
    const coming = owner.waitForEvent("download");
    await owner.getByRole("link", { name: "Als CSV" }).click();
    const table = await readFile(await (await coming).path(), "utf8");
    assert.match(table, /,look,[A-Z2-9]{6},page\.mailboxes,/);
    quiet(owner);
  });
}

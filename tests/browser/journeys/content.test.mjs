// Staff ask to see what lies in things; the customer gives less, sees the look as it happens, and ends it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible } from "../axe.mjs";
import { until } from "../demo.mjs";
import { stage } from "../stage.mjs";
import { appears, ask, follow, give, logIn, press, quiet, send } from "../steps.mjs";

const it = stage();

for (const [place, script, site] of [[0, true, "sonnenkorn"], [1, false, "kettenblatt"]]) {
  const way = script ? "with JavaScript" : "without JavaScript";

  test(`support reads the files that a customer opened to it and no mail ${way}`, async () => {
    const owner = await it.person({ script });
    await logIn(owner, it.demo.account("owner", place));
    await owner.goto("/tickets/new");
    await accessible(owner);
    const ticket = await send(owner, "Die Startseite ist verrutscht", "Bitte sehen Sie in die Datei.");

    const support = await it.person({ script });
    await logIn(support, it.demo.account("support"));
    const desk = `/staff${ticket}`;
    await support.goto(desk);
    await ask(support, "Um zu sehen, was in der Startseite steht.", ["Dateien", "E-Mails"]);
    await accessible(support);

    await owner.goto(ticket);
    await accessible(owner);
    const mail = owner.getByRole("checkbox", { name: "E-Mails in Ihren Postfächern lesen" });
    assert.ok(await mail.isChecked());
    await mail.uncheck();
    await give(owner);
    assert.deepEqual(await owner.locator("#consent li").allTextContents(), ["Dateien Ihrer Webspaces lesen"]);
    await accessible(owner);

    await owner.goto("/accesses");
    const ends = owner.getByRole("button", { name: /^Zugriff beenden/ });
    assert.equal(await ends.count(), 0);
    await support.goto(desk);
    await press(support, "Seiten ansehen");
    const banner = support.getByText("Sie sehen die Seiten von");
    await banner.waitFor();
    await accessible(support);
    await appears(owner, ends, { script });
    await accessible(owner);

    await support.goto("/webspaces");
    await follow(support, site);
    const tabs = support.getByRole("navigation", { name: "Bereiche des Webspace" });
    await tabs.getByRole("link", { name: "Dateien", exact: true }).click();
    await support.getByRole("link", { name: "index.html", exact: true }).waitFor();
    await accessible(support);
    await follow(support, "index.html");
    await support.getByRole("heading", { level: 1, name: "index.html" }).waitFor();
    await banner.waitFor();
    const text = support.getByLabel("Inhalt", { exact: true });
    assert.match(await text.inputValue(), /<html/);
    assert.equal(await text.getAttribute("readonly"), "");
    assert.equal(await support.getByRole("button", { name: "Datei speichern" }).count(), 0);
    await accessible(support);

    await support.goto("/mailboxes");
    await support.locator("main .wb-name").first().click();
    await follow(support, "Posteingang öffnen");
    await support.getByRole("heading", { level: 1, name: "Diese Freigabe reicht nicht so weit" }).waitFor();
    await accessible(support);
    await follow(support, "In der Anfrage darum bitten");
    await support.waitForURL((url) => url.pathname === desk && url.hash === "#look");
    await support.getByText(/Ihr Zugriff läuft bis .* · Dateien$/).waitFor();
    await accessible(support);

    const read = owner.getByRole("listitem").filter({ hasText: "Datei gelesen" });
    await appears(owner, read.getByText("index.html", { exact: true }), { script: false });
    assert.equal(await owner.getByText(/E-Mail gelesen|Liste der E-Mails angesehen/).count(), 0);
    await accessible(owner);
    await ends.click();
    await until("the look to end", async () => (await ends.count()) === 0);
    await owner.getByRole("button", { name: /^Freigabe zurücknehmen/ }).waitFor();
    assert.equal((await support.goto("/webspaces")).status(), 404);
    assert.ok(!(await support.content()).includes(`${site}.localhost`));
    await accessible(support);
    quiet(owner);
  });
}

// "I forgot the password": support has a new one made, on instruction and consent, and never sees it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible } from "../axe.mjs";
import { until } from "../demo.mjs";
import { opens } from "../sftp.mjs";
import { stage } from "../stage.mjs";
import { ask, find, follow, freshCode, give, logIn, press, quiet, send } from "../steps.mjs";

const it = stage();

/** Proves once more who sits here, as the desk asks when a login is some minutes old, and goes on at `next`. */
async function proved(page, secret, next) {
  await page.goto(`/prove?next=${encodeURIComponent(next)}`);
  await page.getByRole("heading", { level: 1, name: "Bitte bestätigen Sie, dass Sie es sind" }).waitFor();
  await accessible(page);
  await page.getByLabel("Code aus Ihrer App").fill(await freshCode(secret));
  await press(page, "Bestätigen");
}

/** Opens a ticket about the thing on the open page, and answers its address. */
async function forgotten(page, subject) {
  await page.getByRole("link", { name: "Hilfe hierzu" }).first().click();
  const ticket = await send(page, subject, "Wir kommen nicht mehr hinein. Bitte machen Sie ein neues.");
  await page.getByText("Der Support darf die Einstellungen von").waitFor();
  return ticket;
}

/** Has a new password made by `support`: refused without consent, asked for, given, proved, done. */
async function made(support, { owner, ticket, typed, title, card }) {
  const desk = `/staff${ticket}`;
  await support.goto(desk);
  await find(support, typed, title);
  await support.getByText("Das geht nur mit Freigabe", { exact: false }).waitFor();
  assert.equal(await support.getByRole("button", { name: "Jetzt ausführen" }).count(), 0);
  await accessible(support);
  const { pathname, search } = new URL(support.url());
  await follow(support, "Um die Freigabe bitten");
  await support.waitForURL((url) => url.pathname === desk);
  await ask(support, "Damit wir ein neues Passwort setzen können.", ["vertrauliche Aktionen"]);

  await owner.goto(ticket);
  await owner.getByRole("checkbox", { name: /^vertrauliche Aktionen ausführen/ }).waitFor();
  await accessible(owner);
  await give(owner);

  await proved(support, it.demo.account("support").totp_secret, pathname + search);
  await support.getByRole("heading", { level: 1, name: title }).waitFor();
  await support.getByText("Das neue Passwort liegt danach in der Anfrage.", { exact: false }).waitFor();
  await accessible(support);
  await press(support, "Jetzt ausführen");
  await support.getByText("Ausgeführt und in der Anfrage festgehalten.").waitFor();
  await support.getByText(card).first().waitFor();
  await accessible(support);
}

/** Sees it, once, on the page of the ticket. */
async function collected(page, ticket) {
  await page.goto(ticket);
  await page.getByRole("heading", { name: "Neue Passwörter für Sie" }).waitFor();
  await accessible(page);
  const show = page.getByRole("button", { name: /^Einmal anzeigen/ });
  await show.click();
  const shown = page.getByRole("region", { name: "Ihr neues Passwort, nur dieses eine Mal" });
  const password = (await shown.locator(".wb-secret").textContent()).trim();
  assert.ok(password.length >= 12, `${password.length} characters`);
  await accessible(page);
  await page.goto(ticket);
  await page.getByText(/angesehen am .*, seitdem gelöscht/).waitFor();
  assert.equal(await show.count(), 0);
  assert.ok(!(await page.content()).includes(password), "it is shown again");
  return password;
}

/** Somebody of a customer, and somebody of support. */
async function both(place, script) {
  const [owner, support] = [await it.person({ script }), await it.person({ script })];
  await logIn(owner, it.demo.account("owner", place));
  await logIn(support, it.demo.account("support"));
  return { owner, support };
}

for (const [place, script] of [[0, true], [1, false]]) {
  const way = script ? "with JavaScript" : "without JavaScript";

  test(`a new password of a mailbox is its owner's alone ${way}`, async () => {
    const { owner, support } = await both(place, script);
    await owner.goto("/mailboxes");
    await owner.locator("main .wb-name").first().click();
    const name = (await owner.getByRole("heading", { level: 1 }).innerText()).trim();
    const ticket = await forgotten(owner, "Passwort vergessen");
    const title = /^Neues Passwort für das E-Mail-Postfach/;
    const card = `Neues Passwort für „${name}“. Sehen kann es nur, wer das Postfach verwalten darf, einmal.`;
    await made(support, { owner, ticket, typed: "passwort vergessen postfach", title, card });
    const password = await collected(owner, ticket);
    await support.reload();
    assert.ok(!(await support.content()).includes(password), "support sees it");
    quiet(owner);
    quiet(support);
  });
}

test("a new password for uploads opens the webspace, and no other does", async () => {
  const { owner, support } = await both(0, true);
  await owner.goto("/webspaces");
  await follow(owner, "sonnenkorn");
  const tabs = owner.getByRole("navigation", { name: "Bereiche des Webspace" });
  await tabs.getByRole("link", { name: "Zugänge", exact: true }).click();
  const command = await owner.locator(".wb-secret").filter({ hasText: /^\s*sftp -P/ }).first().textContent();
  const login = /(\S+)@\S+\s*$/.exec(command)[1];
  const ticket = await forgotten(owner, "SFTP-Passwort vergessen");
  const title = /^Neues SFTP-Passwort für den Webspace/;
  const card = "Neues SFTP-Passwort für „sonnenkorn“.";
  await made(support, { owner, ticket, typed: "sftp passwort vergessen", title, card });
  const password = await collected(owner, ticket);
  await until("the new password to open the webspace", () => opens(it.demo, login, password));
  assert.equal(await opens(it.demo, login, `${password}x`), false);
  quiet(owner);
  quiet(support);
});

// A customer's own data: everything as a file for an owner, and everything removed for good once the contract is
// over, which takes two people of the hoster and is the owner's to stop.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accessible } from "../axe.mjs";
import { PHONE } from "../browser.mjs";
import { overhang } from "../pages.mjs";
import { stage } from "../stage.mjs";
import { appears, follow, logIn, press, quiet } from "../steps.mjs";

const it = stage();

/** Proves that the open page is whole on a phone. */
async function fits(page) {
  await accessible(page);
  assert.ok((await overhang(page)) <= 0, `${page.url()} is wider than the screen`);
}

/** What the link of this name downloads, line by line. */
async function downloaded(page, name) {
  const waiting = page.waitForEvent("download");
  await follow(page, name);
  const download = await waiting;
  const text = await readFile(await download.path(), "utf8");
  return { name: download.suggestedFilename(), lines: text.trimEnd().split("\n").map((line) => JSON.parse(line)) };
}

for (const [place, script] of [[0, true], [1, false]]) {
  const way = script ? "with JavaScript" : "without JavaScript";

  test(`an owner asks for everything as a file, gets a letter, and downloads it ${way}`, async () => {
    const owner = await it.person({ script, size: PHONE });
    const account = it.demo.account("owner", place);
    await logIn(owner, account);
    await owner.goto("/export");
    await owner.getByRole("heading", { level: 1, name: "Ihre Daten als Datei" }).waitFor();
    await fits(owner);
    // What is in it is folded away until somebody asks.
    const tables = owner.getByRole("main").locator("section[aria-labelledby=tables]");
    assert.equal(await tables.getByText("customer", { exact: true }).isVisible(), false);
    await tables.locator("summary").first().click();
    await tables.getByText("customer", { exact: true }).waitFor();
    await fits(owner);

    await press(owner, "Datei erstellen");
    await owner.getByText("Datei mit allen Daten von", { exact: false }).first().waitFor();
    await fits(owner);
    const letter = await it.demo.letter(account.email, /die\s+Datei\s+mit\s+allem,\s+was\s+wir/);
    const link = new URL(/https?:\/\/\S+\/export\S*/.exec(letter.text)[0]);
    await owner.goto(link.pathname);
    await appears(owner, owner.getByRole("main").getByRole("link", { name: "Herunterladen", exact: true }), { script: false });
    await fits(owner);
    const { name, lines } = await downloaded(owner, "Herunterladen");
    assert.ok(name.startsWith(`${account.customer}-export-`) && name.endsWith(".jsonl"), name);
    assert.ok(lines.length > 2, `${lines.length} lines`);
    assert.ok(!JSON.stringify(lines).includes(account.password));
    quiet(owner);
  });
}

/** Switches the customer off, as after the end of a contract. */
async function suspend(operator, customer) {
  await operator.goto("/staff");
  const box = operator.getByRole("main").getByRole("searchbox");
  await box.fill(customer);
  await box.press("Enter");
  await follow(operator, customer);
  await follow(operator, "Kundenkonto sperren");
  await operator.locator("#reason").fill("Der Vertrag ist zu Ende.");
  await operator.locator("#purpose").fill("Kündigung zum Jahresende");
  await operator.getByRole("main").locator("button.btn-primary").click();
  await operator.getByText("Das Kundenkonto ist gesperrt.").first().waitFor();
}

/** Opens a ticket for who is on the telephone, and answers where it is at the desk. */
async function called(support, customer) {
  await support.goto("/staff/calls");
  const box = support.getByRole("main").getByRole("searchbox", { name: "Anrufer suchen" });
  await box.fill(customer);
  await box.press("Enter");
  await support.waitForURL(/\/staff\/tickets\/tkt_/);
  return new URL(support.url()).pathname;
}

test("two people remove a customer for good, and its owner stops it with the link of a letter", async () => {
  const account = it.demo.account("owner", 1);
  const support = await it.person({ size: PHONE });
  await logIn(support, it.demo.account("support"));
  const desk = await called(support, account.customer);

  const operator = await it.person({ size: PHONE });
  await logIn(operator, it.demo.account("operator"));
  await suspend(operator, account.customer);
  await operator.goto(desk);
  await follow(operator, "Endgültige Löschung beantragen");
  await operator.getByRole("heading", { level: 1, name: "Endgültige Löschung beantragen" }).waitFor();
  await fits(operator);
  await operator.getByLabel("Grund", { exact: true }).fill("Der Vertrag wurde zum Jahresende gekündigt.");
  await press(operator, "Beantragen");
  await operator.getByText("Beantragt. Eine zweite Person entscheidet.").waitFor();
  await fits(operator);

  // Whoever asked decides nothing.
  const deed = "Alles zum Kundenkonto endgültig löschen";
  const agree = "Zustimmen und Löschung beginnen";
  await follow(operator, deed);
  await operator.getByText("Das ist Ihr Antrag. Entscheiden muss eine andere Person.").waitFor();
  assert.equal(await operator.getByRole("button", { name: agree }).count(), 0);
  await fits(operator);

  const second = await it.person({ size: PHONE });
  await logIn(second, it.demo.account("privacy_officer"));
  await second.goto("/staff/approvals");
  await fits(second);
  await follow(second, deed);
  await second.getByRole("button", { name: agree }).waitFor();
  await fits(second);
  await second.getByLabel("Begründung").fill("Die Kündigung liegt vor, offen ist nichts.");
  await press(second, agree);
  await second.getByText("Erledigt. Alle, die es betrifft, bekommen eine E-Mail.").waitFor();

  // The owner sees it on every page, and how long it can be stopped.
  const owner = await it.person({ size: PHONE });
  await logIn(owner, account);
  await owner.getByText("Dieses Kundenkonto wird endgültig gelöscht.").first().waitFor();
  await fits(owner);
  await follow(owner, "Was gelöscht wird, und stoppen");
  await owner.getByRole("heading", { level: 1, name: "Endgültige Löschung" }).waitFor();
  await owner.getByRole("button", { name: "Löschung stoppen" }).waitFor();
  await fits(owner);

  const letter = await it.demo.letter(account.email, /\/erasure-keep\//);
  assert.match(letter.text, /Der\s+Vertrag\s+wurde\s+zum\s+Jahresende\s+gekündigt\./);
  const link = new URL(/https?:\/\/\S+\/erasure-keep\/\S+/.exec(letter.text)[0]);
  const guest = await it.person({ size: PHONE });
  await guest.goto(link.pathname);
  await guest.getByRole("heading", { level: 1, name: "Kundenkonto behalten" }).waitFor();
  await fits(guest);
  await press(guest, "Löschung stoppen");
  await guest.getByRole("heading", { level: 1, name: "Ihr Kundenkonto bleibt" }).waitFor();
  await fits(guest);
  assert.equal((await guest.request.get(link.pathname)).status(), 404);
  await it.demo.letter(account.email, /wird\s+nicht\s+gelöscht/);

  await owner.goto("/erasure");
  await owner.getByText("Für dieses Kundenkonto steht keine Löschung an.").waitFor();
  await fits(owner);
  await operator.goto("/staff/erasures");
  await operator.getByText("von einem Inhaber gestoppt").first().waitFor();
  await fits(operator);
  await operator.getByRole("main").locator("tbody th a").first().click();
  await operator.getByText("Ein Inhaber hat es gestoppt.", { exact: false }).waitFor();
  // Names of tables are folded away, and readable once they are not.
  const folded = operator.getByRole("main").locator("section[aria-labelledby=tables] details");
  for (const one of await folded.all()) await one.locator("summary").click();
  await folded.first().locator("code").first().waitFor();
  await fits(operator);
  for (const page of [support, operator, second, owner, guest]) quiet(page);
});

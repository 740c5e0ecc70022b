// Another owner where the owner is gone: one person of the hoster asks, another decides, and the owner has
// 72 hours to stop it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible } from "../axe.mjs";
import { stage } from "../stage.mjs";
import { follow, logIn, press, quiet } from "../steps.mjs";

const it = stage();

/** Somebody who joins the customer of `owner`, by an invitation. */
async function joins(owner, { name, email }) {
  await owner.goto("/members/invite");
  await owner.getByLabel("E-Mail-Adresse").fill(email);
  await owner.getByRole("radio", { name: /^Beobachter/ }).check();
  await press(owner, "Einladung verschicken");
  const letter = await it.demo.letter(email, /\/invitation\//);
  const page = await it.person();
  await page.goto(/https:\/\/\S+\/invitation\/\S+/.exec(letter.text)[0]);
  await page.getByLabel("Ihr Name").fill(name);
  await page.getByLabel("Neues Passwort", { exact: true }).fill("ein Schlüsselbund und keine Türen");
  await press(page, "Einladung annehmen");
  await page.getByText("Sie haben die Einladung angenommen.").waitFor();
  await page.context().close();
}

/** Asks in the ticket for this owner. */
async function request(page, desk, heir, reason) {
  await page.goto(desk);
  await follow(page, "Anderen Inhaber beantragen");
  await page.getByRole("heading", { level: 1, name: "Anderen Inhaber beantragen" }).waitFor();
  await page.getByText("72 Stunden geschieht nichts").waitFor();
  await page.getByLabel("Wer soll Inhaber werden").selectOption({ label: `${heir.name} (${heir.email}), Beobachter` });
  await page.getByLabel("Grund", { exact: true }).fill(reason);
  await accessible(page);
  await press(page, "Beantragen");
  await page.getByText("Beantragt. Die Inhaber wissen Bescheid, und eine zweite Person entscheidet.").waitFor();
}

for (const [place, script] of [[0, true], [1, false]]) {
  const way = script ? "with JavaScript" : "without JavaScript";

  test(`another owner takes two people and 72 hours, and the owner stops it ${way}`, async () => {
    const owner = await it.person({ script });
    const account = it.demo.account("owner", place);
    await logIn(owner, account);
    const heir = { name: "Frieda Sommerfeld", email: `frieda${place}@nachfolge.example` };
    const becomes = `${heir.name} wird Inhaber`;
    await joins(owner, heir);

    const support = await it.person({ script });
    await logIn(support, it.demo.account("support"));
    await support.goto("/staff/calls");
    const box = support.getByRole("main").getByRole("searchbox", { name: "Anrufer suchen" });
    await box.fill(account.customer);
    await accessible(support);
    await box.press("Enter");
    await support.waitForURL(/\/staff\/tickets\/tkt_/);
    const desk = new URL(support.url()).pathname;
    const ticket = desk.replace("/staff", "");
    await request(support, desk, heir, "Ein Registerauszug liegt vor.");
    await accessible(support);

    // Whoever asked decides nothing.
    await follow(support, becomes);
    await support.getByText("Das ist Ihr Antrag. Entscheiden muss eine andere Person.").waitFor();
    const agree = "Zustimmen und Inhaber ändern";
    assert.equal(await support.getByRole("button", { name: agree }).count(), 0);
    await accessible(support);

    await owner.goto(ticket);
    await owner.getByText(`Unser Team hat beantragt, dass ${heir.name} Inhaber Ihres Kundenkontos wird.`).first().waitFor();
    await accessible(owner);

    // The second person cannot agree yet, whatever their browser sends.
    const second = await it.person({ script });
    await logIn(second, it.demo.account("operator"));
    await second.goto("/staff/approvals");
    await accessible(second);
    await follow(second, becomes);
    await second.getByText("Die Inhaber haben 72 Stunden, um es zu stoppen.", { exact: false }).waitFor();
    assert.equal(await second.getByRole("button", { name: agree }).count(), 0);
    await accessible(second);
    const refuse = second.getByRole("button", { name: "Ablehnen", exact: true });
    await refuse.evaluate((button) => button.setAttribute("value", "approve"));
    await second.getByLabel("Begründung").fill("Das dauert mir zu lange.");
    await refuse.click();
    await second.getByText("Die 72 Stunden, in denen die Inhaber es stoppen können, sind noch nicht vorbei.").waitFor();
    await accessible(second);
    await second.getByLabel("Begründung").fill("Am Telefon war die Inhaberin selbst.");
    await refuse.click();
    await second.getByText("Abgelehnt. Wer es beantragt hat, kennt den Grund", { exact: false }).waitFor();
    await accessible(second);
    await it.demo.letter(account.email, /wird\s+nicht\s+Inhaber/);
    await owner.goto(ticket);
    await owner.getByText(`Die zweite Person unseres Teams hat nicht zugestimmt: ${heir.name} wird nicht Inhaber.`).first().waitFor();

    // Asked again, the owner stops it without any login.
    await request(support, desk, heir, "Eine Sterbeurkunde liegt vor.");
    const letter = await it.demo.letter(account.email, /Sterbeurkunde[^]*\/owner-keep\//);
    const link = new URL(/https?:\/\/\S+\/owner-keep\/\S+/.exec(letter.text)[0]);
    const guest = await it.person({ script });
    await guest.goto(link.pathname);
    await accessible(guest);
    await press(guest, "Wechsel stoppen");
    await guest.getByRole("heading", { level: 1, name: "Sie bleiben Inhaber" }).waitFor();
    await accessible(guest);
    assert.equal((await guest.request.get(link.pathname)).status(), 404);
    await support.goto(desk);
    await support.getByText(/vom Kundenkonto gestoppt/).waitFor();
    await second.goto("/staff/approvals");
    await second.getByRole("heading", { level: 1, name: "Vier-Augen-Freigaben" }).waitFor();
    assert.equal(await second.getByText(becomes).count(), 0);
    for (const page of [owner, support, second, guest]) quiet(page);
  });
}

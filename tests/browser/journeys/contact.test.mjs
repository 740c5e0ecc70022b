// Whoever has no account, or cannot get in, writes to support; and the ticket comes to its customer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible } from "../axe.mjs";
import { stage } from "../stage.mjs";
import { follow, logIn, press, quiet } from "../steps.mjs";

const it = stage();

/** Writes an answer in the open ticket at the desk. */
async function answer(page, text) {
  await page.getByRole("radio", { name: /^Antwort/ }).check();
  await page.getByLabel("Nachricht", { exact: true }).fill(text);
  await press(page, "Eintragen");
}

for (const [place, script] of [[0, true], [1, false]]) {
  const way = script ? "with JavaScript" : "without JavaScript";

  test(`a ticket without an account is answered at a proved address and handed over ${way}`, async () => {
    const guest = await it.person({ script });
    const email = `vertretung${place}@unterwegs.example`;
    const subject = `Wir kommen seit gestern nicht hinein ${place}`;
    await guest.goto("/access-help");
    await accessible(guest);
    await follow(guest, "Uns schreiben");
    await guest.getByRole("heading", { level: 1, name: "Uns schreiben" }).waitFor();
    await accessible(guest);
    await guest.getByLabel("Name", { exact: true }).fill("Tomke Harms");
    await guest.getByLabel("E-Mail-Adresse", { exact: true }).fill(email);
    await guest.getByLabel("Worum geht es?").fill(subject);
    await guest.getByLabel("Ihre Nachricht").fill("Die Kollegin mit den Zugangsdaten ist krank.");
    await press(guest, "Nachricht senden");
    await guest.getByRole("heading", { level: 1, name: "Danke, wir haben Ihre Nachricht" }).waitFor();
    await accessible(guest);

    const support = await it.person({ script });
    await logIn(support, it.demo.account("support"));
    await support.goto("/staff/tickets");
    await follow(support, subject);
    await support.getByText("Diese Adresse ist nicht bestätigt.", { exact: false }).first().waitFor();
    const desk = new URL(support.url()).pathname;
    await accessible(support);
    await answer(support, "Guten Tag, welches Kundenkonto meinen Sie?");
    await support.getByText("Diese Adresse ist nicht bestätigt. Dorthin sagen wir nichts.").waitFor();
    await accessible(support);

    const letter = await it.demo.letter(email, /\/contact-proof\//);
    const link = new URL(/https?:\/\/\S+\/contact-proof\/\S+/.exec(letter.text)[0]);
    await guest.goto(link.pathname);
    await accessible(guest);
    await press(guest, "Ja, das war ich");
    await guest.getByRole("heading", { level: 1, name: "Ihre E-Mail-Adresse ist bestätigt" }).waitFor();
    await accessible(guest);
    assert.equal((await guest.request.get(link.pathname)).status(), 404);

    await support.goto(desk);
    await support.getByText("Die E-Mail-Adresse ist bestätigt.").waitFor();
    await answer(support, "Guten Tag, wir melden uns unter der Rufnummer im Vertrag.");
    await support.getByText("Die Antwort ist unterwegs.").waitFor();
    await it.demo.letter(email, /Rufnummer/);

    const account = it.demo.account("owner", place);
    await support.getByLabel("Kundennummer", { exact: true }).fill("K99999");
    await press(support, "Kundenkonto zuordnen");
    await support.getByText("Diese Kundennummer gibt es nicht.").first().waitFor();
    await accessible(support);
    await support.getByLabel("Kundennummer", { exact: true }).fill(account.customer);
    await press(support, "Kundenkonto zuordnen");
    await support.getByText("Die Anfrage ist dem Kundenkonto zugeordnet.").waitFor();
    await accessible(support);

    const owner = await it.person({ script });
    await logIn(owner, account);
    await owner.goto("/tickets");
    await follow(owner, subject);
    await owner.getByText("Ohne Zugang geschrieben").first().waitFor();
    await owner.getByText("Die Kollegin mit den Zugangsdaten ist krank.").waitFor();
    await owner.getByText("Guten Tag, wir melden uns unter der Rufnummer im Vertrag.").waitFor();
    await owner.getByText("Wir haben diese Anfrage Ihrem Kundenkonto zugeordnet.").waitFor();
    await accessible(owner);
    for (const page of [guest, support, owner]) quiet(page);
  });
}

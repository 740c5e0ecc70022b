// Asked by mail: whoever wrote confirms it on the page behind the link of a letter, and support acts on it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible } from "../axe.mjs";
import { stage } from "../stage.mjs";
import { appears, find, follow, logIn, press, quiet } from "../steps.mjs";

const it = stage();
const SUPPORT = "support@wabe.localhost";
const WISH = "Bitte geben Sie dem Postfach des Ladens mehr Platz.";

for (const [place, script, mailbox] of [[0, true, "info@sonnenkorn.localhost"], [1, false, "werkstatt@kettenblatt.localhost"]]) {
  const way = script ? "with JavaScript" : "without JavaScript";

  test(`what was asked by mail is confirmed by its link and then done ${way}`, async () => {
    const account = it.demo.account("owner", place);
    const subject = `Mehr Platz ${place}`;
    await it.demo.deliver(SUPPORT, { from: account.email, subject, text: `Guten Tag,\n\n${WISH}\n\nVielen Dank` });

    const support = await it.person({ script });
    await logIn(support, it.demo.account("support"));
    await support.goto("/staff/tickets");
    await appears(support, support.getByRole("link", { name: subject, exact: true }), { script: false });
    await follow(support, subject);
    await support.getByText("Für diese Anfrage gibt es keine Weisung.", { exact: false }).waitFor();
    await accessible(support);
    const desk = new URL(support.url()).pathname;
    await support.getByLabel("Es geht um").selectOption({ label: `E-Mail-Postfach: ${mailbox}` });
    const quote = support.getByLabel("Der Satz aus der E-Mail");
    await quote.fill("Bitte löschen Sie alles.");
    await press(support, "E-Mail mit Link schicken");
    await support.getByText("Dieser Satz steht so nicht in der E-Mail.").first().waitFor();
    await accessible(support);
    await quote.fill(WISH);
    await press(support, "E-Mail mit Link schicken");
    await support.getByText("Die E-Mail mit dem Link ist unterwegs.").waitFor();
    await accessible(support);

    const letter = await it.demo.letter(account.email, /\/instruction-request\//);
    const link = new URL(/https?:\/\/\S+\/instruction-request\/\S+/.exec(letter.text)[0]);
    const guest = await it.person({ script });
    await guest.goto(link.pathname);
    await guest.getByRole("heading", { level: 1, name: "Möchten Sie das?" }).waitFor();
    await guest.getByText(WISH).waitFor();
    await guest.getByText(mailbox).first().waitFor();
    await accessible(guest);
    await press(guest, "Ja, das habe ich geschrieben");
    await guest.getByRole("heading", { level: 1, name: "Danke, das ist bestätigt" }).waitFor();
    await accessible(guest);
    assert.equal((await guest.request.get(link.pathname)).status(), 404);

    await support.goto(desk);
    await support.getByText("Mit dem Link einer E-Mail bestätigt.").waitFor();
    await accessible(support);
    await find(support, `postfach voll ${mailbox}`, /Speicherplatz des E-Mail-Postfachs ändern/);
    await support.locator("main ins").first().waitFor();
    await accessible(support);
    await press(support, "Jetzt ausführen");
    await support.getByText("Auf Weisung geändert, nichts gelesen.").waitFor();

    const owner = await it.person({ script });
    await logIn(owner, account);
    await owner.goto("/tickets");
    await follow(owner, subject);
    await owner.getByText(/hat auf Ihre Weisung 1 Einstellung geändert und nichts gelesen/).waitFor();
    await owner.getByText("Mit dem Link einer E-Mail bestätigt").waitFor();
    await accessible(owner);
    for (const page of [support, guest, owner]) quiet(page);
  });
}

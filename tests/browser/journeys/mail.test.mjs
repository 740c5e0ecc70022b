// A domain, a mailbox in it, and a message that arrives.

import { test } from "node:test";
import { WAYS, stage } from "../stage.mjs";
import { appears, choose, follow, live, logIn, press, quiet } from "../steps.mjs";

const it = stage();

for (const { script, way } of WAYS) {
  const suffix = script ? "mit" : "ohne";

  test(`a message to a new mailbox in a new domain is read in the portal, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner"));
    const domain = `hofladen-${suffix}.localhost`;
    await page.goto("/domains");
    await follow(page, "Domain hinzufügen");
    await page.getByLabel("Domain", { exact: true }).fill(domain);
    await press(page, "Domain hinzufügen");
    await live(page, { script });

    await page.goto("/mailboxes");
    await follow(page, "Postfach anlegen");
    await page.getByLabel("Name vor dem @").fill("kasse");
    await page.getByLabel("Domain", { exact: true }).selectOption(domain);
    await page.getByLabel("Passwort", { exact: true }).fill("drei Körbe voller Äpfel");
    await press(page, "Postfach anlegen");
    await live(page, { script });

    const subject = `Zwölf Gläser Honig ${suffix}`;
    await it.demo.deliver(`kasse@${domain}`, { subject: "Honig", text: `Bitte ${subject}.\n.ein Punkt am Anfang` });
    await follow(page, "Posteingang öffnen");
    await appears(page, page.getByRole("link", { name: "Honig" }), { script: false });
    await follow(page, "Honig");
    await page.getByText(`Bitte ${subject}.`).waitFor();
    await page.getByText(".ein Punkt am Anfang").waitFor();
    quiet(page);
  });

  test(`an alias delivers into its mailbox, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner"));
    await page.goto("/aliases/new");
    await page.getByLabel("Name vor dem @").fill(`laden-${suffix}`);
    await page.getByLabel("Domain", { exact: true }).selectOption("sonnenkorn.localhost");
    await page.getByLabel("info@sonnenkorn.localhost").check();
    await press(page, "Alias-Adresse anlegen");
    await live(page, { script });
    const subject = `An den Alias ${suffix}`;
    await it.demo.deliver(`laden-${suffix}@sonnenkorn.localhost`, { subject });
    await page.goto("/mailboxes");
    await follow(page, "info@sonnenkorn.localhost");
    await appears(page, page.getByText(subject), { script: false });
    quiet(page);
  });

  test(`a suspended mailbox says so and comes back, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner"));
    await page.goto("/mailboxes");
    await follow(page, "katrin@sonnenkorn.localhost");
    await choose(page, "Sperren");
    await page.getByLabel("Grund").fill("Urlaub");
    await press(page, "Postfach sperren");
    await appears(page, page.locator("#state").getByText("Gesperrt"), { script });
    await choose(page, "Sperre aufheben");
    await live(page, { script });
    quiet(page);
  });
}

// The hoster's desk, and what the customer sees of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "../stage.mjs";
import { follow, logIn, press, quiet } from "../steps.mjs";

const it = stage();

test("staff find a customer, suspend it with a reason, and the customer reads it", async () => {
  const page = await it.person();
  await logIn(page, it.demo.account("operator"));
  const { customer } = it.demo.account("owner", 1);
  await page.goto("/staff");
  await page.getByRole("main").getByRole("searchbox").fill(customer);
  await page.getByRole("main").getByRole("searchbox").press("Enter");
  await follow(page, customer);
  await page.getByRole("heading", { level: 1, name: "Fahrradladen Kettenblatt" }).waitFor();
  await follow(page, "Kundenkonto sperren");
  const reason = "Die Rechnung vom 1. November ist offen";
  await page.locator("#reason").fill(reason);
  await page.locator("#purpose").fill("Mahnlauf November");
  await page.getByRole("main").locator("button.btn-primary").click();
  await page.getByText(reason).first().waitFor();

  const owner = await it.person();
  await logIn(owner, it.demo.account("owner", 1));
  await owner.getByText(reason).first().waitFor();
  await owner.goto("/activity");
  await owner.getByText(/Kundenkonto „.*“ ist gesperrt/).first().waitFor();

  await page.reload();
  await follow(page, "Kundenkonto entsperren");
  await page.locator("#purpose").fill("Zahlung eingegangen");
  await page.getByRole("main").locator("button.btn-primary").click();
  await page.getByRole("link", { name: "Kundenkonto sperren" }).waitFor();
  quiet(page);
  quiet(owner);
});

test("staff create a customer whose owner sets a password by letter", async () => {
  const page = await it.person();
  await logIn(page, it.demo.account("operator"));
  await page.goto("/staff/customers/new");
  const email = "vera@buchbinderei.example";
  await page.locator("#name").fill("Buchbinderei Vera Oberländer-Schmidt");
  await page.locator("#contact_email").fill(email);
  await page.locator("#owner_name").fill("Vera Oberländer-Schmidt");
  await page.locator("#owner_email").fill(email);
  await page.locator("[name=setup_by_mail][value=true]").check();
  await page.locator("#purpose").fill("Bestellung vom 20.11.");
  await page.getByRole("main").locator("button.btn-primary").click();
  await page.getByRole("heading", { level: 1, name: /Buchbinderei/ }).waitFor();

  const letter = await it.demo.letter(email, /\/setup\//);
  const owner = await it.person({ script: false });
  await owner.goto(/https:\/\/\S+\/setup\/\S+/.exec(letter.text)[0]);
  const password = "Leim und Faden und Papier";
  await owner.getByLabel("Neues Passwort", { exact: true }).fill(password);
  await press(owner, "Passwort festlegen");
  await logIn(owner, { email, password });
  await owner.getByText("Buchbinderei Vera Oberländer-Schmidt").first().waitFor();
  quiet(page);
  quiet(owner);
});

test("a customer finds no desk and staff find no customer's pages", async () => {
  const customer = await it.person();
  await logIn(customer, it.demo.account("owner"));
  assert.ok((await customer.goto("/staff")).status() >= 400);
  const support = await it.person();
  await logIn(support, it.demo.account("support"));
  await support.goto("/");
  assert.ok(!(await support.content()).includes("sonnenkorn.localhost"));
  const answer = await support.goto("/mailboxes");
  assert.ok(answer.status() >= 400 || !(await support.content()).includes("sonnenkorn.localhost"));
});

// A ticket with files, from both sides.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { WAYS, stage } from "../stage.mjs";
import { logIn, press, quiet } from "../steps.mjs";

const it = stage();
const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

/** What the link of this name downloads. */
async function saved(page, name) {
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name, exact: true }).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

for (const { script, way } of WAYS) {
  const suffix = script ? "mit" : "ohne";

  test(`files come with a ticket, an answer and a note, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner"));
    await page.goto("/tickets/new");
    await page.getByLabel("Betreff").fill(`Der Shop zeigt einen Fehler ${suffix}`);
    await page.getByLabel("Nachricht", { exact: true }).fill("Im Anhang steht, was er sagt.");
    await page.locator("#files").setInputFiles([file("fehler.log", "Zeile 1"), file("noch einer.log", "Zeile 2")]);
    await press(page, "Anfrage senden");
    await page.getByText("fehler.log", { exact: true }).waitFor();
    const log = await saved(page, "noch einer.log");
    assert.deepEqual(log, { name: "noch einer.log", text: "Zeile 2" });
    const ticket = new URL(page.url()).pathname;

    const desk = await it.person({ script });
    await logIn(desk, it.demo.account("support"));
    await desk.goto(`/staff${ticket}`);
    assert.equal((await saved(desk, "fehler.log")).text, "Zeile 1");
    await desk.getByRole("radio", { name: /^Interne Notiz/ }).check();
    await desk.getByLabel("Nachricht", { exact: true }).fill("Nur für uns.");
    await desk.locator("#files").setInputFiles([file("verdacht.txt", "geheim")]);
    await press(desk, "Eintragen");
    const note = await desk.getByRole("link", { name: "verdacht.txt" }).getAttribute("href");

    await page.goto(ticket);
    assert.equal(await page.getByText("verdacht.txt").count(), 0);
    const refused = await page.request.get(new URL(note.replace("/staff", ""), page.url()).href);
    assert.equal(refused.status(), 404);
    quiet(page);
    quiet(desk);
  });
}

test("a file that is not taken is named, and what was typed stays", async () => {
  const page = await it.person({ script: false });
  await logIn(page, it.demo.account("owner"));
  await page.goto("/tickets/new");
  await page.getByLabel("Betreff").fill("Leer");
  await page.getByLabel("Nachricht", { exact: true }).fill("Und das hier ist leer.");
  await page.locator("#files").setInputFiles([file("leer.txt", "")]);
  await press(page, "Anfrage senden");
  await page.getByText("„leer.txt“ ist leer.").first().waitFor();
  assert.equal(await page.getByLabel("Nachricht", { exact: true }).inputValue(), "Und das hier ist leer.");
});

// A database, SQL in it, and the way back.

import { test } from "node:test";
import { WAYS, stage } from "../stage.mjs";
import { choose, follow, live, logIn, press, quiet, visit } from "../steps.mjs";

const it = stage();

for (const { script, way } of WAYS) {
  const name = script ? "kasse_mit" : "kasse_ohne";

  test(`SQL runs in a new database, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner"));
    await visit(page, "Datenbanken");
    await follow(page, "Datenbank anlegen");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await press(page, "Datenbank anlegen");
    await live(page, { script });
    await follow(page, "SQL-Konsole öffnen");
    const run = async (sql) => {
      await page.getByLabel("SQL-Anweisungen").fill(sql);
      await press(page, "Ausführen");
    };
    await run("CREATE TABLE brot (name TEXT); INSERT INTO brot VALUES ('Dinkel'), ('Roggen')");
    await page.getByText("2 Zeilen wurden geändert.").waitFor();
    await run("SELECT name FROM brot ORDER BY name");
    await page.getByRole("cell", { name: "Roggen" }).waitFor();
    await run("SELECT nichts FROM nirgends");
    await page.getByText("Ihre Eingabe steht unverändert da.").waitFor();
    quiet(page);
  });

  test(`a deleted database comes back with undo, ${way}`, async () => {
    const page = await it.person({ script });
    await logIn(page, it.demo.account("owner"));
    await visit(page, "Datenbanken");
    await follow(page, name);
    await choose(page, "In den Papierkorb");
    await page.getByLabel(`Zur Sicherheit bitte eintippen: ${name}`).fill(name);
    await press(page, "In den Papierkorb");
    await page.getByRole("status").getByText(/liegt im Papierkorb/).waitFor();
    await press(page, "Rückgängig machen");
    await visit(page, "Datenbanken");
    await follow(page, name);
    await live(page, { script });
    quiet(page);
  });
}

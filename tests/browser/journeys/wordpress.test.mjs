// An application as customers have it: WordPress on PHP and MariaDB, from the upload to the first reader.

import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { test } from "node:test";
import { stage } from "../stage.mjs";
import { follow, live, logIn, press, quiet } from "../steps.mjs";

/** What `./test` leaves there: Debian's package, packed as its makers pack theirs. */
const ARCHIVE = resolve(import.meta.dirname, "../../../target/applications/wordpress.zip");
const PLUGIN = "wp-content/plugins/akismet";
const TITLE = "Neues aus der Backstube";
const TEXT = "Ab morgen gibt es Dinkelbrötchen & Kürbisbrot – solange der Vorrat reicht.";
/** How long one of the application's pages may take on a machine that has much else to do. */
const PATIENCE = 45_000;
const PASSWORD = "ein Laib Brot und zwei Hörnchen";

const it = stage(() => access(ARCHIVE), ["--services"]);

/** The value beside a term on the page of what is shown once. */
function fact(page, term) {
  return page.locator(`dt:text-is("${term}") + dd .wb-secret`).first().textContent();
}

/** Opens the menu of a file in the open folder and chooses an entry. */
async function act(page, name, what) {
  await page.getByRole("button", { name: `Aktionen für ${name}`, exact: true }).click();
  await page.locator(".wb-menu:popover-open").getByText(what, { exact: true }).click();
}

/** A webspace with PHP that shows the application in it; answers its address. */
async function webspace(page) {
  await page.goto("/webspaces/new");
  await page.getByLabel("Name", { exact: true }).fill("blog");
  await press(page, "Webspace anlegen");
  await page.getByText("Dieses Passwort sehen Sie nur jetzt.").waitFor();
  await follow(page, "Zum Webspace");
  await live(page);
  const own = new URL(page.url()).pathname;
  await follow(page, "Dateien");
  await page.getByLabel("Dateien hochladen").setInputFiles(ARCHIVE);
  await press(page, "Hochladen");
  await page.getByText("Hochgeladen.").waitFor({ timeout: PATIENCE });
  await act(page, "wordpress.zip", "Hier entpacken");
  await page.getByText("Entpackt.").waitFor({ timeout: PATIENCE });
  // A plugin that comes along shuts its directory by rules for Apache: nginx does the same, and nothing waits for it.
  await page.goto(`${own}/rules`);
  await page.getByText(`wordpress/${PLUGIN}/.htaccess`).first().waitFor();
  await page.getByText(/Sperrt ihr Verzeichnis bis auf einzelne Dateien/).first().waitFor();
  await page.goto(`${own}/settings`);
  await page.getByLabel("Zielverzeichnis").fill("wordpress");
  const php = page.getByLabel("PHP", { exact: true });
  await php.selectOption(await php.locator("option").last().getAttribute("value"));
  await press(page, "Übernehmen");
  await page.goto(own);
  await live(page);
  return page.getByRole("link", { name: /^Website öffnen/ }).getAttribute("href");
}

/** A database on MariaDB: what a program has to know of it. */
async function database(page) {
  await page.goto("/databases/new");
  await page.getByLabel("Name", { exact: true }).fill("blog");
  await page.getByRole("radio", { name: /^MariaDB/ }).check();
  await press(page, "Datenbank anlegen");
  await page.getByText("Dieses Passwort sehen Sie nur jetzt.").waitFor();
  const password = await page.locator(".wb-once .wb-secret").textContent();
  const [host, port, name, user] = await Promise.all(["Host", "Port", "Datenbank", "Benutzer"].map((term) => fact(page, term)));
  await follow(page, "Zur Datenbank");
  await live(page);
  await follow(page, "SQL-Konsole öffnen");
  await page.waitForURL(/\/sql$/);
  return { host: `${host}:${port}`, name, user, password, console: page.url() };
}

/** Answers the installer's questions. */
async function install(page, address, known) {
  await page.goto(address);
  await page.waitForURL(/setup-config\.php/);
  await page.getByRole("link", { name: /Let’s go/ }).click();
  await page.locator("#dbname").fill(known.name);
  await page.locator("#uname").fill(known.user);
  await page.locator("#pwd").fill(known.password);
  await page.locator("#dbhost").fill(known.host);
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByRole("link", { name: "Run the installation" }).click();
  await page.locator("#weblog_title").fill("Sonnenkorn");
  await page.locator("#user_login").fill("baeckerin");
  await page.locator("#pass1").fill(PASSWORD);
  await page.locator("#admin_email").fill("baeckerin@sonnenkorn.example");
  await page.getByRole("button", { name: "Install WordPress" }).click();
  await page.getByRole("heading", { name: "Success!" }).waitFor();
}

/** Writes an article in the application's own editor, and answers where it is read. */
async function write(page, address) {
  await page.goto(`${address}wp-admin/post-new.php`);
  await page.getByRole("dialog").getByRole("button", { name: /^Close/ }).click();
  // Newer ones put what is written into a frame of its own.
  const title = page.getByRole("textbox", { name: "Add title" });
  const framed = page.frameLocator("iframe[name=editor-canvas]").getByRole("textbox", { name: "Add title" });
  const field = await Promise.any([title, framed].map((place) => place.waitFor().then(() => place)));
  await field.fill(TITLE);
  await page.keyboard.press("Enter");
  await page.keyboard.type(TEXT);
  await page.getByRole("button", { name: "Publish", exact: true }).first().click();
  const panel = page.getByRole("region", { name: "Editor publish" });
  await panel.getByRole("button", { name: "Publish", exact: true }).click();
  return panel.getByRole("link", { name: "View Post" }).getAttribute("href");
}

/** Notes what the application's own pages lack or complain of. */
function witness(page, address) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
  page.on("response", (answer) => {
    if (answer.url().startsWith(address) && answer.status() >= 400) complaints.push(`${answer.status()} ${answer.url()}`);
  });
  return complaints;
}

test("WordPress is uploaded, installed, written in and read", async () => {
  const owner = await it.person();
  await logIn(owner, it.demo.account("owner"));
  const [address, known] = [await webspace(owner), await database(owner)];
  quiet(owner);

  const page = await it.person();
  page.setDefaultTimeout(PATIENCE);
  const complaints = witness(page, address);
  await install(page, address, known);
  await page.getByRole("link", { name: "Log In" }).click();
  await page.locator("#user_login").fill("baeckerin");
  await page.locator("#user_pass").fill(PASSWORD);
  await page.getByRole("button", { name: "Log In" }).click();
  await page.waitForURL(/wp-admin\/$/);
  const article = await write(page, address);
  assert.ok(article.startsWith(address), article);

  const visitor = await it.person({ script: false });
  visitor.setDefaultTimeout(PATIENCE);
  await visitor.goto(address);
  await visitor.getByRole("link", { name: TITLE }).first().click();
  assert.equal(visitor.url(), article);
  await visitor.getByText(TEXT).waitFor();
  assert.match(await visitor.title(), /Sonnenkorn/);
  // Its password of the database is run, and never shown.
  const configuration = await visitor.goto(`${address}wp-config.php`);
  assert.deepEqual([configuration.status(), await configuration.text()], [200, ""]);
  assert.deepEqual(complaints, []);

  // What it wrote is the customer's, and lies in the database that the portal shows.
  await owner.goto(known.console);
  await owner.getByLabel("SQL-Anweisungen").fill("SELECT post_title FROM wp_posts WHERE post_status = 'publish'");
  await press(owner, "Ausführen");
  await owner.getByRole("cell", { name: TITLE }).waitFor();
  quiet(owner);
});

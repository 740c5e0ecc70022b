// A customer account that looks lived in, and every page that each role can reach in it.

import { crawl } from "./pages.mjs";
import { person } from "./browser.mjs";
import { follow, logIn, press } from "./steps.mjs";

const SCOPES = [
  "Webspaces anlegen und ändern", "Domains anlegen, bestätigen und löschen", "Datenbanken anlegen und ändern",
  "E-Mail-Postfächer und Alias-Adressen anlegen und ändern",
];

/** A program's key for the customer of `page`, made by the form. */
export async function token(page, name) {
  await page.goto("/account/tokens/new");
  await page.getByLabel("Bezeichnung").fill(name);
  for (const scope of SCOPES) await page.getByLabel(scope, { exact: true }).check();
  await press(page, "API-Schlüssel anlegen");
  const text = await page.locator(".wb-secret").first().textContent();
  await follow(page, "Ich habe ihn gesichert");
  return text.trim();
}

async function made(demo, key, path, body) {
  const answer = await demo.call("POST", path, key, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Installs two plugins by their forms; one of them ran. */
async function plugins(page, demo) {
  await page.goto("/plugins/catalogue/quota-alert");
  await press(page, "Erlauben und einrichten");
  await page.waitForURL((url) => !url.pathname.startsWith("/plugins/catalogue/"));
  await page.goto("/plugins/catalogue/dyndns");
  await press(page, "Erlauben und einrichten");
  const password = (await page.locator(".wb-secret").first().textContent()).trim();
  await follow(page, "Kopiert, weiter");
  const address = (await page.locator(".wb-secret").filter({ hasText: /^\s*https:.*\/update\s*$/ }).first().textContent()).trim();
  for (const to of ["203.0.113.7", "203.0.113.8"]) {
    const { status, text } = await demo.hook(`${address}?hostname=daheim.localhost&myip=${to}`, password);
    if (status !== 200) throw new Error(`${address}: ${status} ${text}`);
  }
}

/** Fills the first customer: long names, every state, mail, trash, an open invitation, a key. */
async function fill(page, demo) {
  const key = await token(page, "Sicherung auf dem Büro-Server");
  await made(demo, key, "/domains", { name: "backstube-sonnenkorn-meisterbetrieb.example" });
  const address = "ausbildung.und.bewerbungen@sonnenkorn.localhost";
  const password = "drei Körbe voller Äpfel";
  const full = await made(demo, key, "/mailboxes", { address, password, quota_bytes: 1_000_000 });
  const off = await made(demo, key, "/databases", { name: "zeiterfassung_2026", engine: "sqlite" });
  await made(demo, key, `/databases/${off.id}/suspend`, { reason: "Umzug auf die neue Kasse" });
  const shop = await made(demo, key, "/webspaces", { name: "weihnachtsbaeckerei-bestellungen" });
  const old = await made(demo, key, "/webspaces", { name: "sommerfest-2024" });
  await demo.call("DELETE", `/webspaces/${old.id}`, key);
  for (let letter = 1; letter <= 3; letter += 1) {
    const subject = `Bewerbung um den Ausbildungsplatz als Bäckerin oder Bäcker (${letter})`;
    await demo.deliver(address, { from: "julia.hoffmann-lindemann@example.com", subject, text: "Guten Tag,\n\nanbei.\n".repeat(16_000) });
  }
  await made(demo, key, "/domains", { name: "daheim.localhost" });
  await plugins(page, demo);
  await page.goto("/members/invite");
  await page.getByLabel("E-Mail-Adresse").fill("webagentur@hoffmann-lindemann.example");
  await press(page, "Einladung verschicken");
  await demo.letter("webagentur@hoffmann-lindemann.example");
  return { full, shop };
}

/** A second customer with nothing in it, so that empty lists are seen as well. */
async function empty(browser, demo) {
  const desk = await person(browser, demo);
  await logIn(desk, demo.account("operator"));
  await desk.goto("/staff/customers/new");
  const email = "vera@buchbinderei.example";
  await desk.locator("#name").fill("Buchbinderei Vera Oberländer-Schmidt");
  await desk.locator("#contact_email").fill(email);
  await desk.locator("#owner_name").fill("Vera Oberländer-Schmidt");
  await desk.locator("#owner_email").fill(email);
  await desk.locator("[name=setup_by_mail][value=true]").check();
  await desk.locator("#purpose").fill("Bestellung vom 20.11.");
  await desk.getByRole("main").locator("button.btn-primary").click();
  const letter = await demo.letter(email, /\/setup\//);
  await desk.context().close();
  const owner = await person(browser, demo);
  await owner.goto(/https:\/\/\S+\/setup\/\S+/.exec(letter.text)[0]);
  const password = "Leim und Faden und Papier";
  await owner.getByLabel("Neues Passwort", { exact: true }).fill(password);
  await press(owner, "Passwort festlegen");
  await owner.getByText("Ihr neues Passwort gilt.").waitFor();
  await owner.context().close();
  demo.accounts.push({ role: "newcomer", email, password });
}

/** A colleague in the first customer who sees how things stand and may change none of them. */
async function viewer(browser, owner, demo) {
  const email = "lukas@sonnenkorn.example";
  await owner.goto("/members/invite");
  await owner.getByLabel("E-Mail-Adresse").fill(email);
  await owner.getByRole("radio", { name: /^Beobachter/ }).check();
  await press(owner, "Einladung verschicken");
  const letter = await demo.letter(email, /\/invitation\//);
  const page = await person(browser, demo);
  await page.goto(/https:\/\/\S+\/invitation\/\S+/.exec(letter.text)[0]);
  const password = "nur schauen und nichts anfassen";
  await page.getByLabel("Ihr Name").fill("Lukas Brandt");
  await page.getByLabel("Neues Passwort", { exact: true }).fill(password);
  await press(page, "Einladung annehmen");
  await page.getByText("Sie haben die Einladung angenommen.").waitFor();
  await page.context().close();
  demo.accounts.push({ role: "viewer", email, password });
}

/** What the house's people keep among themselves: a review of rights, and a role that waits for an answer. */
async function rights(browser, demo) {
  const boss = await person(browser, demo);
  await logIn(boss, demo.account("management"));
  await boss.goto("/staff/access-reviews");
  await boss.locator("#purpose").fill("Prüfung zum Quartalsbeginn");
  await press(boss, "Jetzt beginnen");
  await boss.waitForURL(/\/staff\/access-reviews\/arv_/);
  await boss.goto("/staff/people/new");
  await boss.locator("#name").fill("Friederike Oberländer-Weißenberger");
  await boss.locator("#email").fill("friederike.oberlaender-weissenberger@hoster.example");
  await boss.locator("[name=roles][value=auditor]").check();
  await boss.locator("#purpose").fill("Vertretung der Prüfung bis zum Ende der Elternzeit");
  await press(boss, "Rolle beantragen");
  await boss.waitForURL(/\/staff\/people\?done=asked/);
  await boss.context().close();
}

/** A known problem with a ticket of it, and a way through the queue that support comes back to. */
async function desk(browser, demo) {
  const support = await person(browser, demo);
  await logIn(support, demo.account("support"));
  await support.goto("/staff/problems/new");
  await support.locator("#title").fill("Zustellung an große Anbieter verzögert sich um Stunden");
  await support.locator("#notice").fill("E-Mails an große Anbieter kommen zurzeit später an. Verloren geht nichts.");
  await press(support, "Störung anlegen");
  await support.waitForURL(/\/staff\/problems\/kpr_/);
  const problem = new URL(support.url()).pathname.split("/").at(-1);
  await support.goto("/staff/tickets");
  await support.locator("[data-row] a").first().click();
  await support.waitForURL(/\/staff\/tickets\/tkt_/);
  await support.locator("#problem").selectOption(problem);
  await support.locator("form[action$='/problem'] button").click();
  await support.locator(`main a[href='/staff/problems/${problem}']`).first().waitFor();
  await support.goto(`${QUEUE}&priority=high`);
  await support.locator("#name").fill("Meine dringenden Anfragen");
  await press(support, "Speichern");
  await support.locator("[aria-current=true]").filter({ hasText: "Meine dringenden Anfragen" }).waitFor();
  await support.context().close();
}

/** The queue, narrowed to one's own. */
const QUEUE = "/staff/tickets?lane=working&owner=me";
/** The same page in states that its address alone does not tell: with a view that is kept, and with one to keep. */
const VIEWS = [
  { path: `${QUEUE}&priority=high`, kind: "/staff/tickets?view" },
  { path: QUEUE, kind: "/staff/tickets?narrowed" },
];
/** Whoever has to do with a customer's account. */
export const CUSTOMERS = ["guest", "owner", "viewer", "newcomer"];
/** Whoever works at the desk. */
export const DESK = ["operator", "support", "privacy_officer", "management", "auditor"];

/** Pages that no link leads to. */
const GUEST = ["/login", "/login?done=logout", "/reset", "/reset/kein-gueltiger-link", "/invitation/keiner", "/unlock/keiner", "/access-help", "/access-help/letter", "/access-help/unlock", "/access-help/write", "/contact-proved", "/login/lost", "/factor-kept", "/owner-kept", "/instruction-answered", "/gibt-es-nicht"];
const ERRORS = ["/gibt-es-nicht", "/webspaces/web_00000000000000000000000000", "/search?q=sonnenkorn", "/search?q=gibtesnicht", "/mailboxes?q=gibtesnicht"];

/** What no link leads to, by role. */
const BEYOND = { owner: ERRORS.map((path) => ({ path, kind: path })), support: VIEWS };

/** Furnishes the demo, then answers every page of each of `roles`: `[{ role, pages }]`. */
export async function furnish(browser, demo, roles = [...CUSTOMERS, ...DESK]) {
  const owner = await person(browser, demo);
  await logIn(owner, demo.account("owner"));
  await fill(owner, demo);
  await viewer(browser, owner, demo);
  await owner.context().close();
  await empty(browser, demo);
  await rights(browser, demo);
  await desk(browser, demo);
  const places = [];
  for (const role of roles) {
    if (role === "guest") {
      places.push({ role, pages: GUEST.map((path) => ({ path, kind: path })) });
      continue;
    }
    const page = await person(browser, demo);
    await logIn(page, demo.account(role));
    const pages = await crawl(page, [DESK.includes(role) ? "/staff" : "/"]);
    places.push({ role, pages: [...pages, ...(BEYOND[role] ?? [])] });
    await page.context().close();
  }
  return places;
}

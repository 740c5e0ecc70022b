// Chromium as a customer has it, and a witness of everything that must not happen in it.

import { chromium } from "playwright-core";

const PROGRAM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP *.localhost 127.0.0.1",
];

/** The widths that pages are looked at. */
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** Starts the browser, with German in its own controls. */
export function launch(flags = []) {
  const env = { ...process.env, LANGUAGE: "de" };
  return chromium.launch({ executablePath: PROGRAM, args: ["--headless=new", "--lang=de", ...FLAGS, ...flags], env });
}

/**
 * A browser of one person: its own cookies, and a list of complaints (console errors, blocked
 * content, broken scripts, server errors) that `quiet` proves empty.
 */
export async function person(browser, demo, { script = true, size = DESKTOP, language = "de-DE", theme = "light", trusting = false } = {}) {
  const context = await browser.newContext({
    baseURL: demo.portal,
    ignoreHTTPSErrors: !trusting,
    javaScriptEnabled: script,
    viewport: size,
    locale: language,
    colorScheme: theme,
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(15_000);
  const complaints = [];
  context.on("page", (page) => witness(page, demo.portal, complaints));
  const page = await context.newPage();
  page.complaints = complaints;
  page.scripted = script;
  return page;
}

function witness(page, portal, complaints) {
  const ours = () => page.url().startsWith(portal);
  page.on("console", (message) => {
    if (message.type() !== "error" || !ours()) return;
    // The browser itself notes every answer from 400 on; those are judged by their status below.
    if (/Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())) return;
    complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
  page.on("response", (answer) => {
    const asset = answer.request().resourceType() !== "document" && answer.url().startsWith(portal);
    if (answer.status() >= 500 || (asset && answer.status() >= 400)) {
      complaints.push(`${answer.status()} ${answer.url()}`);
    }
  });
}

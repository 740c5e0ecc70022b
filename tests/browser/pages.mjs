// Finds the pages there are: everything that links, menus and crumbs lead to, one page per kind.
//
// Two addresses are the same kind when they differ in ids, keys and queries only, so a list of a
// thousand mailboxes is not a thousand pages.

/** The kind of page an address leads to. */
export function kind(address) {
  const url = new URL(address);
  const path = url.pathname
    .replace(/\/[a-z]{3}_[0-9a-z]{26}/g, "/{id}")
    .replace(/\/messages\/[^/]+/, "/messages/{key}")
    .replace(/\/attachments\/.*/, "/attachments/{index}");
  return `${path}${url.searchParams.has("path") ? "?path" : ""}`;
}

/** Addresses that answer no page, or end what the crawl needs. */
const NO_PAGE = /\.csv$|\.json$|\.svg$|\/package$|\/export\.sql$|\/files\/download|\/attachments\/|\/messages\/[^/]+\/(raw|html)$|\/live$/;

/** Every page that can be reached from `starts`, as `{ path, kind }`, in the order found. */
export async function crawl(page, starts) {
  const found = new Map();
  const open = starts.map((path) => ({ path }));
  while (open.length > 0) {
    const { path } = open.shift();
    const address = new URL(path, page.url());
    const name = kind(address);
    if (found.has(name) || NO_PAGE.test(address.pathname)) continue;
    const answer = await page.goto(address.href);
    if (!answer || !(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    found.set(name, { path: address.pathname + address.search, kind: name, status: answer.status() });
    const links = await page.locator("a[href]").evaluateAll((all) => all.map((link) => link.href));
    for (const link of links) {
      const url = new URL(link);
      if (url.origin === address.origin) open.push({ path: url.pathname + url.search });
    }
  }
  return [...found.values()];
}

/** Menus of the frame, which are the same on every page of a role. */
export const FRAME = ["account", "menu"];

/**
 * Opens every menu of the page whose sort is not in `known`, one at a time, and calls `look` with its sort and its
 * selector while it is open.
 */
export async function menus(page, look, known = []) {
  const buttons = page.locator("button[popovertarget]:visible");
  const seen = new Set(known);
  for (let place = 0; place < (await buttons.count()); place += 1) {
    const button = buttons.nth(place);
    const target = await button.getAttribute("popovertarget");
    // Rows of a list have the same menu; the first stands for all.
    const sort = target.replace(/\d+$/, "");
    if (seen.has(sort) || (await button.getAttribute("popovertargetaction")) === "hide") continue;
    seen.add(sort);
    await button.click();
    const menu = page.locator(`[id="${target}"]`);
    if (await menu.evaluate((box) => box.matches(":popover-open"))) {
      await look(sort, `[id="${target}"]`);
      await page.keyboard.press("Escape");
    }
  }
}

/** How far the page can be scrolled sideways, in pixels. */
export function overhang(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Texts that are squeezed into a column a few letters wide: what they say, shortened. */
export function squeezed(page) {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set();
    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (text.data.trim().length < 12) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const { width, height } = range.getBoundingClientRect();
      const line = Number.parseFloat(getComputedStyle(text.parentElement).fontSize) * 1.5;
      if (width > 0 && width < line * 2 && height > line * 5) found.add(text.data.trim().slice(0, 40));
    }
    return [...found];
  });
}

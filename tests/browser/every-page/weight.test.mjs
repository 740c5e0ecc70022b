// How much a visit carries over the wire: design part 10.

import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { after, test } from "node:test";
import { connect } from "node:tls";
import { launch, person } from "../browser.mjs";
import { until } from "../demo.mjs";
import { stage } from "../stage.mjs";
import { logIn, quiet } from "../steps.mjs";

const FIRST = 130 * 1024;
const LATER = 15 * 1024;
const PLACES = ["/", "/webspaces", "/mailboxes", "/databases", "/activity", "/members", "/webspaces/new", "/account"];

// A browser keeps nothing of a server whose certificate it was told to overlook; so this one is told
// to believe the certificate instead.
let trusting;
const it = stage(async ({ demo }) => {
  const { hostname, port } = new URL(demo.portal);
  const socket = connect({ host: hostname, port, servername: hostname, ca: demo.authority });
  await once(socket, "secureConnect");
  const key = new X509Certificate(socket.getPeerCertificate(true).raw).publicKey.export({ type: "spki", format: "der" });
  socket.destroy();
  trusting = await launch([`--ignore-certificate-errors-spki-list=${createHash("sha256").update(key).digest("base64")}`]);
});
after(() => trusting?.close());

/** Counts what arrives while `act` runs, heads and bodies as they were sent; the stream of news never ends. */
async function carried(page, act) {
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  const parts = new Map();
  network.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
    if (type !== "EventSource") parts.set(requestId, { url: request.url, bytes: 0, done: false });
  });
  const end = ({ requestId, encodedDataLength = 0 }) => {
    const part = parts.get(requestId);
    if (part) Object.assign(part, { bytes: encodedDataLength, done: true });
  };
  network.on("Network.loadingFinished", end);
  network.on("Network.loadingFailed", end);
  await act();
  const missing = () => [...parts.values()].filter(({ done }) => !done).map(({ url }) => url);
  await until(() => missing().join(", "), () => missing().length === 0);
  await network.detach();
  const all = [...parts.values()].filter(({ bytes }) => bytes > 0);
  return { bytes: all.reduce((sum, { bytes }) => sum + bytes, 0), all };
}

const told = ({ bytes, all }) => `${bytes} bytes: ${all.map(({ url, bytes }) => `${new URL(url).pathname} ${bytes}`).join(", ")}`;

test("the first visit carries at most 130 KB and every later page at most 15 KB", async () => {
  const page = await person(trusting, it.demo, { trusting: true });
  await logIn(page, it.demo.account("owner"));
  const network = await page.context().newCDPSession(page);
  await network.send("Network.clearBrowserCache");
  const first = await carried(page, () => page.goto("/"));
  assert.ok(first.bytes > 20_000, `the cache was not empty: ${told(first)}`);
  assert.ok(first.bytes <= FIRST, told(first));
  for (const place of PLACES) {
    const later = await carried(page, () => page.goto(place));
    assert.ok(later.bytes <= LATER, `${place}: ${told(later)}`);
  }
  quiet(page);
});

test("what is sent as text is compressed, and what never changes is kept", async () => {
  const page = await it.person();
  const answers = [];
  page.on("response", (answer) => answers.push(answer));
  await page.goto("/login");
  for (const answer of answers) {
    const { pathname } = new URL(answer.url());
    const headers = await answer.allHeaders();
    if (/\.(css|js|svg)$/.test(pathname)) assert.match(headers["content-encoding"] ?? "", /^(br|zstd|gzip)$/, pathname);
    if (pathname.startsWith("/assets/")) assert.match(headers["cache-control"], /immutable/, pathname);
  }
  quiet(page);
});

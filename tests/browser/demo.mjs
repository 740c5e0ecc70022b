// Starts a demo of its own for a test file: fresh data in a temporary folder, free ports.
//
// Nothing is shared between two files, so they run in any order. `WABE` names another binary.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { request } from "node:https";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const BINARY = process.env.WABE ?? resolve(import.meta.dirname, "../../target/debug/wabe");
/** The packages that `./test` and `./run` leave there. */
const PLUGINS = resolve(import.meta.dirname, "../../plugins");
const START_MS = 120_000;
const STOP_MS = 30_000;
/** Letters go out in rounds. */
const LETTER_MS = 60_000;

/** Asks `look` until it answers something, at most `limit` milliseconds. `what` may be asked when it is late. */
export async function until(what, look, limit = 15_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${typeof what === "function" ? what() : what}`);
    await new Promise((go) => setTimeout(go, 50));
  }
}

/** A running demo: where it answers, who can log in, and what it has written. */
export class Demo {
  #child;
  #home;
  #said = "";

  /** Starts it, with further flags, and waits until everything answers. */
  static async start(more = []) {
    const demo = new Demo();
    demo.#home = await mkdtemp(join(tmpdir(), "wabe-browser-"));
    demo.data = join(demo.#home, "data");
    const readyFile = join(demo.#home, "ready.json");
    const flags = ["--ephemeral-ports", "--fresh", "--ready-file", readyFile, "--data", demo.data, "--plugins", PLUGINS, ...more];
    const child = spawn(BINARY, ["demo", ...flags], { stdio: ["ignore", "pipe", "pipe"] });
    const hear = (piece) => (demo.#said += piece);
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", hear);
    demo.#child = child;
    await until("the demo to answer", async () => {
      if (child.exitCode !== null || child.pid === undefined) throw new Error(`the demo ended: ${demo.#said}`);
      return access(readyFile).then(() => true, () => false);
    }, START_MS);
    Object.assign(demo, JSON.parse(await readFile(readyFile, "utf8")));
    demo.authority = await readFile(demo.ca_file);
    return demo;
  }

  /** The account of this role; of several, the one at `place`. */
  account(role, place = 0) {
    return this.accounts.filter((account) => account.role === role)[place];
  }

  /** Ends it and removes its data. */
  async stop() {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await gone;
      clearTimeout(late);
    }
    await rm(this.#home, { recursive: true, force: true });
  }

  /** What it has said so far, for a failure's report. */
  get log() {
    return this.#said;
  }

  /** The newest letter to `address` whose text matches, as `{ head, text }`. */
  letter(address, matching = /./) {
    const folder = join(this.data, "outbox");
    return until(`a letter to ${address}`, async () => {
      const names = await readdir(folder).catch(() => []);
      const letters = await Promise.all(names.filter((name) => name.endsWith(".eml")).map(async (name) => {
        const raw = await readFile(join(folder, name), "utf8");
        const [head, ...body] = raw.split(/\r?\n\r?\n/);
        return { name, head, text: decoded(head, body.join("\n\n")) };
      }));
      const fitting = letters.filter(({ head, text }) => head.includes(address) && matching.test(text));
      return fitting.sort((a, b) => a.name.localeCompare(b.name)).at(-1);
    }, LETTER_MS);
  }

  /** Delivers a message the way another mail server would. */
  async deliver(to, { from = "kundin@example.com", subject = "Bestellung", text = "Guten Tag" } = {}) {
    const [host, port] = this.smtp.split(":");
    const socket = createConnection({ host, port: Number(port) });
    socket.setEncoding("utf8");
    const replies = socket[Symbol.asyncIterator]();
    let heard = "";
    const say = async (line, wanted) => {
      if (line !== null) socket.write(`${line}\r\n`);
      while (!/^\d{3} .*\r\n/m.test(heard)) {
        const piece = await replies.next();
        if (piece.done) throw new Error(`the mail intake hung up after ${line}`);
        heard += piece.value;
      }
      if (!heard.startsWith(wanted)) throw new Error(`${line}: ${heard}`);
      heard = "";
    };
    await say(null, "220");
    await say("EHLO browser.example", "250");
    await say(`MAIL FROM:<${from}>`, "250");
    await say(`RCPT TO:<${to}>`, "250");
    await say("DATA", "354");
    const head = [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, "Content-Type: text/plain; charset=utf-8"];
    await say([...head, "", ...text.split("\n").map((line) => line.replace(/^\./, "..")), "."].join("\r\n"), "250");
    await say("QUIT", "221");
    socket.destroy();
  }

  /** Calls an address for webhooks as a router does: GET with a user name and a password. */
  async hook(address, password) {
    const asking = request(address, { method: "GET", auth: `router:${password}`, ca: this.authority });
    asking.end();
    const [answer] = await once(asking, "response");
    let text = "";
    for await (const piece of answer.setEncoding("utf8")) text += piece;
    return { status: answer.statusCode, text };
  }

  /** One call of the API. The local authority is trusted, nothing else. */
  async call(method, path, token, body) {
    const headers = { accept: "application/json", authorization: `Bearer ${token}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    const asking = request(`${this.api}${path}`, { method, headers, ca: this.authority });
    asking.end(body === undefined ? undefined : JSON.stringify(body));
    const [answer] = await once(asking, "response");
    let text = "";
    for await (const piece of answer.setEncoding("utf8")) text += piece;
    return { status: answer.statusCode, body: text ? JSON.parse(text) : null };
  }
}

/** The text of a letter, whatever its transfer encoding. */
function decoded(head, body) {
  const encoding = /^content-transfer-encoding:\s*(\S+)/im.exec(head)?.[1].toLowerCase();
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return body;
  const bytes = body.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/gi, (_all, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as kit from "../index.js";
import { begin } from "../lib/chance.js";
import { effect, written } from "../lib/effect.js";
import { events, forms, tasks, webhooks } from "../lib/entry.js";
import { call, Failure, Problem, told } from "../lib/failure.js";
import { bytes, text } from "../lib/utf8.js";

const context = {
  runId: "run_1", locale: "de", idempotencyKey: "idem", settings: '{"limit":3}', nowMs: 1000, attempt: 1,
};
const refused = (work) => {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("nothing was thrown");
};

test("everything that is exported has a type, and the other way round", () => {
  const types = readFileSync(new URL("../index.d.ts", import.meta.url), "utf8");
  const declared = [...types.matchAll(/^export (?:declare )?(?:const|function|class) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual([...new Set(declared)].sort(), Object.keys(kit).sort());
});

test("every node of a page has a type", () => {
  const types = readFileSync(new URL("../index.d.ts", import.meta.url), "utf8");
  const of = types.slice(types.indexOf("export const ui"));
  for (const name of Object.keys(kit.ui)) assert.match(of, new RegExp(`^  ${name}\\(`, "m"));
});

test("chance is another in every run, and the same in a replay of it", () => {
  const engine = Math.random;
  const row = (run) => {
    begin(run);
    return Array.from({ length: 1000 }, Math.random);
  };
  try {
    const [one, again, other] = [row("run_1"), row("run_1"), row("run_2")];
    assert.deepEqual(one, again);
    assert.notDeepEqual(one, other);
    assert.ok(one.every((drawn) => drawn >= 0 && drawn < 1));
    const mean = one.reduce((sum, drawn) => sum + drawn, 0) / one.length;
    assert.ok(mean > 0.45 && mean < 0.55, `${mean}`);
    assert.equal(new Set(one).size, one.length);
  } finally {
    Math.random = engine;
  }
});

test("texts survive as bytes, and broken bytes do not matter", () => {
  const long = "a".repeat(10_000);
  for (const all of ["", "abc", "Grüße €", "\u{1f36f}\u{10ffff}", long, `${long}ß${long}`]) {
    assert.deepEqual(bytes(all), new TextEncoder().encode(all));
    assert.equal(text(bytes(all)), all);
  }
  assert.deepEqual(bytes("\ud800"), new TextEncoder().encode("\ufffd"));
  for (const all of [[0xff], [0xc3], [0xe2, 0x82], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80, 65]]) {
    assert.match(text(all), /^\ufffd+A?$/);
  }
});

test("effects are commands with fields", () => {
  const [first, second] = written([effect("a.b", { x: 1 }, { on: "id_1" }), effect("a.b", {}, { key: "own" })]);
  assert.deepEqual(first, { kind: "a.b", target: "id_1", args: '{"x":1}', key: "" });
  assert.equal(second.key, "own");
});

test("the function with the fewest stars runs", () => {
  for (const topic of ["*", "mailbox.*", "mailbox.create"]) kit.event(topic, () => ({ data: topic }));
  const ran = (topic) => JSON.parse(events.handle(context, { topic, payload: "{}" }).data);
  assert.equal(ran("mailbox.create"), "mailbox.create");
  assert.equal(ran("mailbox.delete"), "mailbox.*");
  assert.equal(ran("quota.reached"), "*");
});

test("a task goes on while it has a cursor", () => {
  kit.task("nightly", (_, { cursor }) => (cursor ? undefined : { cursor: 7 }));
  assert.equal(tasks.run(context, "nightly", 0, null).cursor, "7");
  assert.deepEqual(tasks.run(context, "nightly", 0, "7"), { effects: [], data: "", cursor: null });
});

test("a webhook reads its request and may answer nothing", () => {
  kit.webhook((_, request) => (request.params.quiet ? undefined : kit.reply.text(`${request.params.a}|${request.text()}`)));
  const request = { path: "/", query: "a=1+%C3%A4&a=2", headers: [], body: bytes("ö") };
  const reply = webhooks.receive(context, request);
  assert.equal(text(reply.body), "1 ä|ö");
  assert.equal(webhooks.receive(context, { ...request, query: "quiet=1" }).status, 204);
});

test("a form is a page, sent or not", () => {
  kit.form("main", (own, { input }) => [kit.ui.text(input ? input.name : String(own.settings.limit))]);
  assert.deepEqual(JSON.parse(forms.render(context, "main", "{}").ui).nodes, [{ kind: "text", text: "3" }]);
  assert.deepEqual(JSON.parse(forms.submit(context, "main", '{"name":"x"}').ui).nodes, [{ kind: "text", text: "x" }]);
});

test("what was thrown becomes a failure", () => {
  assert.deepEqual(told(new Failure("down", "no", { retryAfterMs: 5 })), {
    code: "down", message: "no", retryable: true, retryAfterMs: 5, detail: null,
  });
  assert.equal(told(new Problem("conflict", "m", "h")).retryable, true);
  assert.equal(told(new TypeError("t")).code, "exception");
  assert.equal(told("text").message, "thrown: text");
  const missing = refused(() => tasks.run(context, "unknown", 0, null));
  assert.equal(missing.code, "not-implemented");
  kit.task("async", async () => {});
  assert.equal(refused(() => tasks.run(context, "async", 0, null)).code, "async-handler");
});

test("a refusal of the host is a problem; outside of the sandbox all are", () => {
  const problem = refused(() => call(() => {
    throw { code: "denied", message: "m", how: "h" };
  }));
  assert.ok(problem instanceof Problem);
  assert.equal(refused(() => kit.kv.get("x")).code, "unavailable");
});

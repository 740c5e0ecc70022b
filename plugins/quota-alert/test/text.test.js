import assert from "node:assert/strict";
import test from "node:test";
import { hostOf, request } from "../src/chat.js";
import { sentence, size, subject } from "../src/text.js";

const german = { text: (de) => de };
const english = { text: (_, en) => en };
const quota = {
  object: { kind: "mailbox", id: "mbx_1", name: "info@example.de" },
  used_bytes: 1.9e9,
  max_bytes: 2e9,
  percent: 95,
};

test("sizes have the unit and the point that people expect", () => {
  assert.equal(size(0, ","), "0 Bytes");
  assert.equal(size(999, ","), "999 Bytes");
  assert.equal(size(1_500, ","), "1,5 kB");
  assert.equal(size(2_000_000_000, "."), "2.0 GB");
});

test("a message names what is full", () => {
  assert.equal(subject(german, quota), "info@example.de: 95 % belegt");
  assert.equal(sentence(german, quota), "E-Mail-Postfach info@example.de ist zu 95 % belegt: 1,9 GB von 2,0 GB.");
  assert.equal(sentence(english, { ...quota, object: { kind: "new", name: "x" } }), "Storage x is 95 % full: 1.9 GB of 2.0 GB.");
});

test("every service gets what it expects", () => {
  assert.deepEqual(request("https://hooks.slack.com/services/x", "t", quota), { json: { text: "t" } });
  assert.deepEqual(request("https://discord.com/api/webhooks/x", "t", quota), { json: { content: "t" } });
  assert.deepEqual(request("https://ntfy.sh/x", "t", quota), { text: "t" });
  assert.equal(request("https://example.org/x", "t", quota).json.percent, 95);
});

test("a host is read from whole addresses only", () => {
  assert.equal(hostOf("https://NTFY.sh:443/x"), "ntfy.sh");
  for (const bad of ["", undefined, "ntfy.sh", "http://ntfy.sh/", "https://ntfy.sh@example.org/", "https://"]) {
    assert.equal(hostOf(bad), "", bad);
  }
});

import assert from "node:assert/strict";
import test from "node:test";
import { text } from "./text.js";

test("the text names the mailbox", () => {
  assert.equal(text("Hello", "info@example.org", 2), "Hello! info@example.org is ready. It is number 2.");
});

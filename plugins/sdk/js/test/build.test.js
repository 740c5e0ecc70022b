import assert from "node:assert/strict";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { build } from "../build/build.js";
import { lineRuns } from "../build/lines.js";
import { declared } from "../build/settings.js";
import { verify } from "../build/verify.js";

async function project(files, work) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "wabe-plugin-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("TypeScript is built, and the settings have types", () =>
  project({
    "src/plugin.ts": `import { event, type Context } from "@wabe/plugin";
      event("mailbox.create", (context: Context) => ({ data: context.locale as string }));`,
    "settings.schema.json": '{"properties": {"a": {"type": "integer", "title": "A"}}}',
  }, async (folder) => {
    const { bytes } = await build(folder);
    assert.ok(bytes < 2_000_000, `${bytes} bytes`);
    verify(await readFile(path.join(folder, "plugin.wasm")));
    assert.match(await readFile(path.join(folder, ".wabe/settings.d.ts"), "utf8"), /"a"\?: number;/);
  }));

test("mistakes are named with file and line", async () => {
  const wrong = (source) => assert.rejects(project({ "src/plugin.js": source }, build), (error) => {
    wrong.message = error.message;
    return true;
  });
  await wrong("let x = ;");
  assert.match(wrong.message, /src\/plugin\.js:1:9: Unexpected ";"/);
  await wrong('import fs from "node:fs";\nfs.readFileSync("x");');
  assert.match(wrong.message, /src\/plugin\.js:1:.*\n.*a part of Node\.js/);
  await wrong("const x = 1;\nfunction f() {\n  null.x;\n}\nf();");
  assert.match(wrong.message, /does not load\n.*null\n.*f \(src\/plugin\.js:3\)/);
  await wrong('import { kv } from "@wabe/plugin";\n\nkv.get("x");');
  assert.match(wrong.message, /outside of a function[^]*src\/plugin\.js:3/);
  await assert.rejects(project({}, build), /wabe plugin new/);
});

test("lines of the bundle are lines of the sources", () => {
  const map = { sources: ["a.js", "/kit/lib/b.js"], mappings: "AAAA;AACA;;ACAA,IAAI;ADEA" };
  assert.deepEqual(lineRuns(map, "/project", "/kit"), [
    [1, "a.js", 1, 2],
    [4, "@wabe/plugin/lib/b.js", 2, 1],
    [5, "a.js", 4, 1],
  ]);
});

test("settings are typed by their schema", () => {
  const types = declared({
    properties: { a: { type: "string", enum: ["x", "y"] }, b: { type: "boolean", default: true } },
    required: ["a"],
  });
  assert.match(types, /"a": "x" \| "y";/);
  assert.match(types, /"b": boolean;/);
});

test("what is no component is refused", () => {
  assert.throws(() => verify(Buffer.from("\0asm\x01\0\0\0")), /no component/);
  assert.throws(() => verify(Buffer.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0])), /does not export/);
});

// What came out is looked at before anybody uses it.

const EXPORTS = ["events", "tasks", "actions", "forms", "webhooks"].map((name) => `wabe:plugin/${name}@1.0.0`);
const MAGIC = [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0];
const [IMPORT, EXPORT] = [10, 11];
// What of WASI a run finds: clocks that stand still, output that becomes lines of the log, no files.
const WASI = /^wasi:(cli|clocks|filesystem|io|random)\/[a-z-]+@0\.2\.[0-9]+$/;

/** Refuses what is no component, lacks an entry point, or asks for more than the host has. */
export function verify(component) {
  if (!MAGIC.every((byte, at) => component[at] === byte)) throw new Error("what was built is no component");
  const texts = { [IMPORT]: "", [EXPORT]: "" };
  for (const [id, content] of sections(component)) {
    if (id in texts) texts[id] += Buffer.from(content).toString("latin1");
  }
  const missing = EXPORTS.filter((name) => !texts[EXPORT].includes(name));
  if (missing.length > 0) throw new Error(`the component does not export ${missing.join(", ")}`);
  const foreign = texts[IMPORT].match(/wasi:[a-z0-9/-]+(@[0-9.]+)?/g)?.filter((name) => !WASI.test(name)) ?? [];
  if (foreign.length > 0) throw new Error(`the component imports ${[...new Set(foreign)].join(", ")}, which no host of plugins has`);
}

function* sections(component) {
  let at = 8;
  while (at < component.length) {
    const id = component[at];
    let [size, shift, byte] = [0, 0, 0];
    do {
      at += 1;
      byte = component[at];
      size += (byte & 127) * 2 ** shift;
      shift += 7;
    } while (byte & 128);
    yield [id, component.subarray(at + 1, at + 1 + size)];
    at += 1 + size;
  }
}

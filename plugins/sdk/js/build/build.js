// From JavaScript or TypeScript to a component.

import { componentize } from "componentize-qjs";
import { build as bundle } from "esbuild";
import { existsSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { lineRuns } from "./lines.js";
import { settingsTypes } from "./settings.js";
import { verify } from "./verify.js";

const KIT = fileURLToPath(new URL("..", import.meta.url));
const ENTRIES = ["src/plugin.ts", "src/plugin.js", "plugin.ts", "plugin.js"];

/** Builds the project in a folder to `plugin.wasm` beside its `plugin.toml`. */
export async function build(project) {
  const begun = performance.now();
  const entry = ENTRIES.find((name) => existsSync(path.join(project, name)));
  if (!entry) throw new Error(`${project}: there is no ${ENTRIES.join(", ")}\nnext: wabe plugin new --lang js NAME`);
  await settingsTypes(project);
  const component = await compiled(await bundled(project, entry), entry);
  verify(component);
  const file = path.join(project, "plugin.wasm");
  await writeFile(`${file}.new`, component);
  await rename(`${file}.new`, file);
  return { file: "plugin.wasm", bytes: component.length, seconds: (performance.now() - begun) / 1000 };
}

/** One module with the author's functions, the entry points, and a table of whose line is whose. */
async function bundled(project, entry) {
  const result = await bundle({
    stdin: {
      contents: `import ${JSON.stringify(`./${entry}`)};\nexport * from ${JSON.stringify(path.join(KIT, "lib/entry.js"))};`,
      resolveDir: project,
      sourcefile: "entry",
    },
    alias: { "@wabe/plugin": path.join(KIT, "index.js") },
    absWorkingDir: project,
    // While this is set, the kit refuses to call a host that is not there yet.
    banner: { js: "globalThis.__wabeBuilding = true;" },
    footer: { js: "globalThis.__wabeBuilding = false;" },
    bundle: true,
    charset: "utf8",
    external: ["wabe:*"],
    format: "esm",
    legalComments: "none",
    logLevel: "silent",
    outfile: "plugin.js",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["wabe", "import", "default"],
    sourcemap: "external",
    sourcesContent: false,
    target: "es2023",
    treeShaking: true,
    write: false,
  }).catch((error) => {
    throw new Error((error.errors ?? []).map(explained).join("\n") || error.message);
  });
  const [map, code] = ["plugin.js.map", "plugin.js"].map(
    (name) => result.outputFiles.find((file) => path.basename(file.path) === name).text,
  );
  return `${code}\nglobalThis.__wabeLines = ${JSON.stringify(lineRuns(JSON.parse(map), project, KIT))};\n`;
}

/** An error of the bundler, with its place and what to do. */
function explained({ location, text }) {
  const place = location ? `${location.file}:${location.line}:${location.column + 1}: ` : "";
  const missing = text.match(/^Could not resolve "(?:node:)?([^"]+)"/)?.[1];
  const hint = missing && NODE.has(missing.split("/")[0])
    ? `\n  ${missing} is a part of Node.js, which a plugin does not have: use the capabilities of @wabe/plugin`
    : "";
  return `${place}${text}${hint}`;
}

const NODE = new Set(["assert", "buffer", "child_process", "crypto", "events", "fs", "http", "https",
  "net", "os", "path", "process", "stream", "url", "util", "zlib"]);

/** QuickJS with the module loaded: everything at the top level of the sources has already run. */
async function compiled(source, entry) {
  const options = {
    witPath: path.join(KIT, "wit"),
    world: "plugin",
    jsSource: source,
    // The clock is the host's: a stub of it would end every run that asks for the date.
    stubWasi: false,
    sync: true,
    // The smaller engine calls from tail position, which no panel has switched on.
    optSize: false,
  };
  try {
    return (await componentize(options)).component;
  } catch (error) {
    throw new Error(`${entry}: the plugin's code does not load\n  ${located(error.message, source)}\n` +
      "  what is outside of functions runs during the build, where no host is");
  }
}

/** Places in the bundle as places in the sources. */
function located(message, source) {
  const runs = JSON.parse(source.match(/__wabeLines = (\[.*\]);\n$/)[1]);
  const told = message.slice(message.lastIndexOf("Error: ") + "Error: ".length).trim();
  return told.replace(/[\w:.-]*user\.js:(\d+)(?::\d+)?/g, (place, bundled) => {
    const line = Number(bundled);
    const run = runs.find(([first, , , count]) => line >= first && line < first + count);
    return run ? `${run[1]}:${run[2] + line - run[0]}` : place;
  });
}

/** The version of the kit, for whoever asks. */
export const version = JSON.parse(readFileSync(path.join(KIT, "package.json"), "utf8")).version;

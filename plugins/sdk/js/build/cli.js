#!/usr/bin/env node
import { build } from "./build.js";

const [command = "build", ...rest] = process.argv.slice(2);
if (command !== "build" || rest.length > 0) {
  console.error("usage: wabe-plugin-js build\n\nBuilds the project in the current folder to plugin.wasm.");
  process.exit(2);
}
try {
  const { file, bytes, seconds } = await build(process.cwd());
  console.log(`${file}: ${Math.round(bytes / 1000)} kB, ${seconds.toFixed(1)} s`);
  console.log("next: wabe plugin test");
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

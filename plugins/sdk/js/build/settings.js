// Types of the settings, from their schema: `.wabe/settings.d.ts`.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const SCHEMA = "settings.schema.json";

export async function settingsTypes(project) {
  let text;
  try {
    text = await readFile(path.join(project, SCHEMA), "utf8");
  } catch {
    return;
  }
  let schema;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    throw new Error(`${SCHEMA}: ${error.message}`);
  }
  await mkdir(path.join(project, ".wabe"), { recursive: true });
  await writeFile(path.join(project, ".wabe/settings.d.ts"), declared(schema));
}

/** The schema's properties as an interface. */
export function declared({ properties = {}, required = [] }) {
  const lines = Object.entries(properties).map(([name, property]) => {
    const sure = required.includes(name) || property.default !== undefined;
    const title = property.title ? `  /** ${property.title.replaceAll("*/", "* /")} */\n` : "";
    return `${title}  ${JSON.stringify(name)}${sure ? "" : "?"}: ${type(property)};`;
  });
  return `// From ${SCHEMA}.\nexport interface Settings {\n${lines.join("\n")}\n}\n`;
}

function type({ type: name, enum: choices, oneOf }) {
  const values = choices ?? oneOf?.map((choice) => choice.const);
  if (values) return values.map((value) => JSON.stringify(value)).join(" | ");
  return { string: "string", integer: "number", boolean: "boolean" }[name] ?? "unknown";
}

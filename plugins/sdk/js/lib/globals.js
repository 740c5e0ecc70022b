// What libraries expect to find and the engine does not have.

import { log } from "./capabilities.js";
import { bytes, text } from "./utf8.js";

const shown = (value) => {
  if (typeof value === "string") return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return JSON.stringify(value) ?? String(value);
};
const line = (write) => (...values) => write(values.map(shown).join(" "));

globalThis.console ??= {
  debug: line(log.debug),
  log: line(log.info),
  info: line(log.info),
  warn: line(log.warn),
  error: line(log.error),
};

globalThis.TextEncoder ??= class TextEncoder {
  encode(value = "") {
    return bytes(value);
  }
};

globalThis.TextDecoder ??= class TextDecoder {
  decode(value = []) {
    return text(value instanceof ArrayBuffer ? new Uint8Array(value) : value);
  }
};

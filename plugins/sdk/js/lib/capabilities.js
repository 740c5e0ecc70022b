// What a plugin may use. What was not granted throws a `Problem` that says how to ask for it.

import * as host from "#host";
import { call, Failure, found, Problem } from "./failure.js";
import { bytes, text } from "./utf8.js";

const line = (level) => (message, fields) =>
  call(() => host.log.write(level, String(message), fields === undefined ? "" : JSON.stringify(fields)));

export const log = {
  debug: line("debug"),
  info: line("info"),
  warn: line("warn"),
  error: line("error"),
};

export const kv = {
  get(key) {
    const value = kv.getBytes(key)?.value;
    if (value === undefined) return undefined;
    try {
      return JSON.parse(text(value));
    } catch {
      throw new Problem("invalid", `the value of ${key} is not JSON`);
    }
  },
  getBytes: (key) => call(() => host.kv.get(key)) ?? undefined,
  set(key, value, { seconds = null } = {}) {
    call(() => host.kv.set(key, bytes(JSON.stringify(value)), null, seconds));
  },
  setBytes: (key, value, { seconds = null, version = null } = {}) =>
    call(() => host.kv.set(key, bytes(value), version, seconds)),
  delete: (key) => call(() => host.kv.delete(key)),
  keys(prefix = "") {
    const all = [];
    let cursor = null;
    do {
      const page = call(() => host.kv.keys(prefix, cursor, 1000));
      all.push(...page.keys);
      cursor = page.next ?? null;
    } while (cursor !== null);
    return all;
  },
};

class Response {
  constructor({ status, headers, body }) {
    this.status = status;
    this.headers = headers;
    this.body = Uint8Array.from(body);
  }
  get ok() {
    return this.status >= 200 && this.status < 300;
  }
  header(name) {
    return first(this.headers, name);
  }
  text() {
    return text(this.body);
  }
  json() {
    try {
      return JSON.parse(this.text());
    } catch {
      const detail = this.text().slice(0, 500);
      throw new Failure("upstream-invalid", "the other side answered something else than JSON", { detail });
    }
  }
  success() {
    if (this.ok) return this;
    throw new Failure("upstream-refused", `the other side answered ${this.status}`, {
      retryable: this.status === 429 || this.status >= 500,
      detail: this.text().slice(0, 500),
    });
  }
}

/** The first header of a name. */
export function first(headers, name) {
  const wanted = name.toLowerCase();
  return headers.find(([header]) => header.toLowerCase() === wanted)?.[1];
}

function send(method, url, { headers = {}, body, text: plain, json, timeoutMs = null } = {}) {
  const all = Object.entries(headers);
  let content = body ?? "";
  if (json !== undefined) {
    all.push(["content-type", "application/json"]);
    content = JSON.stringify(json);
  } else if (plain !== undefined) {
    all.push(["content-type", "text/plain; charset=utf-8"]);
    content = plain;
  }
  const request = { method, url, headers: all, body: bytes(content), timeoutMs };
  return new Response(call(() => host.http.fetch(request)));
}

export const http = {
  get: (url, options) => send("GET", url, options),
  post: (url, options) => send("POST", url, options),
  put: (url, options) => send("PUT", url, options),
  delete: (url, options) => send("DELETE", url, options),
  request: send,
};

function page(query) {
  return JSON.parse(call(() => host.records.query(JSON.stringify(query))));
}

export const records = {
  page: (type, query = {}) => page({ type, ...query }),
  all(type, query = {}) {
    const all = [];
    let cursor = query.cursor;
    do {
      const { items, next } = page({ type, ...query, ...(cursor ? { cursor } : {}) });
      all.push(...items);
      cursor = next;
    } while (cursor);
    return all;
  },
  first(type, query = {}) {
    const answer = found(() => host.records.query(JSON.stringify({ type, ...query, limit: 1 })));
    return answer === null ? undefined : JSON.parse(answer).items[0];
  },
};

export const files = {
  read(webspace, path) {
    const content = found(() => host.files.read(webspace, path));
    return content === null ? null : Uint8Array.from(content);
  },
  readText(webspace, path) {
    const content = files.read(webspace, path);
    return content === null ? null : text(content);
  },
  write: (webspace, path, content) => call(() => host.files.write(webspace, path, bytes(content))),
  list(webspace, path) {
    const entries = found(() => host.files.list(webspace, path));
    return entries?.map(({ name, directory, size, modifiedMs }) => ({
      name,
      isFolder: directory,
      size,
      modifiedMs,
    })) ?? null;
  },
  delete: (webspace, path) => found(() => (host.files.delete(webspace, path), true)) ?? false,
};

export const secrets = {
  placeholder: (name) => call(() => host.secrets.useIn(name)),
};

export const crypto = {
  hmacVerify: (secret, algorithm, message, signature) =>
    call(() => host.crypto.hmacVerify(secret, algorithm, bytes(message), bytes(signature))),
};

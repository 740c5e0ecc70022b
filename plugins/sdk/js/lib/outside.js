// Outside of the sandbox there is no host: a unit test of an author runs on the author's machine.

function nowhere() {
  throw {
    code: "unavailable",
    message: "there is no host outside of the sandbox",
    how: "test what calls the host with `wabe plugin test`",
  };
}

export const crypto = { hmacVerify: nowhere };
export const files = { read: nowhere, write: nowhere, list: nowhere, delete: nowhere };
export const http = { fetch: nowhere };
export const kv = { get: nowhere, set: nowhere, delete: nowhere, keys: nowhere };
export const log = { write() {} };
export const records = { query: nowhere };
export const secrets = { useIn: nowhere };

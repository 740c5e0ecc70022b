// Text and bytes. The engine has neither TextEncoder nor TextDecoder.

/** Arguments of one call at most: an engine has no room for any number of them. */
const ARGUMENTS = 4096;

/** The UTF-8 bytes of a text; bytes stay as they are. */
export function bytes(value) {
  if (value instanceof Uint8Array) return value;
  const whole = String(value ?? "");
  return plainBytes(whole) ?? encoded(whole);
}

/** The bytes of a text in ASCII, as nearly all of them are; null of any other. */
function plainBytes(whole) {
  const all = new Uint8Array(whole.length);
  for (let at = 0; at < all.length; at += 1) {
    const code = whole.charCodeAt(at);
    if (code > 0x7f) return null;
    all[at] = code;
  }
  return all;
}

function encoded(whole) {
  const text = unescape(encodeURIComponent(whole.replace(/\p{Surrogate}/gu, "\ufffd")));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The text of UTF-8 bytes; what is no text becomes replacement characters. */
export function text(value) {
  const all = value instanceof Uint8Array ? value : Uint8Array.from(value ?? []);
  let at = 0;
  while (at < all.length && all[at] < 0x80) at += 1;
  return plainText(all.subarray(0, at)) + decoded(all, at);
}

/** The text of bytes that are all ASCII. */
function plainText(all) {
  if (all.length <= ARGUMENTS) return String.fromCharCode.apply(null, all);
  let out = "";
  for (let at = 0; at < all.length; at += ARGUMENTS) {
    out += String.fromCharCode.apply(null, all.subarray(at, at + ARGUMENTS));
  }
  return out;
}

function decoded(all, start) {
  let out = "";
  let at = start;
  while (at < all.length) {
    const [code, width] = scalar(all, at);
    out += String.fromCodePoint(code);
    at += width;
  }
  return out;
}

/** The code point at a place and its width; U+FFFD and the width of what is broken. */
function scalar(all, at) {
  const first = all[at];
  if (first < 0x80) return [first, 1];
  const [more, least] = first >= 0xc2 && first < 0xe0 ? [1, 0x80]
    : first >= 0xe0 && first < 0xf0 ? [2, 0x800]
    : first >= 0xf0 && first < 0xf5 ? [3, 0x10000]
    : [0, 0];
  let code = first & (0x3f >> more);
  for (let n = 1; n <= more; n += 1) {
    const next = all[at + n];
    if (next === undefined || (next & 0xc0) !== 0x80) return [0xfffd, n];
    code = (code << 6) | (next & 0x3f);
  }
  const broken = more === 0 || code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000);
  return broken ? [0xfffd, 1] : [code, more + 1];
}

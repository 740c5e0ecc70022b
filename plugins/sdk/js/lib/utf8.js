// Text and bytes. The engine has neither TextEncoder nor TextDecoder.

/** The UTF-8 bytes of a text; bytes stay as they are. */
export function bytes(value) {
  if (value instanceof Uint8Array) return value;
  const whole = String(value ?? "").replace(/\p{Surrogate}/gu, "\ufffd");
  const text = unescape(encodeURIComponent(whole));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The text of UTF-8 bytes; what is no text becomes replacement characters. */
export function text(value) {
  const all = Uint8Array.from(value ?? []);
  let out = "";
  let at = 0;
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

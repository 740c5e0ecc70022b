// What the caller of a webhook is answered.

export const reply = {
  text: (text, more) => answer(200, "text/plain", text, more),
  json: (value, more) => answer(200, "application/json", JSON.stringify(value), more),
  empty: (more) => answer(204, "text/plain", "", more),
};

function answer(status, contentType, body, more = {}) {
  return { status, contentType, body, ...more };
}

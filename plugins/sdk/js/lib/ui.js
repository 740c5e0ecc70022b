// Pages, made of nodes from the portal's catalogue. Texts are plain: there is no HTML.

const node = (kind, fields) => ({ kind, ...fields });
const field = (kind) => (name, label, options = {}) => node(kind, { name, label, ...options });

export const ui = {
  heading: (text) => node("heading", { text, level: 2 }),
  subheading: (text) => node("heading", { text, level: 3 }),
  text: (text) => node("text", { text }),
  fields: (items) =>
    node("fields", { items: Object.entries(items).map(([label, value]) => ({ label, value })) }),
  table: (caption, columns, rows) => node("table", { caption, columns, rows }),
  badge: (text, tone = "neutral") => node("badge", { text, tone }),
  callout: (tone, title, ...nodes) => node("callout", { tone, title, nodes }),
  emptyState: (title, text, ...nodes) => node("empty-state", { title, text, nodes }),
  textField: field("text-field"),
  numberField: field("number-field"),
  textarea: field("textarea"),
  checkbox: field("checkbox"),
  select: (name, label, options, more = {}) =>
    node("select", {
      name,
      label,
      options: Object.entries(options).map(([value, label]) => ({ value, label })),
      ...more,
    }),
  button: (name, text, options = {}) => node("button", { name, text, value: "true", ...options }),
  link: (text, href) => node("link", { text, href }),
  code: (text) => node("code", { text }),
  progress: (label, value, max = 100) => node("progress", { label, value, max }),
  chart: (label, values) => node("chart-spark", { label, values }),
};

/** A page as the host reads it. */
export function page(nodes) {
  return JSON.stringify({ v: 1, nodes: [nodes].flat(Infinity) });
}

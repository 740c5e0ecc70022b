// What people read.

const NAMES = {
  mailbox: ["E-Mail-Postfach", "Mailbox"],
  webspace: ["Webspace", "Webspace"],
  database: ["Datenbank", "Database"],
};
const UNITS = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]];

export function subject({ text }, { object, percent }) {
  return text(`${object.name}: ${percent} % belegt`, `${object.name}: ${percent} % used`);
}

export function sentence({ text }, { object, percent, used_bytes: used, max_bytes: max }) {
  const [german, english] = NAMES[object.kind] ?? ["Speicherplatz", "Storage"];
  return text(
    `${german} ${object.name} ist zu ${percent} % belegt: ${size(used, ",")} von ${size(max, ",")}.`,
    `${english} ${object.name} is ${percent} % full: ${size(used, ".")} of ${size(max, ".")}.`,
  );
}

/** With one digit after the point of the language. */
export function size(bytes, point) {
  const [factor, unit] = UNITS.find(([least]) => bytes >= least) ?? [1, "Bytes"];
  const number = factor === 1 ? String(bytes) : (bytes / factor).toFixed(1);
  return `${number.replace(".", point)} ${unit}`;
}

/** Something to try with. */
export function example({ text }) {
  const name = text("Probe", "Test");
  return { object: { kind: "other", id: "test", name }, used_bytes: 92e7, max_bytes: 1e9, percent: 92 };
}

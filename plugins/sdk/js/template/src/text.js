/** What the members read. */
export function text(greeting, address, count) {
  return `${greeting}! ${address} is ready. It is number ${count}.`;
}

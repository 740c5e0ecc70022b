// Chance: the engine's own generator is seeded during the build and would say the same in every run.

/** Begins a row of numbers that the run decides: another run has others, a replay has the same. Not for secrets. */
export function begin(run) {
  let drawn = null;
  Math.random = () => {
    // Most runs never ask.
    drawn ??= row(run);
    return drawn();
  };
}

function row(run) {
  let state = 0x811c9dc5;
  for (const byte of run) state = Math.imul(state ^ byte.codePointAt(0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let drawn = Math.imul(state ^ (state >>> 15), state | 1);
    drawn ^= drawn + Math.imul(drawn ^ (drawn >>> 7), drawn | 61);
    return ((drawn ^ (drawn >>> 14)) >>> 0) / 2 ** 32;
  };
}

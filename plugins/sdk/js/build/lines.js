// Source maps, cut down to lines.

import path from "node:path";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Runs of lines that lie beside each other in the bundle and in a source:
 * `[first line of the bundle, name of the source, first line of the source, number of lines]`.
 */
export function lineRuns(map, project, kit) {
  const names = map.sources.map((source) => named(path.resolve(project, source), project, kit));
  const runs = [];
  let [source, line] = [0, 0];
  for (const [index, group] of map.mappings.split(";").entries()) {
    let first = null;
    for (const segment of group.split(",").filter(Boolean)) {
      const [, sourceStep, lineStep] = numbers(segment);
      if (sourceStep === undefined) continue;
      source += sourceStep;
      line += lineStep;
      first ??= [source, line];
    }
    if (first) add(runs, index + 1, names[first[0]], first[1] + 1);
  }
  return runs;
}

function add(runs, bundled, name, line) {
  const last = runs.at(-1);
  const follows = last && last[1] === name && last[0] + last[3] === bundled && last[2] + last[3] === line;
  if (follows) last[3] += 1;
  else runs.push([bundled, name, line, 1]);
}

/** The kit's own sources are named by its package. */
function named(file, project, kit) {
  const within = path.relative(kit, file);
  return within.startsWith("..") ? path.relative(project, file) : `@wabe/plugin/${within}`;
}

/** The numbers of a segment, in variable length. */
function numbers(segment) {
  const out = [];
  let [value, shift] = [0, 0];
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    out.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return out;
}

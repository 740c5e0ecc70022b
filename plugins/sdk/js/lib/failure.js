// Why a run, or a call of a capability, did not do its work.

/** Thrown by a plugin: the run fails with this code, and is tried again only when that may help. */
export class Failure extends Error {
  constructor(code, message, { retryable, retryAfterMs = null, detail = null } = {}) {
    super(message);
    this.name = "Failure";
    this.code = code;
    this.retryable = retryable ?? retryAfterMs !== null;
    this.retryAfterMs = retryAfterMs;
    this.detail = detail;
  }
}

/** Thrown by a capability that did not do what was asked; `how` says what to do about it. */
export class Problem extends Error {
  constructor(code, message, how = "") {
    super(message);
    this.name = "Problem";
    this.code = code;
    this.how = how;
  }
}

/** Calls the host; what it refuses becomes a `Problem`. */
export function call(work) {
  if (globalThis.__wabeBuilding) throw new Error("a capability is used outside of a function");
  try {
    return work();
  } catch (refused) {
    const problem = refused?.payload ?? refused;
    if (typeof problem?.code === "string" && !(problem instanceof Error)) {
      throw new Problem(problem.code, problem.message, problem.how);
    }
    throw refused;
  }
}

/** What `work` answers; `null` when there is no such thing. */
export function found(work) {
  try {
    return call(work);
  } catch (problem) {
    if (problem instanceof Problem && problem.code === "not-found") return null;
    throw problem;
  }
}

/** Whatever was thrown, as the host reads it. */
export function told(thrown) {
  if (thrown instanceof Failure) {
    const { code, message, retryable, retryAfterMs, detail } = thrown;
    return record(code, message, retryable, retryAfterMs, detail);
  }
  if (thrown instanceof Problem) {
    const retryable = thrown.code === "unavailable" || thrown.code === "conflict";
    return record(thrown.code, thrown.message, retryable, null, thrown.how || null);
  }
  if (thrown instanceof Error) {
    const stack = located(thrown.stack ?? "");
    const [place] = stack.match(/\S+:\d+(?=\)?$)/m) ?? [""];
    const at = place ? ` (${place.replace(/^\(/, "")})` : "";
    return record("exception", `${thrown.name}: ${thrown.message}${at}`, false, null, stack || null);
  }
  return record("exception", `thrown: ${String(thrown)}`, false, null, null);
}

function record(code, message, retryable, retryAfterMs, detail) {
  return {
    code: String(code),
    message: String(message),
    retryable: Boolean(retryable),
    retryAfterMs: retryAfterMs ?? null,
    detail: detail === null || detail === undefined ? null : String(detail),
  };
}

/**
 * A stack in lines of the author's sources. The build leaves a table of runs of lines:
 * `[first line of the bundle, name of the source, first line of the source, number of lines]`.
 */
function located(stack) {
  const runs = globalThis.__wabeLines ?? [];
  const place = (bundled) => {
    const line = Number(bundled);
    const run = runs.find(([first, , , count]) => line >= first && line < first + count);
    return run ? `${run[1]}:${run[2] + line - run[0]}` : null;
  };
  const lines = [];
  for (const line of stack.split("\n")) {
    const match = line.match(/user\.js:(\d+)(?::\d+)?/);
    const at = match && place(match[1]);
    // What is the kit's own says nothing to the author.
    if (!at || at.startsWith("@wabe/plugin/")) continue;
    const name = line.match(/at (\S+) \(/)?.[1] ?? "";
    lines.push(name ? `at ${name} (${at})` : `at ${at}`);
  }
  return lines.slice(0, 20).join("\n");
}

// The entry points as the host calls them. The build puts these beside the author's functions.

import { first } from "./capabilities.js";
import { begin } from "./chance.js";
import "./globals.js";
import { isEffect, written } from "./effect.js";
import { Failure, told } from "./failure.js";
import { find } from "./handlers.js";
import { page } from "./ui.js";
import { bytes, text } from "./utf8.js";

export const events = {
  handle: guarded((context, event) => {
    const handler = find.event(event.topic);
    const payload = parsed(event.payload, `the payload of ${event.topic}`);
    return outcome(sync(handler(context, { ...event, payload })));
  }),
};

export const tasks = {
  run: guarded((context, name, scheduledForMs, cursor) => {
    const answer = sync(find.task(name)(context, { name, scheduledForMs, cursor: cursor ?? undefined }));
    const next = answer?.cursor;
    return { ...outcome(answer), cursor: next === undefined || next === null ? null : String(next) };
  }),
};

export const actions = {
  describe: guarded((context, ticket) => {
    const list = sync(find.ticket()(context, parsed(ticket, "the ticket"))) ?? [];
    return list.map(({ name, title, description = "" }) => ({ name, title, description }));
  }),
  run: guarded((context, name, ticket, input) => {
    const handler = find.action(name);
    return drawn(sync(handler(context, parsed(ticket, "the ticket"), parsed(input, "the input"))));
  }),
};

export const forms = {
  render: guarded((context, name, state) =>
    drawn(sync(find.form(name)(context, { name, state: parsed(state, "the state"), input: null })))),
  submit: guarded((context, name, input) =>
    drawn(sync(find.form(name)(context, { name, state: {}, input: parsed(input, "the input") })))),
};

export const webhooks = {
  receive: guarded((context, request) => {
    const handler = find.webhook(request.path);
    const answer = sync(handler(context, readable(request))) ?? {};
    const { status = answer.body === undefined ? 204 : 200, contentType = "text/plain", body = "" } = answer;
    const { effects, data } = outcome(answer);
    return { status, contentType, body: bytes(body), effects, data };
  }),
};

/** Parses the settings; what is thrown becomes a failure with its place. */
function guarded(work) {
  return (context, ...rest) => {
    try {
      begin(context.runId);
      return work(readyContext(context), ...rest);
    } catch (thrown) {
      throw told(thrown);
    }
  };
}

function readyContext(context) {
  const isGerman = context.locale.startsWith("de");
  return {
    ...context,
    settings: parsed(context.settings, "the settings"),
    isGerman,
    text: (german, english) => (isGerman ? german : english),
  };
}

function readable(request) {
  const body = Uint8Array.from(request.body);
  return {
    ...request,
    body,
    params: params(request.query),
    header: (name) => first(request.headers, name),
    text: () => text(body),
    json: () => parsed(text(body), "the body"),
  };
}

/** The first value of each name. */
function params(query) {
  const all = {};
  for (const pair of query.split("&").filter(Boolean)) {
    const [name, ...value] = pair.split("=").map(decoded);
    if (!Object.hasOwn(all, name)) all[name] = value.join("=");
  }
  return all;
}

function decoded(part) {
  const spaced = part.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function parsed(json, what) {
  try {
    return JSON.parse(json || "{}");
  } catch {
    throw new Failure("input-invalid", `${what} is no JSON`);
  }
}

function sync(answer) {
  if (typeof answer?.then !== "function") return answer;
  throw new Failure("async-handler", "a handler must not be async: calls of the host answer at once", {
    detail: "remove `async` and `await`",
  });
}

/** Nothing, an effect, a list of them, or an object with `effects` and `data`. */
function outcome(answer) {
  const bare = Array.isArray(answer) || isEffect(answer);
  const { effects, data } = bare ? { effects: answer } : (answer ?? {});
  return {
    effects: written(effects),
    data: data === undefined || data === null ? "" : JSON.stringify(data),
  };
}

/** A node, a list of them, or an object with `ui` and `effects`. */
function drawn(answer) {
  const bare = Array.isArray(answer) || typeof answer?.kind === "string";
  const { ui = [], effects } = bare ? { ui: answer } : (answer ?? {});
  return { ui: page(ui), effects: written(effects) };
}

// The functions that an author named, and which of them a call goes to.

import { Failure } from "./failure.js";

const events = [];
const tasks = new Map();
const webhooks = [];
const forms = new Map();
const actions = new Map();
let describe = null;

/**
 * Runs when something happened. The topic is a command's name; each of its words may be a star. When
 * several functions fit a topic, the one with the fewest stars runs.
 */
export function event(topic, handler) {
  events.push([topic, a(handler)]);
}

/** Runs by the clock, by the name of a schedule in `plugin.toml`. */
export function task(name, handler) {
  once(tasks, "task", name, a(handler));
}

/** Answers requests from outside, those to `path` and below when there is one. */
export function webhook(path, handler) {
  webhooks.push(typeof path === "function" ? ["", a(path)] : [path, a(handler)]);
}

/** Shows a form and takes what was typed, by its name in `plugin.toml`. */
export function form(name, handler) {
  once(forms, "form", name, a(handler));
}

/** Shows a card on the dashboard: a form that is only looked at. */
export function card(name, handler) {
  if (typeof name === "function") return card("card", name);
  const draw = a(handler);
  return once(forms, "form", name, (context) => draw(context));
}

/** Says which acts there are on a ticket. */
export function ticket(handler) {
  if (describe) throw new Error("ticket() is called twice; one function describes all acts");
  describe = a(handler);
}

/** Carries out an act on a ticket. */
export function action(name, handler) {
  once(actions, "action", name, a(handler));
}

function a(handler) {
  if (typeof handler !== "function") throw new TypeError("the last argument has to be a function");
  return handler;
}

function once(map, what, name, handler) {
  if (map.has(name)) throw new Error(`${what}("${name}") is called twice`);
  map.set(name, handler);
}

export const find = {
  event(topic) {
    // A topic without stars is the nearest there can be.
    const named = events.find(([pattern]) => pattern === topic);
    if (named) return named[1];
    const fitting = events.filter(([pattern]) => fits(pattern, topic));
    fitting.sort(([left], [right]) => stars(left) - stars(right));
    return fitting[0]?.[1] ?? missing(`the topic ${topic}`, `event("${topic}", …)`);
  },
  task: (name) => tasks.get(name) ?? missing(`the schedule ${name}`, `task("${name}", …)`),
  webhook(path) {
    const fitting = webhooks.filter(([prefix]) => isBelow(prefix, path));
    fitting.sort(([left], [right]) => right.length - left.length);
    return fitting[0]?.[1] ?? missing(`requests to ${path}`, "webhook(…)");
  },
  form: (name) => forms.get(name) ?? missing(`the form ${name}`, `form("${name}", …)`),
  ticket: () => describe ?? missing("tickets", "ticket(…)"),
  action: (name) => actions.get(name) ?? missing(`the act ${name}`, `action("${name}", …)`),
};

function missing(what, hint) {
  throw new Failure("not-implemented", `the plugin has no function for ${what}`, { detail: `add ${hint}` });
}

function fits(pattern, topic) {
  if (pattern === "*") return true;
  const [wanted, words] = [pattern.split("."), topic.split(".")];
  return wanted.length === words.length && wanted.every((word, n) => word === "*" || word === words[n]);
}

function stars(pattern) {
  return pattern === "*" ? 100 : pattern.split(".").filter((word) => word === "*").length;
}

function isBelow(prefix, path) {
  const [above, below] = [prefix.replace(/^\/+|\/+$/g, ""), path.replace(/^\/+/, "")];
  return above === "" || below === above || below.startsWith(`${above}/`);
}

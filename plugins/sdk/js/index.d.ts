/**
 * Write plugins for the hosting control panel Wabe.
 *
 * A plugin is functions that are named to the kit at the top level of `src/plugin.js`. Each says when it runs; what it
 * returns says what shall change. Nothing is changed by a call: an effect is a command of the customer, carried out
 * after the run together with everything that was written to `kv`, or not at all.
 *
 * Handlers are plain functions, never async: calls of the host answer at once. What stands outside of functions runs
 * during the build, without a host.
 */

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a run knows about itself. */
export interface Context<Settings = Record<string, any>> {
  /** `run_…`: names this run in the portal. */
  runId: string;
  /** `ins_…`: the installation that runs. */
  installation: string;
  /** The customer's number, such as `K10234`. */
  customer: string;
  /** `de` or `en`: the language of whoever looks. */
  locale: string;
  /** The API version of the host, such as `1.0.0`. */
  api: string;
  /** 1 for the first try of this work. */
  attempt: number;
  /** The same for every try of the same work. */
  idempotencyKey: string;
  /** Milliseconds after which the run is stopped. */
  deadlineMs: number;
  /** True when effects are shown but not applied. */
  dryRun: boolean;
  /** Milliseconds since 1970, UTC; does not move during the run. */
  nowMs: number;
  /** By `settings.schema.json`; its type is in `.wabe/settings.d.ts` after a build. */
  settings: Settings;
  /** True when whoever looks reads German. */
  isGerman: boolean;
  /** The text in the language of whoever looks. */
  text(german: string, english: string): string;
}

/** A command of the customer, made by `effect`. */
export interface Effect {
  kind: string;
  args: Record<string, Json>;
  target: string;
  key: string;
}

/** What becomes a list of effects. */
export type Effects = Effect | Effect[];

/** What an event handler may return. */
export type Outcome = void | Effects | {
  effects?: Effects;
  /** Shown on the page of the run. */
  data?: unknown;
};

// ---- entry points

/** Something that happened. */
export interface Event<Payload = Change> {
  id: string;
  topic: string;
  schemaVersion: number;
  occurredAtMs: number;
  payload: Payload;
}

/** The payload of every topic but `quota.reached`: a command was carried out. */
export interface Change<Thing = Record<string, any>> {
  /** `chg_…`: its id. */
  change: string;
  /** Its number in the customer's order. */
  seq: number;
  /** The command's name. */
  command: string;
  actor: { kind: string; id?: string };
  object: Subject;
  /** How it was before; null for a new thing. */
  before: Thing | null;
  /** How it is now; null for a thing that is gone. */
  after: Thing | null;
}

/** What something is about. */
export interface Subject {
  /** `mailbox`, `webspace`, … */
  kind: string;
  id: string;
  /** The name that people know it by. */
  name: string;
}

/** The payload of `quota.reached`. */
export interface Quota {
  object: Subject;
  used_bytes: number;
  max_bytes: number;
  percent: number;
}

/**
 * Runs when something happened. The topic is a command's name; each of its words may be a star. When several functions
 * fit a topic, the one with the fewest stars runs.
 */
export function event(topic: "quota.reached", handler: (context: Context, event: Event<Quota>) => Outcome): void;
export function event(topic: string, handler: (context: Context, event: Event) => Outcome): void;

/** A slice of a task. */
export interface Task {
  /** The schedule's name in `plugin.toml`. */
  name: string;
  scheduledForMs: number;
  /** What the slice before left; absent in the first one. */
  cursor?: string;
}

/** Runs by the clock. With a `cursor` in what it returns it runs again soon: long work is a chain of short runs. */
export function task(
  name: string,
  handler: (context: Context, task: Task) => Outcome | { effects?: Effects; data?: unknown; cursor?: string },
): void;

/** A request that came in over the installation's own address. Its caller was proved before. */
export interface Request {
  method: string;
  /** Begins with a slash. */
  path: string;
  /** Without the question mark. */
  query: string;
  /** The first value of each name in the query, decoded. */
  params: Record<string, string>;
  headers: [string, string][];
  body: Uint8Array;
  /** The caller's address. */
  remote: string;
  /** The user name of Basic; empty for HMAC. */
  user: string;
  header(name: string): string | undefined;
  text(): string;
  json(): any;
}

/** What the caller is answered; nothing at all is 204. */
export interface Reply {
  /** 200, 202, 204 or 4xx. */
  status?: number;
  contentType?: "text/plain" | "application/json";
  body?: string | Uint8Array;
  effects?: Effects;
  data?: unknown;
}

/** Answers requests from outside, those to `path` and below when there is one. */
export function webhook(handler: (context: Context, request: Request) => Reply | void): void;
export function webhook(path: string, handler: (context: Context, request: Request) => Reply | void): void;

/** Makes replies. */
export const reply: {
  /** 200 with a text. */
  text(text: string, more?: Reply): Reply;
  /** 200 with JSON. */
  json(value: unknown, more?: Reply): Reply;
  /** 204 without a body. */
  empty(more?: Reply): Reply;
};

/** Somebody looks at a form, or has sent it. */
export interface Form {
  /** Its name in `plugin.toml`. */
  name: string;
  /** What the page was opened with. */
  state: any;
  /** Texts by the names of the fields; null while somebody only looks. */
  input: Record<string, string> | null;
}

/** What a form may return. Effects only when it was sent. */
export type Page = Node | Node[] | { ui: Node | Node[]; effects?: Effects };

/** Shows a form and takes what was typed, by its name in `plugin.toml`. */
export function form(name: string, handler: (context: Context, form: Form) => Page): void;

/** Shows a card on the dashboard: the form in `plugin.toml` that has `card = true`, `card` without a name. */
export function card(handler: (context: Context) => Page): void;
export function card(name: string, handler: (context: Context) => Page): void;

/** An act that staff or the customer may start from a ticket. */
export interface Action {
  name: string;
  title: string;
  description?: string;
}

/** Says which acts there are on a ticket. */
export function ticket(handler: (context: Context, ticket: any) => Action[]): void;

/** Carries out an act on a ticket. */
export function action(
  name: string,
  handler: (context: Context, ticket: any, input: Record<string, string>) => Page,
): void;

// ---- what shall change

/**
 * A command of the customer; needs `capability = "effect:NAME"`. `on` is the id of the thing it is about. Effects with
 * the same `key` are carried out once in 30 days.
 */
export function effect(kind: string, args?: Record<string, Json>, options?: { on?: string; key?: string }): Effect;

/** A message to the customer's members; needs `capability = "mail"`. */
export function message(subject: string, text: string, options?: { key?: string }): Effect;

/** Thrown by a plugin: the run fails with this code, and is tried again only when that may help. */
export class Failure extends Error {
  constructor(
    code: string,
    message: string,
    options?: { retryable?: boolean; retryAfterMs?: number | null; detail?: string | null },
  );
  code: string;
  retryable: boolean;
  retryAfterMs: number | null;
  detail: string | null;
}

/** Thrown by a capability that did not do what was asked. */
export class Problem extends Error {
  constructor(code: string, message: string, how?: string);
  /** `denied`, `not-found`, `limit`, `conflict`, `invalid`, `unavailable`, … */
  code: string;
  /** What to do about it; for `denied`, the line that `plugin.toml` needs. */
  how: string;
}

// ---- capabilities

/** The installation's own store. Always granted; kept when the run succeeds. */
export const kv: {
  /** The value of a key, from JSON. */
  get(key: string): any | undefined;
  getBytes(key: string): { value: Uint8Array; version: number } | undefined;
  /** Writes a value as JSON, for so many seconds or for good. */
  set(key: string, value: unknown, options?: { seconds?: number }): void;
  /** With a `version` only when the key still has it, 0 for a new key; throws `conflict` otherwise. */
  setBytes(key: string, value: string | Uint8Array, options?: { seconds?: number; version?: number }): number;
  /** Answers whether the key was there. */
  delete(key: string): boolean;
  /** All keys that begin so. */
  keys(prefix?: string): string[];
};

export interface Options {
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  text?: string;
  json?: unknown;
  timeoutMs?: number;
}

export interface Response {
  status: number;
  headers: [string, string][];
  body: Uint8Array;
  ok: boolean;
  header(name: string): string | undefined;
  text(): string;
  json(): any;
  /** Throws unless the status is 2xx; worth another try for 429 and 5xx. */
  success(): Response;
}

/**
 * Requests to the hosts that the grant names: `capability = "http:api.example.org"`. HTTPS only; redirects come back as
 * they are. `{{secret:NAME}}` in a header's value or in the body is filled in by the host.
 */
export const http: {
  get(url: string, options?: Options): Response;
  post(url: string, options?: Options): Response;
  put(url: string, options?: Options): Response;
  delete(url: string, options?: Options): Response;
  request(method: string, url: string, options?: Options): Response;
};

export interface Query {
  id?: string;
  fields?: string[];
  search?: string;
  cursor?: string;
  limit?: number;
}

/** What the customer owns: `capability = "records:domain"` with `fields`. */
export const records: {
  page(type: string, query?: Query): { items: any[]; next?: string | null };
  all(type: string, query?: Query): any[];
  first(type: string, query?: Query): any | undefined;
};

/** Files of the webspaces that the grant names. Paths are relative to the webspace's folder. */
export const files: {
  /** null when there is no such file. */
  read(webspace: string, path: string): Uint8Array | null;
  readText(webspace: string, path: string): string | null;
  write(webspace: string, path: string, content: string | Uint8Array): void;
  /** null when there is no such folder. */
  list(webspace: string, path: string): { name: string; isFolder: boolean; size: number; modifiedMs: number }[] | null;
  /** Answers whether it was there. */
  delete(webspace: string, path: string): boolean;
};

/** Secrets that the customer typed in the portal: `capability = "secret:token"`. Their bytes never enter the plugin. */
export const secrets: {
  /** `{{secret:NAME}}`, once it is sure that it was granted and typed. */
  placeholder(name: string): string;
};

/** Checks that need a secret. */
export const crypto: {
  hmacVerify(
    secret: string,
    algorithm: "sha256" | "sha512",
    message: string | Uint8Array,
    signature: Uint8Array,
  ): boolean;
};

type Line = (message: string, fields?: Record<string, unknown>) => void;

/** Lines for the page of the run; `console.log` is `log.info`. */
export const log: { debug: Line; info: Line; warn: Line; error: Line };

// ---- pages

export type Tone = "neutral" | "info" | "good" | "warning" | "bad";

/** Something on a page, made by `ui`. */
export interface Node {
  kind: string;
  [field: string]: any;
}

/** A text, a number, or a node that fits into a line. */
export type Cell = string | number | Node;

export interface FieldOptions {
  hint?: string;
  error?: string;
  required?: boolean;
}

/**
 * Nodes of the portal's catalogue, drawn by its own components. Texts are plain: there is no HTML. A page is one form: a
 * button sends all of its fields. 200 nodes, 8 levels and 64 KiB are the most.
 */
export const ui: {
  heading(text: string): Node;
  subheading(text: string): Node;
  text(text: string): Node;
  /** Names with their values. */
  fields(items: Record<string, Cell>): Node;
  table(caption: string, columns: string[], rows: Cell[][]): Node;
  badge(text: string, tone?: Tone): Node;
  callout(tone: Tone, title: string, ...nodes: Node[]): Node;
  emptyState(title: string, text: string, ...nodes: Node[]): Node;
  textField(name: string, label: string, options?: FieldOptions & { value?: string; max_length?: number }): Node;
  textarea(name: string, label: string, options?: FieldOptions & { value?: string; max_length?: number }): Node;
  numberField(
    name: string,
    label: string,
    options?: FieldOptions & { value?: number; min?: number; max?: number; step?: number },
  ): Node;
  checkbox(name: string, label: string, options?: FieldOptions & { checked?: boolean }): Node;
  select(
    name: string,
    label: string,
    options: Record<string, string>,
    more?: FieldOptions & { value?: string },
  ): Node;
  button(name: string, text: string, options?: { value?: string; primary?: boolean }): Node;
  /** To a path of the portal, or to a host that `plugin.toml` has in `links`. */
  link(text: string, href: string): Node;
  code(text: string): Node;
  progress(label: string, value: number, max?: number): Node;
  chart(label: string, values: number[]): Node;
};

/**
 * Write plugins for the hosting control panel Wabe. Start reading at `event` in `lib/handlers.js`;
 * the types are in `index.d.ts`.
 */
export { action, card, event, form, task, ticket, webhook } from "./lib/handlers.js";
export { effect, message } from "./lib/effect.js";
export { Failure, Problem } from "./lib/failure.js";
export { reply } from "./lib/reply.js";
export { crypto, files, http, kv, log, records, secrets } from "./lib/capabilities.js";
export { ui } from "./lib/ui.js";

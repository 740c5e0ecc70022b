// What shall change.

/**
 * A command of the customer, to be carried out when the run has succeeded. `on` is the id of the thing
 * it is about. Effects with the same `key` are carried out once in 30 days; without one, once for this
 * work, however often it is tried.
 */
export function effect(kind, args = {}, { on = "", key = "" } = {}) {
  return { kind, args, target: on, key };
}

/** A message to the customer's members; needs `capability = "mail"`. */
export function message(subject, text, options) {
  return effect("plugin_message.send", { subject, text }, options);
}

/** Effects as the host reads them. */
export function written(effects) {
  const list = effects === undefined || effects === null ? [] : [effects].flat();
  return list.map(({ kind, target, args, key }) => ({ kind, target, args: JSON.stringify(args), key }));
}

/** True for what `effect` makes. */
export function isEffect(value) {
  return typeof value?.kind === "string" && typeof value.args === "object" && "target" in value;
}

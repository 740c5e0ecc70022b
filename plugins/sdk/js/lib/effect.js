// What shall change.

/**
 * A command of the customer, to be carried out when the run has succeeded. `on` is the id of the thing
 * it is about. Effects with the same `key` are carried out once in 30 days; without one it is made of
 * the run's idempotency key, so that another try of the same work does not repeat it.
 */
export function effect(kind, args = {}, { on = "", key = "" } = {}) {
  return { kind, args, target: on, key };
}

/** A message to the customer's members; needs `capability = "mail"`. */
export function message(subject, text, options) {
  return effect("plugin_message.send", { subject, text }, options);
}

/** Effects as the host reads them. */
export function written(context, effects) {
  const list = effects === undefined || effects === null ? [] : [effects].flat();
  return list.map(({ kind, target, args, key }, number) => ({
    kind,
    target,
    args: JSON.stringify(args),
    key: key || `${context.idempotencyKey}/${number}`,
  }));
}

/** True for what `effect` makes. */
export function isEffect(value) {
  return typeof value?.kind === "string" && typeof value.args === "object" && "target" in value;
}

/** Tells the members when there is a new mailbox. */
import { event, kv, message } from "@wabe/plugin";
import { text } from "./text.js";

event("mailbox.create", (context, { payload }) => {
  const address = payload.object.name;

  // Kept together with the effect, or not at all.
  const count = (kv.get("count") ?? 0) + 1;
  kv.set("count", count);

  const subject = context.text("Neues E-Mail-Postfach", "New mailbox");
  return {
    effects: message(subject, text(context.settings.greeting, address, count)),
    data: { count },
  };
});

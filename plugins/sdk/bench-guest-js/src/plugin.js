/** What `benches/` measures with: an event is read, the store is asked and told, and an effect comes of it. */
import { effect, event, kv } from "@wabe/plugin";

event("mailbox.set_quota", ({ settings }, { payload }) => {
  const key = `seen/${payload.object.id}`;
  const seen = kv.get(key) ?? { times: 0 };
  kv.set(key, { times: seen.times + 1, seq: payload.seq });
  return effect("domain.set_redirect", { redirect: `https://${payload.seq}.example/` }, { on: settings.domain });
});

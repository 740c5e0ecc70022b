/** Tells when storage runs full: by mail, or to a chat. */
import { event, Failure, form, http, kv, log, message, ui } from "@wabe/plugin";
import { hostOf, request } from "./chat.js";
import { example, sentence, subject } from "./text.js";

const DAY_S = 24 * 60 * 60;

event("quota.reached", (context, { payload }) => {
  const { object, percent } = payload;
  if (percent < context.settings.threshold) return { data: { skipped: "below the threshold" } };
  const key = `sent/${object.kind}/${object.id}`;
  const last = kv.get(key);
  // What gets worse is told at once.
  const isNews = !last || percent > last.percent || Date.now() - last.atMs >= DAY_S * 1000;
  if (!isNews) return { data: { skipped: "told within a day" } };
  const effects = tell(context, payload);
  kv.set(key, { atMs: Date.now(), percent }, { seconds: DAY_S });
  return { effects, data: { told: object.name, percent } };
});

form("main", (context, { input }) => {
  const page = [
    ui.fields({
      [context.text("Meldet ab", "Tells from")]: `${context.settings.threshold} %`,
      [context.text("Meldet an", "Tells")]: whom(context),
    }),
    ui.button("test", context.text("Probemeldung senden", "Send a test message"), { primary: true }),
  ];
  if (!input) return page;
  const effects = tell(context, example(context));
  const done = ui.callout("good", context.text("Probemeldung ist unterwegs", "Test message is on its way"));
  return { ui: [done, ...page], effects };
});

/** Sends to a chat at once; a mail is an effect. */
function tell(context, quota) {
  const { channel, url } = context.settings;
  if (channel !== "webhook") return message(subject(context, quota), sentence(context, quota));
  if (!url) {
    throw new Failure("settings-incomplete", context.text(
      "In den Einstellungen fehlt die Adresse des Webhooks.",
      "The settings lack the address of the webhook.",
    ));
  }
  const { status } = http.post(url, request(url, sentence(context, quota), quota)).success();
  log.info(`the webhook answered ${status}`, { object: quota.object.id });
  return [];
}

function whom({ settings: { channel, url }, text }) {
  if (channel !== "webhook") return text("alle Mitbenutzer per E-Mail", "all members by mail");
  return hostOf(url) || text("niemanden: die Adresse fehlt", "nobody: the address is missing");
}

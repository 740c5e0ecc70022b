//! Capabilities, records, limits and the ends of runs.

use super::table;
use crate::repository::text;
use serde_json::Value;
use std::sync::Arc;
use wabe_automation::engine::Records as _;
use wabe_automation::run::code;
use wabe_package::{Capability, Limits};
use wabe_panel::plugin_records::PluginRecords;
use wabe_testkit::{FakeLookup, House};

/// What a capability lets a plugin do.
const fn allows(capability: &Capability) -> &'static str {
    match capability {
        Capability::Events(_) => {
            "hears of these [topics](#topics); words may be `*`. Trigger `event`"
        }
        Capability::Schedule => "runs by the clock. Trigger `schedule`",
        Capability::Webhook => "has an address that others call. Trigger `webhook`",
        Capability::Form => "has pages in the portal. Trigger `form`",
        Capability::Card => "a form of it stands on the dashboard: `card = true`",
        Capability::Ticket => "offers acts on tickets. Trigger `ticket`",
        Capability::Http(_) => "[`http.fetch`](#http) to this host and port, over HTTPS",
        Capability::Secret(_) => {
            "[`secrets.use-in`](#secrets) and [`crypto`](#crypto) with this `[[secret]]`"
        }
        Capability::Records(_) => {
            "[`records.query`](#records) of this type; `fields = […]` names what it sees"
        }
        Capability::FilesRead => "[`files.read`](#files) in the webspaces that the grant names",
        Capability::FilesWrite => "[`files.write`, `list` and `delete`](#files) there",
        Capability::Effect(_) => "returns this [effect](#effects)",
        Capability::Mail => "returns `plugin_message.send`, to the customer's own members",
    }
}

/// The chapter on capability words.
pub(super) fn capabilities() -> String {
    let rows = Capability::WORDS.iter().map(|word| {
        let example = word
            .replace("<topic>", "mailbox.*")
            .replace("<host>", "api.example.org")
            .replace("<name>", "token")
            .replace("<type>", "mailbox")
            .replace("<command>", "mailbox.create");
        let capability: Capability = example.parse().unwrap();
        vec![
            format!("`{word}`"),
            allows(&capability).to_owned(),
            format!("`{example}`"),
        ]
    });
    format!(
        "What `plugin.toml` asks for, each in a `[[capability]]` with a `reason`; `optional = true` where the plugin works \
         without. [`log`](#log), [`kv`](#kv), the time and random numbers need none.\n\n{}",
        table(&["word", "what it allows", "such as"], rows)
    )
}

/// The chapter on what can be read.
pub(super) fn records(house: &House) -> String {
    let (store, house) = (house.db.store.clone(), house.facts.clone());
    let records = PluginRecords {
        store,
        house,
        lookup: Arc::new(FakeLookup::default()),
        mail: Arc::default(),
    };
    let rows = records.types().iter().map(|one| {
        let fields: Vec<String> = one.fields.iter().map(|name| format!("`{name}`")).collect();
        vec![format!("`{}`", one.name), fields.join(", ")]
    });
    format!(
        "What `records.query` answers for, with the capability `records:<type>`. A query names the type, and may name \
         `id`, `fields` (of those granted), `search`, `cursor` and `limit` (at most 200).\n\n{}",
        table(
            &["type", "fields that can be asked for"],
            rows.collect::<Vec<_>>()
        )
    )
}

/// The chapter on limits.
pub(super) fn limits() -> String {
    let columns = [Limits::PAGE, Limits::EVENT, Limits::TASK];
    let columns = columns.map(|limits| serde_json::to_value(limits).unwrap());
    let names = columns[0].as_object().unwrap().keys();
    let names = names.filter(|name| *name != "fuel");
    let rows = names.map(|name| {
        let mut row = vec![format!("`{name}`")];
        row.extend(columns.iter().map(|column| number(&column[name])));
        row
    });
    let head = [
        "limit",
        "forms, cards, tickets",
        "events, webhooks",
        "schedules",
    ];
    format!(
        "The numbers of a fresh installation; a plan may have others. Instead of `cpu_ms`, dry runs, tests and replays \
         count fuel. What happens beyond: [limits](limits.md).\n\n{}",
        table(&head, rows.collect::<Vec<_>>())
    )
}

/// A number with its thousands apart.
fn number(value: &Value) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// The chapter on codes of runs.
pub(super) fn ends() -> String {
    let words = text("templates/text/en/automation.ftl");
    let rows = code::ALL.iter().map(|code| {
        let key = format!("run-code-{code} = ");
        let said = words.lines().find_map(|line| line.strip_prefix(&key));
        vec![format!("`{code}`"), said.unwrap_or_default().to_owned()]
    });
    format!(
        "Why a run did not end well, as its page and the API say it.\n\n{}",
        table(&["code", ""], rows.collect::<Vec<_>>())
    )
}

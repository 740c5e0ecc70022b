//! Topics: what every command leaves in the record is what a plugin hears.

use super::shape::Shape;
use super::{sentence, table};
use schemars::schema_for;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use wabe_access::actor::HOUSE;
use wabe_hosting::{alias, cron_job, database, domain, mailbox, webspace};
use wabe_kernel::id::CustomerId;
use wabe_store::Statement;
use wabe_testkit::{House, commands};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const CUSTOMERS: Statement = Statement {
    name: "reference.customers",
    sql: "SELECT id FROM customer ORDER BY id",
};
/// The topic that is no command.
const QUOTA: &str = "quota.reached";

/// What was heard of one command.
#[derive(Default)]
pub(super) struct Topic {
    kinds: BTreeSet<String>,
    before: Shape,
    after: Shape,
}

/// Everything that was heard.
pub(super) struct Heard {
    topics: BTreeMap<String, Topic>,
    /// What was seen of things of one kind, before and after alike.
    kinds: BTreeMap<String, Shape>,
}

/// The record of every customer, with everything in it that plugins hear of.
pub(super) async fn heard(house: &House) -> Heard {
    let (mut topics, mut kinds) = (BTreeMap::new(), BTreeMap::new());
    let mut tx = house.db.store.read().await.unwrap();
    let rows = CUSTOMERS.query().all(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    for row in rows {
        let customer: CustomerId = row.parsed("id").unwrap();
        if customer == HOUSE {
            continue;
        }
        let mut tx = house.db.store.read_for(customer).await.unwrap();
        let changes = house.recorder.after(&mut tx, customer, 0, 10_000).await;
        tx.rollback().await.unwrap();
        for change in changes.unwrap() {
            // The end of a run is nobody's news.
            if change.command.starts_with("run.") {
                continue;
            }
            let topic: &mut Topic = topics.entry(change.command).or_default();
            topic.kinds.insert(change.object_kind.clone());
            topic.before.see(&change.before);
            topic.after.see(&change.after);
            let kind: &mut Shape = kinds.entry(change.object_kind).or_default();
            kind.see(&change.before);
            kind.see(&change.after);
        }
    }
    Heard { topics, kinds }
}

/// What the commands say about themselves and their fields.
struct Words(BTreeMap<String, Value>);

impl Words {
    fn new() -> Self {
        let own = [
            ("webspace", schema_for!(webspace::Webspace)),
            ("domain", schema_for!(domain::Domain)),
            ("cron_job", schema_for!(cron_job::CronJob)),
            ("mailbox", schema_for!(mailbox::Mailbox)),
            ("alias", schema_for!(alias::Alias)),
            ("database", schema_for!(database::Database)),
        ];
        let own = own.map(|(name, schema)| (name.to_owned(), schema.to_value()));
        let specs = commands().into_iter();
        let specs = specs.map(|spec| (spec.name.to_owned(), (spec.input)().to_value()));
        Self(own.into_iter().chain(specs).collect())
    }

    fn command(&self, name: &str) -> String {
        let found = self.0.get(name).map(|schema| &schema["description"]);
        sentence(found.and_then(Value::as_str).unwrap_or_default())
    }

    /// What a field of this kind of thing is, by the API's own type or by a command about it.
    fn field(&self, kind: &str, field: &str) -> Option<String> {
        let about = |schema: &Value| {
            let text = schema["properties"][field]["description"].as_str();
            text.map(sentence)
        };
        let commands = self.0.iter();
        let mut commands = commands.filter(|(name, _)| name.split('.').next() == Some(kind));
        let own = self.0.get(kind).and_then(about);
        own.or_else(|| commands.find_map(|(_, schema)| about(schema)))
    }
}

/// The chapter.
pub(super) fn chapter(heard: &Heard) -> String {
    let words = Words::new();
    let mut rows = Vec::new();
    for (name, topic) in &heard.topics {
        let side = |shape: &Shape| {
            let names: Vec<String> = shape.names().map(|name| format!("`{name}`")).collect();
            match (names.is_empty(), shape.is_something()) {
                (false, _) => names.join(", "),
                (true, true) => "a value".to_owned(),
                (true, false) => "null".to_owned(),
            }
        };
        let (before, after) = (side(&topic.before), side(&topic.after));
        let after = if before == after && before != "null" {
            "the same".to_owned()
        } else {
            after
        };
        let link = format!("[`{name}`](schemas/topics/{name}.json)");
        rows.push(vec![link, words.command(name), before, after]);
    }
    format!(
        "A topic is a command's name. The payload is JSON: `change` and `seq` number it, `command` is the topic, \
         `actor` has `kind` (`member`, `token`, `plugin`, `staff`, `system`) and `id`, `object` has `kind`, `id` and \
         `name`; `before` and `after` are the thing itself, null where it was not or is no more. Each topic has a JSON \
         Schema behind its link. Fields may be added.\n\n{}\n[`{QUOTA}`](schemas/topics/{QUOTA}.json) is no command: \
         `object` (a webspace, mailbox or database) uses `used_bytes` of `max_bytes`; `percent` is the level that was \
         reached, 80, 95 or 100.\n",
        table(&["topic", "what happened", "`before`", "`after`"], rows)
    )
}

/// The schemas, by topic.
pub(super) fn schemas(heard: &Heard) -> BTreeMap<String, Value> {
    let words = Words::new();
    let mut all = BTreeMap::from([(QUOTA.to_owned(), quota())]);
    for (name, topic) in &heard.topics {
        let kind = topic.kinds.first().unwrap();
        let side =
            |shape: &Shape| shape.schema(&heard.kinds[kind], |field| words.field(kind, field));
        let (before, after) = (side(&topic.before), side(&topic.after));
        let kinds: Vec<&String> = topic.kinds.iter().collect();
        let id = json!({ "type": ["string", "null"] });
        let schema = json!({
            "$schema": DIALECT,
            "title": name,
            "description": words.command(name),
            "type": "object",
            "required": ["change", "seq", "command", "actor", "object", "before", "after"],
            "properties": {
                "change": { "type": "string", "description": "The change's id." },
                "seq": {
                    "type": "integer", "minimum": 1,
                    "description": "Its number in the customer's record; none is left out.",
                },
                "command": { "const": name },
                "actor": {
                    "type": "object", "required": ["kind", "id"],
                    "properties": { "kind": { "type": "string" }, "id": id },
                },
                "object": object(&kinds),
                "before": before,
                "after": after,
            },
        });
        all.insert(name.clone(), schema);
    }
    all
}

fn object(kinds: &[&String]) -> Value {
    json!({
        "type": "object", "required": ["kind", "id", "name"],
        "properties": {
            "kind": { "enum": kinds },
            "id": { "type": "string" },
            "name": { "type": "string", "description": "What people call it." },
        },
    })
}

fn quota() -> Value {
    let kinds = ["webspace", "mailbox", "database"].map(str::to_owned);
    let bytes = json!({ "type": "integer", "minimum": 0 });
    json!({
        "$schema": DIALECT,
        "title": QUOTA,
        "description": "Storage reached a level of what is allowed.",
        "type": "object",
        "required": ["object", "used_bytes", "max_bytes", "percent"],
        "properties": {
            "object": object(&kinds.iter().collect::<Vec<_>>()),
            "used_bytes": bytes,
            "max_bytes": bytes,
            "percent": { "enum": [80, 95, 100] },
        },
    })
}

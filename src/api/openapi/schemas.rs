//! The schemas of all operations in one place, each once.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const DEFS: &str = "#/$defs/";
const COMPONENTS: &str = "#/components/schemas/";

/// Schemas by name. Two different ones that want the same name get different names.
#[derive(Default)]
pub(super) struct Schemas {
    raw: BTreeMap<String, Value>,
    ready: BTreeMap<String, Value>,
}

impl Schemas {
    /// Takes a root schema in under its title, or under `name`; answers a reference to it.
    pub(super) fn add(&mut self, schema: schemars::Schema, name: Option<&str>) -> Value {
        let mut root = schema.to_value();
        let mut defs = Map::new();
        let mut title = None;
        if let Some(members) = root.as_object_mut() {
            members.remove("$schema");
            title = members.remove("title");
            if let Some(Value::Object(found)) = members.remove("$defs") {
                defs = found;
            }
        }
        let title = title.as_ref().and_then(Value::as_str).unwrap_or("Value");
        let wanted = name.unwrap_or(title).to_owned();
        let mut names = BTreeMap::new();
        for (name, def) in &defs {
            names.insert(name.clone(), self.place(name, def));
        }
        let own = self.place(&wanted, &root);
        for (name, def) in defs {
            if let Some(place) = names.get(&name) {
                let moved = moved(def, &names, &own);
                self.ready.entry(place.clone()).or_insert(moved);
            }
        }
        let moved = moved(root, &names, &own);
        self.ready.entry(own.clone()).or_insert(moved);
        json!({ "$ref": format!("{COMPONENTS}{own}") })
    }

    /// The name under which this schema stands: the wanted one, with a number when it is taken.
    fn place(&mut self, wanted: &str, schema: &Value) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        loop {
            match self.raw.get(&name) {
                Some(known) if known == schema => return name,
                Some(_) => {
                    name = format!("{wanted}{number}");
                    number += 1;
                }
                None => {
                    self.raw.insert(name.clone(), schema.clone());
                    return name;
                }
            }
        }
    }

    /// All of them.
    pub(super) fn finish(self) -> BTreeMap<String, Value> {
        self.ready
    }
}

/// The schema with its references led to where the schemas stand now.
fn moved(schema: Value, names: &BTreeMap<String, String>, own: &str) -> Value {
    match schema {
        Value::Object(members) => {
            let member = |(name, value): (String, Value)| {
                let value = match (&*name, value) {
                    ("$ref", Value::String(to)) => Value::String(led(&to, names, own)),
                    (_, value) => moved(value, names, own),
                };
                (name, value)
            };
            Value::Object(members.into_iter().map(member).collect())
        }
        Value::Array(items) => items
            .into_iter()
            .map(|item| moved(item, names, own))
            .collect(),
        other => other,
    }
}

fn led(to: &str, names: &BTreeMap<String, String>, own: &str) -> String {
    let name = to
        .strip_prefix(DEFS)
        .and_then(|name| names.get(name))
        .map(String::as_str);
    let name = name.or((to == "#").then_some(own));
    name.map_or_else(|| to.to_owned(), |name| format!("{COMPONENTS}{name}"))
}

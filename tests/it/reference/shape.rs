//! The shape of values, learned from those that were seen.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What was seen in one place. What lies deeper than an object's own fields is open.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    /// How many objects.
    objects: usize,
    types: BTreeSet<&'static str>,
    items: BTreeSet<&'static str>,
    fields: BTreeMap<String, (usize, Shape)>,
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl Shape {
    /// Learns from one more value.
    pub(super) fn see(&mut self, value: &Value) {
        self.types.insert(type_of(value));
        match value {
            Value::Array(items) => self.items.extend(items.iter().map(type_of)),
            Value::Object(fields) => {
                self.objects += 1;
                for (name, value) in fields {
                    let (seen, shape) = self.fields.entry(name.clone()).or_default();
                    *seen += 1;
                    shape.see(value);
                }
            }
            _ => {}
        }
    }

    /// The names of its fields.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    /// Whether it is ever more than `null`.
    pub(super) fn is_something(&self) -> bool {
        self.types.iter().any(|one| *one != "null")
    }

    /// The schema of an object of this shape; its fields have every type that `all` has seen of them.
    pub(super) fn schema(&self, all: &Self, about: impl Fn(&str) -> Option<String>) -> Value {
        let mut schema = kind(&self.types, &BTreeSet::new());
        if self.objects == 0 {
            return Value::Object(schema);
        }
        let mut properties = Map::new();
        for (name, (_, shape)) in &self.fields {
            let known = all.fields.get(name).map_or(shape, |(_, known)| known);
            let mut field = kind(&known.types, &known.items);
            if let Some(about) = about(name) {
                field.insert("description".to_owned(), json!(about));
            }
            properties.insert(name.clone(), Value::Object(field));
        }
        let always = self.fields.iter();
        let always = always.filter(|(_, (seen, _))| *seen == self.objects);
        let always: Vec<&String> = always.map(|(name, _)| name).collect();
        schema.insert("required".to_owned(), json!(always));
        schema.insert("properties".to_owned(), Value::Object(properties));
        Value::Object(schema)
    }
}

/// The types of a place; nothing is said where only `null` was seen.
fn kind(types: &BTreeSet<&'static str>, items: &BTreeSet<&'static str>) -> Map<String, Value> {
    let mut schema = Map::new();
    let types: Vec<&str> = types.iter().copied().collect();
    match types[..] {
        [] => {}
        [one] => {
            schema.insert("type".to_owned(), json!(one));
        }
        _ => {
            schema.insert("type".to_owned(), json!(types));
        }
    }
    if let [one] = items.iter().copied().collect::<Vec<_>>()[..] {
        schema.insert("items".to_owned(), json!({ "type": one }));
    }
    schema
}

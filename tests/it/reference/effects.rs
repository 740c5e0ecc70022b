//! Effects: the commands that a plugin may ask for.

use super::{sentence, table};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wabe_access::{CommandSpec, Role};
use wabe_automation::may_be_effect;
use wabe_package::capability::MAIL_COMMAND;
use wabe_testkit::commands;

/// Whether some member may grant it; what the panel alone does is nobody's to grant.
fn granted(spec: &CommandSpec) -> bool {
    let mut roles = Role::ALL.iter();
    spec.name == MAIL_COMMAND || roles.any(|role| role.permissions().contains(&spec.permission))
}

/// The schema of the arguments of each, by the command's name.
pub(super) fn all() -> BTreeMap<String, Value> {
    let specs = commands().into_iter().filter(may_be_effect).filter(granted);
    specs
        .map(|spec| {
            let mut schema = (spec.input)().to_value();
            if let Some(schema) = schema.as_object_mut() {
                arguments(schema, spec.name);
            }
            (spec.name.to_owned(), schema)
        })
        .collect()
}

/// The input of a command without the thing that it is about, which is the effect's target.
fn arguments(schema: &mut Map<String, Value>, name: &str) {
    schema.insert("title".to_owned(), json!(name));
    let fields = schema.get_mut("properties");
    let has_target = fields
        .and_then(Value::as_object_mut)
        .is_some_and(|fields| fields.remove("id").is_some());
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|field| field != "id");
    }
    schema.insert("x-target".to_owned(), json!(has_target));
}

/// The chapter.
pub(super) fn chapter(effects: &BTreeMap<String, Value>) -> String {
    let rows = effects.iter().map(|(name, schema)| {
        let about = sentence(schema["description"].as_str().unwrap_or_default());
        let fields = schema["properties"].as_object().cloned();
        let fields = fields.unwrap_or_default();
        let required: Vec<&Value> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .collect();
        let fields: Vec<String> = fields
            .keys()
            .map(|field| {
                let optional = !required.iter().any(|one| *one == field);
                format!("`{field}`{}", if optional { "?" } else { "" })
            })
            .collect();
        let noun = name.split('.').next().unwrap_or_default();
        let target = if schema["x-target"] == true {
            format!("the {}", noun.replace('_', " "))
        } else {
            "empty".to_owned()
        };
        let link = format!("[`{name}`](schemas/effects/{name}.json)");
        vec![link, about, target, fields.join(", ")]
    });
    format!(
        "An effect is a command on the customer's behalf: `kind` is its name, `target` the id of what it is about, \
         `args` its other fields as JSON. It needs the capability `effect:<command>`; `{MAIL_COMMAND}` needs `mail`. \
         Everything that a click in the portal obeys holds here too: limits of the plan, names that are taken, what \
         the person who granted the rights may do. Behind the links are the JSON Schemas of `args`; a question mark \
         marks what may be left out.\n\n{}",
        table(&["`kind`", "what it does", "`target`", "`args`"], rows)
    )
}

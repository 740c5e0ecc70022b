//! One operation of the document.

use crate::book::{Answers, Operation, Sends};
use crate::openapi::schemas::Schemas;
use crate::openapi::text;
use crate::paging::SEARCH_CHARS_MAX;
use crate::problem::MEDIA_TYPE;
use serde_json::{Map, Value, json};
use wabe_access::{CommandSpec, Risk};
use wabe_automation::run;
use wabe_kernel::SiteLog;
use wabe_support::ticket;

/// The problems that every operation with a token can answer.
const ALWAYS: [(&str, &str); 6] = [
    ("401", "login"),
    ("403", "forbidden"),
    ("404", "not-found"),
    ("409", "conflict"),
    ("422", "invalid"),
    ("429", "too-many"),
];
/// The further ones of operations with a body.
const OF_BODIES: [(&str, &str); 3] = [
    ("400", "malformed"),
    ("413", "too-large"),
    ("415", "media-type"),
];
/// The further one of operations that wait.
const OF_WAITING: (&str, &str) = ("503", "busy");

/// Shared answers: one per problem.
pub(super) fn responses() -> Value {
    let all = ALWAYS.iter().chain(&OF_BODIES).chain([&OF_WAITING]);
    let response = |(status, word): &(&str, &str)| {
        let example = json!({
            "type": format!("urn:wabe:problem:{word}"),
            "title": text(&format!("api-title-{word}")),
            "status": status.parse::<u16>().unwrap_or(500),
            "detail": text(&format!("api-detail-{word}")),
            "code": word,
            "request_id": "req_01kaj8xv00e0m9f8w2v3x4y5z6",
        });
        let content = json!({ MEDIA_TYPE: { "schema": problem_schema(), "example": example } });
        let about = text(&format!("api-title-{word}"));
        (
            (*word).to_owned(),
            json!({ "description": about, "content": content }),
        )
    };
    Value::Object(all.map(response).collect())
}

/// RFC 9457, with our members.
fn problem_schema() -> Value {
    let string = json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": string, "title": string, "status": { "type": "integer" }, "detail": string,
            "code": string, "request_id": string,
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "code", "detail"],
                    "properties": {
                        "pointer": string, "parameter": string, "header": string, "path": string,
                        "place": string,
                        "field": string, "code": string, "detail": string,
                    },
                },
            },
        },
    })
}

/// The words of a closed list.
fn words<T: std::fmt::Display>(all: &[T]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

/// What the queue of tickets is narrowed by, and what is asked about in one.
fn of_tickets() -> [(&'static str, Value); 7] {
    let one_of = |words: Vec<String>| json!({ "type": "string", "enum": words });
    [
        ("lane", one_of(words(ticket::Lane::ALL))),
        ("status", one_of(words(ticket::Status::ALL))),
        ("owner", json!({ "type": "string" })),
        ("object", json!({ "type": "string" })),
        ("priority", one_of(words(ticket::Priority::ALL))),
        ("category", one_of(words(ticket::Category::ALL))),
        (
            "due_before",
            json!({ "type": "string", "format": "date-time" }),
        ),
    ]
}

/// Shared parameters, by name.
pub(super) fn parameters() -> Value {
    let integer = |min: i64, max: i64, default: i64| json!({ "type": "integer", "minimum": min, "maximum": max, "default": default });
    let string = json!({ "type": "string" });
    let kinds = [
        ("dry_run", json!({ "type": "boolean", "default": false })),
        ("limit", integer(1, 200, 50)),
        ("lines", integer(1, 1_000, 100)),
        (
            "log",
            json!({ "type": "string", "enum": SiteLog::ALL.map(SiteLog::word), "default": "access" }),
        ),
        (
            "answered",
            json!({ "type": "string", "pattern": "^[1-5]([0-9][0-9]|xx)$" }),
        ),
        ("skip", integer(0, 1_000_000_000, 0)),
        ("after", string.clone()),
        (
            "q",
            json!({ "type": "string", "maxLength": SEARCH_CHARS_MAX }),
        ),
        ("name", json!({ "type": "string", "maxLength": 120 })),
        ("object_kind", string.clone()),
        ("object_id", string.clone()),
        ("actor_user", string.clone()),
        ("installation", string),
        (
            "state",
            json!({ "type": "string", "enum": words(run::RunState::ALL) }),
        ),
        (
            "trigger",
            json!({ "type": "string", "enum": words(run::TriggerKind::ALL) }),
        ),
        (
            "kind",
            json!({ "type": "string", "enum": ["create", "change", "copy", "delete"] }),
        ),
        ("from", json!({ "type": "string", "format": "date-time" })),
        ("until", json!({ "type": "string", "format": "date-time" })),
    ];
    let mut all: Map<String, Value> = Map::new();
    for (name, schema) in kinds.into_iter().chain(of_tickets()) {
        let about = text(&format!("api-param-{}", name.replace('_', "-")));
        let one = json!({ "name": name, "in": "query", "description": about, "schema": schema });
        all.insert(name.to_owned(), one);
    }
    all.insert(
        "idempotency_key".to_owned(),
        json!({
            "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "maxLength": 200 },
            "description": text("api-param-idempotency-key"),
        }),
    );
    Value::Object(all)
}

fn shared(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// The document's own operation.
pub(super) fn of_document() -> Value {
    json!({
        "operationId": "openapi_show",
        "tags": ["api"],
        "summary": text("api-op-openapi-show"),
        "security": [],
        "responses": {
            "200": {
                "description": text("api-doc-done"),
                "content": { "application/json": { "schema": { "type": "object" } } },
            },
        },
    })
}

/// An operation, as the document describes it.
pub(super) fn described(one: &Operation, schemas: &mut Schemas) -> Value {
    let tag = one
        .id
        .rsplit_once('_')
        .map_or(one.id.as_str(), |(noun, _)| noun);
    let tag = one.specs.first().map_or(tag, |spec| spec.noun());
    let mut described = json!({
        "operationId": one.id,
        "tags": [tag],
        "summary": summary(one),
        "parameters": parameters_of(one),
        "responses": responses_of(one, schemas),
    });
    let Some(members) = described.as_object_mut() else {
        return described;
    };
    if let Some(body) = body(one, schemas) {
        members.insert("requestBody".to_owned(), body);
    }
    if let Some(permission) = one.permission {
        members.insert("x-permission".to_owned(), permission.word().into());
    }
    if !one.specs.is_empty() {
        let names: Vec<&str> = one.specs.iter().map(|spec| spec.name).collect();
        members.insert("x-commands".to_owned(), names.into());
        let careful = one.specs.iter().any(|spec| spec.risk != Risk::Routine);
        members.insert("x-sensitive".to_owned(), careful.into());
    }
    described
}

fn summary(one: &Operation) -> String {
    match one.specs.as_slice() {
        [] => text(&format!("api-op-{}", one.id.replace('_', "-"))),
        specs => {
            let about = |spec: &CommandSpec| {
                let schema = (spec.input)();
                schema
                    .get("description")
                    .and_then(Value::as_str)
                    .unwrap_or(spec.name)
                    .to_owned()
            };
            specs.iter().map(about).collect::<Vec<_>>().join(" ")
        }
    }
}

/// The names between braces.
fn names_in(path: &str) -> impl Iterator<Item = &str> {
    let parts = path.split('/').filter_map(|part| part.strip_prefix('{'));
    parts.map(|part| part.trim_end_matches('}').trim_start_matches('*'))
}

fn parameters_of(one: &Operation) -> Vec<Value> {
    let in_path = names_in(one.path).map(|name| {
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
    });
    let in_query = one.query.iter().map(|name| shared("parameters", name));
    let key = (!one.specs.is_empty()).then(|| shared("parameters", "idempotency_key"));
    in_path.chain(in_query).chain(key).collect()
}

fn body(one: &Operation, schemas: &mut Schemas) -> Option<Value> {
    let schema = match one.sends {
        Sends::Nothing => return None,
        Sends::Bytes => {
            let content = json!({ "application/octet-stream": {} });
            return Some(json!({ "required": true, "content": content }));
        }
        Sends::Json(schema) => schemas.add(schema(), None),
        Sends::Fields => fields(one, schemas)?,
    };
    let mut content = json!({ "schema": schema });
    let example: Option<Value> = serde_json::from_str(one.example).ok();
    if let (Some(members), Some(example)) = (content.as_object_mut(), example) {
        members.insert("example".to_owned(), example);
    }
    Some(json!({ "required": true, "content": { "application/json": content } }))
}

/// The fields of the operation's commands, without those that the path says. PATCH demands none.
fn fields(one: &Operation, schemas: &mut Schemas) -> Option<Value> {
    let in_path: Vec<&str> = names_in(one.path).collect();
    let mut merged: Option<schemars::Schema> = None;
    for spec in &one.specs {
        let mut schema = (spec.input)();
        let root = schema.ensure_object();
        if let Some(Value::Object(members)) = root.get_mut("properties") {
            members.retain(|name, _| !in_path.contains(&name.as_str()));
        }
        if let Some(Value::Array(required)) = root.get_mut("required") {
            required.retain(|name| name.as_str().is_none_or(|name| !in_path.contains(&name)));
            if required.is_empty() || one.method == "PATCH" {
                root.remove("required");
            }
        }
        root.insert("additionalProperties".to_owned(), false.into());
        merged = Some(match merged {
            None => schema,
            Some(known) => united(known, schema),
        });
    }
    let mut schema = merged?;
    let root = schema.ensure_object();
    if root
        .get("properties")
        .is_none_or(|all| all.as_object().is_none_or(Map::is_empty))
    {
        return None;
    }
    if one.method == "PATCH" {
        root.remove("description");
        root.insert("minProperties".to_owned(), 1.into());
    }
    Some(schemas.add(schema, Some(&camel(&one.id))))
}

/// One schema with the properties and the definitions of both.
fn united(mut known: schemars::Schema, mut other: schemars::Schema) -> schemars::Schema {
    for part in ["properties", "$defs"] {
        let Some(Value::Object(more)) = other.ensure_object().remove(part) else {
            continue;
        };
        let place = known
            .ensure_object()
            .entry(part)
            .or_insert_with(|| json!({}));
        if let Some(members) = place.as_object_mut() {
            members.extend(more);
        }
    }
    known
}

/// `webspace_add_host` as `WebspaceAddHost`.
fn camel(id: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    id.split('_').map(word).collect()
}

fn responses_of(one: &Operation, schemas: &mut Schemas) -> Value {
    let about = text("api-doc-done");
    let (status, content) = match one.answers {
        Answers::Nothing => (204, None),
        Answers::Json(status, schema) => (
            status,
            Some(json!({ "application/json": { "schema": schemas.add(schema(), None) } })),
        ),
        Answers::List(item) => {
            let items = json!({ "type": "array", "items": schemas.add(item(), None) });
            let next = json!({ "type": ["string", "null"] });
            let properties = json!({ "items": items, "next": next });
            let page = json!({
                "type": "object", "required": ["items", "next"], "properties": properties,
            });
            (200, Some(json!({ "application/json": { "schema": page } })))
        }
        Answers::Bytes(kind) => (200, Some(json!({ kind: {} }))),
    };
    let mut all: Map<String, Value> = Map::new();
    let mut done = json!({ "description": about });
    if let (Some(members), Some(content)) = (done.as_object_mut(), content) {
        members.insert("content".to_owned(), content);
    }
    all.insert(status.to_string(), done);
    if one.query.contains(&"dry_run") {
        preview(&mut all);
    }
    let bodied = !matches!(one.sends, Sends::Nothing);
    let bodied = OF_BODIES.iter().filter(|_| bodied);
    let waits = Some(&OF_WAITING).filter(|_| one.endless || !one.specs.is_empty());
    for (status, word) in ALWAYS.iter().chain(bodied).chain(waits) {
        all.insert((*status).to_owned(), shared("responses", word));
    }
    Value::Object(all)
}

/// What a preview answers: 200, beside or together with what the operation itself answers.
fn preview(all: &mut Map<String, Value>) {
    let any = json!({});
    let schema = json!({
        "type": "object",
        "required": ["dry_run", "change", "steps"],
        "properties": {
            "dry_run": { "const": true },
            "change": { "type": "object", "properties": { "before": any, "after": any } },
            "steps": { "type": "array", "items": { "type": "string" } },
        },
    });
    let place = all.get_mut("200");
    let place = place.and_then(|done| done.pointer_mut("/content/application~1json/schema"));
    if let Some(place) = place {
        let own = place.take();
        *place = json!({ "oneOf": [own, schema] });
        return;
    }
    let content = json!({ "application/json": { "schema": schema } });
    let about = text("api-doc-preview");
    all.insert(
        "200".to_owned(),
        json!({ "description": about, "content": content }),
    );
}

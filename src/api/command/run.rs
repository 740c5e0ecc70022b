//! One command.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers};
use crate::call::{Call, JSON_BYTES_MAX};
use crate::json::Lines;
use crate::noun::{COLLECTIONS, shown};
use crate::problem::{Kind, Problem};
use crate::ways::{Act, Way};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value};
use wabe_access::{CommandSpec, Mode, Refusal};
use wabe_kernel::id::ChangeId;
use wabe_kernel::{FieldErrors, Problem as FieldProblem};

/// Says that a repeated request was answered again and nothing was done.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What the operation of a command answers, for the document.
pub(super) fn answers(way: &Way, spec: &CommandSpec) -> Answers {
    let silent = (spec.output)().get("type") == Some(&"null".into());
    match way.act {
        Act::Delete => Answers::Nothing,
        Act::Create => Answers::Json(201, way.noun.schema().unwrap_or(spec.output)),
        _ => match way.noun.schema() {
            Some(schema) => Answers::Json(200, schema),
            None if silent => Answers::Nothing,
            None => Answers::Json(200, spec.output),
        },
    }
}

/// Carries the command out, shows what it would do, or answers again what it did.
pub(super) async fn run(
    api: Api,
    mut call: Call,
    way: &'static Way,
    (spec, lines): (CommandSpec, Lines),
) -> Answer {
    let mode = call.mode()?;
    let body = match way.act {
        Act::Delete => Bytes::new(),
        _ => call.bytes(JSON_BYTES_MAX).await?,
    };
    let (mut input, mut errors) = call.object(&body, lines)?;
    let ids = call.ids();
    errors.0.extend(named_in_path(&input, &ids).0);
    input.extend(ids.clone());
    if let Err(found) = (spec.check)(&input) {
        for (name, problem) in found.0 {
            errors.add(&name, problem);
        }
    }
    refuse(errors, &ids)?;
    let once = call.once(mode, &body)?;
    match (spec.run)(&api.gate, call.actor(), input, mode, once).await {
        Ok(done) if mode == Mode::Preview => Ok(answer::preview(&done)),
        Ok(done) => finished(&api, &call, way, (&done.object, done.output)).await,
        Err(Refusal::Repeated(change)) => again(&api, &call, way, change).await,
        Err(refusal) => Err(refusal.into()),
    }
}

/// The parts of the path that a body tries to say again.
pub(super) fn named_in_path(input: &Map<String, Value>, ids: &Map<String, Value>) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for name in ids.keys().filter(|name| input.contains_key(*name)) {
        errors.add(name, FieldProblem::new("unknown-field"));
    }
    errors
}

/// Goes on when nothing is wrong. An id in the path that is none does not exist.
///
/// # Errors
/// `NotFound`, `Invalid`.
pub(super) fn refuse(errors: FieldErrors, ids: &Map<String, Value>) -> Result<(), Problem> {
    let of_path = |(name, problem): (&String, &FieldProblem)| {
        ids.contains_key(name) && problem.code != "unknown-field"
    };
    if errors.0.iter().any(of_path) {
        return Err(Problem::of(Kind::NotFound));
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.into())
    }
}

/// The ids of the object: those of the path, and its own.
fn ids_of(call: &Call, object: &str) -> Map<String, Value> {
    let mut ids = call.ids();
    ids.entry("id").or_insert_with(|| object.into());
    ids
}

/// Answers a command that was carried out: the resource as it is now, and what the command said
/// beyond it, such as a password that is shown once. A token that may not read gets the latter only.
pub(super) async fn finished(
    api: &Api,
    call: &Call,
    way: &Way,
    (object, output): (&str, Value),
) -> Answer {
    if way.act == Act::Delete {
        return Ok(answer::nothing());
    }
    let resource = match shown(way.noun, api, call, &ids_of(call, object)).await {
        Ok(resource) => resource.unwrap_or(Value::Null),
        // It was done; that the answer could not be read again must not look like a failure.
        Err(unreadable) => {
            unreadable.log(&call.voice);
            Value::Null
        }
    };
    Ok(answered(call, way, object, &together(resource, output)))
}

fn together(resource: Value, output: Value) -> Value {
    match (resource, output) {
        (Value::Object(mut resource), Value::Object(output)) => {
            for (name, value) in output {
                resource.entry(name).or_insert(value);
            }
            Value::Object(resource)
        }
        (Value::Null, output) => output,
        (resource, _) => resource,
    }
}

/// Where what was made is found: below its list, or where things of its kind are.
fn place(call: &Call, way: &Way, object: &str) -> String {
    let mut collections = COLLECTIONS.iter();
    let item = collections
        .find(|one| one.noun == way.noun)
        .map(|one| one.item);
    match item {
        Some(item) if !item.starts_with(way.path) => item.replace("{id}", object),
        _ => format!("{}/{object}", call.path),
    }
}

fn answered(call: &Call, way: &Way, object: &str, value: &Value) -> Response {
    if way.act == Act::Create {
        let mut response = answer::json(StatusCode::CREATED, value);
        if let Ok(place) = HeaderValue::from_str(&place(call, way, object)) {
            response.headers_mut().insert(header::LOCATION, place);
        }
        return response;
    }
    if value.is_null() {
        answer::nothing()
    } else {
        answer::json(StatusCode::OK, value)
    }
}

/// Answers a request that was carried out before, without what is shown once.
pub(super) async fn again(api: &Api, call: &Call, way: &Way, change: ChangeId) -> Answer {
    let look = call.look(api).await?;
    let mut tx = look.tx;
    let found = api
        .gate
        .recorder()
        .load(&mut tx, call.actor().customer, change)
        .await?;
    tx.rollback().await?;
    let found = found.ok_or(Problem::of(Kind::NotFound))?;
    let response = if way.act == Act::Delete {
        answer::nothing()
    } else {
        let ids = ids_of(call, &found.object_id);
        let resource = shown(way.noun, api, call, &ids).await?;
        answered(
            call,
            way,
            &found.object_id,
            &resource.unwrap_or(Value::Null),
        )
    };
    Ok(replayed(response))
}

/// The same, saying that nothing was done this time.
pub(crate) fn replayed(mut response: Response) -> Response {
    let said = HeaderValue::from_static("true");
    response.headers_mut().insert(REPLAYED, said);
    response
}

//! PATCH: the fields of an item, split over its `set_*` commands, all of them in one transaction.

use crate::Api;
use crate::answer;
use crate::book::Answer;
use crate::call::{Call, JSON_BYTES_MAX};
use crate::command::run::{again, finished, named_in_path, refuse};
use crate::json::Lines;
use crate::ways::Way;
use serde_json::{Map, Value};
use wabe_access::command::BoxedCommand;
use wabe_access::{CommandSpec, Mode, Refusal};
use wabe_kernel::{FieldErrors, Problem as FieldProblem};

/// Carries out what the body names, shows what it would do, or answers again what it did.
pub(super) async fn run(
    api: Api,
    mut call: Call,
    way: &'static Way,
    specs: Vec<CommandSpec>,
) -> Answer {
    let mode = call.mode()?;
    let body = call.bytes(JSON_BYTES_MAX).await?;
    let (asked, mut errors) = call.object(&body, Lines::One)?;
    let ids = call.ids();
    errors.0.extend(named_in_path(&asked, &ids).0);
    let commands = split(&asked, &ids, &specs, &mut errors);
    refuse(errors, &ids)?;
    let once = call.once(mode, &body)?;
    match api.gate.run_all(call.actor(), commands, mode, once).await {
        Ok(done) if mode == Mode::Preview => Ok(answer::preview(&done)),
        Ok(done) => finished(&api, &call, way, (&done.object, done.output)).await,
        Err(Refusal::Repeated(change)) => again(&api, &call, way, change).await,
        Err(refusal) => Err(refusal.into()),
    }
}

/// The commands for what was asked, in the order of the registry. Notes every field that is wrong,
/// that no command knows, and that nothing was asked at all.
pub(crate) fn split(
    asked: &Map<String, Value>,
    ids: &Map<String, Value>,
    specs: &[CommandSpec],
    errors: &mut FieldErrors,
) -> Vec<BoxedCommand> {
    let of_spec =
        |spec: &CommandSpec, name: &str| spec.fields.contains(&name) && !ids.contains_key(name);
    for name in asked.keys() {
        if !specs.iter().any(|spec| of_spec(spec, name)) {
            errors.add(name, FieldProblem::new("unknown-field"));
        }
    }
    if asked.is_empty() {
        errors.add("", FieldProblem::new("nothing-to-change"));
    }
    let mut commands = Vec::new();
    for spec in specs {
        let own: Map<String, Value> = asked
            .iter()
            .filter(|(name, _)| of_spec(spec, name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if own.is_empty() {
            continue;
        }
        let mut input = ids.clone();
        input.extend(own);
        match (spec.parse)(&input) {
            Ok(command) => commands.push(command),
            Err(found) => found
                .0
                .into_iter()
                .for_each(|(name, problem)| errors.add(&name, problem)),
        }
    }
    commands
}

//! Effects on their way to the gate: each is a command that was granted, and counts once for its key.

use crate::desk::Desk;
use crate::engine::Engine;
use crate::engine::execute::{Ready, Stands};
use crate::engine::verdict::Verdict;
use crate::run::finish::{self, Kept};
use crate::run::{EffectState, code};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use wabe_access::command::BoxedCommand;
use wabe_access::{CommandSpec, Refusal};
use wabe_kernel::{Fault, FieldErrors};
use wabe_package::entry::Effect;

/// The longest key of an effect, in bytes.
const KEY_MAX: usize = 200;

/// Effects that may be applied, in their order.
#[derive(Default)]
pub(crate) struct Planned {
    /// All of them, also those that were applied before.
    pub(crate) kept: Vec<Kept>,
    /// The commands of those that were not.
    pub(crate) commands: Vec<BoxedCommand>,
    /// The places of those among all.
    pub(crate) places: Vec<usize>,
}

impl Engine {
    /// What a run's effects are as commands.
    pub(crate) async fn plan_effects(
        &self,
        ready: &Ready,
        effects: &[Effect],
    ) -> Result<Result<Planned, Verdict>, Fault> {
        let desk = Desk::of(self.parts.gate.tools())?;
        let most = usize::try_from(ready.order.limits.effects).unwrap_or(0);
        if effects.len() > most {
            let message = format!("{} effects, {most} is the most", effects.len());
            return Ok(Err(Verdict::lasting(code::RESULT).because(message)));
        }
        let mut tx = self.parts.gate.store().read_for(ready.run.customer).await?;
        // The gate knows grants and suspensions; the hoster's ceiling is asked for here.
        if !effects.is_empty() && ready.stands(&mut tx).await? == Stands::Revoked {
            return Ok(Err(Verdict::lasting(code::REVOKED)));
        }
        let mut planned = Planned::default();
        let mut keys = BTreeSet::new();
        for (place, effect) in effects.iter().enumerate() {
            let key = match key(ready, place, effect) {
                Ok(key) if keys.insert(key.clone()) => key,
                Ok(key) => {
                    let message = format!("effect {place}: the key {key} is there twice");
                    return Ok(Err(Verdict::lasting(code::RESULT).because(message)));
                }
                Err(verdict) => return Ok(Err(verdict)),
            };
            let command = match command(desk, ready, place, effect) {
                Ok(command) => command,
                Err(verdict) => return Ok(Err(verdict)),
            };
            let (customer, id) = (ready.run.customer, ready.installation.id);
            let repeated = finish::has_key(&mut tx, customer, id, &key).await?;
            let state = if repeated {
                EffectState::Repeated
            } else {
                planned.commands.push(command);
                planned.places.push(place);
                EffectState::Applied
            };
            planned.kept.push(Kept {
                command: effect.kind.clone(),
                target: effect.target.clone(),
                key,
                state,
                shown: None,
            });
        }
        tx.rollback().await?;
        Ok(Ok(planned))
    }
}

/// The key under which an effect counts once: its own, or its place in the work.
fn key(ready: &Ready, place: usize, effect: &Effect) -> Result<String, Verdict> {
    if effect.key.is_empty() {
        return Ok(format!("{}:{}:{place}", ready.run.root, ready.run.slice));
    }
    let plain = !effect.key.chars().any(char::is_control);
    if plain && effect.key.len() <= KEY_MAX {
        return Ok(effect.key.clone());
    }
    let message = format!("effect {place}: a key has at most {KEY_MAX} printable bytes");
    Err(Verdict::lasting(code::RESULT).because(message))
}

/// The command that an effect is.
fn command(
    desk: &Desk,
    ready: &Ready,
    place: usize,
    effect: &Effect,
) -> Result<BoxedCommand, Verdict> {
    let kind = &effect.kind;
    let spec = desk.effect(kind);
    let Some(spec) = spec.filter(|_| ready.rights.has_effect(kind)) else {
        let message = format!("effect {place}: {kind} was not granted");
        return Err(Verdict::lasting(code::EFFECT_DENIED).because(message));
    };
    let object = object(spec, place, effect)?;
    (spec.parse)(&object).map_err(|errors| {
        let message = format!("effect {place}, {kind}: {}", words(&errors));
        Verdict::lasting(code::EFFECT_REFUSED).because(message)
    })
}

/// The fields of the command, with the id of what it is about.
fn object(
    spec: &CommandSpec,
    place: usize,
    effect: &Effect,
) -> Result<Map<String, Value>, Verdict> {
    let wrong = |what: &str| {
        let message = format!("effect {place}, {}: {what}", effect.kind);
        Err(Verdict::lasting(code::RESULT).because(message))
    };
    let args = if effect.args.is_empty() {
        "{}"
    } else {
        effect.args.as_str()
    };
    let Ok(Value::Object(mut object)) = serde_json::from_str(args) else {
        return wrong("the arguments are no JSON object");
    };
    if effect.target.is_empty() {
        return Ok(object);
    }
    if !spec.fields.contains(&"id") {
        return wrong("it is about no thing with an id: leave the target empty");
    }
    let target = Value::String(effect.target.clone());
    match object.insert("id".to_owned(), target.clone()) {
        Some(other) if other != target => wrong("the arguments name another id than the target"),
        _ => Ok(object),
    }
}

/// Which fields are wrong, for whoever wrote the plugin.
fn words(errors: &FieldErrors) -> String {
    let one = |(field, problem): (&String, &wabe_kernel::Problem)| {
        let mut text = format!("{field}: {}", problem.code);
        for (name, value) in &problem.args {
            text.extend([" ", name, "=", value.as_str()]);
        }
        text
    };
    errors.0.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Why the gate refused an effect, for whoever wrote the plugin.
pub(crate) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Invalid(errors) => words(errors),
        Refusal::NotFound => "there is no such thing".to_owned(),
        Refusal::Forbidden | Refusal::InPerson | Refusal::StepUp | Refusal::PurposeMissing => {
            "whoever granted the rights may not do this".to_owned()
        }
        Refusal::Limit {
            limit,
            used,
            max,
            wanted,
        } => {
            format!("{limit}: {used} of {max} are in use, {wanted} more wanted")
        }
        Refusal::CustomerSuspended => "the customer is suspended".to_owned(),
        Refusal::Conflict(code) => (*code).to_owned(),
        Refusal::Repeated(_) => "it was carried out before".to_owned(),
        Refusal::Busy(seconds) => format!("too much at once; again in {seconds} seconds"),
        Refusal::Fault(_) => "the machine failed".to_owned(),
    }
}

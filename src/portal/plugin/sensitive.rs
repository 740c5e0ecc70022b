//! Commands that are put together from a form whose fields are not theirs, most of them behind a
//! fresh proof: everything typed stays, apart from secrets.

use serde_json::{Map, Value};
use wabe_access::{Command, Done, Mode, Refusal};
use wabe_kernel::{FieldErrors, FormState, Problem};
use wabe_web::{Failure, Form};

use crate::Portal;
use crate::proof::{self, Proving};
use crate::refused::{Refused, again};

/// Fields of this beginning hold secrets.
pub(super) const SECRET: &str = "secret.";

/// What a form asks for: the input of a command, and what is wrong with the form already.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) input: Map<String, Value>,
    pub(super) errors: FieldErrors,
}

impl Asked {
    /// The same with one more field.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.input.insert(name.to_owned(), value.into());
        self
    }
}

/// The fields of a form that never come back.
pub(super) fn hidden(form: &Form) -> Vec<&str> {
    let names = form.fields.keys().map(String::as_str);
    names
        .filter(|name| name.starts_with(SECRET) || *name == proof::FIELD)
        .collect()
}

/// Passes the gate with a command; `Err` inside holds the form to show again.
///
/// # Errors
/// What no form can say.
pub(super) async fn carry_out<C: Command>(
    portal: &Portal,
    proving: &Proving,
    form: &Form,
    asked: Asked,
) -> Result<Result<Done<C::Output>, Refused>, Failure> {
    let hidden = hidden(form);
    if let Some(wrong) = &proving.wrong {
        return Ok(Err(proof::asked(form, &hidden, wrong.clone()).into()));
    }
    let kept = |errors| Refused::from(FormState::of(&form.fields, errors, &hidden));
    if !asked.errors.is_empty() {
        return Ok(Err(kept(asked.errors)));
    }
    let command = match C::from_json(&asked.input) {
        Ok(command) => command,
        Err(errors) => return Ok(Err(kept(named(&errors)))),
    };
    let actor = proving.member.actor();
    match Box::pin(portal.gate.run(actor, command, Mode::Commit)).await {
        Ok(done) => Ok(Ok(done)),
        Err(Refusal::StepUp) => {
            let problem = Problem::new("proof-needed");
            Ok(Err(proof::asked(form, &hidden, problem).into()))
        }
        Err(Refusal::Invalid(errors)) => Ok(Err(kept(named(&errors)))),
        Err(refusal) => again(form, &hidden, refusal).map(Err),
    }
}

/// Errors under the names of the page's fields. A problem of the whole falls away beside one of a part.
fn named(errors: &FieldErrors) -> FieldErrors {
    let mut named = FieldErrors::default();
    let parts = [("capabilities", "cap."), ("settings", "set.")];
    for (name, problem) in &errors.0 {
        let part = parts
            .iter()
            .find_map(|(whole, short)| Some((short, name.strip_prefix(whole)?.strip_prefix('.')?)));
        let whole = format!("{name}.");
        let has_parts = errors.0.keys().any(|other| other.starts_with(&whole));
        match part {
            Some((short, key)) => named.add(&format!("{short}{key}"), here(problem)),
            None if has_parts => {}
            None => named.add(name, problem.clone()),
        }
    }
    named
}

/// A problem beside the field that it is about: people need not read the word for that again.
fn here(problem: &Problem) -> Problem {
    match problem.code {
        "capability-webspaces" => Problem::new("choose-webspace"),
        _ => problem.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_stand_at_the_fields_of_the_page() {
        let mut errors = FieldErrors::default();
        errors.add("settings", Problem::new("required"));
        errors.add("settings.host", Problem::new("required"));
        errors.add("capabilities", Problem::new("capability-not-own"));
        let named: Vec<String> = named(&errors).0.into_keys().collect();
        assert_eq!(named, ["capabilities", "set.host"]);
        let webspaces = here(&Problem::new("capability-webspaces"));
        assert_eq!(webspaces.code, "choose-webspace");
    }

    #[test]
    fn secrets_and_proofs_do_not_come_back() {
        let names = ["secret.token", "proof", "set.host"];
        let fields = names.map(|name| (name.to_owned(), "x".to_owned()));
        let form = Form {
            fields: fields.into(),
        };
        assert_eq!(hidden(&form), ["proof", "secret.token"]);
    }
}

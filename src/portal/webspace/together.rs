//! Tabs with one form for several settings: a command for each that differs, all of them or none, and first
//! what they would do for who asks.

use askama::Template;
use axum::response::{IntoResponse, Response};

use serde_json::Value;
use wabe_access::{AnyCommand, Mode, Refusal};
use wabe_kernel::{FieldErrors, FormState, Language, Problem};
use wabe_web::{DiffRow, Failure, Form, Member, Message, see_other};

use crate::Portal;
use crate::carry_out::{asked_mode, refused_page};
use crate::refused::{self, Note, Refused};
use crate::undo::done_path;
use crate::webspace::PLACE;

/// What a change would do.
pub(crate) struct Preview {
    /// Fields before and after.
    pub(crate) rows: Vec<DiffRow>,
    /// What the node would do; words of the messages `step-{word}`.
    pub(crate) steps: Vec<&'static str>,
}

/// A form, and what is said above it.
#[derive(Default)]
pub(crate) struct Over {
    /// What was typed, or what is there.
    pub(crate) form: FormState,
    /// Why it was refused as a whole.
    pub(crate) note: Option<Note>,
    /// What the change would do, when that was asked for.
    pub(crate) preview: Option<Preview>,
    /// Whether what was typed is what is there already.
    pub(crate) unchanged: bool,
}

impl From<FormState> for Over {
    fn from(form: FormState) -> Self {
        Self {
            form,
            ..Self::default()
        }
    }
}

impl From<Refused> for Over {
    fn from(Refused { form, note }: Refused) -> Self {
        Self {
            note,
            ..Self::from(form)
        }
    }
}

/// Does all that a form wants, or shows what it would do; `page` is the tab over its form, `rows` what differs
/// between two snapshots, and `back` where the tab is.
///
/// # Errors
/// What no form can say: foreign and missing things, the right that is not there, a fault.
pub(super) async fn save<T: Template>(
    (portal, member): (&Portal, &Member),
    (form, back): (&Form, &str),
    wanted: Result<Vec<Box<dyn AnyCommand>>, FormState>,
    rows: impl FnOnce(&Value, &Value) -> Vec<DiffRow>,
    page: impl FnOnce(Over) -> T,
) -> Result<Response, Failure> {
    let commands = match wanted {
        Ok(commands) => commands,
        Err(form) => return Ok(again(member, page, form.into())),
    };
    let kept = FormState::of(&form.fields, FieldErrors::default(), &[]);
    let mut over = Over::from(kept);
    if commands.is_empty() {
        over.unchanged = true;
        return Ok(member.at(PLACE).page(page(over)).into_response());
    }
    let mode = asked_mode(form, "do");
    let done = Box::pin(portal.gate.run_all(member.actor(), commands, mode, None)).await;
    match done {
        Err(refusal) => {
            let refused = refused::again(form, &[], at_its_setting(refusal))?;
            Ok(again(member, page, refused))
        }
        Ok(done) if mode == Mode::Commit => Ok(see_other(&done_path(back, done.change))),
        Ok(done) => {
            over.preview = Some(Preview {
                rows: rows(&done.before, &done.after),
                steps: done.steps,
            });
            Ok(member.at(PLACE).page(page(over)).into_response())
        }
    }
}

/// The tab with a form that was refused.
pub(super) fn again<T: Template>(
    member: &Member,
    page: impl FnOnce(Over) -> T,
    refused: Refused,
) -> Response {
    let noted = refused.note.is_some();
    refused_page(member.at(PLACE).page(page(refused.into())), noted)
}

/// The fields in which two snapshots differ, by the messages that name them, with values as `shown` says them.
pub(super) fn differing<'a>(
    language: Language,
    (before, after): (&Value, &Value),
    fields: impl IntoIterator<Item = (&'a str, String)>,
    shown: impl Fn(&str, &Value) -> Option<String>,
) -> Vec<DiffRow> {
    let fields = fields.into_iter();
    let changed = fields.filter(|(key, _)| before.get(key) != after.get(key));
    let row = |(key, text): (&str, String)| DiffRow {
        field: Message::new(language, text).to_string(),
        before: before.get(key).and_then(|value| shown(key, value)),
        after: after.get(key).and_then(|value| shown(key, value)),
    };
    changed.map(row).collect()
}

/// What is wrong with a setting, said of the field that it was typed into.
fn at_its_setting(refusal: Refusal) -> Refusal {
    let Refusal::Invalid(errors) = refusal else {
        return refusal;
    };
    let mut found = FieldErrors::default();
    for (name, mut problem) in errors.0 {
        let args = std::mem::take(&mut problem.args);
        let (of, args): (Vec<_>, Vec<_>) = args
            .into_iter()
            .partition(|(name, _)| *name == Problem::OF_SETTING);
        problem.args = args;
        let name = of.into_iter().next().map_or(name, |(_, setting)| setting);
        found.add(&name, problem);
    }
    Refusal::Invalid(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_beyond_the_plan_is_said_of_its_field() {
        let problem = Problem::new("php-beyond-plan").with("max", "256M");
        let refused = Refusal::field("php_settings", problem.clone().of_setting("memory_limit"));
        let Refusal::Invalid(errors) = at_its_setting(refused) else {
            panic!("another refusal");
        };
        assert_eq!(errors, FieldErrors::one("memory_limit", problem));
    }

    #[test]
    fn only_fields_that_differ_are_told_and_what_is_not_there_is_nothing() {
        let before = json!({ "php": null, "quota_bytes": 5, "document_root": "web" });
        let after = json!({ "php": "8.2", "quota_bytes": 5 });
        let fields = ["php", "quota_bytes", "document_root"];
        let fields = fields.map(|key| (key, format!("field-{key}")));
        let shown = |_: &str, value: &Value| value.as_str().map(ToOwned::to_owned);
        let rows = differing(Language::En, (&before, &after), fields, shown);
        let told = rows
            .iter()
            .map(|row| (row.before.as_deref(), row.after.as_deref()));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [(None, Some("8.2")), (Some("web"), None)]
        );
    }
}

//! `/webspaces/{id}/php`: how the PHP of a webspace is doing, and what it runs with.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use serde_json::Value;
use wabe_access::{Done, Mode, Permission, Refusal};
use wabe_hosting::webspace::{SetPhpSettings, php_rows};
use wabe_kernel::content::PhpStatus;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{
    FieldErrors, Fields as _, FormState, Language, PhpCeiling, PhpCharset, PhpErrors, PhpRow,
    PhpSettings, PhpValues, PhpZone, Problem,
};
use wabe_web::filters;
use wabe_web::{
    Choice, DiffRow, Failure, Form, Member, Message, Needs, Page, Path, Query, Routes, format,
    see_other,
};

use crate::carry_out::refused_page;
use crate::refused::{self, Note, Refused};
use crate::undo::done_path;
use crate::webspace::settings::Preview;
use crate::webspace::{Frame, PLACE, frame, path};
use crate::{PORTAL, Portal};

/// The setting that stands for how many requests are worked on at the same time.
const CHILDREN: &str = "children";

/// What is known of how it is doing.
pub(crate) enum Doing {
    /// This.
    Known(PhpStatus),
    /// Nothing runs.
    Idle,
    /// It does not say.
    Silent,
}

/// The tab of PHP.
#[derive(Template)]
#[template(path = "portal/webspace/php.html")]
pub(crate) struct PhpPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// How it is doing.
    pub(crate) doing: Doing,
    /// What it runs with in words, and who decided about it.
    pub(crate) rows: Vec<PhpRow>,
    /// How many requests are worked on at the same time at most.
    pub(crate) children: i64,
    /// Whether visitors see complaints.
    pub(crate) shown: Vec<Choice>,
    /// What PHP complains about.
    pub(crate) errors: Vec<Choice>,
    /// Time zones.
    pub(crate) zones: Vec<Choice>,
    /// Character sets.
    pub(crate) charsets: Vec<Choice>,
    /// What was typed.
    pub(crate) form: FormState,
    /// Why it was refused as a whole.
    pub(crate) note: Option<Note>,
    /// What the change would do, when that was asked for.
    pub(crate) preview: Option<Preview>,
    /// Whether what was typed is what is there already.
    pub(crate) unchanged: bool,
}

/// What is read for the tab.
struct Seen {
    frame: Frame,
    rows: Vec<PhpRow>,
    doing: Doing,
}

impl PhpPage {
    fn new(language: Language, seen: Seen, form: FormState) -> Self {
        let usual = PhpValues::rows(&PhpSettings::default(), &PhpCeiling::default());
        let usual = |name: &str| {
            let row = usual.iter().find(|row| row.name == name);
            let value = row.map(|row| value_text(language, name, &row.value));
            let usual = Message::new(language, "webspace-php-usual");
            let usual = usual.with("value", value.unwrap_or_default());
            choice(String::new(), usual.to_string())
        };
        let choices = |name: &str, values: Vec<String>| {
            let named = values.into_iter().map(|value| {
                let title = value_text(language, name, &value);
                choice(value, title)
            });
            std::iter::once(usual(name)).chain(named).collect()
        };
        let texts = |values: &[PhpErrors]| values.iter().map(ToString::to_string).collect();
        let sets = PhpCharset::ALL.iter().map(ToString::to_string);
        Self {
            shown: choices("display_errors", vec!["on".to_owned(), "off".to_owned()]),
            errors: choices("error_reporting", texts(PhpErrors::ALL)),
            zones: choices(
                "date_timezone",
                PhpZone::all().map(|z| z.to_string()).collect(),
            ),
            charsets: choices("default_charset", sets.collect()),
            children: children(&seen.rows),
            rows: seen.rows.into_iter().map(in_words(language)).collect(),
            frame: seen.frame,
            doing: seen.doing,
            form,
            note: None,
            preview: None,
            unchanged: false,
        }
    }

    /// How many of its processes work, in percent.
    fn percent(&self, status: &PhpStatus) -> i64 {
        format::percent(status.active, self.children)
    }

    /// In one word, whether visitors have to wait.
    fn verdict(status: &PhpStatus) -> &'static str {
        if status.waiting > 0 {
            "waits"
        } else if status.limit_reached > 0 {
            "full"
        } else {
            "fine"
        }
    }

    /// For how long it counts, in minutes.
    const fn minutes(status: &PhpStatus) -> i64 {
        status.seconds / 60
    }
}

fn children(rows: &[PhpRow]) -> i64 {
    let row = rows.iter().find(|row| row.name == CHILDREN);
    row.and_then(|row| row.value.parse().ok()).unwrap_or(1)
}

/// The same rows with values as people read them.
fn in_words(language: Language) -> impl Fn(PhpRow) -> PhpRow {
    move |row| PhpRow {
        value: value_text(language, row.name, &row.value),
        ..row
    }
}

fn choice(value: String, title: String) -> Choice {
    Choice {
        value,
        title,
        text: String::new(),
    }
}

/// A value as people read it: words of lists have a message, others stand for themselves.
fn value_text(language: Language, name: &str, value: &str) -> String {
    match name {
        "display_errors" | "error_reporting" => {
            Message::new(language, format!("webspace-php-{name}-{value}")).to_string()
        }
        "max_execution_time" | "session_gc_maxlifetime" | "opcache_revalidate_freq" => {
            let seconds = value.parse().unwrap_or_default();
            let said = Message::new(language, "webspace-php-seconds");
            said.num("count", seconds).to_string()
        }
        _ => value.to_owned(),
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(
            "/webspaces/{id}/php",
            Needs::Permission(Permission::WebspaceRead),
            php,
        )
        .id("web")
        .post(
            "/webspaces/{id}/php",
            Needs::Permission(Permission::WebspaceWrite),
            save,
        )
        .id("web")
}

async fn read(
    portal: &Portal,
    (member, query): (&Member, &Query),
    id: WebspaceId,
) -> Result<Seen, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let frame = frame(portal, (&mut tx, &scope), (member, query), (id, "php")).await?;
    let rows = php_rows(&mut tx, &scope, &frame.web.php_settings).await?;
    tx.rollback().await?;
    let doing = if frame.web.php.is_some() {
        doing(portal, id).await
    } else {
        Doing::Idle
    };
    Ok(Seen { frame, rows, doing })
}

/// How it is doing. That a pool does not say so keeps nobody from the rest of the page.
async fn doing(portal: &Portal, id: WebspaceId) -> Doing {
    match portal.files.php(id).await {
        Ok(Some(status)) => Doing::Known(status),
        Ok(None) | Err(wabe_kernel::content::ContentError::NotFound) => Doing::Idle,
        Err(fault) => {
            tracing::warn!(webspace.id = %id, ?fault, "PHP does not say how it is");
            Doing::Silent
        }
    }
}

/// The form as the webspace is.
fn standing(settings: &PhpSettings) -> FormState {
    let settings = serde_json::to_value(settings).unwrap_or_default();
    let form = PhpSettings::NAMES.iter().map(|name| {
        let text = settings.get(name).map(typed);
        (*name, text.unwrap_or_default())
    });
    form.fold(FormState::new(), |form, (name, text)| form.with(name, text))
}

/// A value of a setting as a form carries it.
fn typed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        other => other.to_string(),
    }
}

async fn php(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<PhpPage>, Failure> {
    let seen = read(&portal, (&member, &query), id).await?;
    let form = standing(&seen.frame.web.php_settings);
    let page = PhpPage::new(member.language, seen, form);
    Ok(member.at(PLACE).page(page))
}

async fn save(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    let seen = read(&portal, (&member, &Query::default()), id).await?;
    let php_settings = match form.parse::<PhpSettings>(&[]) {
        Ok(settings) => settings,
        Err(form) => return Ok(again(&member, seen, form.into())),
    };
    let kept = FormState::of(&form.fields, FieldErrors::default(), &[]);
    if php_settings == seen.frame.web.php_settings {
        let page = PhpPage {
            unchanged: true,
            ..PhpPage::new(member.language, seen, kept)
        };
        return Ok(member.at(PLACE).page(page).into_response());
    }
    let mode = if form.get("do") == "preview" {
        Mode::Preview
    } else {
        Mode::Commit
    };
    let command: Box<dyn wabe_access::AnyCommand> = Box::new(SetPhpSettings { id, php_settings });
    let done = Box::pin(
        portal
            .gate
            .run_all(member.actor(), vec![command], mode, None),
    );
    match (done.await, mode) {
        (Err(refusal), _) => {
            let refused = refused::again(&form, &[], at_its_setting(refusal))?;
            Ok(again(&member, seen, refused))
        }
        (Ok(done), Mode::Preview) => {
            let page = PhpPage {
                preview: Some(preview(member.language, done)),
                ..PhpPage::new(member.language, seen, kept)
            };
            Ok(member.at(PLACE).page(page).into_response())
        }
        (Ok(done), Mode::Commit) => Ok(see_other(&done_path(
            &format!("{}/php", path(id)),
            done.change,
        ))),
    }
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

fn again(member: &Member, seen: Seen, refused: Refused) -> Response {
    let Refused { form, note } = refused;
    let noted = note.is_some();
    let page = PhpPage {
        note,
        ..PhpPage::new(member.language, seen, form)
    };
    refused_page(member.at(PLACE).page(page), noted)
}

/// What the settings are before and after.
fn preview(language: Language, done: Done<Value>) -> Preview {
    let settings = |snapshot: &Value| snapshot.get("php_settings").cloned().unwrap_or_default();
    let (before, after) = (settings(&done.before), settings(&done.after));
    let shown = |settings: &Value, name: &str| {
        let value = settings.get(name).map(typed)?;
        Some(value_text(language, name, &value))
    };
    let names = PhpSettings::NAMES.iter();
    let rows = names.filter(|name| before.get(name) != after.get(name));
    let row = |name: &&str| DiffRow {
        field: Message::new(language, format!("webspace-php-{name}")).to_string(),
        before: shown(&before, name),
        after: shown(&after, name),
    };
    Preview {
        rows: rows.map(row).collect(),
        steps: done.steps,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::Field as _;

    #[test]
    fn a_form_holds_what_was_set_and_means_it_again() {
        let text = "memory_limit = 256M\nmax_execution_time = 120\ndisplay_errors = off";
        let settings = PhpSettings::from_text(text).unwrap();
        let form = standing(&settings);
        assert_eq!(form.value("memory_limit"), "256M");
        assert_eq!(form.value("display_errors"), "off");
        assert_eq!(form.value("date_timezone"), "");
        let typed = PhpSettings::NAMES
            .iter()
            .map(|name| ((*name).to_owned(), form.value(name).to_owned()));
        assert_eq!(PhpSettings::from_form(&typed.collect()), Ok(settings));
    }

    #[test]
    fn what_is_beyond_the_plan_is_said_of_its_field() {
        let problem = Problem::new("php-beyond-plan").with("max", "256M");
        let refused = Refusal::field("php_settings", problem.clone().of_setting("memory_limit"));
        let Refusal::Invalid(errors) = at_its_setting(refused) else {
            panic!("another refusal");
        };
        assert_eq!(errors, FieldErrors::one("memory_limit", problem));
    }
}

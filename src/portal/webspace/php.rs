//! `/webspaces/{id}/php`: how the PHP of a webspace is doing, and what it runs with.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use serde_json::Value;
use wabe_access::{AnyCommand, Permission};
use wabe_hosting::webspace::{SetPhpSettings, Webspace, php_rows};
use wabe_kernel::content::PhpStatus;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{
    Fields as _, FormState, Language, PhpCeiling, PhpCharset, PhpErrors, PhpRow, PhpSettings,
    PhpValues, PhpZone,
};
use wabe_web::filters;
use wabe_web::{
    Choice, DiffRow, Failure, Form, Member, Message, Needs, Page, Path, Query, Routes, format,
};

use crate::webspace::together::{Over, differing, save as save_together};
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
    /// The form, and what is said above it.
    pub(crate) over: Over,
}

/// What is read for the tab.
struct Seen {
    frame: Frame,
    rows: Vec<PhpRow>,
    doing: Doing,
}

impl PhpPage {
    fn new(language: Language, seen: Seen, over: Over) -> Self {
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
            over,
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
    let page = PhpPage::new(member.language, seen, form.into());
    Ok(member.at(PLACE).page(page))
}

async fn save(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    let seen = read(&portal, (&member, &Query::default()), id).await?;
    let settings = form.parse::<PhpSettings>(&[]);
    let wanted = settings.map(|settings| commands(&seen.frame.web, settings));
    let back = format!("{}/php", path(id));
    save_together(
        (&portal, &member),
        (&form, &back),
        wanted,
        |before, after| rows(member.language, before, after),
        |over| PhpPage::new(member.language, seen, over),
    )
    .await
}

/// The command for what differs.
fn commands(web: &Webspace, php_settings: PhpSettings) -> Vec<Box<dyn AnyCommand>> {
    if php_settings == web.php_settings {
        return Vec::new();
    }
    let id = web.id;
    vec![Box::new(SetPhpSettings { id, php_settings })]
}

/// What the settings are before and after.
fn rows(language: Language, before: &Value, after: &Value) -> Vec<DiffRow> {
    let settings = |snapshot: &Value| snapshot.get("php_settings").cloned().unwrap_or_default();
    let names = PhpSettings::NAMES.iter();
    let fields = names.map(|name| (*name, format!("webspace-php-{name}")));
    differing(
        language,
        (&settings(before), &settings(after)),
        fields,
        |name, value| Some(value_text(language, name, &typed(value))),
    )
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
}

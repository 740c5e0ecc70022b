//! `/webspaces/{id}/settings`: storage, document root and PHP, with a preview of what would change.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use serde_json::Value;
use wabe_access::{AnyCommand, Done, Mode, Permission};
use wabe_hosting::webspace::{SetDocumentRoot, SetPhp, SetWebspaceQuota, Webspace};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{FormState, Language, PhpVersion, Quota, RelPath, fields};
use wabe_web::filters;
use wabe_web::{
    Choice, DiffRow, Failure, Form, Member, Message, Needs, Page, Path, Query, Routes, format,
    see_other, size_text,
};

use crate::carry_out::refused_page;
use crate::refused::{self, Note, Refused};
use crate::undo::done_path;
use crate::webspace::{Frame, PLACE, frame, path};
use crate::{PORTAL, Portal};

fields! {
    /// What the form holds; each field belongs to a command of its own.
    pub struct Settings {
        /// The most the files may take.
        pub quota_bytes: Quota,
        /// The folder that is served.
        pub document_root: Option<RelPath>,
        /// What runs its PHP; nothing does when absent.
        pub php: Option<PhpVersion>,
    }
}

/// What a change would do.
pub(crate) struct Preview {
    /// Fields before and after.
    pub(crate) rows: Vec<DiffRow>,
    /// What the node would do; words of the messages `step-{word}`.
    pub(crate) steps: Vec<&'static str>,
}

/// The tab of settings.
#[derive(Template)]
#[template(path = "portal/webspace/settings.html")]
pub(crate) struct SettingsPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The versions of PHP to choose from, beside none; empty where there is no choice.
    pub(crate) php: Vec<Choice>,
    /// What was typed.
    pub(crate) form: FormState,
    /// Why it was refused as a whole.
    pub(crate) note: Option<Note>,
    /// What the change would do, when that was asked for.
    pub(crate) preview: Option<Preview>,
    /// Whether what was typed is what is there already.
    pub(crate) unchanged: bool,
}

impl SettingsPage {
    /// The tab over this form, with nothing to say about it.
    fn new((portal, member): (&Portal, &Member), frame: Frame, form: FormState) -> Self {
        Self {
            php: versions(portal, member.language, frame.web.php),
            frame,
            form,
            note: None,
            preview: None,
            unchanged: false,
        }
    }
}

/// What PHP can be set to: none, what the node has, and what is set now.
fn versions(portal: &Portal, language: Language, now: Option<PhpVersion>) -> Vec<Choice> {
    let mut all = portal.house().php.clone();
    all.extend(now);
    all.sort_unstable();
    all.dedup();
    if all.is_empty() {
        return Vec::new();
    }
    let choice = |value: String, title: String| Choice {
        value,
        title,
        text: String::new(),
    };
    let none = Message::new(language, "webspace-php-none").to_string();
    let versions = all.into_iter().rev();
    let versions = versions.map(|version| choice(version.to_string(), format!("PHP {version}")));
    std::iter::once(choice(String::new(), none))
        .chain(versions)
        .collect()
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::WebspaceWrite);
    Routes::new(&PORTAL)
        .get("/webspaces/{id}/settings", write, settings)
        .id("web")
        .post("/webspaces/{id}/settings", write, save)
        .id("web")
}

async fn settings(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<SettingsPage>, Failure> {
    let frame = read(&portal, (&member, &query), id).await?;
    let form = FormState::new()
        .with(
            "quota_bytes",
            size_text(member.language, frame.web.quota_bytes),
        )
        .with("document_root", frame.web.document_root.to_string())
        .with("php", php_text(frame.web.php));
    let page = SettingsPage::new((&portal, &member), frame, form);
    Ok(member.at(PLACE).page(page))
}

async fn read(
    portal: &Portal,
    (member, query): (&Member, &Query),
    id: WebspaceId,
) -> Result<Frame, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let frame = frame(portal, (&mut tx, &scope), (member, query), (id, "settings")).await?;
    tx.rollback().await?;
    Ok(frame)
}

async fn save(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    let frame = read(&portal, (&member, &Query::default()), id).await?;
    let settings = match form.parse::<Settings>(&[]) {
        Ok(settings) => settings,
        Err(form) => return Ok(again((&portal, &member), frame, form.into())),
    };
    let commands = commands(&frame.web, settings);
    if commands.is_empty() {
        let page = SettingsPage {
            unchanged: true,
            ..SettingsPage::new((&portal, &member), frame, kept(&form))
        };
        return Ok(member.at(PLACE).page(page).into_response());
    }
    let mode = if form.get("do") == "preview" {
        Mode::Preview
    } else {
        Mode::Commit
    };
    let done = Box::pin(portal.gate.run_all(member.actor(), commands, mode, None)).await;
    match (done, mode) {
        (Err(refusal), _) => {
            let refused = refused::again(&form, &[], refusal)?;
            Ok(again((&portal, &member), frame, refused))
        }
        (Ok(done), Mode::Preview) => {
            let page = SettingsPage {
                preview: Some(preview(member.language, done)),
                ..SettingsPage::new((&portal, &member), frame, kept(&form))
            };
            Ok(member.at(PLACE).page(page).into_response())
        }
        (Ok(done), Mode::Commit) => Ok(see_other(&done_path(
            &format!("{}/settings", path(id)),
            done.change,
        ))),
    }
}

/// The form as typed.
fn kept(form: &Form) -> FormState {
    FormState::of(&form.fields, wabe_kernel::FieldErrors::default(), &[])
}

/// The version as a form carries it.
fn php_text(version: Option<PhpVersion>) -> String {
    version.map_or_else(String::new, |version| version.to_string())
}

fn again((portal, member): (&Portal, &Member), frame: Frame, refused: Refused) -> Response {
    let Refused { form, note } = refused;
    let noted = note.is_some();
    let page = SettingsPage {
        note,
        ..SettingsPage::new((portal, member), frame, form)
    };
    refused_page(member.at(PLACE).page(page), noted)
}

/// The commands for what differs.
fn commands(web: &Webspace, settings: Settings) -> Vec<Box<dyn AnyCommand>> {
    let mut commands: Vec<Box<dyn AnyCommand>> = Vec::new();
    let Settings {
        quota_bytes,
        document_root,
        php,
    } = settings;
    if quota_bytes.bytes() != web.quota_bytes {
        commands.push(Box::new(SetWebspaceQuota {
            id: web.id,
            quota_bytes,
        }));
    }
    if document_root.clone().unwrap_or_default() != web.document_root {
        commands.push(Box::new(SetDocumentRoot {
            id: web.id,
            document_root,
        }));
    }
    if php != web.php {
        commands.push(Box::new(SetPhp { id: web.id, php }));
    }
    commands
}

/// What a webspace's fields are before and after.
fn preview(language: Language, done: Done<Value>) -> Preview {
    let fields = [
        ("quota_bytes", "webspace-quota"),
        ("document_root", "webspace-document-root"),
        ("php", "webspace-php"),
    ];
    let shown = |key: &str, value: Option<&Value>| match value {
        Some(Value::Number(number)) => number.as_i64().map(|size| format::bytes(language, size)),
        Some(Value::String(text)) if key == "php" => Some(text.clone()),
        Some(Value::String(text)) => Some(format!("/{text}")),
        _ => None,
    };
    let changed = fields
        .into_iter()
        .filter(|(key, _)| done.before.get(key) != done.after.get(key));
    let row = |(key, text): (&str, &str)| DiffRow {
        field: Message::new(language, text).to_string(),
        before: shown(key, done.before.get(key)),
        after: shown(key, done.after.get(key)),
    };
    Preview {
        rows: changed.map(row).collect(),
        steps: done.steps,
    }
}

//! `/webspaces/{id}/settings`: storage, document root and PHP, with a preview of what would change.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use serde_json::Value;
use wabe_access::{AnyCommand, Permission};
use wabe_hosting::webspace::{SetDocumentRoot, SetPhp, SetWebspaceQuota, Webspace};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{FormState, Language, PhpVersion, Quota, RelPath, fields};
use wabe_web::filters;
use wabe_web::{
    Choice, DiffRow, Failure, Form, Member, Message, Needs, Page, Path, Query, Routes, format,
    size_text,
};

use crate::webspace::together::{Over, differing, save as save_together};
use crate::webspace::{Frame, PLACE, frame_after, frame_only, path};
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

/// The tab of settings.
#[derive(Template)]
#[template(path = "portal/webspace/settings.html")]
pub(crate) struct SettingsPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The versions of PHP to choose from, beside none; empty where there is no choice.
    pub(crate) php: Vec<Choice>,
    /// The form, and what is said above it.
    pub(crate) over: Over,
}

impl SettingsPage {
    /// The tab over this form, with nothing to say about it.
    fn new((portal, member): (&Portal, &Member), frame: Frame, over: Over) -> Self {
        Self {
            php: versions(portal, member.language, frame.web.php),
            frame,
            over,
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
    let frame = frame_after(&portal, (&member, &query), (id, "settings")).await?;
    let form = FormState::new()
        .with(
            "quota_bytes",
            size_text(member.language, frame.web.quota_bytes),
        )
        .with("document_root", frame.web.document_root.to_string())
        .with("php", php_text(frame.web.php));
    let page = SettingsPage::new((&portal, &member), frame, form.into());
    Ok(member.at(PLACE).page(page))
}

async fn save(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    let frame = frame_only(&portal, &member, id, "settings").await?;
    let settings = form.parse::<Settings>(&[]);
    let wanted = settings.map(|settings| commands(&frame.web, settings));
    let back = format!("{}/settings", path(id));
    save_together(
        (&portal, &member),
        (&form, &back),
        wanted,
        |before, after| rows(member.language, before, after),
        |over| SettingsPage::new((&portal, &member), frame, over),
    )
    .await
}

/// The version as a form carries it.
fn php_text(version: Option<PhpVersion>) -> String {
    version.map_or_else(String::new, |version| version.to_string())
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
fn rows(language: Language, before: &Value, after: &Value) -> Vec<DiffRow> {
    let fields = [
        ("quota_bytes", "webspace-quota"),
        ("document_root", "webspace-document-root"),
        ("php", "webspace-php"),
    ];
    let fields = fields.map(|(key, text)| (key, text.to_owned()));
    differing(
        language,
        (before, after),
        fields,
        |key, value| match value {
            Value::Number(number) => number.as_i64().map(|size| format::bytes(language, size)),
            Value::String(text) if key == "php" => Some(text.clone()),
            Value::String(text) => Some(format!("/{text}")),
            _ => None,
        },
    )
}

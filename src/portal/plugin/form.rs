//! A page that a plugin draws, and sending it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use wabe_access::Refusal;
use wabe_automation::engine::{FormAsk, Shown};
use wabe_automation::installation::Installed;
use wabe_kernel::Language;
use wabe_kernel::id::InstallationId;
use wabe_package::{Slug, Trigger};
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Path2, Query};

use crate::Portal;
use crate::plugin::frame::Frame;
use crate::plugin::ui::{self, Bit, InputKind, Piece, Reading};
use crate::plugin::words::say;
use crate::plugin::{PLACE, find, path};

/// The page.
#[derive(Template)]
#[template(path = "portal/plugin/form.html")]
pub(crate) struct FormPage {
    pub(crate) frame: Frame,
    pub(crate) title: String,
    /// Where it is sent.
    pub(crate) action: String,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) trouble: Option<Trouble>,
    /// How many things it changed; absent when nothing was sent.
    pub(crate) changed: Option<usize>,
    /// The run that drew it.
    pub(crate) run: Option<String>,
}

/// Why a plugin drew nothing.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    /// In words.
    pub(crate) text: String,
    /// The page of the run that failed.
    pub(crate) href: Option<String>,
}

/// The page of a run.
fn run_href(shown: &Shown) -> String {
    format!("/plugins/runs/{}", shown.run)
}

/// What a run that drew nothing says; nothing when it drew something.
pub(super) fn trouble(language: Language, shown: &Shown) -> Option<Trouble> {
    if shown.page.is_some() {
        return None;
    }
    let text = match shown.code {
        Some(code) => say(language, &format!("run-code-{code}")),
        None => say(language, "plugin-form-blank"),
    };
    Some(Trouble {
        text,
        href: Some(run_href(shown)),
    })
}

/// A refusal that the page can say; the failure when it cannot.
pub(super) fn refused(
    portal: &Portal,
    language: Language,
    refusal: Refusal,
) -> Result<Trouble, Failure> {
    let text = match refusal {
        Refusal::Conflict(code) => say(language, &format!("conflict-{code}")),
        Refusal::Busy(_) if !portal.automation.is_up() => say(language, "plugin-form-down"),
        Refusal::Busy(_) => say(language, "plugin-form-busy"),
        refusal => return Err(refusal.into()),
    };
    Ok(Trouble { text, href: None })
}

/// The title of a form, as far as the plugin has one.
pub(super) fn title(language: Language, found: &Installed, form: &Slug) -> Result<String, Failure> {
    let triggers = found.version.manifest.triggers.iter();
    let mut titles = triggers.filter_map(|trigger| match trigger {
        Trigger::Form { name, title, .. } if name == form => Some(title.get(language).to_owned()),
        _ => None,
    });
    titles.next().ok_or(Failure::NotFound)
}

fn asked<'a>(member: &'a Member, id: InstallationId, form: &'a Slug) -> FormAsk<'a> {
    FormAsk {
        actor: member.actor(),
        installation: id,
        form: form.as_str(),
        language: member.language,
    }
}

/// What the address says, for the plugin: names and texts.
fn state(query: &Query) -> Value {
    let pairs = query.0.iter();
    let pairs = pairs.map(|(name, text)| (name.clone(), Value::from(text.as_str())));
    Value::Object(pairs.collect::<Map<_, _>>())
}

impl FormPage {
    fn empty(member: &Member, found: &Installed, form: &Slug) -> Result<Self, Failure> {
        let id = found.installation.id;
        Ok(Self {
            frame: Frame::of(member, found),
            title: title(member.language, found, form)?,
            action: format!("{}/forms/{form}", path(id)),
            pieces: Vec::new(),
            trouble: None,
            changed: None,
            run: None,
        })
    }

    /// Takes in what a run drew.
    fn take(&mut self, reading: &Reading<'_>, shown: &Shown) {
        self.trouble = trouble(reading.language, shown);
        self.run = Some(run_href(shown));
        if let Some(page) = &shown.page {
            self.pieces = ui::pieces(reading, page);
        }
    }
}

pub(super) async fn show(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, form): Path2<InstallationId, Slug>,
    query: Query,
) -> Result<Response, Failure> {
    let language = member.language;
    let found = find(&portal, &member, id).await?;
    let mut page = FormPage::empty(&member, &found, &form)?;
    let state = state(&query);
    let drawn = portal.automation.render(asked(&member, id, &form), &state);
    match Box::pin(drawn).await {
        Ok(shown) => {
            let reading = Reading {
                language,
                prefix: "",
                typed: None,
            };
            page.take(&reading, &shown);
        }
        Err(refusal) => page.trouble = Some(refused(&portal, language, refusal)?),
    }
    Ok(member.at(PLACE).page(page).into_response())
}

pub(super) async fn submit(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, form): Path2<InstallationId, Slug>,
    sent: Form,
) -> Result<Response, Failure> {
    let language = member.language;
    let found = find(&portal, &member, id).await?;
    let mut page = FormPage::empty(&member, &found, &form)?;
    let answer = portal
        .automation
        .submit(asked(&member, id, &form), ui::sent(&sent));
    let failed = match Box::pin(answer).await {
        Ok(shown) => {
            page.changed = shown.code.is_none().then_some(shown.changes);
            let reading = Reading {
                language,
                prefix: "",
                typed: None,
            };
            page.take(&reading, &shown);
            shown.page.is_none()
        }
        Err(refusal) => {
            page.trouble = Some(refused(&portal, language, refusal)?);
            true
        }
    };
    if failed {
        redraw(&portal, &member, (id, &form), &sent, &mut page).await;
    }
    Ok(member.at(PLACE).page(page).into_response())
}

/// The form as it was, with everything that was typed, below what went wrong.
async fn redraw(
    portal: &Portal,
    member: &Member,
    (id, form): (InstallationId, &Slug),
    sent: &Form,
    page: &mut FormPage,
) {
    let state = Value::Object(Map::new());
    let drawn = portal.automation.render(asked(member, id, form), &state);
    let Ok(shown) = Box::pin(drawn).await else {
        return;
    };
    if let Some(drawn) = &shown.page {
        let reading = Reading {
            language: member.language,
            prefix: "",
            typed: Some(&sent.fields),
        };
        page.pieces = ui::pieces(&reading, drawn);
    }
}

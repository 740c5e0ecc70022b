//! Cards of plugins on the dashboard: each comes after the page, and a failing one says so in a line.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Permission, Scope};
use wabe_automation::engine::FormAsk;
use wabe_automation::installation::{self, InstallationState, Installed};
use wabe_kernel::Language;
use wabe_kernel::id::InstallationId;
use wabe_package::{Capability, Slug, Trigger};
use wabe_store::Tx;
use wabe_web::filters;
use wabe_web::{Failure, Member, Path2};

use crate::Portal;
use crate::plugin::form::{Trouble, refused, trouble};
use crate::plugin::path;
use crate::plugin::ui::{self, Bit, InputKind, Piece, Reading};

/// The inside of a card.
#[derive(Template)]
#[template(path = "portal/plugin/card.html")]
pub(crate) struct CardPart {
    /// Where it is sent.
    pub(crate) action: String,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) trouble: Option<Trouble>,
    /// Whether the member may send it.
    pub(crate) may_write: bool,
}

/// A place on the dashboard that a card comes to.
#[derive(Debug, Clone)]
pub(crate) struct CardSlot {
    /// Its id on the page.
    pub(crate) id: String,
    pub(crate) title: String,
    /// What the plugin is called.
    pub(crate) plugin: String,
    /// The same as a page.
    pub(crate) href: String,
    /// Where the inside is.
    pub(crate) load: String,
}

/// The cards of an installation.
fn of(language: Language, found: &Installed) -> Vec<CardSlot> {
    let rights = found.rights();
    let id = found.installation.id;
    let shows =
        found.installation.state == InstallationState::Active && rights.covers(&Capability::Card);
    let triggers = found.version.manifest.triggers.iter().filter(|_| shows);
    let one = |trigger: &Trigger| match trigger {
        Trigger::Form {
            name,
            title,
            card: true,
        } if rights.may_trigger(trigger) => Some(CardSlot {
            id: format!("card-{id}-{name}"),
            title: title.get(language).to_owned(),
            plugin: found.version.manifest.name.get(language).to_owned(),
            href: format!("{}/forms/{name}", path(id)),
            load: format!("{}/cards/{name}", path(id)),
        }),
        _ => None,
    };
    triggers.filter_map(one).collect()
}

/// The cards of a customer; none for who may not see plugins.
pub(crate) async fn slots(
    tx: &mut Tx,
    scope: &Scope,
    language: Language,
) -> Result<Vec<CardSlot>, Failure> {
    if !scope.has(Permission::AutomationRead) {
        return Ok(Vec::new());
    }
    let installed = installation::with_cards(tx, scope).await?;
    Ok(installed
        .iter()
        .flat_map(|found| of(language, found))
        .collect())
}

pub(super) async fn card(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, form): Path2<InstallationId, Slug>,
) -> Result<Response, Failure> {
    let language = member.language;
    let ask = FormAsk {
        actor: member.actor(),
        installation: id,
        form: form.as_str(),
        language,
    };
    let mut part = CardPart {
        action: format!("{}/forms/{form}", path(id)),
        pieces: Vec::new(),
        trouble: None,
        may_write: member.visitor.has(Permission::AutomationWrite),
    };
    match Box::pin(portal.automation.card(ask)).await {
        Ok(shown) => {
            part.trouble = trouble(language, &shown);
            let prefix = format!("card-{id}-{form}-");
            let reading = Reading {
                language,
                prefix: &prefix,
                typed: None,
            };
            if let Some(page) = &shown.page {
                part.pieces = ui::pieces(&reading, page);
            }
        }
        Err(refusal) => part.trouble = Some(refused(&portal, language, refusal)?),
    }
    Ok(member.part(part).into_response())
}

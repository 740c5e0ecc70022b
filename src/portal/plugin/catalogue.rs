//! `GET /plugins`: what is installed, and what there is.

use askama::Template;
use axum::extract::State;
use wabe_access::{Limit, Permission};
use wabe_automation::installation::{Installed, export};
use wabe_automation::plugin::{self, CatalogueEntry};
use wabe_kernel::{Language, Timestamp};
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Query};

use crate::Portal;
use crate::plan_use::{UseBar, bars};
use crate::plugin::frame::{Frame, Standing, icon_href, missing};
use crate::plugin::{PLACE, all, words};
use crate::undo::{self, DoneBar};

/// The page.
#[derive(Template)]
#[template(path = "portal/plugin/catalogue.html")]
pub(crate) struct CataloguePage {
    /// Whether nothing can run for the moment.
    pub(crate) down: bool,
    pub(crate) installed: Vec<Tile>,
    pub(crate) offers: Vec<Offer>,
    /// What removed plugins left behind.
    pub(crate) left: Vec<Left>,
    pub(crate) plan: Option<UseBar>,
    pub(crate) may_write: bool,
    pub(crate) done: Option<DoneBar>,
}

/// An installation in the list.
#[derive(Debug, Clone)]
pub(crate) struct Tile {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) version: String,
    pub(crate) icon: String,
    pub(crate) standing: Standing,
    pub(crate) missing: Vec<String>,
    /// A version that waits for somebody to agree.
    pub(crate) update: Option<String>,
    /// What makes it run.
    pub(crate) triggers: String,
}

/// A plugin that can be installed.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) plugin: String,
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) author: String,
    pub(crate) version: String,
    pub(crate) icon: String,
    pub(crate) triggers: String,
    /// How often it is installed here.
    pub(crate) installed: i64,
}

/// What a removed plugin left behind.
#[derive(Debug, Clone)]
pub(crate) struct Left {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) deleted_at: Timestamp,
    pub(crate) until: Timestamp,
}

impl Tile {
    /// An installation for who reads this language.
    pub(crate) fn of(language: Language, found: &Installed) -> Self {
        let manifest = &found.version.manifest;
        Self {
            id: found.installation.id.to_string(),
            name: manifest.name.get(language).to_owned(),
            summary: manifest.summary.get(language).to_owned(),
            version: manifest.version.to_string(),
            icon: icon_href(found),
            standing: Standing::of(language, found),
            missing: missing(language, found),
            update: found
                .parked
                .as_ref()
                .map(|parked| parked.manifest.version.to_string()),
            triggers: Frame::triggers(language, found),
        }
    }
}

impl Offer {
    /// A plugin for who reads this language.
    pub(crate) fn of(language: Language, entry: &CatalogueEntry) -> Self {
        let manifest = &entry.version.manifest;
        let icon = entry.version.icon.as_ref();
        Self {
            plugin: manifest.id.to_string(),
            name: manifest.name.get(language).to_owned(),
            summary: manifest.summary.get(language).to_owned(),
            author: manifest.author.clone(),
            version: manifest.version.to_string(),
            icon: icon.map_or_else(String::new, |_| {
                format!("/plugins/catalogue/{}/icon.svg", manifest.id)
            }),
            triggers: words::triggers(language, manifest),
            installed: entry.installed,
        }
    }
}

pub(super) async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<CataloguePage>, Failure> {
    let language = member.language;
    let (mut tx, scope) = portal.read(&member).await?;
    let installed = all(&mut tx, &scope).await?;
    let offers = plugin::catalogue(&mut tx, &scope).await?;
    let may_write = scope.has(Permission::AutomationWrite);
    let left = if may_write {
        export::list(&mut tx, &scope).await?
    } else {
        Vec::new()
    };
    let plan = bars(&mut tx, &scope).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    let left = left.into_iter().map(|one| Left {
        id: one.id.to_string(),
        name: one.name,
        deleted_at: one.deleted_at,
        until: one.deleted_at.plus_days(export::EXPORT_DAYS),
    });
    Ok(member.at(PLACE).page(CataloguePage {
        down: !portal.automation.is_up(),
        installed: installed
            .iter()
            .map(|found| Tile::of(language, found))
            .collect(),
        offers: offers
            .iter()
            .map(|entry| Offer::of(language, entry))
            .collect(),
        left: left.collect(),
        plan: plan
            .into_iter()
            .find(|bar| bar.limit == Limit::Installations),
        may_write,
        done,
    }))
}

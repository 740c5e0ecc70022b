//! The page of one installation: what it may, what it does next, what it did and used.

use askama::Template;
use axum::extract::State;
use wabe_access::Permission;
use wabe_automation::installation::{self, Installed};
use wabe_automation::run::usage::{self, DayOfUse};
use wabe_automation::run::{self, RunFilter};
use wabe_kernel::id::{InstallationId, WebspaceId};
use wabe_kernel::{Language, PageRequest, Timestamp};
use wabe_package::{Capability, Grant, Trigger};
use wabe_web::filters;
use wabe_web::plot::Plot;
use wabe_web::{Choice, Failure, Member, Page, Path, Query};

use crate::Portal;
use crate::plugin::address::{self, Address};
use crate::plugin::choose;
use crate::plugin::consent;
use crate::plugin::frame::Frame;
use crate::plugin::run::RunRow;
use crate::plugin::run::words::lasted;
use crate::plugin::{PLACE, path, words};
use crate::recent::{self, Recent};
use crate::undo::{self, DoneBar};

/// Days of use that are shown.
const DAYS: i64 = 30;
/// Runs that are shown.
const RUNS: i64 = 5;
/// Changes that are shown.
const CHANGES: i64 = 5;
/// Microseconds of a day.
const DAY_US: i64 = 86_400_000_000;

/// The page.
#[derive(Template)]
#[template(path = "portal/plugin/show.html")]
pub(crate) struct ShowPage {
    pub(crate) frame: Frame,
    pub(crate) forms: Vec<FormLink>,
    /// What it may.
    pub(crate) rights: Vec<Brief>,
    pub(crate) settings: Vec<(String, String)>,
    pub(crate) addresses: Vec<Address>,
    /// What can be tried out: topics of events, in words.
    pub(crate) trials: Vec<(String, String)>,
    /// What comes next by the clock.
    pub(crate) upcoming: Vec<(String, Timestamp)>,
    pub(crate) runs: Vec<RunRow>,
    pub(crate) uses: Uses,
    pub(crate) facts: Facts,
    pub(crate) recent: Vec<Recent>,
    pub(crate) done: Option<DoneBar>,
}

/// A page that the plugin draws.
#[derive(Debug, Clone)]
pub(crate) struct FormLink {
    pub(crate) href: String,
    pub(crate) title: String,
}

/// A right, in short.
#[derive(Debug, Clone)]
pub(crate) struct Brief {
    pub(crate) icon: &'static str,
    pub(crate) title: String,
    pub(crate) reason: String,
    /// The webspaces in which it may; empty when it is not about files.
    pub(crate) webspaces: String,
}

/// What it used lately.
#[derive(Debug, Clone)]
pub(crate) struct Uses {
    pub(crate) plot: Option<Plot>,
    /// The days, oldest first.
    pub(crate) days: Vec<DayOfUse>,
    pub(crate) runs: i64,
    pub(crate) failed: i64,
    /// Running time, in words.
    pub(crate) cpu: String,
    pub(crate) fetches: i64,
    pub(crate) messages: i64,
    /// The first day of the picture.
    pub(crate) from: Timestamp,
    /// The last one.
    pub(crate) until: Timestamp,
}

/// Facts in the column beside.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) version: String,
    pub(crate) author: String,
    pub(crate) triggers: String,
    pub(crate) created_at: Timestamp,
    pub(crate) granted_at: Timestamp,
}

impl Uses {
    /// The sum of these days, and a picture of them.
    pub(crate) fn of(language: Language, days: Vec<DayOfUse>, now: Timestamp) -> Self {
        let until = Timestamp(now.0.div_euclid(DAY_US) * DAY_US);
        let from = until.plus_days(1 - DAYS);
        let runs = |at: Timestamp| {
            days.iter()
                .find(|day| day.day == at)
                .map_or(0, |day| day.runs)
        };
        let values: Vec<i64> = (0..DAYS).map(|day| runs(from.plus_days(day))).collect();
        let sum = |of: fn(&DayOfUse) -> i64| days.iter().map(of).sum::<i64>();
        Self {
            plot: (!days.is_empty()).then(|| Plot::of(&values)).flatten(),
            runs: sum(|day| day.runs),
            failed: sum(|day| day.failed),
            cpu: lasted(language, sum(|day| day.cpu_us)),
            fetches: sum(|day| day.fetches),
            messages: sum(|day| day.messages),
            days,
            from,
            until,
        }
    }
}

/// The pages that it draws, as far as it may.
pub(super) fn forms(language: Language, found: &Installed) -> Vec<FormLink> {
    let rights = found.rights();
    let triggers = found.version.manifest.triggers.iter();
    let one = |trigger: &Trigger| match trigger {
        Trigger::Form { name, title, .. } if rights.may_trigger(trigger) => Some(FormLink {
            href: format!("{}/forms/{name}", path(found.installation.id)),
            title: title.get(language).to_owned(),
        }),
        _ => None,
    };
    triggers.filter_map(one).collect()
}

/// The topics of events that it can be tried out with, in words, each once.
pub(super) fn trials(language: Language, found: &Installed) -> Vec<(String, String)> {
    let rights = found.rights();
    let manifest = &found.version.manifest;
    let mut trials: Vec<(String, String)> = Vec::new();
    for trigger in &manifest.triggers {
        if let Trigger::Event { topic, .. } = trigger
            && rights.may_trigger(trigger)
            && !trials.iter().any(|(known, _)| known == topic.as_str())
        {
            let capability = Capability::Events(topic.clone());
            let title = words::title(language, manifest, &capability);
            trials.push((topic.to_string(), title));
        }
    }
    trials
}

/// What it may, in short.
pub(super) fn rights(language: Language, found: &Installed, webspaces: &[Choice]) -> Vec<Brief> {
    let rights = found.rights();
    let manifest = &found.version.manifest;
    let name = |id: &WebspaceId| {
        let id = id.to_string();
        let known = webspaces.iter().find(|one| one.value == id);
        known.map_or(id, |one| one.title.clone())
    };
    let one = |(capability, grant): (&Capability, &Grant)| Brief {
        webspaces: grant
            .webspaces
            .iter()
            .map(name)
            .collect::<Vec<_>>()
            .join(", "),
        icon: words::icon(capability),
        title: words::title(language, manifest, capability),
        reason: manifest
            .request(capability)
            .map(|request| request.reason.get(language).to_owned())
            .unwrap_or_default(),
    };
    rights.grants().iter().map(one).collect()
}

pub(super) async fn show(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    query: Query,
) -> Result<Page<ShowPage>, Failure> {
    let language = member.language;
    let (mut tx, scope) = portal.read(&member).await?;
    let found = installation::load(&mut tx, &scope, id).await?;
    let upcoming = installation::upcoming(&mut tx, &scope, id).await?;
    let webspaces = consent::webspaces(&portal, &mut tx, &scope, &found.version).await?;
    let filter = RunFilter {
        installation: Some(id),
        without_looks: true,
        ..RunFilter::default()
    };
    let runs = run::list(&mut tx, &scope, filter, &PageRequest::first(RUNS)).await?;
    let days = usage::list(&mut tx, &scope, id, (member.now, DAYS)).await?;
    let rest = usage::rest(&mut tx, &scope, id, member.now).await?;
    let object = Some(id.to_string());
    let recent = recent::list(&portal, &mut tx, (&member, &scope), object, CHANGES).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    let addresses = if scope.has(Permission::AutomationWrite) {
        address::list(&portal.house().webhooks_url, &found, None)
    } else {
        Vec::new()
    };
    let manifest = &found.version.manifest;
    Ok(member.at(PLACE).page(ShowPage {
        frame: Frame::of(&member, &found).resting(language, rest),
        forms: forms(language, &found),
        rights: rights(language, &found, &webspaces),
        settings: choose::told(
            language,
            &found.version.settings(),
            &found.installation.settings,
        ),
        addresses,
        trials: trials(language, &found),
        upcoming,
        runs: runs
            .items
            .iter()
            .map(|run| RunRow::of(language, run, None))
            .collect(),
        uses: Uses::of(language, days, member.now),
        facts: Facts {
            version: manifest.version.to_string(),
            author: manifest.author.clone(),
            triggers: words::triggers(language, manifest),
            created_at: found.installation.created_at,
            granted_at: found.installation.granted_at,
        },
        recent,
        done,
    }))
}

//! `GET /staff/plugins`: every version, the latest upload first.

use askama::Template;
use axum::extract::State;

use wabe_access::Permission;
use wabe_automation::plugin::{self, PluginVersion, VersionState};
use wabe_automation::trusted_key::{self, TrustedKey};
use wabe_kernel::id::PluginVersionId;
use wabe_kernel::{Language, Timestamp};
use wabe_web::filters;
use wabe_web::{Chip, Failure, Message, Page, Query, Routes, StaffMember};

use crate::plugin::{PAGE, PLACE, READ, Signer};
use crate::{STAFF, Staff};

/// The catalogue.
#[derive(Template)]
#[template(path = "staff/plugin/list.html")]
pub(crate) struct ListPage {
    /// The versions.
    pub rows: Vec<Row>,
    /// The states, with how many there are.
    pub chips: Vec<Chip>,
    /// Whether only those of one state are wanted.
    pub filtered: bool,
    /// Whether the employee may upload.
    pub writes: bool,
    /// Why no plugin runs now; the message is `sandbox-{word}`.
    pub down: Option<&'static str>,
}

/// A version as a row of the table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Which one.
    pub id: PluginVersionId,
    /// What the plugin is called.
    pub name: String,
    /// Its name in the catalogue.
    pub plugin: String,
    /// The version.
    pub version: String,
    /// Who wrote it.
    pub author: String,
    /// Where it stands.
    pub state: VersionState,
    /// Whose signature it carries.
    pub signer: Option<Signer>,
    /// Since when it is here.
    pub uploaded_at: Timestamp,
}

impl Row {
    /// A version in this language.
    pub(crate) fn of(version: &PluginVersion, keys: &[TrustedKey], language: Language) -> Self {
        let manifest = &version.manifest;
        Self {
            id: version.id,
            name: manifest.name.get(language).to_owned(),
            plugin: manifest.id.to_string(),
            version: manifest.version.to_string(),
            author: manifest.author.clone(),
            state: version.state,
            signer: Signer::of(version.signed_by.as_ref(), keys),
            uploaded_at: version.uploaded_at,
        }
    }

    /// The sign of its state.
    #[must_use]
    pub(crate) fn sign(&self) -> &'static str {
        sign(self.state)
    }
}

/// The sign for a version's state, a word of the look.
pub(crate) const fn sign(state: VersionState) -> &'static str {
    match state {
        VersionState::Uploaded => "pending",
        VersionState::Released => "live",
        VersionState::Withdrawn => "suspended",
    }
}

/// The states as quick filters, with all of them first.
pub(crate) fn chips(
    versions: &[VersionState],
    wanted: Option<VersionState>,
    language: Language,
) -> Vec<Chip> {
    let count = |state: Option<VersionState>| {
        let fits = |one: &&VersionState| state.is_none_or(|state| **one == state);
        i64::try_from(versions.iter().filter(fits).count()).unwrap_or(i64::MAX)
    };
    let chip = |state: Option<VersionState>| Chip {
        href: state.map_or_else(|| PAGE.to_owned(), |state| format!("{PAGE}?state={state}")),
        text: match state {
            Some(state) => Message::new(language, format!("plugin-state-{state}")).to_string(),
            None => Message::new(language, "staff-plugin-all").to_string(),
        },
        count: count(state),
        current: state == wanted,
    };
    let states = VersionState::ALL.into_iter().map(Some);
    std::iter::once(None).chain(states).map(chip).collect()
}

pub(super) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF).get(PAGE, READ, list)
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    query: Query,
) -> Result<Page<ListPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let versions = plugin::versions(&mut tx, &scope).await?;
    let keys = trusted_key::list(&mut tx, &scope).await?;
    tx.rollback().await?;
    let wanted: Option<VersionState> = query.get("state").parse().ok();
    let states: Vec<VersionState> = versions.iter().map(|version| version.state).collect();
    let fits = |version: &&PluginVersion| wanted.is_none_or(|state| version.state == state);
    let shown = versions.iter().filter(fits);
    Ok(member.at(PLACE).page(ListPage {
        rows: shown
            .map(|version| Row::of(version, &keys, member.language))
            .collect(),
        chips: chips(&states, wanted, member.language),
        filtered: wanted.is_some(),
        writes: member.visitor.has(Permission::PluginWrite),
        down: staff.automation.trouble(),
    }))
}

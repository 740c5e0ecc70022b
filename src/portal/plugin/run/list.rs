//! The list of runs, of one installation or of all.

use askama::Template;
use axum::extract::State;
use std::collections::BTreeMap;
use wabe_automation::installation::Installed;
use wabe_automation::run::{self, Run, RunFilter, RunState, TriggerKind};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Language, Timestamp};
use wabe_store::Tx;
use wabe_web::filters;
use wabe_web::{Chip, Choice, Failure, Member, Page, Path, Query};

use crate::Portal;
use crate::plugin::frame::Frame;
use crate::plugin::run::words;
use crate::plugin::words::say;
use crate::plugin::{PLACE, all as installations, path};
use crate::reading::listing;

/// The list.
#[derive(Template)]
#[template(path = "portal/plugin/runs.html")]
pub(crate) struct RunsPage {
    /// The installation whose runs these are; all without one.
    pub(crate) frame: Option<Frame>,
    pub(crate) chips: Vec<Chip>,
    pub(crate) choices: Choices,
    pub(crate) rows: Vec<RunRow>,
    /// The address of the older ones; empty when these are the oldest.
    pub(crate) next: String,
    /// Whether anything is installed that could run.
    pub(crate) any: bool,
}

/// What the list can be narrowed to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choices {
    /// Where the form goes.
    pub(crate) path: String,
    /// The chosen state; all when empty.
    pub(crate) state: String,
    /// The chosen trigger; all when empty.
    pub(crate) trigger: String,
    pub(crate) triggers: Vec<Choice>,
    /// The chosen installation; all when empty.
    pub(crate) installation: String,
    pub(crate) installations: Vec<Choice>,
}

impl Choices {
    /// Whether nothing was filtered out.
    pub(crate) fn is_open(&self) -> bool {
        self.state.is_empty() && self.trigger.is_empty() && self.installation.is_empty()
    }
}

/// One run in a list.
#[derive(Debug, Clone)]
pub(crate) struct RunRow {
    pub(crate) id: String,
    pub(crate) sign: &'static str,
    pub(crate) state: String,
    pub(crate) trigger: String,
    /// What the plugin is called; empty where that is clear.
    pub(crate) plugin: String,
    pub(crate) at: Timestamp,
    /// How long it took; empty while nobody knows.
    pub(crate) lasted: String,
    /// That its effects do not count.
    pub(crate) mode: String,
    /// The code of its failure.
    pub(crate) code: Option<String>,
    /// When it is tried next, after a try that failed.
    pub(crate) retry_at: Option<Timestamp>,
}

impl RunRow {
    /// A run for who reads this language.
    pub(crate) fn of(language: Language, run: &Run, plugin: Option<&str>) -> Self {
        let shown = run.shown();
        Self {
            id: run.id.to_string(),
            sign: words::sign(run.state),
            state: words::state(language, run.state),
            trigger: words::trigger(language, run.trigger, &run.trigger_name),
            plugin: plugin.unwrap_or_default().to_owned(),
            at: run.started_at.unwrap_or(run.queued_at),
            lasted: shown
                .duration_us
                .map(|micros| words::lasted(language, micros))
                .unwrap_or_default(),
            mode: words::mode(language, run.mode),
            code: run.code.clone(),
            retry_at: shown.next_try_at.filter(|_| run.attempt > 0),
        }
    }
}

/// Quick filters by state, with how many there are.
pub(crate) fn chips(
    language: Language,
    choices: &Choices,
    counts: &BTreeMap<&str, i64>,
) -> Vec<Chip> {
    let chip = |state: &str, text: String, count: i64| Chip {
        href: href(choices, state, None),
        text,
        count,
        current: choices.state == state,
    };
    let every = chip("", say(language, "plugin-runs-all"), counts.values().sum());
    let states = RunState::ALL.iter().filter_map(|state| {
        let count = counts.get(state.word()).copied().unwrap_or(0);
        // What rarely comes has a filter while there is some of it.
        let rare = matches!(state, RunState::Held | RunState::Dropped);
        let shown = !rare || count > 0 || choices.state == state.word();
        shown.then(|| chip(state.word(), words::state(language, *state), count))
    });
    std::iter::once(every).chain(states).collect()
}

/// The address of the list with these choices in another state.
fn href(choices: &Choices, state: &str, after: Option<&str>) -> String {
    let pairs = [
        ("installation", choices.installation.as_str()),
        ("state", state),
        ("trigger", choices.trigger.as_str()),
        ("after", after.unwrap_or_default()),
    ];
    let said = pairs.iter().filter(|(_, value)| !value.is_empty());
    let said: Vec<String> = said
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if said.is_empty() {
        choices.path.clone()
    } else {
        format!("{}?{}", choices.path, said.join("&"))
    }
}

fn triggers(language: Language) -> Vec<Choice> {
    let choice = |kind: &TriggerKind| Choice {
        value: kind.word().to_owned(),
        title: say(language, &format!("run-trigger-{kind}")),
        text: String::new(),
    };
    TriggerKind::ALL.iter().map(choice).collect()
}

fn name(language: Language, found: &Installed) -> String {
    found.version.manifest.name.get(language).to_owned()
}

async fn counted(
    tx: &mut Tx,
    scope: &wabe_access::Scope,
    of: impl Iterator<Item = InstallationId>,
) -> Result<BTreeMap<&'static str, i64>, Failure> {
    let mut counts = BTreeMap::new();
    for id in of {
        for (state, count) in run::counts(tx, scope, id).await? {
            *counts.entry(state.word()).or_insert(0) += count;
        }
    }
    Ok(counts)
}

async fn page(
    portal: &Portal,
    member: &Member,
    query: &Query,
    only: Option<InstallationId>,
) -> Result<Page<RunsPage>, Failure> {
    let language = member.language;
    let (mut tx, scope) = portal.read(member).await?;
    let known = installations(&mut tx, &scope).await?;
    let within = |id: &InstallationId| known.iter().any(|one| one.installation.id == *id);
    let asked = query.get("installation").parse().ok().filter(within);
    let filter = RunFilter {
        installation: only.or(asked),
        state: query.get("state").parse().ok(),
        trigger: query.get("trigger").parse().ok(),
    };
    let frame = match only {
        Some(id) => {
            let found = wabe_automation::installation::load(&mut tx, &scope, id).await?;
            Some(Frame::of(member, &found))
        }
        None => None,
    };
    let found = run::list(&mut tx, &scope, filter, &listing(query)).await?;
    let ids = known.iter().map(|one| one.installation.id);
    let ids = ids.filter(|id| filter.installation.is_none_or(|only| only == *id));
    let counts = counted(&mut tx, &scope, ids).await?;
    tx.rollback().await?;
    let names: BTreeMap<InstallationId, String> = known
        .iter()
        .map(|one| (one.installation.id, name(language, one)))
        .collect();
    let choices = Choices {
        path: only.map_or_else(
            || "/plugins/runs".to_owned(),
            |id| format!("{}/runs", path(id)),
        ),
        state: filter.state.map_or("", RunState::word).to_owned(),
        trigger: filter.trigger.map_or("", TriggerKind::word).to_owned(),
        triggers: triggers(language),
        installation: asked
            .filter(|_| only.is_none())
            .map_or_else(String::new, |id| id.to_string()),
        installations: names
            .iter()
            .filter(|_| only.is_none())
            .map(|(id, name)| Choice {
                value: id.to_string(),
                title: name.clone(),
                text: String::new(),
            })
            .collect(),
    };
    let row = |run: &Run| {
        let plugin = names.get(&run.installation).filter(|_| only.is_none());
        RunRow::of(language, run, plugin.map(String::as_str))
    };
    Ok(member.at(PLACE).page(RunsPage {
        frame,
        chips: chips(language, &choices, &counts),
        rows: found.items.iter().map(row).collect(),
        next: found
            .next
            .map(|next| href(&choices, &choices.state, Some(&next)))
            .unwrap_or_default(),
        any: !known.is_empty(),
        choices,
    }))
}

pub(super) async fn all(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<RunsPage>, Failure> {
    page(&portal, &member, &query, None).await
}

pub(super) async fn of_installation(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    query: Query,
) -> Result<Page<RunsPage>, Failure> {
    page(&portal, &member, &query, Some(id)).await
}

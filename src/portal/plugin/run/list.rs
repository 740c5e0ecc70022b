//! The list of runs, of one installation or of all.

use askama::Template;
use axum::extract::State;
use std::collections::BTreeMap;
use wabe_automation::installation::Installed;
use wabe_automation::run::{self, Run, RunFilter, RunState, TriggerKind, usage};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Language, Timestamp};
use wabe_package::Capability;
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
    /// Whether anything installed draws cards on the dashboard.
    pub(crate) cards: bool,
}

impl Choices {
    /// What there is to choose from, and what was chosen: by the page of one installation, or by name.
    fn of(
        language: Language,
        known: &[Installed],
        (only, asked): (Option<InstallationId>, Option<InstallationId>),
        filter: RunFilter,
    ) -> Self {
        let drawn = |one: &Installed| {
            let wanted = filter
                .installation
                .is_none_or(|id| id == one.installation.id);
            wanted && one.rights().covers(&Capability::Card)
        };
        let choice = |(id, title): (InstallationId, String)| Choice {
            value: id.to_string(),
            title,
            text: String::new(),
        };
        let all = names(language, known).into_iter();
        let asked = asked.filter(|_| only.is_none());
        Self {
            cards: known.iter().any(drawn),
            path: only.map_or_else(
                || "/plugins/runs".to_owned(),
                |id| format!("{}/runs", path(id)),
            ),
            state: filter.state.map_or("", RunState::word).to_owned(),
            trigger: filter.trigger.map_or("", TriggerKind::word).to_owned(),
            triggers: triggers(language),
            installation: asked.map_or_else(String::new, |id| id.to_string()),
            installations: all.filter(|_| only.is_none()).map(choice).collect(),
        }
    }

    /// The address of the looks at the dashboard, where they are left out.
    pub(crate) fn looks(&self) -> String {
        if !self.cards || !self.trigger.is_empty() {
            return String::new();
        }
        let card = Self {
            trigger: TriggerKind::Card.word().to_owned(),
            ..self.clone()
        };
        href(&card, &self.state, None)
    }

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

/// What the installed plugins are called.
fn names(language: Language, known: &[Installed]) -> BTreeMap<InstallationId, String> {
    let name = |one: &Installed| one.version.manifest.name.get(language).to_owned();
    let named = known.iter().map(|one| (one.installation.id, name(one)));
    named.collect()
}

async fn counted(
    tx: &mut Tx,
    scope: &wabe_access::Scope,
    of: impl Iterator<Item = (InstallationId, bool)>,
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
    let trigger = query.get("trigger").parse().ok();
    let filter = RunFilter {
        installation: only.or(asked),
        state: query.get("state").parse().ok(),
        trigger,
        // Who looks at the dashboard makes its cards run: that is no news, until somebody asks.
        without_looks: trigger.is_none(),
    };
    let frame = match only {
        Some(id) => {
            let found = wabe_automation::installation::load(&mut tx, &scope, id).await?;
            let rest = usage::rest(&mut tx, &scope, id, member.now).await?;
            Some(Frame::of(member, &found).resting(language, rest))
        }
        None => None,
    };
    let found = run::list(&mut tx, &scope, filter, &listing(query)).await?;
    let ids = known.iter().map(|one| one.installation.id);
    let ids = ids.filter(|id| filter.installation.is_none_or(|only| only == *id));
    let ids = ids.map(|id| (id, filter.without_looks));
    let counts = counted(&mut tx, &scope, ids).await?;
    tx.rollback().await?;
    let choices = Choices::of(language, &known, (only, asked), filter);
    let names = names(language, &known);
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

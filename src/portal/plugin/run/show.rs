//! The page of one run: what made it run, what it changed, what it used, and how it ended.

use askama::Template;
use axum::extract::State;
use serde_json::Value;
use wabe_access::Permission;
use wabe_automation::installation;
use wabe_automation::run::{self, EffectShown, Mode, RunDetail, RunState, recording};
use wabe_kernel::id::RunId;
use wabe_kernel::{Language, Timestamp};
use wabe_web::filters;
use wabe_web::{DiffRow, Failure, Member, Page, Path, Query, diff, format};

use crate::Portal;
use crate::plugin::run::words;
use crate::plugin::words::{act, say};
use crate::plugin::{PLACE, path};
use crate::undo::{self, DoneBar};

/// The page.
#[derive(Template)]
#[template(path = "portal/plugin/run.html")]
pub(crate) struct RunPage {
    pub(crate) id: String,
    /// What the plugin is called.
    pub(crate) plugin: String,
    /// The page of its installation.
    pub(crate) href: String,
    pub(crate) at: Timestamp,
    pub(crate) sign: &'static str,
    pub(crate) state: String,
    pub(crate) trigger: String,
    pub(crate) mode: String,
    /// Why it did not end well: the code, and what helps.
    pub(crate) failure: Option<Failed>,
    pub(crate) changes: Vec<Change>,
    pub(crate) log: Vec<LogText>,
    /// The limit it came closest to.
    pub(crate) closest: Option<Bar>,
    /// Everything that was measured: message ids and amounts.
    pub(crate) measures: Vec<(&'static str, String)>,
    /// What went in, as JSON; empty once it is gone.
    pub(crate) input: String,
    /// What the plugin says of it, as JSON; empty when it says nothing.
    pub(crate) result: String,
    /// Whether it replays another run, and went the same way.
    pub(crate) same: bool,
    /// Of a replay: where it differed, and what was there then and now.
    pub(crate) difference: Option<Different>,
    pub(crate) facts: Facts,
    pub(crate) may: May,
    pub(crate) done: Option<DoneBar>,
}

/// Why a run did not end well.
#[derive(Debug, Clone)]
pub(crate) struct Failed {
    /// The message `run-code-{code}`.
    pub(crate) code: String,
    /// The message `run-helps-{helps}`.
    pub(crate) helps: &'static str,
    /// The same in more words: the plugin's own, or the sandbox's; may be empty.
    pub(crate) words: String,
    /// The limit that ended it.
    pub(crate) limit: Option<String>,
}

/// An effect, as before and after.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) title: String,
    /// The message `run-effect-{state}`.
    pub(crate) state: &'static str,
    pub(crate) rows: Vec<DiffRow>,
    /// Where the record of it is.
    pub(crate) href: Option<String>,
}

/// A line of the log.
#[derive(Debug, Clone)]
pub(crate) struct LogText {
    pub(crate) level: String,
    pub(crate) message: String,
    /// JSON; may be empty.
    pub(crate) fields: String,
    pub(crate) cut: bool,
}

/// How far a limit was used.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    pub(crate) limit: String,
    pub(crate) used: String,
    pub(crate) max: String,
    pub(crate) percent: i64,
}

/// Where a replay went another way.
#[derive(Debug, Clone)]
pub(crate) struct Different {
    pub(crate) place: String,
    pub(crate) recorded: String,
    pub(crate) replayed: String,
}

/// Facts in the column beside.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) attempt: i64,
    pub(crate) queued_at: Timestamp,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) next_try_at: Option<Timestamp>,
    /// The run that this one repeats.
    pub(crate) source: Option<String>,
    /// Until when its recording is there.
    pub(crate) recorded_until: Option<Timestamp>,
    /// Since when its author may see that.
    pub(crate) released_at: Option<Timestamp>,
}

/// What can be done with it.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for a button")]
pub(crate) struct May {
    pub(crate) retry: bool,
    pub(crate) replay: bool,
    pub(crate) release: bool,
    pub(crate) download: bool,
}

fn text(value: &Value, name: &str) -> String {
    match value.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// JSON on several lines; empty for nothing.
fn pretty(value: &Value) -> String {
    if value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty) {
        return String::new();
    }
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn change(language: Language, effect: &EffectShown) -> Change {
    Change {
        title: act(language, &effect.command),
        state: effect.state.word(),
        rows: diff::rows(language, &effect.before, &effect.after),
        href: effect.change.map(|change| format!("/activity/{change}")),
    }
}

fn log(detail: &RunDetail) -> Vec<LogText> {
    let lines = detail.log.as_array().into_iter().flatten();
    lines
        .map(|line| LogText {
            level: text(line, "level"),
            message: text(line, "message"),
            fields: text(line, "fields"),
            cut: line.get("cut").and_then(Value::as_bool).unwrap_or(false),
        })
        .collect()
}

/// What a run used, by the message of its name.
fn measures(language: Language, detail: &RunDetail) -> Vec<(&'static str, String)> {
    let (run, usage) = (&detail.run, &detail.usage);
    let number = |name: &str| usage.get(name).and_then(Value::as_i64);
    let lasted = |micros: i64| words::lasted(language, micros);
    let count = |count: i64| format::number(language, count);
    let all = [
        ("run-measure-lasted", run.duration_us.map(lasted)),
        ("run-measure-cpu", run.cpu_us.map(lasted)),
        ("run-measure-queued", number("queued_us").map(lasted)),
        (
            "run-measure-memory",
            run.memory_bytes.map(|bytes| format::bytes(language, bytes)),
        ),
        ("run-measure-calls", run.calls.map(count)),
        ("run-measure-fetches", number("fetches").map(count)),
        ("run-measure-kv", number("kv_calls").map(count)),
        ("run-measure-fuel", number("fuel").map(count)),
    ];
    all.into_iter()
        .filter_map(|(id, amount)| Some((id, amount?)))
        .collect()
}

fn failed(language: Language, detail: &RunDetail) -> Option<Failed> {
    let code = detail.run.code.clone()?;
    let limit = detail.run.limit.as_ref();
    Some(Failed {
        helps: words::helps(&code),
        words: detail
            .run
            .message
            .as_deref()
            .map(|message| words::told(language, message))
            .unwrap_or_default(),
        limit: limit.map(|limit| say(language, &format!("run-limit-{limit}"))),
        code,
    })
}

impl RunPage {
    /// A run for who reads this language; `may_write`: whether they may do something with it.
    pub(crate) fn of(
        language: Language,
        detail: &RunDetail,
        plugin: String,
        may_write: bool,
    ) -> Self {
        let shown = &detail.run;
        let closest = shown.closest.as_ref().map(|closest| Bar {
            used: words::amount(language, &closest.limit, closest.used),
            max: words::amount(language, &closest.limit, closest.max),
            percent: closest.percent(),
            limit: closest.limit.clone(),
        });
        let difference = detail.difference.as_object().map(|_| Different {
            place: text(&detail.difference, "place"),
            recorded: text(&detail.difference, "recorded"),
            replayed: text(&detail.difference, "replayed"),
        });
        let recorded = detail.recorded;
        Self {
            id: shown.id.to_string(),
            plugin,
            href: path(shown.installation),
            at: shown.started_at.unwrap_or(shown.queued_at),
            sign: words::sign(shown.state),
            state: words::state(language, shown.state),
            trigger: words::trigger(language, shown.trigger, &shown.trigger_name),
            mode: words::mode(language, shown.mode),
            failure: failed(language, detail),
            changes: detail
                .effects
                .iter()
                .map(|effect| change(language, effect))
                .collect(),
            log: log(detail),
            closest,
            measures: measures(language, detail),
            input: pretty(&detail.input),
            result: pretty(&detail.result),
            same: shown.mode == Mode::Replay
                && shown.state == RunState::Done
                && difference.is_none(),
            difference,
            facts: Facts {
                attempt: shown.attempt,
                queued_at: shown.queued_at,
                started_at: shown.started_at,
                ended_at: shown.ended_at,
                next_try_at: shown.next_try_at,
                source: shown.source.map(|source| source.to_string()),
                recorded_until: recorded.then(|| shown.queued_at.plus_days(recording::DAYS)),
                released_at: detail.released_at,
            },
            may: May {
                retry: may_write && shown.mode == Mode::Live && shown.state.may_retry(),
                replay: may_write && recorded && shown.mode != Mode::Replay,
                release: may_write && recorded && detail.released_at.is_none(),
                download: may_write && recorded,
            },
            done: None,
        }
    }
}

pub(super) async fn show(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<RunId>,
    query: Query,
) -> Result<Page<RunPage>, Failure> {
    let language = member.language;
    let (mut tx, scope) = portal.read(&member).await?;
    let detail = run::load(&mut tx, portal.gate.recorder(), &scope, id).await?;
    let found = installation::load(&mut tx, &scope, detail.run.installation).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    let plugin = found.version.manifest.name.get(language).to_owned();
    let may_write = scope.has(Permission::AutomationWrite);
    let page = RunPage::of(language, &detail, plugin, may_write);
    Ok(member.at(PLACE).page(RunPage { done, ..page }))
}

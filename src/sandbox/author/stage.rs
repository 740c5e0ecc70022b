//! One run of a plugin on its author's machine: the production sandbox, with fuel in place of time.

use crate::author::case::{Around, Given, Scene, fuel, limits};
use crate::author::project::Project;
use crate::author::screen::Trouble;
use crate::author::world::World;
use crate::run::{Ended, Guest, Host, Runner, Unloadable, runtime};
use std::sync::Arc;
use wabe_package::archive::sha256;
use wabe_package::manifest::API_VERSIONS;
use wabe_package::record::Recording;
use wabe_package::settings::Settings;
use wabe_package::wire::{Ending, RunOrder};
use wabe_package::{Blob, Entry, Limits, Manifest, Trigger};

/// Long enough for the slowest machine that still counts its fuel; only a guest that waits for nothing
/// ever gets there.
const ROOMY_MS: u32 = 300_000;

/// A component, loaded.
pub(crate) struct Stage {
    runtime: tokio::runtime::Runtime,
    runner: Runner,
    guest: Guest,
    /// The SHA-256 of the component.
    pub(crate) component: String,
    manifest: Manifest,
    settings: Settings,
}

/// What a run was given, and how it ended.
pub(crate) struct Ran {
    pub(crate) order: RunOrder,
    pub(crate) ended: Ended,
}

impl Stage {
    /// Loads a component of a project.
    pub(crate) fn new(project: &Project, component: &[u8]) -> Result<Self, Trouble> {
        let part = &project.manifest.component;
        let step = "Try again; if it stays, look at the limits of this shell: ulimit -v";
        let failed = |cause: String| Trouble::one("the sandbox", &cause, step);
        let runtime = runtime(1).map_err(|error| failed(error.to_string()))?;
        let runner = Runner::new(1).map_err(|error| failed(format!("{error:#}")))?;
        let guest = runner.compile(component).map_err(|error| {
            let (Unloadable::Artifact(cause)
            | Unloadable::Unfit(cause)
            | Unloadable::Limit(_, cause)) = error;
            Trouble::one(part, &cause, "Build it again with the kit's own command")
        })?;
        Ok(Self {
            runtime,
            runner,
            guest,
            component: sha256(component),
            manifest: project.manifest.clone(),
            settings: project.settings()?,
        })
    }

    /// Runs an entry point in a world that was prepared for it. What it wrote to the store stays only
    /// when it succeeded. The error is the cause.
    pub(crate) fn run(
        &self,
        world: &Arc<World>,
        (given, around, scene): (&Given, &Around, &Scene),
        (project, previous): (&Project, Option<&str>),
    ) -> Result<Ran, String> {
        let settings = self.settings.check(&around.settings).map_err(|flaws| {
            let text: Vec<String> = flaws.iter().map(ToString::to_string).collect();
            format!("context.settings: {}", text.join(" ").trim_end_matches('.'))
        })?;
        let entry = given.entry(around.now_ms, previous)?;
        self.has_trigger(&entry)?;
        let grants = project
            .grants(&scene.deny)
            .map_err(|cause| format!("host.deny: {cause}"))?;
        world.begin(scene, grants, (around.now_ms, around.dry_run))?;
        let order = order(entry, around, settings.to_string());
        let host = Arc::clone(world);
        let ended = self.play(&order, host);
        if !matches!(ended.ending, Ending::Done { .. }) {
            world.state().kv.forget();
        }
        Ok(Ran { order, ended })
    }

    /// Runs an order with any host.
    pub(crate) fn play(&self, order: &RunOrder, host: Arc<dyn Host>) -> Ended {
        let run = self
            .runner
            .run(&self.guest, order, host, std::future::pending());
        self.runtime.block_on(run)
    }

    /// What the panel would never call is not called here either.
    fn has_trigger(&self, entry: &Entry) -> Result<(), String> {
        let triggers = &self.manifest.triggers;
        let called = |fits: &dyn Fn(&Trigger) -> bool| triggers.iter().any(fits);
        let (found, what) = match entry {
            Entry::Event { topic, payload, .. } => {
                let payload = serde_json::from_str(payload).unwrap_or_default();
                (
                    called(&|t| t.hears(topic, &payload)),
                    format!("an event {topic} with this payload"),
                )
            }
            Entry::Task { task, .. } => {
                let fits = |t: &Trigger| matches!(t, Trigger::Schedule { name, .. } if name.as_str() == task);
                (called(&fits), format!("a task {task}"))
            }
            Entry::Webhook { path, .. } => {
                let first = path
                    .trim_start_matches('/')
                    .split('/')
                    .next()
                    .unwrap_or_default();
                let fits = |t: &Trigger| matches!(t, Trigger::Webhook { path, .. } if path.as_str() == first);
                (called(&fits), format!("a webhook {path}"))
            }
            Entry::Render { form, .. } | Entry::Submit { form, .. } => {
                let fits =
                    |t: &Trigger| matches!(t, Trigger::Form { name, .. } if name.as_str() == form);
                (called(&fits), format!("a form {form}"))
            }
            Entry::Describe { .. } | Entry::Action { .. } => (
                called(&|t| matches!(t, Trigger::Ticket)),
                "tickets".to_owned(),
            ),
        };
        if found {
            return Ok(());
        }
        let known: Vec<String> = triggers.iter().map(Trigger::key).collect();
        Err(format!(
            "plugin.toml has no trigger for {what}; it has: {}",
            known.join(", ")
        ))
    }
}

fn order(entry: Entry, around: &Around, settings: String) -> RunOrder {
    let production = limits(&entry);
    RunOrder {
        run: 1,
        artifact: String::new(),
        context: wabe_package::entry::Context {
            run_id: "run_1".to_owned(),
            installation: "ins_1".to_owned(),
            customer: around.customer.clone(),
            locale: around.locale.clone(),
            api: format!("{}.0", API_VERSIONS.last().copied().unwrap_or_default()),
            attempt: around.attempt,
            idempotency_key: "key_1".to_owned(),
            deadline_ms: production.wall_ms,
            dry_run: around.dry_run,
            now_ms: around.now_ms,
            settings,
        },
        limits: counted(&production, &entry),
        entry,
        seed: Blob(vec![7; 32]),
    }
}

/// The same limits, with fuel in place of time.
pub(crate) fn counted(limits: &Limits, entry: &Entry) -> Limits {
    Limits {
        wall_ms: ROOMY_MS,
        cpu_ms: ROOMY_MS,
        fuel: fuel(entry),
        ..limits.clone()
    }
}

/// The run as a recording.
pub(crate) fn recording(stage: &Stage, ran: &Ran, world: &World) -> Recording {
    Recording {
        v: 1,
        plugin: stage.manifest.id.clone(),
        version: stage.manifest.version.clone(),
        component: stage.component.clone(),
        context: ran.order.context.clone(),
        entry: ran.order.entry.clone(),
        limits: ran.order.limits.clone(),
        seed: ran.order.seed.clone(),
        calls: world.state().calls.clone(),
        ending: ran.ended.ending.clone(),
        usage: ran.ended.usage.clone(),
        log: ran.ended.log.clone(),
        cut: false,
    }
}

/// How a run ended, in a sentence; none when it succeeded.
pub(crate) fn failure(ending: &Ending) -> Option<String> {
    match ending {
        Ending::Done { .. } => None,
        Ending::Failed { failure } => {
            let mut text = format!("{}: {}", failure.code, failure.message);
            if let Some(detail) = &failure.detail {
                text.push_str("\n    ");
                text.push_str(&detail.replace('\n', "\n    "));
            }
            Some(text)
        }
        Ending::Limit { limit, message } => Some(format!("the limit {}: {message}", limit.word())),
        Ending::Trap { message } | Ending::Unfit { message } | Ending::Artifact { message } => {
            Some(message.clone())
        }
        Ending::Cancelled => Some("it was cancelled".to_owned()),
    }
}

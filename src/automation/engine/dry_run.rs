//! Dry runs: what a plugin would do, shown and not done.

use crate::engine::Engine;
use crate::engine::begin::Now;
use crate::engine::events::SCHEMA_VERSION;
use crate::installation;
use crate::run::{Mode, TriggerKind};
use serde_json::Value;
use std::sync::Arc;
use wabe_access::{Actor, Permission, Refusal, Scope};
use wabe_kernel::id::{InstallationId, RunId};
use wabe_kernel::{Language, Problem};
use wabe_package::{Entry, Trigger};

/// What a dry run pretends.
#[derive(Debug, Clone)]
pub enum Trial {
    /// That this happened.
    Event {
        /// The topic, such as `mailbox.create`.
        topic: String,
        /// The payload, by the topic's schema.
        payload: Value,
    },
    /// That the last event happened once more which an event trigger of this topic hears.
    Latest {
        /// The topic as the manifest has it, such as `mailbox.*`.
        topic: String,
    },
    /// That it is time for this task.
    Task {
        /// Its name in the manifest.
        name: String,
    },
    /// That this form was sent.
    Submit {
        /// Its name in the manifest.
        form: String,
        /// The fields by name.
        input: Value,
    },
}

impl Engine {
    /// Runs an installation without applying anything; answers the run, whose effects are shown as
    /// before and after. It counts fuel, so that every machine measures the same.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Invalid` when nothing listens to this, `Conflict` when it is paused or
    /// nothing fitting happened yet, `Busy`, or a fault.
    pub async fn dry_run(
        self: &Arc<Self>,
        actor: &Actor,
        id: InstallationId,
        trial: Trial,
        language: Language,
    ) -> Result<RunId, Refusal> {
        let mut tx = self.parts.gate.store().read_for(actor.customer).await?;
        let scope = Scope::of(&mut tx, actor).await?;
        scope.needs(Permission::AutomationWrite)?;
        let found = installation::load(&mut tx, &scope, id).await?;
        let trial = match trial {
            Trial::Latest { topic } => {
                let latest = self.latest(&mut tx, &found, &topic).await?;
                latest.ok_or(Refusal::Conflict("no-fitting-event"))?
            }
            other => other,
        };
        tx.rollback().await?;
        let mut triggers = found.version.manifest.triggers.iter();
        let fits = triggers.any(|trigger| match (trigger, &trial) {
            (Trigger::Event { .. }, Trial::Event { topic, payload }) => {
                trigger.hears(topic, payload)
            }
            (Trigger::Schedule { name, .. }, Trial::Task { name: task }) => name.as_str() == task,
            (Trigger::Form { name, .. }, Trial::Submit { form, .. }) => name.as_str() == form,
            _ => false,
        });
        if !fits {
            return Err(Refusal::field("trigger", Problem::new("no-such-trigger")));
        }
        let (trigger, name, entry) = self.pretend(trial);
        let settled = self.run_now(Now {
            installation: found.installation,
            mode: Mode::Dry,
            trigger,
            name,
            entry,
            language,
            at: None,
            once: None,
        });
        Ok(settled.await?.run)
    }

    fn pretend(&self, trial: Trial) -> (TriggerKind, String, Entry) {
        let now = u64::try_from(self.now().0 / 1_000).unwrap_or(0);
        match trial {
            // What it stands for was found before; without it there is nothing in it.
            Trial::Latest { topic } => self.pretend(Trial::Event {
                topic,
                payload: Value::Null,
            }),
            Trial::Event { topic, payload } => {
                let entry = Entry::Event {
                    id: "dry-run".to_owned(),
                    topic: topic.clone(),
                    schema_version: SCHEMA_VERSION,
                    occurred_at_ms: now,
                    payload: payload.to_string(),
                };
                (TriggerKind::Event, topic, entry)
            }
            Trial::Task { name } => {
                let entry = Entry::Task {
                    task: name.clone(),
                    scheduled_for_ms: now,
                    cursor: None,
                };
                (TriggerKind::Schedule, name, entry)
            }
            Trial::Submit { form, input } => {
                let entry = Entry::Submit {
                    form: form.clone(),
                    input: input.to_string(),
                };
                (TriggerKind::Form, form, entry)
            }
        }
    }
}

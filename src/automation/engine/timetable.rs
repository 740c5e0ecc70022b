//! The clock: scheduled triggers whose time has come.

use crate::engine::Engine;
use crate::installation::{Rights, schedule, store as installations};
use crate::run::store::{self as runs, Begin, NewRun};
use crate::run::{Mode, TriggerKind};
use wabe_access::Refusal;
use wabe_kernel::id::RunId;
use wabe_kernel::{Fault, Timestamp};
use wabe_package::{Entry, Trigger};

/// Times of one look.
const DUE_MAX: i64 = 200;
/// Runs that are due in the same minute begin within so many seconds, each installation at its own.
const JITTER_SECONDS: u8 = 30;

impl Engine {
    /// Adds a run for every time that has come, once however late it is.
    pub(crate) async fn timetable(&self, now: Timestamp) -> Result<(), Fault> {
        let mut tx = self.parts.gate.store().read().await?;
        let due = schedule::due(&mut tx, now, DUE_MAX).await?;
        tx.rollback().await?;
        for one in due {
            self.come_due(&one, now).await?;
        }
        Ok(())
    }

    async fn come_due(&self, due: &schedule::Due, now: Timestamp) -> Result<(), Fault> {
        let mut tx = self.parts.gate.store().write_for(due.customer).await?;
        let found = installations::find(&mut tx, due.customer, due.installation).await;
        let installation = match found {
            Ok(found) => found,
            Err(Refusal::Fault(fault)) => return Err(fault),
            Err(_) => return tx.rollback().await,
        };
        let version = self.versions.get(&mut tx, installation.version).await?;
        let rights = Rights::of(&version, &installation.granted);
        let mut triggers = version.manifest.triggers.iter();
        let next = triggers.find_map(|trigger| match trigger {
            Trigger::Schedule { name, cron, zone }
                if name.as_str() == due.name && rights.may_trigger(trigger) =>
            {
                cron.next_after(now, *zone)
            }
            _ => None,
        });
        if !schedule::advance(&mut tx, due, next).await? || next.is_none() {
            return tx.commit().await;
        }
        let tools = self.parts.gate.tools();
        let id = RunId::new(now, tools.rng.as_ref());
        let [.., last] = installation.id.uuid().into_bytes();
        let run = NewRun {
            id,
            customer: due.customer,
            installation: due.installation,
            version: installation.version,
            root: id,
            source: None,
            mode: Mode::Live,
            trigger: TriggerKind::Schedule,
            trigger_name: due.name.clone(),
            depth: 0,
            slice: 0,
            entry: Entry::Task {
                task: due.name.clone(),
                scheduled_for_ms: u64::try_from(due.at.0 / 1_000).unwrap_or(0),
                cursor: None,
            },
            change_seq: 0,
            due_at: due.at.plus_seconds(i64::from(last % JITTER_SECONDS)),
        };
        runs::insert(&mut tx, &run, Begin::Queued, now).await?;
        tx.commit().await
    }
}

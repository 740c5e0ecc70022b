//! Runs that somebody waits for: they begin at once, or are refused at once. Whoever waits may go
//! away: that ends their waiting, not the run.

use crate::engine::Engine;
use crate::engine::LEASE_SECONDS;
use crate::engine::claim::Birth;
use crate::engine::shares::Slot;
use crate::engine::ticket::AtTicket;
use crate::engine::verdict::Settled;
use crate::installation::{Installation, InstallationState};
use crate::run::store::{self as runs, Begin, NewRun};
use crate::run::{Mode, TriggerKind, finish, usage};
use std::sync::Arc;
use wabe_access::Refusal;
use wabe_kernel::id::RunId;
use wabe_kernel::{Fault, Language};
use wabe_package::Entry;

/// Seconds after which another try makes sense when there is no room.
pub(crate) const PATIENCE_SECONDS: u32 = 2;

/// The conflict of an installation that used up its day.
pub(crate) const RESTS: &str = "installation-rests";

/// The conflict of a request that was seen before.
pub(crate) const SEEN: &str = "webhook-seen";

/// What is to run at once.
pub(crate) struct Now {
    pub(crate) installation: Installation,
    pub(crate) mode: Mode,
    pub(crate) trigger: TriggerKind,
    pub(crate) name: String,
    pub(crate) entry: Entry,
    pub(crate) language: Language,
    /// Where staff started it, when they did.
    pub(crate) at: Option<AtTicket>,
    /// What it is known by, where it may run once only unless it failed.
    pub(crate) once: Option<String>,
}

impl Engine {
    /// Runs something while its caller waits; it goes on when they do not any more.
    ///
    /// # Errors
    /// `Conflict` when the installation is paused or rests until midnight, or when this ran before and may
    /// run once only; `Busy` without room or sandbox; or a fault.
    pub(crate) async fn run_now(self: &Arc<Self>, now: Now) -> Result<Settled, Refusal> {
        let engine = Arc::clone(self);
        // From its row to its end in hands of its own: a browser that hangs up drops its request.
        let run = tokio::spawn(async move { engine.run_through(now).await });
        let ended = run.await;
        ended.unwrap_or_else(|error| Err(Fault::because("wait for a run", error).into()))
    }

    async fn run_through(&self, now: Now) -> Result<Settled, Refusal> {
        if now.installation.state == InstallationState::Paused {
            return Err(Refusal::Conflict("installation-paused"));
        }
        let slot = self.room(&now)?;
        let (at, tools) = (self.now(), self.parts.gate.tools());
        let id = RunId::new(at, tools.rng.as_ref());
        let installation = &now.installation;
        let new = NewRun {
            id,
            customer: installation.customer,
            installation: installation.id,
            version: installation.version,
            root: id,
            source: None,
            mode: now.mode,
            trigger: now.trigger,
            trigger_name: now.name,
            depth: 0,
            slice: 0,
            entry: now.entry,
            change_seq: 0,
            due_at: at,
        };
        let mut tx = self
            .parts
            .gate
            .store()
            .write_for(installation.customer)
            .await?;
        // Nobody waits for tomorrow: the day is over for these, too.
        if usage::is_spent(&mut tx, installation.customer, installation.id, at).await? {
            tx.rollback().await?;
            return Err(Refusal::Conflict(RESTS));
        }
        let until = at.plus_seconds(LEASE_SECONDS);
        runs::insert(&mut tx, &new, Begin::Running(until), at).await?;
        if let Some(once) = &now.once {
            let whose = (installation.customer, installation.id);
            let taken = finish::take_key(&mut tx, whose, once, (id, at)).await?;
            if !taken && !finish::take_over(&mut tx, whose, once, (id, at)).await? {
                tx.rollback().await?;
                return Err(Refusal::Conflict(SEEN));
            }
        }
        let run = runs::find(&mut tx, installation.customer, id).await?;
        tx.commit().await?;
        let settled = Box::pin(self.attempt(run, (now.language, now.at), Birth::Past)).await?;
        drop(slot);
        Ok(settled)
    }

    fn room(&self, now: &Now) -> Result<Slot, Refusal> {
        let (customer, id) = (now.installation.customer, now.installation.id);
        let slot = self.shares.take(customer, id, now.trigger);
        let slot = slot.filter(|_slot| self.parts.sandbox.is_up());
        slot.ok_or(Refusal::Busy(PATIENCE_SECONDS))
    }
}

//! One try of a run: everything is made ready, the sandbox runs it, and what follows is settled.

use crate::desk::Desk;
use crate::engine::Engine;
use crate::engine::claim::{Birth, Claimed};
use crate::engine::host::Host;
use crate::engine::scrub::Scrub;
use crate::engine::ticket::AtTicket;
use crate::engine::verdict::{Settled, Verdict};
use crate::engine::worlds::{Down, Ended, Order};
use crate::installation::standing::{self, UnderWay};
use crate::installation::{Installation, PausedBy, Rights, secret, store as installations};
use crate::plugin::{self, PluginVersion, VersionState};
use crate::run::rules::Fault as Kind;
use crate::run::{Mode, Run, TriggerKind, code, limits, recording};
use std::collections::BTreeSet;
use std::sync::Arc;
use wabe_access::{Actor, Change, Permission, Refusal, customer, member};
use wabe_audit::seal::SealKey;
use wabe_kernel::rng::random;
use wabe_kernel::{Fault, Language, Timestamp};
use wabe_package::entry::Context;
use wabe_package::record::Recording;
use wabe_package::wire::Ending;
use wabe_package::{Blob, Limits};
use wabe_store::Tx;

/// The version of the API that is spoken here.
const API: &str = "1.0.0";

/// A run that may begin.
pub(crate) struct Ready {
    pub(crate) run: Run,
    pub(crate) installation: Installation,
    pub(crate) version: Arc<PluginVersion>,
    pub(crate) rights: Rights,
    /// The plugin as an actor of the gate.
    pub(crate) actor: Actor,
    pub(crate) order: Order,
    /// Keeps every secret of the installation out of what the run leaves behind; absent when that
    /// cannot be promised. The guest learns nothing from it.
    pub(crate) scrub: Option<Scrub>,
    /// The recording that answers for the world.
    pub(crate) replayed: Option<Recording>,
    /// Where staff started it, when they did.
    pub(crate) at: Option<AtTicket>,
    pub(crate) began_at: Timestamp,
}

/// Whether what a run began with still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// It may go on.
    Yes,
    /// Its rights were taken back, by the customer or by the hoster.
    Revoked,
    /// Its customer was suspended.
    Suspended,
}

impl Ready {
    /// Whether generation, version, ceiling and customer are still those of the beginning.
    pub(crate) async fn stands(&self, tx: &mut Tx) -> Result<Stands, Fault> {
        let whose = (self.run.customer, self.run.installation);
        let found = standing::under_way(tx, whose, self.version.id).await?;
        let same = |found: &UnderWay| {
            found.generation == Some(self.installation.generation)
                && found.ceiling == self.version.ceiling
        };
        Ok(match found.filter(same) {
            None => Stands::Revoked,
            Some(found) if found.suspended => Stands::Suspended,
            Some(_) => Stands::Yes,
        })
    }
}

impl Engine {
    /// Carries a claimed run out, to whatever end.
    pub(crate) async fn carry_out(&self, claimed: Claimed) {
        let Claimed { run, slot, birth } = claimed;
        let id = run.id;
        // The language of whoever looks is nobody's here: the first of the house.
        if let Err(fault) = Box::pin(self.attempt(run, (Language::De, None), birth)).await {
            tracing::error!(run.id = %id, fault = %fault.chain(), "a run could not be ended");
        }
        drop(slot);
        self.wake();
    }

    /// One try of a run that is under way in the tables, or about to be; answers how it ended.
    pub(crate) async fn attempt(
        &self,
        run: Run,
        asked: (Language, Option<AtTicket>),
        birth: Birth,
    ) -> Result<Settled, Fault> {
        if birth.is_past() {
            self.tell(&run);
        }
        let ready = match self.make_ready(run.clone(), asked).await {
            Ok(ready) => ready,
            Err(NotReady::Verdict(verdict)) => {
                birth.over().await?;
                let settled = self.give_up(&run, verdict).await?;
                self.tell(&run);
                return Ok(settled);
            }
            Err(NotReady::Fault(fault)) => {
                tracing::warn!(run.id = %run.id, fault = %fault.chain(), "a run met a fault");
                birth.over().await?;
                return self.give_up(&run, Verdict::ours(code::FAULT)).await;
            }
        };
        let host = Host::new(self, &ready);
        let mut ended = self.order(&ready, &host).await;
        if let Ok(Ended {
            ending: Ending::Artifact { .. },
            ..
        }) = &ended
            && self.compile_anew(&ready).await?
        {
            ended = self.order(&ready, &host).await;
        }
        let told = host.into_told();
        birth.over().await?;
        let settled = Box::pin(self.settle(&ready, ended, told)).await?;
        if ready.run.trigger != TriggerKind::Card {
            self.cards.forget(ready.run.installation);
        }
        self.tell(&ready.run);
        Ok(settled)
    }

    async fn order(&self, ready: &Ready, host: &Host<'_>) -> Result<Ended, Down> {
        self.parts.sandbox.run(ready.order.clone(), host).await
    }

    /// Compiles the component of a version once more, from the package that was uploaded.
    async fn compile_anew(&self, ready: &Ready) -> Result<bool, Fault> {
        let mut tx = self.parts.gate.store().read().await?;
        let bytes = plugin::store::package_bytes(&mut tx, ready.version.id).await?;
        tx.rollback().await?;
        let Some(bytes) = bytes else {
            return Ok(false);
        };
        let desk = Desk::of(self.parts.gate.tools())?;
        let Ok(package) = wabe_package::Package::read(&bytes, desk.component_max) else {
            return Ok(false);
        };
        Ok(desk.workshop.compile(package.component()).await.is_ok())
    }

    /// Everything that a try needs, by the tables' state now.
    async fn make_ready(
        &self,
        run: Run,
        (language, at): (Language, Option<AtTicket>),
    ) -> Result<Ready, NotReady> {
        let desk = Desk::of(self.parts.gate.tools())?;
        let mut tx = self.parts.gate.store().read_for(run.customer).await?;
        let installation = installations::find(&mut tx, run.customer, run.installation).await?;
        let generation = standing::generation(&mut tx, run.customer, run.installation).await?;
        if run.mode != Mode::Replay && generation != Some(installation.generation) {
            return Err(Verdict::lasting(code::REVOKED).into());
        }
        // The run may be of a version that an update took the place of: what is kept of it may be old.
        let version = self.versions.current(&mut tx, run.version).await?;
        if run.mode != Mode::Replay && version.state == VersionState::Withdrawn {
            return Err(Verdict::lasting(code::REVOKED).into());
        }
        let whose = customer::find(&mut tx, run.customer).await?;
        let whose = whose.ok_or(Fault::new("find the customer of a run"))?;
        if whose.suspended_reason.is_some() {
            return Err(Verdict::lasting(code::SUSPENDED).into());
        }
        let rights = Rights::of(&version, &installation.granted);
        // What waited tells nothing that is granted no more.
        if run.mode == Mode::Live && !rights.may_begin(run.trigger, &run.trigger_name) {
            return Err(Verdict::lasting(code::REVOKED).into());
        }
        let actor = acting(&run, &installation, rights.permissions(desk), at.as_ref());
        let granter = installation.granted_by;
        if desk.people.is_disabled(&mut tx, granter).await? {
            return Err(Verdict::lasting(code::GRANTER_GONE).into());
        }
        match member::permissions(&mut tx, &actor).await {
            Ok(_) => {}
            Err(Refusal::NotFound) => return Err(Verdict::lasting(code::GRANTER_GONE).into()),
            Err(other) => return Err(other.into()),
        }
        let replayed = match (run.mode, run.source) {
            (Mode::Replay, Some(source)) => {
                let found = recording::find(&mut tx, run.customer, source).await?;
                let kept = found.filter(|found| !found.cut);
                Some(kept.ok_or(Verdict::lasting(code::NOT_RECORDED))?)
            }
            _ => None,
        };
        let limits = limits::of(&mut tx, run.customer, run.trigger).await?;
        let scrub = scrub(&mut tx, &desk.secrets, &installation).await?;
        tx.rollback().await?;
        let began_at = self.now();
        let number = whose.number.to_string();
        let order = match &replayed {
            Some(recording) => replay_order(&run, recording),
            None => {
                self.first_order(&run, (&installation, &version), limits, (number, language))?
            }
        };
        Ok(Ready {
            run,
            installation,
            version,
            rights,
            actor,
            order,
            scrub,
            replayed,
            at,
            began_at,
        })
    }

    fn first_order(
        &self,
        run: &Run,
        (installation, version): (&Installation, &PluginVersion),
        mut limits: Limits,
        (number, language): (String, Language),
    ) -> Result<Order, NotReady> {
        if run.mode == Mode::Dry {
            limits.fuel = run.trigger.fuel();
        }
        let gone = || NotReady::from(Verdict::lasting(code::NOT_RECORDED));
        let now = self.now().0 / 1_000;
        Ok(Order {
            component: version.component.clone(),
            context: Context {
                run_id: run.id.to_string(),
                installation: installation.id.to_string(),
                customer: number,
                locale: language.tag().to_owned(),
                api: API.to_owned(),
                attempt: u32::try_from(run.attempt).unwrap_or(u32::MAX),
                idempotency_key: run.root.to_string(),
                deadline_ms: limits.wall_ms,
                dry_run: run.mode == Mode::Dry,
                now_ms: u64::try_from(now).unwrap_or(0),
                settings: installation.settings.to_string(),
            },
            entry: run.entry.clone().ok_or_else(gone)?,
            limits,
            // Guests may make secrets of it: nobody outside the run can guess it.
            seed: Blob(random::<32>(self.parts.gate.tools().rng.as_ref()).to_vec()),
        })
    }

    /// Tells pages that look at runs that one moved on. Not where somebody waits for the answer: a
    /// page that draws a card would hear of it and draw the card again.
    fn tell(&self, run: &Run) {
        use TriggerKind as By;
        if matches!(run.trigger, By::Event | By::Schedule | By::Webhook) {
            self.parts.gate.events().publish(self.news(run));
        }
    }

    /// That a run moved on.
    pub(crate) fn news(&self, run: &Run) -> Change {
        let (seq, object) = (self.heard(run.customer), run.id.to_string());
        Change::of(run.customer, seq, object, None)
    }

    /// Stops an installation as the panel itself, and tells whom it concerns.
    pub(crate) async fn stop(
        &self,
        run: &Run,
        by: PausedBy,
        reason: &'static str,
    ) -> Result<(), Fault> {
        self.stop_installation((run.customer, run.installation), by, reason)
            .await
    }
}

/// The plugin as an actor of the gate, at the ticket where staff started it.
fn acting(
    run: &Run,
    installation: &Installation,
    may: BTreeSet<Permission>,
    at: Option<&AtTicket>,
) -> Actor {
    let who = (installation.id, run.id);
    let actor = Actor::plugin(who, installation.granted_by, run.customer, may);
    match at {
        Some(at) => actor.at_ticket(run.customer, at.ticket),
        None => actor,
    }
}

/// What takes the secrets of an installation out of texts; none when one of them does not open.
async fn scrub(
    tx: &mut Tx,
    key: &SealKey,
    installation: &Installation,
) -> Result<Option<Scrub>, Fault> {
    let whose = (installation.customer, installation.id);
    let mut scrub = Scrub::default();
    for (name, opened) in secret::all(tx, key, whose).await? {
        match opened {
            Ok(opened) => scrub.learn(&name, &opened),
            Err(fault) => {
                let (id, fault) = (installation.id, fault.chain());
                tracing::warn!(installation.id = %id, %fault, "a run is not recorded");
                return Ok(None);
            }
        }
    }
    Ok(Some(scrub))
}

/// The order of a replay: as it was recorded, with fuel.
fn replay_order(run: &Run, recording: &Recording) -> Order {
    let limits = Limits {
        fuel: run.trigger.fuel(),
        ..recording.limits.clone()
    };
    Order {
        component: recording.component.clone(),
        context: recording.context.clone(),
        entry: recording.entry.clone(),
        limits,
        seed: recording.seed.clone(),
    }
}

/// Why a try did not even begin.
enum NotReady {
    Verdict(Verdict),
    Fault(Fault),
}

impl From<Verdict> for NotReady {
    fn from(verdict: Verdict) -> Self {
        Self::Verdict(verdict)
    }
}

impl From<Fault> for NotReady {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for NotReady {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Fault(fault) => Self::Fault(fault),
            // The installation is gone.
            _ => Self::Verdict(Verdict {
                kind: Kind::Lasting,
                ..Verdict::lasting(code::REVOKED)
            }),
        }
    }
}

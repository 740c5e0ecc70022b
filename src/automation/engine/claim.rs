//! Whose turn it is: one run after the other, one customer after the other.

use crate::engine::shares::Slot;
use crate::engine::{Engine, LEASE_SECONDS};
use crate::run::store::{self as runs, CANDIDATES_MAX};
use crate::run::{Mode, Run, usage};
use std::sync::Arc;
use tokio::task::JoinHandle;
use wabe_access::{Change, Events};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// A run in this process's hands.
pub(crate) struct Claimed {
    pub(crate) run: Run,
    pub(crate) slot: Slot,
    pub(crate) birth: Birth,
}

/// A run's birth on its way to the disk. The run begins meanwhile; nothing that it leaves behind is kept
/// before, or without it.
pub(crate) enum Birth {
    /// It is on the disk already.
    Past,
    /// Whatever is written from here on reaches the disk with it, or not at all.
    InOrder,
    /// The end has to wait for it.
    Pending(JoinHandle<Result<(), Fault>>),
}

impl Birth {
    /// Keeps the transaction in which a run was born, and then tells the pages that look at runs.
    pub(crate) fn of(tx: Tx, (events, change): (Arc<Events>, Change)) -> Result<Self, Fault> {
        let lasting = tx.commit_with_next()?;
        let in_order = lasting.is_in_order();
        let kept = tokio::spawn(async move {
            let kept = lasting.on_disk().await;
            match &kept {
                Ok(()) => events.publish(change),
                Err(fault) => tracing::error!(fault = %fault.chain(), "a run was not kept"),
            }
            kept
        });
        Ok(if in_order {
            Self::InOrder
        } else {
            Self::Pending(kept)
        })
    }

    /// True when nothing is left to wait for.
    pub(crate) const fn is_past(&self) -> bool {
        matches!(self, Self::Past)
    }

    /// Comes back when the end of the run may be written.
    pub(crate) async fn over(self) -> Result<(), Fault> {
        match self {
            Self::Past | Self::InOrder => Ok(()),
            Self::Pending(kept) => match kept.await {
                Ok(kept) => kept,
                Err(error) => Err(Fault::because("keep the birth of a run", error)),
            },
        }
    }
}

impl Engine {
    /// The next run that is due and has room, from the customer behind the one whose turn it was.
    pub(crate) async fn claim(&self) -> Result<Option<Claimed>, Fault> {
        if let Some(born) = self.next_born() {
            return Ok(Some(born));
        }
        if !self.shares.has_room() {
            return Ok(None);
        }
        let now = self.now();
        let start = self.shares.turn();
        let mut after = start.clone();
        let mut around = start.is_empty();
        loop {
            let mut tx = self.parts.gate.store().read().await?;
            let next = runs::next_customer(&mut tx, now, &after).await?;
            tx.rollback().await?;
            let Some(customer) = next else {
                if around {
                    return Ok(None);
                }
                (around, after) = (true, String::new());
                continue;
            };
            let name = customer.to_string();
            if around && !start.is_empty() && name > start {
                return Ok(None);
            }
            if let Some(claimed) = self.claim_of(customer, now).await? {
                self.shares.took_turn(&name);
                return Ok(Some(claimed));
            }
            after = name;
        }
    }

    /// The first run of a customer that has room. However much waits for one installation, the others are
    /// looked for behind it.
    async fn claim_of(
        &self,
        customer: CustomerId,
        now: Timestamp,
    ) -> Result<Option<Claimed>, Fault> {
        let mut full = String::new();
        while self.shares.has_room_for(customer) {
            let known = full.len();
            let mut tx = self.parts.gate.store().read_for(customer).await?;
            let candidates = runs::candidates(&mut tx, customer, now, &full).await?;
            tx.rollback().await?;
            let all = i64::try_from(candidates.len()).unwrap_or(0) < CANDIDATES_MAX;
            for run in candidates {
                let installation = run.installation;
                let slot = self.shares.take(customer, installation, run.trigger);
                let Some(slot) = slot else {
                    let name = installation.to_string();
                    if !full.contains(&name) {
                        full.extend([name.as_str(), " "]);
                    }
                    continue;
                };
                if let Some(claimed) = self.claim_one(run, slot, now).await? {
                    return Ok(Some(claimed));
                }
            }
            if all || full.len() == known {
                break;
            }
        }
        Ok(None)
    }

    /// Takes a run into this process's hands, unless its installation rests or somebody else has it.
    async fn claim_one(
        &self,
        mut run: Run,
        slot: Slot,
        now: Timestamp,
    ) -> Result<Option<Claimed>, Fault> {
        let mut tx = self.parts.gate.store().write_for(run.customer).await?;
        let spent = usage::is_spent(&mut tx, run.customer, run.installation, now).await?;
        let taken = if spent && run.mode == Mode::Live {
            // Its running time for today is used up; it goes on tomorrow.
            runs::postpone(&mut tx, run.id, usage::tomorrow(now)).await?;
            false
        } else {
            let until = now.plus_seconds(LEASE_SECONDS);
            runs::claim(&mut tx, &mut run, now, until).await?
        };
        tx.commit().await?;
        let birth = Birth::Past;
        Ok(taken.then_some(Claimed { run, slot, birth }))
    }
}

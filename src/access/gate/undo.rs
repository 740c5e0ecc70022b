//! The way back from a change.

use crate::actor::Actor;
use crate::command::Inverse;
use crate::gate::check::touched;
use crate::gate::{Done, Gate, Mode};
use crate::refusal::Refusal;
use serde_json::Value;
use wabe_kernel::id::{ChangeId, CustomerId};
use wabe_store::Tx;

impl Gate {
    /// The command that takes a change back, where there is one and nothing touched the same fields
    /// since.
    ///
    /// # Errors
    /// `NotFound`, or `Conflict` with `no-undo` or `changed-since`.
    pub async fn way_back(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        change: ChangeId,
    ) -> Result<Inverse, Refusal> {
        let found = self.recorder().load(tx, customer, change).await?;
        let found = found.ok_or(Refusal::NotFound)?;
        let later = self
            .recorder()
            .later(tx, customer, &found.object_id, found.seq);
        let later = later.await?;
        let spec = self
            .command(&found.command)
            .ok_or(Refusal::Conflict("no-undo"))?;
        let inverse =
            (spec.inverse)(&found.before, &found.after).ok_or(Refusal::Conflict("no-undo"))?;
        let was = touched(&found.before, &found.after);
        let again = |change: &wabe_audit::ChangeRecord| {
            touched(&change.before, &change.after)
                .iter()
                .any(|key| was.contains(key))
        };
        if later.iter().any(again) {
            return Err(Refusal::Conflict("changed-since"));
        }
        Ok(inverse)
    }

    /// Takes a change back.
    ///
    /// # Errors
    /// As [`Gate::way_back`], or what the inverse is refused for.
    pub async fn undo(
        &self,
        actor: &Actor,
        change: ChangeId,
        mode: Mode,
    ) -> Result<Done<Value>, Refusal> {
        let mut tx = self.store().read_for(actor.customer).await?;
        let inverse = self.way_back(&mut tx, actor.customer, change).await;
        tx.rollback().await?;
        let inverse = inverse?;
        let spec = self
            .command(inverse.command)
            .ok_or(Refusal::Conflict("no-undo"))?;
        (spec.run)(self, actor, inverse.input, mode, None).await
    }
}

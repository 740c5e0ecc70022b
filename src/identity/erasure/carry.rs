//! Carrying it out, in steps of a transaction each: what is next follows from the tables alone, so that
//! whoever comes after a cut goes on there.

use crate::erasure::model::{Next, Work};
use crate::erasure::store;
use crate::identity::Identity;
use wabe_access::actor::HOUSE;
use wabe_access::resource;
use wabe_kernel::id::ErasureId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::erase::{self, Disposal};

/// Things that are wished away at once.
const THINGS: i64 = 200;

/// The disposal at a place; nothing behind the last.
fn disposal(place: i64) -> Option<&'static Disposal> {
    let place = usize::try_from(place).ok()?;
    erase::of_customer().get(place)
}

impl Identity {
    /// Those whose day has come and that are not done.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn erasures_due(&self) -> Result<Vec<ErasureId>, Fault> {
        let now = self.clock().now();
        let mut tx = self.store.read().await?;
        let found = store::due(&mut tx, now).await?;
        tx.rollback().await?;
        Ok(found)
    }

    /// Does the next step of one, unless that is a command, and says what is next.
    ///
    /// # Errors
    /// A fault; then the step did not happen, and is the next one still.
    pub async fn erase_step(&self, id: ErasureId) -> Result<Next, Fault> {
        let now = self.clock().now();
        let mut tx = self.store.read().await?;
        let work = store::work(&mut tx, id).await?;
        let left = match &work {
            Some(work) => resource::is_left(&mut tx, work.customer).await?,
            None => false,
        };
        tx.rollback().await?;
        let Some(work) = work else {
            return Ok(Next::Nothing);
        };
        if !work.begun {
            let due = now >= work.due_at;
            return Ok(if due { Next::Begin } else { Next::Wait });
        }
        if left {
            return self.end_things(&work, now).await;
        }
        if let Some(disposal) = disposal(work.place) {
            self.take_rows(&work, disposal).await?;
        } else if !work.past_read {
            self.erase_former(&work).await?;
        } else if !self.erase_member(&work).await? {
            if work.keyless {
                return Ok(Next::Finish);
            }
            self.end_record(&work, now).await?;
        }
        Ok(Next::Again)
    }

    /// Wishes everything away that a node has; waits once that was done.
    async fn end_things(&self, work: &Work, now: Timestamp) -> Result<Next, Fault> {
        let mut tx = self.store.write().await?;
        let since = work.agreed_at;
        let ended = resource::end(&mut tx, work.customer, since, (now, THINGS)).await?;
        tx.commit().await?;
        Ok(if ended > 0 { Next::Wake } else { Next::Wait })
    }

    /// The next piece of rows. Behind the last table it begins anew, until a walk found nothing: what came in
    /// while it went is found then.
    async fn take_rows(&self, work: &Work, disposal: &Disposal) -> Result<(), Fault> {
        let mut tx = self.store.write().await?;
        let whose = work.customer.to_string();
        let (rows, more) = disposal.take(&mut tx, &whose).await?;
        let mut place = if more { work.place } else { work.place + 1 };
        let mut touched = work.touched.saturating_add(rows);
        if self::disposal(place).is_none() && touched > 0 {
            (place, touched) = (0, 0);
        }
        if store::step(&mut tx, work, (place, touched), rows).await? {
            tx.commit().await
        } else {
            tx.rollback().await
        }
    }

    /// Takes away what the record says: the house's entries about the customer and its tickets, and the key
    /// of the customer's own. Then the tables are walked through once more: while there were people, something
    /// of theirs could still come in.
    async fn end_record(&self, work: &Work, now: Timestamp) -> Result<(), Fault> {
        self.forget_object(&work.customer.to_string()).await?;
        let mut more = true;
        while more {
            let mut tx = self.store.write().await?;
            let about = (HOUSE, work.customer);
            more = self.streams.forget_tickets(&mut tx, about).await?;
            tx.commit().await?;
        }
        let mut tx = self.store.write().await?;
        self.streams
            .destroy_key(&mut tx, work.customer, now)
            .await?;
        store::key_gone(&mut tx, work.id, now).await?;
        tx.commit().await
    }
}

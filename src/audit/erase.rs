//! What of the record goes when a customer is erased: their key, and what the house's own entries say of
//! them. Entries stay, and so do their proofs.

use crate::recorder::DESTROY_KEY;
use crate::stream::Streams;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    FORGET = "audit.change.forget" =>
        "UPDATE change SET payload = NULL WHERE id IN (SELECT id FROM change \
         WHERE customer_id = $1 AND object_id = $2 AND payload IS NOT NULL LIMIT $3)";
    FORGET_TICKETS = "audit.change.forget_tickets" =>
        "UPDATE change SET payload = NULL WHERE id IN (SELECT c.id FROM ticket t JOIN change c \
         ON c.customer_id = $1 AND c.object_id = t.id WHERE t.customer_id = $2 \
         AND c.payload IS NOT NULL LIMIT $3)";
    LAST = "audit.change.last" =>
        "SELECT MAX(at) AS at FROM change WHERE customer_id = $1 AND object_id = $2 AND command = $3";
}

/// Entries that are emptied at once.
const AT_ONCE: i64 = 200;

impl Streams {
    /// Destroys a customer's key: what was sealed under it is gone, wherever a copy lies. Proofs stay valid
    /// (bar 3.10 T4). Doing it twice changes nothing more.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn destroy_key(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        now: Timestamp,
    ) -> Result<(), Fault> {
        DESTROY_KEY.bind(customer).bind(now).execute_one(tx).await?;
        self.keys.forget(customer);
        Ok(())
    }

    /// Takes away what the next entries of `of` about one object say; false when there are no more.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn forget_object(
        &self,
        tx: &mut Tx,
        (of, object): (CustomerId, &str),
    ) -> Result<bool, Fault> {
        let query = FORGET.bind(of).bind(object).bind(AT_ONCE);
        Ok(query.execute(tx).await? > 0)
    }

    /// Takes away what the next entries of `of` say about tickets that are a customer's now; false when
    /// there are no more.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn forget_tickets(
        &self,
        tx: &mut Tx,
        (of, customer): (CustomerId, CustomerId),
    ) -> Result<bool, Fault> {
        let query = FORGET_TICKETS.bind(of).bind(customer).bind(AT_ONCE);
        Ok(query.execute(tx).await? > 0)
    }
}

/// When a command last changed an object of a customer's.
///
/// # Errors
/// A fault of the database.
pub async fn last_at(
    tx: &mut Tx,
    customer: CustomerId,
    (object, command): (&str, &str),
) -> Result<Option<Timestamp>, Fault> {
    let row = LAST
        .bind(customer)
        .bind(object)
        .bind(command)
        .one(tx)
        .await?;
    row.time_or_null("at")
}

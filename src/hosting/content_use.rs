//! How much content resources hold, as last measured. Bookkeeping: lists read it, nobody decides by it.

use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    SET = "hosting.content_use.set" =>
        "INSERT INTO content_use (resource_id, customer_id, bytes, messages, measured_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (resource_id) DO UPDATE SET \
         bytes = excluded.bytes, messages = excluded.messages, measured_at = excluded.measured_at";
}

/// What was measured of one resource.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Bytes.
    pub bytes: i64,
    /// Messages; 0 for everything but mailboxes.
    pub messages: i64,
}

/// Keeps a measurement.
///
/// # Errors
/// A fault of the database.
pub async fn set(
    tx: &mut Tx,
    customer: CustomerId,
    resource: &str,
    measured: Measured,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = SET
        .bind(resource)
        .bind(customer)
        .bind(measured.bytes)
        .bind(measured.messages);
    query.bind(now).execute(tx).await.map(|_rows| ())
}

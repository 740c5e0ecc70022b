//! A customer's key, lent to a room that keeps something of theirs for a while, and their entries opened for
//! it. What is sealed here is gone with the key, as the record is.

use crate::entry::ChangeRecord;
use crate::keys::Keys;
use crate::recorder::{AFTER, FIND_KEY, record};
use crate::seal::SealKey;
use crate::stream::Streams;
use std::sync::Arc;
use wabe_kernel::Fault;
use wabe_kernel::id::CustomerId;
use wabe_store::Tx;
use zeroize::Zeroizing;

/// The customer's key as this transaction sees it.
pub(crate) async fn committed_key(
    keys: &Keys,
    tx: &mut Tx,
    customer: CustomerId,
) -> Result<Option<Arc<SealKey>>, Fault> {
    let row = FIND_KEY.bind(customer).optional(tx).await?;
    let wrapped = row
        .map(|row| row.text_or_null("wrapped"))
        .transpose()?
        .flatten();
    wrapped
        .map(|wrapped| keys.unwrap(customer, &wrapped))
        .transpose()
}

impl Streams {
    /// Seals a text of a customer's for one place, under the key of their part of the record, so that erasing
    /// them erases it; nothing when they have no such key (any more).
    ///
    /// # Errors
    /// A fault of the database or of the cryptographic library.
    pub async fn seal_for(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        (place, plain): (&[u8], &[u8]),
    ) -> Result<Option<String>, Fault> {
        let key = committed_key(&self.keys, tx, customer).await?;
        key.map(|key| key.seal(self.rng.as_ref(), place, plain))
            .transpose()
    }

    /// Opens what was sealed for this place; nothing when the key is gone.
    ///
    /// # Errors
    /// A fault of the database, also when it was sealed for another place or altered.
    pub async fn open_for(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        (place, sealed): (&[u8], &str),
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        let key = committed_key(&self.keys, tx, customer).await?;
        key.map(|key| key.open(place, sealed)).transpose()
    }

    /// Up to `limit` changes of a customer behind the one numbered `seq`, oldest first, opened; without their
    /// payload once the key is gone.
    ///
    /// # Errors
    /// A fault, also when a stored payload is not what was recorded.
    pub async fn changes_after(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        (seq, limit): (i64, i64),
    ) -> Result<Vec<ChangeRecord>, Fault> {
        let rows = AFTER.bind(customer).bind(seq).bind(limit).all(tx).await?;
        let key = committed_key(&self.keys, tx, customer).await?;
        let opened = rows.iter().map(|row| record(row, customer, key.as_deref()));
        opened.collect()
    }
}

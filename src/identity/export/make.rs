//! Making the file, part by part, and opening its parts again.

use crate::export::model::{Progress, Work};
use crate::export::{letter, line, store};
use crate::identity::Identity;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wabe_access::{customer, member};
use wabe_audit::Streams;
use wabe_audit::seal::place;
use wabe_kernel::id::{CustomerId, ExportId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;
use wabe_store::export::{Named, holdings};
use zeroize::Zeroizing;

/// A part is closed once it is so long, in bytes.
const PART_BYTES: usize = 256 * 1024;
/// Entries of the record that are read at once.
const ENTRIES: i64 = 200;

/// Where a sealed part belongs.
fn place_of(customer: CustomerId, (id, number): (ExportId, i64)) -> Vec<u8> {
    place(&[
        "customer_export_part",
        "sealed",
        &id.to_string(),
        &number.to_string(),
        &customer.to_string(),
    ])
}

/// What is said in place of a person: a member's own id, and the sign of anybody else, which the hoster's
/// privacy officer turns back. What is no person's id stays as it is.
fn named(streams: &Streams, members: &BTreeSet<UserId>, person: &str) -> Value {
    match person.parse::<UserId>() {
        Ok(user) if !members.contains(&user) => json!({ "sign": streams.sign_of(user) }),
        _ => json!(person),
    }
}

/// What follows on what there is.
struct Made {
    text: Zeroizing<String>,
    to: Progress,
    /// Whether that was the last of it.
    whole: bool,
}

impl Identity {
    /// Makes what is left of a file, and tells the customer's owners when it is whole. Doing it twice changes
    /// nothing more.
    ///
    /// # Errors
    /// A fault; what there is of it by then stays, and the next attempt goes on there.
    pub async fn make_export(&self, id: ExportId) -> Result<(), Fault> {
        while self.make_part(id).await? {}
        Ok(())
    }

    /// Makes one part; false when there is nothing left to do.
    async fn make_part(&self, id: ExportId) -> Result<bool, Fault> {
        let now = self.clock().now();
        let mut tx = self.store.read().await?;
        let Some(work) = store::work(&mut tx, id).await? else {
            tx.rollback().await?;
            return Ok(false);
        };
        if work.is_outdated() {
            tx.rollback().await?;
            let mut tx = self.store.write().await?;
            store::restart(&mut tx, &work).await?;
            tx.commit().await?;
            return Ok(true);
        }
        let made = self.lines(&mut tx, &work, now).await?;
        let part = place_of(work.customer, (id, work.progress.parts));
        let part = (part.as_slice(), made.text.as_bytes());
        let sealed = self.streams.seal_for(&mut tx, work.customer, part).await?;
        tx.rollback().await?;
        let sealed = sealed.ok_or(Fault::new("find the key of a customer"))?;
        let mut tx = self.store.write().await?;
        let added = store::add(&mut tx, &work, (&made.to, &sealed)).await?;
        if added && made.whole {
            let until = store::ready(&mut tx, (work.customer, id), now).await?;
            let link = format!("{}/export", self.tools.house.portal_url);
            let times = (now, until);
            letter::ready(&mut tx, self.rng(), (&work, times), link).await?;
        }
        tx.commit().await?;
        Ok(added && !made.whole)
    }

    /// The lines that follow, until a part is full. In a transaction of the system.
    async fn lines(&self, tx: &mut Tx, work: &Work, now: Timestamp) -> Result<Made, Fault> {
        let members = member::list(tx, work.customer).await?;
        let members: BTreeSet<UserId> = members.iter().map(|member| member.user).collect();
        let named = |person: &str| named(&self.streams, &members, person);
        let mut text = Zeroizing::new(String::new());
        let mut to = work.progress.clone();
        if to.parts == 0 {
            let found = customer::find(tx, work.customer).await?;
            let found = found.ok_or(Fault::new("find the customer of an export"))?;
            line::first(&found, work.asked_at, &mut text)?;
        }
        let mut whole = false;
        while text.len() < PART_BYTES && !whole {
            let at = usize::try_from(to.place).unwrap_or(usize::MAX);
            let Some(holding) = holdings().get(at).copied() else {
                whole = self
                    .changes(tx, work.customer, (&mut to, &mut text), &named)
                    .await?;
                if whole {
                    line::last(to.lines, now, &mut text)?;
                }
                continue;
            };
            let from = (work.customer, to.after.as_str());
            let piece = holding.read(tx, from, &named).await?;
            for columns in &piece.rows {
                line::row(holding.table, columns, &mut text)?;
                to.lines += 1;
            }
            if piece.next.is_none() {
                to.place += 1;
            }
            to.after = piece.next.unwrap_or_default();
        }
        to.parts += 1;
        to.bytes += i64::try_from(text.len()).unwrap_or(0);
        Ok(Made { text, to, whole })
    }

    /// The next entries of the record, opened; true when there are no more.
    async fn changes(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        (to, text): (&mut Progress, &mut String),
        named: Named<'_>,
    ) -> Result<bool, Fault> {
        let seq = to.after.parse().unwrap_or(0);
        let place = (seq, ENTRIES);
        let found = self.streams.changes_after(tx, customer, place).await?;
        for entry in &found {
            let mut said = serde_json::to_value(entry)
                .map_err(|error| Fault::because("write an entry", error))?;
            if let Some(person) = entry.actor_user {
                said["actor_user"] = named(&person.to_string());
            }
            line::change(&said, text)?;
            to.lines += 1;
            to.after = entry.seq.to_string();
        }
        Ok(i64::try_from(found.len()).is_ok_and(|count| count < ENTRIES))
    }

    /// One part of a file that is there, opened; nothing when it is not, or not any more.
    ///
    /// # Errors
    /// A fault of the database, also when a part is not what was written.
    pub async fn export_part(
        &self,
        (customer, id): (CustomerId, ExportId),
        number: i64,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        let now = self.clock().now();
        let mut tx = self.store.read_for(customer).await?;
        let found = store::find(&mut tx, (customer, id)).await?;
        let sealed = match found.filter(|found| found.is_there(now)) {
            Some(_) => store::part(&mut tx, (customer, id, number)).await?,
            None => None,
        };
        let opened = match &sealed {
            Some(sealed) => {
                let part = place_of(customer, (id, number));
                let part = (part.as_slice(), sealed.as_str());
                self.streams.open_for(&mut tx, customer, part).await?
            }
            None => None,
        };
        tx.rollback().await?;
        Ok(opened)
    }
}

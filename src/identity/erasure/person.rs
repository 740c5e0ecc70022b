//! People of a customer that is erased: those who belong to nobody else go with it.

use crate::erasure::model::Work;
use crate::erasure::store;
use crate::identity::Identity;
use crate::session::store as sessions;
use std::collections::BTreeSet;
use wabe_access::actor::HOUSE;
use wabe_access::member::{self, Member};
use wabe_audit::ChangeRecord;
use wabe_kernel::Fault;
use wabe_kernel::id::UserId;
use wabe_store::erase;

/// Entries of the record that are read at once.
const ENTRIES: i64 = 200;

/// Whom an entry about a member's place is about.
fn of_entry(entry: &ChangeRecord) -> impl Iterator<Item = UserId> {
    let about = entry.object_kind == "member";
    let both = [&entry.before, &entry.after];
    let people = both.map(|side| side.get("user")?.as_str()?.parse::<UserId>().ok());
    people.into_iter().flatten().filter(move |_| about)
}

impl Identity {
    /// Looks through the next entries of the record for people who were members, and takes those away who
    /// belong to nobody any more. Needs the key.
    pub(super) async fn erase_former(&self, work: &Work) -> Result<(), Fault> {
        let mut tx = self.store.read().await?;
        let place = (work.past_seq, ENTRIES);
        let entries = self.streams.changes_after(&mut tx, work.customer, place);
        let entries = entries.await?;
        let present = member::list(&mut tx, work.customer).await?;
        tx.rollback().await?;
        let present: BTreeSet<UserId> = present.iter().map(|member| member.user).collect();
        let people: BTreeSet<UserId> = entries.iter().flat_map(of_entry).collect();
        for user in people.difference(&present) {
            self.erase_person(work, *user, None).await?;
        }
        let seq = entries.last().map_or(work.past_seq, |entry| entry.seq);
        let whole = i64::try_from(entries.len()).is_ok_and(|count| count < ENTRIES);
        let read_at = whole.then(|| self.clock().now());
        let mut tx = self.store.write().await?;
        store::past(&mut tx, work.id, (seq, read_at)).await?;
        tx.commit().await
    }

    /// Takes the next member's place away, and the person where they belong to nobody else; false when there
    /// are no more.
    pub(super) async fn erase_member(&self, work: &Work) -> Result<bool, Fault> {
        let mut tx = self.store.read().await?;
        let members = member::list(&mut tx, work.customer).await?;
        tx.rollback().await?;
        let Some(next) = members.first() else {
            return Ok(false);
        };
        self.erase_person(work, next.user, Some(next)).await?;
        Ok(true)
    }

    /// Takes everything of a person away, piece by piece and the person last, unless they belong to somebody
    /// else: then their place here alone.
    async fn erase_person(
        &self,
        work: &Work,
        user: UserId,
        place: Option<&Member>,
    ) -> Result<(), Fault> {
        let (customer, now) = (work.customer, self.clock().now());
        let mut tx = self.store.write().await?;
        if store::belongs(&mut tx, user, customer).await? {
            sessions::end_in_customer(&mut tx, user, customer).await?;
            if let Some(place) = place {
                store::leave(&mut tx, customer, place.id).await?;
            }
            return tx.commit().await;
        }
        // Nobody joins another customer while they are taken away.
        store::shut(&mut tx, user, now).await?;
        tx.commit().await?;
        let whose = user.to_string();
        for disposal in erase::of_person() {
            let mut more = true;
            while more {
                let mut tx = self.store.write().await?;
                (_, more) = disposal.take(&mut tx, &whose).await?;
                tx.commit().await?;
            }
        }
        self.forget_object(&whose).await?;
        let mut tx = self.store.write().await?;
        if store::drop_user(&mut tx, user).await? {
            store::count_person(&mut tx, work.id).await?;
        }
        if let Some(place) = place {
            store::leave(&mut tx, customer, place.id).await?;
        }
        tx.commit().await
    }

    /// Takes away what the house's own entries say about one object.
    pub(super) async fn forget_object(&self, object: &str) -> Result<(), Fault> {
        let mut more = true;
        while more {
            let mut tx = self.store.write().await?;
            more = self.streams.forget_object(&mut tx, (HOUSE, object)).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

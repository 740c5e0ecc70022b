//! Who looked into content: each look is noted before anything is shown.

use wabe_access::Scope;
use wabe_audit::{Access, AccessBy};
use wabe_web::{Failure, Member};

use crate::Portal;

/// The longest detail that is noted, in characters: names of tables have no end.
const DETAIL_CHARS: usize = 300;

impl Portal {
    /// Notes that the member looks at content of `object`; `area` is a code such as `mail.read`.
    ///
    /// # Errors
    /// A fault of the database; then nothing may be shown.
    pub(crate) async fn note_access(
        &self,
        member: &Member,
        area: &'static str,
        object: &str,
    ) -> Result<(), Failure> {
        self.note_part(member, area, (object, None)).await
    }

    /// The same, and which part of it: the name of a file or a table, the key of a message. That is kept of
    /// an employee on a look; where members go in their own things is told no further.
    ///
    /// # Errors
    /// `NotFound` when the look stands no longer, or a fault of the database, which takes no note without a
    /// consent that reaches so far; then nothing may be shown.
    pub(crate) async fn note_part(
        &self,
        member: &Member,
        area: &'static str,
        (object, part): (&str, Option<&str>),
    ) -> Result<(), Failure> {
        let look = member.visitor.look.as_ref();
        let by = look.map_or(AccessBy::Member, |look| {
            AccessBy::Staff(Some(look.ticket), Some(look.grant))
        });
        let access = Access {
            customer: member.customer.id,
            user: Some(member.visitor.user),
            by,
            area,
            object_id: Some(object),
            address: None,
        };
        let part = part.filter(|_| look.is_some());
        let part = part.map(|part| part.chars().take(DETAIL_CHARS).collect::<String>());
        let mut tx = self.gate.store().write_for(member.customer.id).await?;
        if look.is_some() {
            // What was taken back since the page began counts now.
            Scope::of(&mut tx, member.actor()).await?;
        }
        self.streams
            .note_content(&mut tx, &access, part.as_deref())
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

//! Who looked into content: each look is noted before anything is shown.

use wabe_audit::{Access, AccessBy};
use wabe_web::{Failure, Member};

use crate::Portal;

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
        let access = Access {
            customer: member.customer.id,
            user: Some(member.visitor.user),
            by: AccessBy::Member,
            area,
            object_id: Some(object),
            address: None,
        };
        let mut tx = self.gate.store().write_for(member.customer.id).await?;
        self.streams.note_access(&mut tx, &access).await?;
        tx.commit().await?;
        Ok(())
    }
}

//! How the desk reads: with the roles of now, and never unseen.

use std::net::IpAddr;

use wabe_access::Scope;
use wabe_audit::Access;
use wabe_kernel::id::CustomerId;
use wabe_store::Tx;
use wabe_web::{Failure, StaffMember};

use crate::Staff;

impl Staff {
    /// A read across customers, and what the employee may see.
    pub(crate) async fn read(&self, member: &StaffMember) -> Result<(Tx, Scope), Failure> {
        let mut tx = self.gate.store().read().await?;
        let scope = Scope::of(&mut tx, member.actor()).await?;
        Ok((tx, scope))
    }

    /// Notes that the employee looks at these customers; `area` is a code such as `contract.read`.
    ///
    /// # Errors
    /// A fault of the database; then nothing may be shown.
    pub(crate) async fn note(
        &self,
        member: &StaffMember,
        area: &'static str,
        customers: &[CustomerId],
        address: IpAddr,
    ) -> Result<(), Failure> {
        if customers.is_empty() {
            return Ok(());
        }
        let mut tx = self.gate.store().write().await?;
        for customer in customers {
            let access = Access {
                customer: *customer,
                user: Some(member.visitor.user),
                area,
                object_id: None,
                address: Some(address),
            };
            self.streams.note_access(&mut tx, &access).await?;
        }
        Ok(tx.commit().await?)
    }
}

//! Which addresses nobody reads while this installation is silent.

use crate::desk::Desk;
use crate::identity::Identity;
use crate::user::store as users;
use wabe_access::customer;
use wabe_kernel::id::{CustomerId, UserId};
use wabe_kernel::{Fault, MailAddress};
use wabe_store::Tx;

/// Addresses that lack a second one elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing {
    /// The person's own, to log in with.
    pub login: Option<MailAddress>,
    /// The customer's contact.
    pub contact: Option<MailAddress>,
}

/// Whether a first address and what stands beside it both depend on what is hosted here. `tx` is outside
/// of any customer's scope.
pub(crate) async fn depends(
    tx: &mut Tx,
    desk: &Desk,
    (first, second): (&MailAddress, Option<&MailAddress>),
) -> Result<bool, Fault> {
    if !desk.hosted.is_hosted(tx, first.domain()).await? {
        return Ok(false);
    }
    match second {
        Some(second) => desk.hosted.is_hosted(tx, second.domain()).await,
        None => Ok(true),
    }
}

impl Identity {
    /// Which addresses of a person lack a second one elsewhere, and which of a customer's.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn missing_addresses(
        &self,
        person: UserId,
        of: Option<CustomerId>,
    ) -> Result<Missing, Fault> {
        let mut missing = Missing::default();
        let mut tx = self.store.read().await?;
        if let Some(user) = users::find(&mut tx, person).await? {
            let both = (&user.email, user.second_email.as_ref());
            if depends(&mut tx, &self.desk, both).await? {
                missing.login = Some(user.email);
            }
        }
        let found = match of {
            Some(customer) => customer::find(&mut tx, customer).await?,
            None => None,
        };
        if let Some(found) = found {
            let both = (&found.contact_email, found.second_contact_email.as_ref());
            if depends(&mut tx, &self.desk, both).await? {
                missing.contact = Some(found.contact_email);
            }
        }
        tx.rollback().await?;
        Ok(missing)
    }
}

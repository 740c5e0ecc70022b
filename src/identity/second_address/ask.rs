//! Asking by letter.

use crate::identity::Identity;
use crate::outbox::{MailKind, OutgoingMail};
use crate::second_address::missing::depends;
use crate::user::store as users;
use wabe_access::{customer, member};
use wabe_kernel::id::{CustomerId, UserId};
use wabe_kernel::{Fault, Language};
use wabe_store::Tx;

impl Identity {
    /// Asks these customers and their members for a second address, where what is hosted here is all that
    /// reaches them: by one letter to each address. For a schedule, after domains were proved.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn ask_second_addresses(&self, customers: &[CustomerId]) -> Result<(), Fault> {
        for customer in customers.iter().copied() {
            if self.is_to_be_asked(customer).await? {
                let mut tx = self.store.write().await?;
                self.ask_contact(&mut tx, customer).await?;
                for member in member::list(&mut tx, customer).await? {
                    self.ask_login(&mut tx, member.user).await?;
                }
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// Whether there is anything to write down about a customer: most were asked, or need not be, and the one
    /// writer is not kept from others for them.
    async fn is_to_be_asked(&self, id: CustomerId) -> Result<bool, Fault> {
        let mut tx = self.store.read().await?;
        let Some(found) = customer::find(&mut tx, id).await? else {
            return Ok(false);
        };
        let both = (&found.contact_email, found.second_contact_email.as_ref());
        let wanted = depends(&mut tx, &self.desk, both).await?;
        let asked = customer::second_asked(&mut tx, id).await?;
        let mut differs = asked != wanted.then(|| found.contact_email.to_string());
        for member in member::list(&mut tx, id).await? {
            let user = users::find(&mut tx, member.user).await?;
            let Some(user) = user.filter(|user| user.disabled_at.is_none()) else {
                continue;
            };
            let both = (&user.email, user.second_email.as_ref());
            let wanted = depends(&mut tx, &self.desk, both).await?;
            let asked = users::second_asked(&mut tx, user.id).await?;
            differs |= asked != wanted.then(|| user.email.to_string());
        }
        tx.rollback().await?;
        Ok(differs)
    }

    async fn ask_contact(&self, tx: &mut Tx, id: CustomerId) -> Result<(), Fault> {
        let Some(found) = customer::find(tx, id).await? else {
            return Ok(());
        };
        let both = (&found.contact_email, found.second_contact_email.as_ref());
        if !depends(tx, &self.desk, both).await? {
            return customer::second_given(tx, id).await;
        }
        if !customer::ask_second(tx, id, &found.contact_email).await? {
            return Ok(());
        }
        let mail = OutgoingMail::new(
            found.contact_email.clone(),
            Language::default(),
            MailKind::SecondContactMissing,
        );
        let mail = mail.with("customer", &found.name);
        let mail = mail.with("address", &found.contact_email);
        self.desk.outbox.queue(tx, mail).await
    }

    async fn ask_login(&self, tx: &mut Tx, id: UserId) -> Result<(), Fault> {
        let found = users::find(tx, id).await?;
        let Some(user) = found.filter(|user| user.disabled_at.is_none()) else {
            return Ok(());
        };
        let both = (&user.email, user.second_email.as_ref());
        if !depends(tx, &self.desk, both).await? {
            return users::second_given(tx, id).await;
        }
        if !users::ask_second(tx, id, &user.email).await? {
            return Ok(());
        }
        let kind = MailKind::SecondEmailMissing;
        let mail = OutgoingMail::new(user.email.clone(), user.language, kind);
        let mail = mail.with("address", &user.email);
        self.desk.outbox.queue(tx, mail).await
    }
}

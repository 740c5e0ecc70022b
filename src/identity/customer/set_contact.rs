//! Where a customer is reached.

use crate::address_change::letter::shortened;
use crate::desk::Desk;
use crate::outbox::{MailKind, OutgoingMail};
use serde_json::json;
use wabe_access::{Command, Door, Object, Permission, Refusal, Risk, customer};
use wabe_kernel::{Amend, Language, MailAddress, PhoneSpelling, Problem, fields};

fields! {
    /// Sets where a customer is reached. An address whose mail is kept here needs a second one elsewhere.
    pub struct SetContact {
        /// The first address.
        pub contact_email: MailAddress,
        /// The second.
        pub second_contact_email: Option<MailAddress>,
        /// A telephone number, with country or area; the present one when left out, none when null or empty. It only
        /// helps to find who calls.
        #[schemars(with = "Option<PhoneSpelling>")]
        pub contact_phone: Amend<PhoneSpelling>,
    }
}

/// The field of a customer's second address.
pub(crate) const SECOND: &str = "second_contact_email";

/// Refuses addresses that would all be silent when this installation is. `field` is where the second
/// one was typed.
///
/// # Errors
/// `Invalid` on `field` with `contact-needs-second` or `contact-second-hosted-here`.
pub(crate) async fn check_contact(
    door: &mut Door<'_>,
    field: &str,
    first: &MailAddress,
    second: Option<&MailAddress>,
) -> Result<(), Refusal> {
    let desk = Desk::of(door.tools())?;
    let wrong = |code| Refusal::field(field, Problem::new(code));
    let tx = door.tx();
    tx.unscope().await?;
    if desk.hosted.is_hosted(tx, first.domain()).await? {
        let second = second.ok_or_else(|| wrong("contact-needs-second"))?;
        if desk.hosted.is_hosted(tx, second.domain()).await? {
            return Err(wrong("contact-second-hosted-here"));
        }
    }
    Ok(tx.rescope().await?)
}

impl Command for SetContact {
    const NAME: &'static str = "customer.set_contact";
    const PERMISSION: Permission = Permission::CustomerWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let second = self.second_contact_email.as_ref();
        check_contact(door, SECOND, &self.contact_email, second).await?;
        let desk = Desk::of(door.tools())?;
        let (id, now) = (door.customer(), door.now());
        let found = customer::find(door.tx(), id).await?;
        let found = found.ok_or(Refusal::NotFound)?;
        let house = &door.tools().house.calling_code;
        let phone = self
            .contact_phone
            .over(found.contact_phone.clone(), |spelled| spelled.number(house));
        let phone = phone.map_err(|problem| Refusal::field("contact_phone", problem))?;
        let tx = door.tx();
        customer::set_contact(tx, id, (&self.contact_email, second), phone.as_ref()).await?;
        tx.unscope().await?;
        // Whoever is no longer reached learns that, and can object.
        let old = [
            Some(found.contact_email.clone()),
            found.second_contact_email.clone(),
        ];
        let mut gone: Vec<MailAddress> = old.into_iter().flatten().collect();
        gone.retain(|old| *old != self.contact_email && Some(old) != second);
        for gone in gone {
            let mail = OutgoingMail::new(gone, Language::default(), MailKind::EmailChanged);
            let mail = mail.with("customer", &found.name).with("at", &now);
            let mail = mail.with("address", &shortened(&self.contact_email));
            desk.outbox.queue(tx, mail).await?;
        }
        tx.rescope().await?;
        let object = Object {
            kind: "customer",
            id: id.to_string(),
            name: found.name.clone(),
        };
        let before = json!({
            "contact_email": found.contact_email,
            "second_contact_email": found.second_contact_email,
            "contact_phone": found.contact_phone,
        });
        let after = json!({
            "contact_email": self.contact_email,
            "second_contact_email": self.second_contact_email,
            "contact_phone": phone,
        });
        door.record(object, before, after);
        Ok(())
    }
}

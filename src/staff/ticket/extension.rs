//! `GET` and `POST /staff/tickets/{id}/extension`: asking that a consent to read content holds for as long as
//! the customer gave it for, and not for a day.

use askama::Template;

use wabe_access::Reach;
use wabe_identity::approval::request_extension::RequestExtension;
use wabe_kernel::id::{ConsentId, CustomerId, TicketId};
use wabe_kernel::{FormState, Timestamp};
use wabe_support::consent::{self, Consent};
use wabe_support::ticket::queue::{self, Queued};
use wabe_web::filters;
use wabe_web::{Failure, Routes, StaffMember};

use crate::Staff;
use crate::act::Again;
use crate::ticket::WORK;
use crate::ticket::look::longer;
use crate::ticket::request::{self, Asks};

/// A consent that could hold for longer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Longer {
    /// Which.
    pub(crate) id: ConsentId,
    /// What it reaches.
    pub(crate) reach: Reach,
    /// Until when it holds, or held; nothing for one that waits for the second person from the beginning.
    pub(crate) until: Option<Timestamp>,
    /// Until when it was given.
    pub(crate) agreed: Timestamp,
}

impl Longer {
    fn of(consent: &Consent) -> Option<Self> {
        Some(Self {
            id: consent.id,
            reach: consent.reach,
            until: consent.until.filter(|_| !consent.waits()),
            agreed: consent.agreed_beyond()?,
        })
    }
}

/// The form.
#[derive(Template)]
#[template(path = "staff/ticket/extension.html")]
pub(crate) struct ExtensionPage {
    pub(crate) queued: Queued,
    /// What could hold for longer; nothing in a ticket in which nothing could.
    pub(crate) longer: Option<Longer>,
    pub(crate) form: FormState,
    pub(crate) note: Option<String>,
}

impl Asks for ExtensionPage {
    type Command = RequestExtension;
    const WORD: &'static str = "extension";

    async fn load(
        (staff, member): (&Staff, &StaffMember),
        id: TicketId,
        Again { form, note }: Again,
    ) -> Result<Self, Failure> {
        let (mut tx, scope) = staff.read(member).await?;
        let queued = queue::load(&mut tx, &scope, id).await?;
        let all = consent::at_desk(&mut tx, &scope, id).await?;
        tx.rollback().await?;
        let open = queued.ticket.is_open();
        let longer = longer(&all, member.now).filter(|_| open);
        Ok(Self {
            longer: longer.and_then(Longer::of),
            queued,
            form,
            note,
        })
    }

    fn customer(&self) -> CustomerId {
        self.queued.customer_id
    }
}

pub(crate) fn routes() -> Routes<Staff> {
    request::routes::<ExtensionPage>("/staff/tickets/{id}/extension", WORK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, errors, sample};
    use crate::ticket::tests::queued;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_support::ticket::Status;
    use wabe_web::check::check_samples;

    sample! {
        ExtensionPage: {
            let page = |there: bool, form, note: Option<&str>| ExtensionPage {
                queued: queued(Status::Open),
                longer: there.then(|| Longer {
                    id: ConsentId::from_uuid(Uuid::from_u128(1)),
                    reach: Reach::EVERYTHING,
                    until: note.is_none().then(|| NOW.plus_days(1)),
                    agreed: NOW.plus_days(30),
                }),
                form,
                note: note.map(str::to_owned),
            };
            vec![
                page(true, FormState::new(), None),
                page(true, errors(&["reason"]), None),
                page(true, errors(&[]), Some("conflict-extension-open")),
                page(false, FormState::new(), None),
            ]
        };
    }

    #[test]
    fn the_page_that_asks_for_longer_is_whole() {
        assert_eq!(check_samples::<ExtensionPage>(), Vec::<String>::new());
    }
}

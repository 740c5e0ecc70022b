//! `GET` and `POST /staff/tickets/{id}/erasure`: asking that everything of a customer whose contract is over is
//! removed for good. What goes and what stays stands beside the form.

use askama::Template;

use wabe_access::Permission;
use wabe_identity::approval::request_erasure::RequestErasure;
use wabe_kernel::FormState;
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_support::ticket::queue::{self, Queued};
use wabe_web::filters;
use wabe_web::{Failure, Needs, Routes, StaffMember};

use crate::Staff;
use crate::act::Again;
use crate::ticket::request::{self, Asks};

/// Who may ask: whoever deals with contracts.
const NEEDS: Needs = Needs::Staff(Permission::HosterWrite);

/// The form.
#[derive(Template)]
#[template(path = "staff/ticket/erasure.html")]
pub(crate) struct ErasurePage {
    pub(crate) queued: Queued,
    pub(crate) form: FormState,
    pub(crate) note: Option<String>,
}

impl Asks for ErasurePage {
    type Command = RequestErasure;
    const WORD: &'static str = "erasure";

    async fn load(
        (staff, member): (&Staff, &StaffMember),
        id: TicketId,
        Again { form, note }: Again,
    ) -> Result<Self, Failure> {
        let (mut tx, scope) = staff.read(member).await?;
        let queued = queue::load(&mut tx, &scope, id).await?;
        tx.rollback().await?;
        Ok(Self { queued, form, note })
    }

    fn customer(&self) -> CustomerId {
        self.queued.customer_id
    }
}

pub(crate) fn routes() -> Routes<Staff> {
    request::routes::<ErasurePage>("/staff/tickets/{id}/erasure", NEEDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{errors, sample};
    use crate::ticket::tests::queued;
    use wabe_support::ticket::Status;
    use wabe_web::check::check_samples;

    sample! {
        ErasurePage: {
            let page = |form, note: Option<&str>| ErasurePage {
                queued: queued(Status::Open),
                form,
                note: note.map(str::to_owned),
            };
            vec![
                page(FormState::new(), None),
                page(errors(&["reason"]), None),
                page(errors(&[]), Some("conflict-erasure-not-suspended")),
            ]
        };
    }

    #[test]
    fn the_page_that_asks_for_an_erasure_is_whole() {
        assert_eq!(check_samples::<ErasurePage>(), Vec::<String>::new());
    }
}

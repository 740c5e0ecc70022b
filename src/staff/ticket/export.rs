//! `GET` and `POST /staff/tickets/{id}/export`: asking that everything that is kept of a customer is made into
//! a file for its owners. Nothing of it is ever seen here.

use askama::Template;

use wabe_identity::approval::request_export::RequestExport;
use wabe_kernel::FormState;
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_support::ticket::queue::{self, Queued};
use wabe_web::filters;
use wabe_web::{Failure, Routes, StaffMember};

use crate::Staff;
use crate::act::Again;
use crate::ticket::WORK;
use crate::ticket::request::{self, Asks};

/// The form.
#[derive(Template)]
#[template(path = "staff/ticket/export.html")]
pub(crate) struct ExportPage {
    pub(crate) queued: Queued,
    pub(crate) form: FormState,
    pub(crate) note: Option<String>,
}

impl Asks for ExportPage {
    type Command = RequestExport;
    const WORD: &'static str = "export";

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
    request::routes::<ExportPage>("/staff/tickets/{id}/export", WORK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{errors, sample};
    use crate::ticket::tests::queued;
    use wabe_support::ticket::Status;
    use wabe_web::check::check_samples;

    sample! {
        ExportPage: {
            let page = |form, note: Option<&str>| ExportPage {
                queued: queued(Status::Open),
                form,
                note: note.map(str::to_owned),
            };
            vec![
                page(FormState::new(), None),
                page(errors(&["reason"]), None),
                page(errors(&[]), Some("conflict-export-asked")),
            ]
        };
    }

    #[test]
    fn the_page_that_asks_for_an_export_is_whole() {
        assert_eq!(check_samples::<ExportPage>(), Vec::<String>::new());
    }
}

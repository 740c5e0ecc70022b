//! What staff saw and changed as a table for spreadsheets.

use axum::extract::State;
use axum::response::Response;
use wabe_access::Permission;
use wabe_audit::seen_as_csv;
use wabe_identity::token::store::name_hoster;
use wabe_kernel::desired::Working;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, PageRequest};
use wabe_web::{Failure, Member};

use crate::Portal;
use crate::table::{Piece, Rows, table};

/// What staff saw and changed of a customer's.
struct All {
    portal: Portal,
    customer: CustomerId,
}

impl Rows for All {
    fn piece<'a>(&'a self, page: &'a PageRequest) -> Working<'a, Result<Piece, Fault>> {
        Box::pin(async move {
            let Portal { gate, streams, .. } = &self.portal;
            let mut tx = gate.store().read_for(self.customer).await?;
            let mut found = streams.list_seen(&mut tx, self.customer, page).await?;
            name_hoster(&mut tx, &mut found.items).await?;
            tx.rollback().await?;
            Ok((seen_as_csv(&found.items, page.after.is_none())?, found.next))
        })
    }
}

pub(super) async fn csv(member: Member, State(portal): State<Portal>) -> Result<Response, Failure> {
    let (tx, scope) = portal.read(&member).await?;
    scope.needs(Permission::ChangeRead)?;
    let customer = scope.customer();
    tx.rollback().await?;
    Ok(table(&member, "access-", All { portal, customer }))
}

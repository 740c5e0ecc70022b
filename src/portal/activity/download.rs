//! The list as a table for spreadsheets: the same filter, all of it.

use axum::extract::State;
use axum::response::Response;
use wabe_access::Permission;
use wabe_audit::{ChangeFilter, changes_as_csv};
use wabe_kernel::desired::Working;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, PageRequest};
use wabe_web::{Failure, Member, Query};

use crate::Portal;
use crate::activity::filter::Filter;
use crate::table::{Piece, Rows, table};

/// The changes of a customer that a filter leaves.
struct Changes {
    portal: Portal,
    customer: CustomerId,
    filter: ChangeFilter,
}

impl Rows for Changes {
    fn piece<'a>(&'a self, page: &'a PageRequest) -> Working<'a, Result<Piece, Fault>> {
        Box::pin(async move {
            let gate = &self.portal.gate;
            let mut tx = gate.store().read_for(self.customer).await?;
            let found = gate.recorder();
            let found = found
                .list(&mut tx, self.customer, &self.filter, page)
                .await?;
            tx.rollback().await?;
            Ok((
                changes_as_csv(&found.items, page.after.is_none())?,
                found.next,
            ))
        })
    }
}

pub(super) async fn csv(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    let (tx, scope) = portal.read(&member).await?;
    scope.needs(Permission::ChangeRead)?;
    let customer = scope.customer();
    tx.rollback().await?;
    let changes = Changes {
        portal,
        customer,
        filter: Filter::of(&query).changes(),
    };
    Ok(table(&member, "", changes))
}

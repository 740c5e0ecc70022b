//! The list as a table for spreadsheets: the same filter, all of it, a page at a time.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, unfold};
use http::{HeaderValue, header};
use wabe_access::Permission;
use wabe_audit::{ChangeFilter, changes_as_csv};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Cursor, Fault, PageRequest};
use wabe_web::{Failure, Member, Query, format};

use crate::Portal;
use crate::activity::filter::Filter;
use crate::message::attachment::disposition;

/// Changes that are read at once; nothing is locked between two reads.
const AT_ONCE: i64 = 200;

/// How far the table is.
struct Sending {
    portal: Portal,
    customer: CustomerId,
    filter: ChangeFilter,
    page: PageRequest,
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
    let filter = Filter::of(&query).changes();
    let page = PageRequest::first(AT_ONCE);
    let pieces = pieces(Sending {
        portal,
        customer,
        filter,
        page,
    });
    let mut response = Body::from_stream(pieces).into_response();
    let day = format::machine(member.now);
    let day = day.get(..10).unwrap_or("");
    let name = format!("{}-{day}.csv", member.customer.number);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    headers.insert(header::CONTENT_DISPOSITION, disposition(&name)?);
    Ok(response)
}

fn pieces(sending: Sending) -> impl Stream<Item = Result<Vec<u8>, Fault>> + Send {
    unfold(Some(sending), |sending| async move {
        match Box::pin(piece(sending?)).await {
            Ok((bytes, rest)) => Some((Ok(bytes), rest)),
            Err(fault) => {
                tracing::warn!(fault = fault.chain(), "a table broke off");
                Some((Err(fault), None))
            }
        }
    })
}

/// The next rows, and what is left to send after them.
async fn piece(mut sending: Sending) -> Result<(Vec<u8>, Option<Sending>), Fault> {
    let store = sending.portal.gate.store();
    let mut tx = store.read_for(sending.customer).await?;
    let recorder = sending.portal.gate.recorder();
    let found = recorder
        .list(&mut tx, sending.customer, &sending.filter, &sending.page)
        .await?;
    tx.rollback().await?;
    let bytes = changes_as_csv(&found.items, sending.page.after.is_none())?;
    let next = found.next.as_deref().and_then(Cursor::parse);
    Ok((
        bytes,
        next.map(|cursor| {
            sending.page.after = Some(cursor);
            sending
        }),
    ))
}

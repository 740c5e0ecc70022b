//! Long lists as tables for spreadsheets: all of one, a page at a time, nothing locked in between.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, unfold};
use http::{HeaderValue, header};
use wabe_kernel::desired::Working;
use wabe_kernel::{Cursor, Fault, PageRequest};
use wabe_web::{Member, disposition, format};

/// Rows that are read at once.
const AT_ONCE: i64 = 200;

/// Some rows as CSV, and where the next ones begin.
pub(crate) type Piece = (Vec<u8>, Option<String>);

/// A list that can be sent as a table.
pub(crate) trait Rows: Send + Sync + 'static {
    /// The rows of a page.
    fn piece<'a>(&'a self, page: &'a PageRequest) -> Working<'a, Result<Piece, Fault>>;
}

/// All rows as a file of this day, `{customer}-{day}.csv` with `what` before the day.
pub(crate) fn table(member: &Member, what: &str, rows: impl Rows) -> Response {
    let pieces = pieces(rows, PageRequest::first(AT_ONCE));
    let mut response = Body::from_stream(pieces).into_response();
    let day = format::machine(member.now);
    let day = day.get(..10).unwrap_or("");
    let name = format!("{}-{what}{day}.csv", member.customer.number);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    headers.insert(header::CONTENT_DISPOSITION, disposition(&name));
    response
}

fn pieces(
    rows: impl Rows,
    first: PageRequest,
) -> impl Stream<Item = Result<Vec<u8>, Fault>> + Send {
    unfold(Some((rows, first)), |sending| async move {
        let (rows, mut page) = sending?;
        match rows.piece(&page).await {
            Ok((bytes, next)) => {
                page.after = next.as_deref().and_then(Cursor::parse);
                let rest = page.after.is_some().then_some((rows, page));
                Some((Ok(bytes), rest))
            }
            Err(fault) => {
                tracing::warn!(fault = fault.chain(), "a table broke off");
                Some((Err(fault), None))
            }
        }
    })
}

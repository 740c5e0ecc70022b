//! A dump as a download, piece by piece.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use http::{HeaderValue, StatusCode, header};
use wabe_kernel::Fault;
use wabe_kernel::content::{ByteSource, ContentError};
use wabe_kernel::id::DatabaseId;
use wabe_web::{Failure, Member, Path, disposition};

use crate::Portal;
use crate::database::frame::Frame;
use crate::database::import::ImportPage;
use crate::database::opened;
use crate::database::trouble::Trouble;

pub(super) async fn export(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
) -> Result<Response, Failure> {
    let database = opened(&portal, &member, id, "sql.export").await?;
    let dump = match portal.sql.export(id).await {
        Ok(dump) => dump,
        // What the customer's own tables are the reason of stands beside the button.
        Err(error @ (ContentError::Rejected(_) | ContentError::Refused("no-dump-program"))) => {
            let frame = Frame::of(&portal, &member, &database);
            let page = ImportPage {
                quota: database.quota_bytes,
                most: frame.dump_bytes_max(),
                frame,
                trouble: Some(Trouble::of(member.language, error)?),
                imported: None,
            };
            let page = member.at("databases").page(page);
            let page = page.status(StatusCode::UNPROCESSABLE_ENTITY);
            return Ok(page.into_response());
        }
        Err(error) => return Err(failure(error)),
    };
    let mut response = Body::from_stream(pieces(dump)).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/sql; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(
        header::CONTENT_DISPOSITION,
        disposition(&format!("{}.sql", database.name)),
    );
    Ok(response)
}

/// The pieces of a dump; a dump that breaks off breaks the download, so that nobody keeps half of one.
fn pieces(
    dump: Box<dyn ByteSource>,
) -> impl futures_util::Stream<Item = Result<Vec<u8>, Fault>> + Send {
    unfold(Some(dump), |dump| async move {
        let mut dump = dump?;
        match dump.next().await? {
            Ok(piece) => Some((Ok(piece), Some(dump))),
            Err(error) => {
                tracing::warn!(?error, "a dump broke off");
                Some((Err(Fault::new("send a dump")), None))
            }
        }
    })
}

fn failure(error: ContentError) -> Failure {
    match error {
        ContentError::NotFound => Failure::NotFound,
        ContentError::TimedOut => Failure::TimedOut,
        ContentError::Refused("busy" | "server-away") => Failure::Busy(5),
        ContentError::Refused("suspended") => Failure::Conflict("suspended"),
        ContentError::Fault(told) => Failure::Fault(Fault::because("write a dump", told)),
        _ => Failure::Fault(Fault::new("write a dump")),
    }
}

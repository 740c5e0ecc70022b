//! Running a dump: all of it or nothing.
//!
//! The file goes from the browser to the database piece by piece; nobody holds it. So the progress of
//! sending is the progress of running.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use wabe_kernel::content::{ByteSource, ContentError};
use wabe_kernel::desired::Working;
use wabe_kernel::id::DatabaseId;
use wabe_web::filters;
use wabe_web::upload::{File, Piece};
use wabe_web::{Failure, Member, Page, Path, Query, Upload, see_other};

use crate::Portal;
use crate::database::frame::Frame;
use crate::database::trouble::Trouble;
use crate::database::{opened, sendable};

/// The page.
#[derive(Template)]
#[template(path = "portal/database/import.html")]
pub(crate) struct ImportPage {
    pub(crate) frame: Frame,
    pub(crate) quota: i64,
    /// The largest file that is taken, in bytes.
    pub(crate) most: i64,
    pub(crate) trouble: Option<Trouble>,
    /// Bytes that were just run.
    pub(crate) imported: Option<i64>,
}

/// A file on its way into a database; keeps why it broke off.
struct Arriving<'a> {
    file: File<'a>,
    broken: Option<Failure>,
}

impl ByteSource for Arriving<'_> {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        Box::pin(async move {
            match self.file.next().await {
                Ok(piece) => piece.map(|bytes| Ok(bytes.to_vec())),
                Err(failure) => {
                    self.broken = Some(failure);
                    Some(Err(ContentError::Refused("upload-broken")))
                }
            }
        })
    }
}

pub(super) async fn form(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    query: Query,
) -> Result<Page<ImportPage>, Failure> {
    let database = sendable(&portal, &member, id).await?;
    let frame = Frame::of(&portal, &member, &database);
    Ok(member.at("databases").page(ImportPage {
        quota: database.quota_bytes,
        most: frame.dump_bytes_max(),
        frame,
        trouble: None,
        imported: query.get("imported").parse().ok(),
    }))
}

pub(super) async fn import(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    mut upload: Upload,
) -> Result<Response, Failure> {
    let database = opened(&portal, &member, id, "sql.import").await?;
    let done = loop {
        match upload.next().await? {
            Some(Piece::File(file)) => break run(&portal, id, *file).await?,
            Some(Piece::Text(..)) => {}
            None => return Err(Failure::Unreadable),
        }
    };
    match done {
        Ok(bytes) => Ok(see_other(&format!(
            "/databases/{id}/import?imported={bytes}"
        ))),
        Err(error) => {
            let frame = Frame::of(&portal, &member, &database);
            let page = member.at("databases").page(ImportPage {
                quota: database.quota_bytes,
                most: frame.dump_bytes_max(),
                frame,
                trouble: Some(Trouble::of(member.language, error)?),
                imported: None,
            });
            Ok(page
                .status(StatusCode::UNPROCESSABLE_ENTITY)
                .into_response())
        }
    }
}

async fn run(
    portal: &Portal,
    id: DatabaseId,
    file: File<'_>,
) -> Result<Result<i64, ContentError>, Failure> {
    let mut arriving = Arriving { file, broken: None };
    let done = portal.sql.import(id, &mut arriving, &|_bytes| {}).await;
    match (done, arriving.broken) {
        (Err(_), Some(failure)) => Err(failure),
        (done, _) => Ok(done),
    }
}

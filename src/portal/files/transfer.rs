//! Files to the webspace and from it, piece by piece.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::unfold;
use http::{HeaderValue, header};

use wabe_access::Permission;
use wabe_kernel::RelPath;
use wabe_kernel::content::{ByteSource, ContentError};
use wabe_kernel::desired::Working;
use wabe_kernel::id::WebspaceId;
use wabe_web::upload::{File, Piece};
use wabe_web::{Cost, Failure, Member, Needs, Path, Query, Routes, Upload, disposition, see_other};

use crate::files::change::failed;
use crate::files::{FileNote, admitted, asked, done_href, failure, folder};
use crate::{PORTAL, Portal};

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(
            "/webspaces/{id}/files/download",
            Needs::Permission(Permission::FileRead),
            download,
        )
        .id("web")
        .endless()
        .post(
            "/webspaces/{id}/files/upload",
            Needs::Permission(Permission::FileWrite),
            upload,
        )
        .id("web")
        .cost(Cost::Heavy)
        .endless()
}

/// The most bytes that are read of an upload only so that its sender hears why it was refused.
const REST_MAX: usize = 128 * 1024 * 1024;

/// A file of the form on its way to the webspace.
struct Arriving<'a> {
    file: File<'a>,
    failure: Option<Failure>,
}

impl ByteSource for Arriving<'_> {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        Box::pin(async move {
            match self.file.next().await {
                Ok(piece) => piece.map(|piece| Ok(piece.to_vec())),
                Err(failure) => {
                    self.failure = Some(failure);
                    Some(Err(ContentError::Refused("upload-broken")))
                }
            }
        })
    }
}

/// The name alone: some browsers send the way to it as well.
fn bare(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

async fn upload(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
    mut upload: Upload,
) -> Result<Response, Failure> {
    admitted(&portal, &member, id).await?;
    let at = asked(&query)?;
    let mut written = 0_u32;
    while let Some(piece) = upload.next().await? {
        // An empty name is a form without a chosen file.
        let Piece::File(file) = piece else { continue };
        if file.name.is_empty() {
            continue;
        }
        let Ok(to) = at.join(bare(&file.name)) else {
            return refused(&portal, &member, (id, at), FileNote::new("bad-name")).await;
        };
        let mut arriving = Arriving {
            file: *file,
            failure: None,
        };
        let result = portal.files.write(id, &to, &mut arriving).await;
        let error = match (result, arriving.failure.take()) {
            (Ok(_size), _) => {
                written = written.saturating_add(1);
                continue;
            }
            (Err(_broken_off), Some(failure)) => return Err(failure),
            (Err(error), None) => error,
        };
        let read = rest(&mut arriving.file, 0).await;
        drop(arriving);
        rest_of_form(&mut upload, read).await;
        return failed(&portal, &member, (id, at), error).await;
    }
    if written == 0 {
        return refused(&portal, &member, (id, at), FileNote::new("no-file")).await;
    }
    Ok(see_other(&done_href(id, &at, "uploaded")))
}

/// Reads what still comes of a file that is not kept, up to a bound: browsers look at an answer only
/// after they sent everything. Answers how much was read in all.
async fn rest(file: &mut File<'_>, mut read: usize) -> usize {
    while read < REST_MAX {
        let Ok(Some(piece)) = file.next().await else {
            break;
        };
        read = read.saturating_add(piece.len());
    }
    read
}

/// As [`rest`], for the files behind it.
async fn rest_of_form(upload: &mut Upload, mut read: usize) {
    while read < REST_MAX {
        match upload.next().await {
            Ok(Some(Piece::File(mut file))) => read = rest(&mut file, read).await,
            Ok(Some(Piece::Text(..))) => {}
            Ok(None) | Err(_) => break,
        }
    }
}

async fn refused(
    portal: &Portal,
    member: &Member,
    at: (WebspaceId, RelPath),
    note: FileNote,
) -> Result<Response, Failure> {
    Ok(
        folder::page(portal, (member, &Query::default()), at, Some(note))
            .await?
            .invalid(),
    )
}

async fn download(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Response, Failure> {
    admitted(&portal, &member, id).await?;
    let at = asked(&query)?;
    portal
        .note_access(&member, "file.read", &id.to_string())
        .await?;
    let (size, source) = portal.files.read(id, &at).await.map_err(failure)?;
    let pieces = unfold(source, |mut source| async move {
        let piece = source.next().await?;
        let piece = piece
            .map(Bytes::from)
            .map_err(|_broken| std::io::Error::other("broken off"));
        Some((piece, source))
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    // Never shown by this site: an octet stream to be saved (bar 3.15 T6).
    let kind = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    let name = disposition(at.name().unwrap_or("download"));
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_what_stands_behind_the_last_slash() {
        assert_eq!(bare("C:\\fakepath\\foto.jpg"), "foto.jpg");
        assert_eq!(bare("../../index.html"), "index.html");
    }

    proptest! {
        // 3.13 T1
        #[test]
        fn any_name_is_bare(name in any::<String>()) {
            let bare = bare(&name);
            prop_assert!(!bare.contains(['/', '\\']));
            prop_assert!(name.ends_with(bare));
        }
    }
}

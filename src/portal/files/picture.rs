//! `GET /webspaces/{id}/files/picture`: one picture, whole and of a bounded size.
//!
//! Unlike a download it has an end that everybody can wait for, so it is there for who looks on a consent.
//! What it is, its bytes say, and not its name; only kinds that carry no script leave as what they are, and
//! even those to be saved. Source: bar 3.13 T5.

use axum::extract::State;
use axum::response::Response;

use wabe_access::Permission;
use wabe_kernel::content::{ContentError, EntryKind};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Bytes, RelPath};
use wabe_web::{Failure, Member, Needs, Path, Query, Routes, download};

use crate::files::{admitted, asked, ending, failure};
use crate::{PORTAL, Portal};

/// The largest picture that is read whole, in bytes.
pub(crate) const PICTURE_MAX: Bytes = 4 * 1024 * 1024;

/// What pictures begin with. Source: the formats' own documents.
const KINDS: [(&[u8], &str); 4] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
];

/// Whether a name promises a picture of these kinds.
pub(crate) fn is_picture(name: &str) -> bool {
    matches!(
        ending(name).as_str(),
        "png" | "jpg" | "jpeg" | "gif" | "webp"
    )
}

/// The media type of a picture; nothing for what is none.
pub(crate) fn kind(bytes: &[u8]) -> Option<&'static str> {
    // A container with a kind of its own behind its size.
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(&b"WEBP"[..]);
    let known = KINDS.iter().find(|(begin, _)| bytes.starts_with(begin));
    known.map_or(is_webp.then_some("image/webp"), |(_, kind)| Some(*kind))
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(
            "/webspaces/{id}/files/picture",
            Needs::Permission(Permission::FileRead),
            picture,
        )
        .id("web")
}

async fn picture(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Response, Failure> {
    admitted(&portal, &member, id).await?;
    let at = asked(&query)?;
    let entry = portal.files.stat(id, &at).await.map_err(failure)?;
    if entry.kind != EntryKind::File {
        return Err(Failure::NotFound);
    }
    let (object, path) = (id.to_string(), at.to_string());
    portal
        .note_part(&member, "file.read", (&object, Some(path.as_str())))
        .await?;
    let bytes = whole(&portal, id, &at).await.map_err(failure)?;
    let kind = kind(&bytes).ok_or(Failure::NotFound)?;
    Ok(download(kind, at.name().unwrap_or("picture"), bytes))
}

/// The bytes of a file that is small enough.
async fn whole(portal: &Portal, id: WebspaceId, at: &RelPath) -> Result<Vec<u8>, ContentError> {
    let too_large = ContentError::TooLarge { max: PICTURE_MAX };
    let (size, mut source) = portal.files.read(id, at).await?;
    if size > PICTURE_MAX {
        return Err(too_large);
    }
    let mut bytes = Vec::new();
    while let Some(piece) = source.next().await {
        bytes.extend(piece?);
        // It may grow while it is read.
        if Bytes::try_from(bytes.len()).map_or(true, |size| size > PICTURE_MAX) {
            return Err(too_large);
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_what_its_bytes_say() {
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n\0"), Some("image/png"));
        assert_eq!(kind(b"RIFF\x10\0\0\0WEBPVP8 "), Some("image/webp"));
        for other in [
            &b""[..],
            b"RIFF",
            b"RIFF\x10\0\0\0WAVE",
            b"<svg xmlns",
            b"GIF88a",
        ] {
            assert_eq!(kind(other), None, "{other:?}");
        }
    }

    #[test]
    fn names_promise_pictures_whatever_their_letters() {
        assert!(is_picture("Foto.JPG") && is_picture("a.b.webp"));
        assert!(!is_picture("logo.svg") && !is_picture("jpg") && !is_picture("foto.jpg.php"));
    }
}

//! The text of a file, from the webspace to the form and back.

use sha2::{Digest, Sha256};

use wabe_kernel::RelPath;
use wabe_kernel::content::{ContentError, Mark};
use wabe_kernel::id::WebspaceId;
use wabe_web::upload::Piece;
use wabe_web::{Failure, Upload};

use crate::Portal;
use crate::files::edit::EDIT_MAX;
use crate::files::{FileNote, note};

/// The most bytes of text that a form may bring: well above what is saved, so that whoever typed or
/// pasted too much gets it back with the reason.
const TYPED_MAX: usize = 4 * 1024 * 1024;

/// A file that can be edited.
pub(super) struct Opened {
    /// Its text, the lines ended by LF.
    pub(super) text: String,
    /// What it held.
    pub(super) mark: Mark,
    /// Whether its lines end with CR LF.
    pub(super) crlf: bool,
}

/// What the editor sent.
pub(super) struct Sent {
    /// The text, the lines ended by LF.
    pub(super) text: String,
    /// What the file held that the text was made from; none when there was no file.
    pub(super) mark: Option<Mark>,
    /// Whether its lines end with CR LF.
    pub(super) crlf: bool,
}

/// What these bytes are known by.
pub(super) fn mark(bytes: &[u8]) -> Mark {
    Mark(Sha256::digest(bytes).into())
}

/// The bytes of a file that is small enough to be edited.
pub(super) async fn bytes(
    portal: &Portal,
    id: WebspaceId,
    at: &RelPath,
) -> Result<Vec<u8>, ContentError> {
    let (size, mut source) = portal.files.read(id, at).await?;
    let too_large = ContentError::TooLarge { max: EDIT_MAX };
    if size > EDIT_MAX {
        return Err(too_large);
    }
    let mut bytes = Vec::new();
    while let Some(piece) = source.next().await {
        bytes.extend(piece?);
        // It may grow while it is read.
        if i64::try_from(bytes.len()).map_or(true, |size| size > EDIT_MAX) {
            return Err(too_large);
        }
    }
    Ok(bytes)
}

/// The text of a file; else why it is not edited here.
pub(super) async fn read(
    portal: &Portal,
    id: WebspaceId,
    at: &RelPath,
) -> Result<Opened, FileNote> {
    let bytes = bytes(portal, id, at).await.map_err(|error| match error {
        ContentError::TooLarge { max } => FileNote {
            size: max,
            ..FileNote::new("too-large-to-edit")
        },
        error => note(error).unwrap_or_else(|_fault| FileNote::new("other")),
    })?;
    let mark = mark(&bytes);
    let text = String::from_utf8(bytes).map_err(|_no_text| FileNote::new("no-text"))?;
    if text.contains('\0') {
        return Err(FileNote::new("no-text"));
    }
    let crlf = text.contains("\r\n");
    let text = text.replace("\r\n", "\n");
    Ok(Opened { text, mark, crlf })
}

impl Sent {
    /// Reads the form.
    ///
    /// # Errors
    /// `TooLarge`, `Unreadable` when a part is missing: half a form must not empty a file.
    pub(super) async fn of(mut upload: Upload) -> Result<Self, Failure> {
        upload.text_limit(TYPED_MAX);
        let (mut text, mut mark, mut crlf) = (None, None, false);
        while let Some(piece) = upload.next().await? {
            let Piece::Text(name, value) = piece else {
                return Err(Failure::Unreadable);
            };
            match name.as_str() {
                "text" => text = Some(value),
                "mark" => mark = Some(value),
                "crlf" => crlf = value == "on",
                _ => {}
            }
        }
        let (text, mark) = text.zip(mark).ok_or(Failure::Unreadable)?;
        let mark = match mark.as_str() {
            "" => None,
            mark => Some(Mark::parse(mark).ok_or(Failure::Unreadable)?),
        };
        if text.contains('\0') {
            return Err(Failure::Unreadable);
        }
        // Browsers send line ends as CR LF (HTML, 4.10.21.4).
        let text = text.replace("\r\n", "\n");
        Ok(Self { text, mark, crlf })
    }

    /// The text as it is written, with the line ends that the file had.
    pub(super) fn bytes(&self) -> Vec<u8> {
        if self.crlf {
            self.text.replace('\n', "\r\n").into_bytes()
        } else {
            self.text.clone().into_bytes()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_stay_as_they_were() {
        let sent = |crlf| Sent {
            text: "a\nb\n".to_owned(),
            mark: None,
            crlf,
        };
        assert_eq!(sent(true).bytes(), b"a\r\nb\r\n");
        assert_eq!(sent(false).bytes(), b"a\nb\n");
    }
}

//! Editing a text file in the browser.
//!
//! Invariant: what somebody else wrote meanwhile is not overwritten; the form carries the moment at
//! which the file was read, and the line ends it had.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::Permission;
use wabe_kernel::content::{ByteSource, ContentError, EntryKind};
use wabe_kernel::desired::Working;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{RelPath, Timestamp};
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Path, Query, Routes, see_other};

use crate::files::{FileNote, admitted, asked, done_href, href, note};
use crate::webspace::{Frame, PLACE, frame_only};
use crate::{PORTAL, Portal};

/// The largest file that is edited here, in bytes: its form, percent-encoded, is within what a form
/// may be ([`wabe_web::form::FORM_BYTES_MAX`]).
pub(crate) const EDIT_MAX: i64 = 80 * 1024;

/// The editor.
#[derive(Template)]
#[template(path = "portal/webspace/files-edit.html")]
pub(crate) struct EditPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The file.
    pub(crate) at: RelPath,
    /// Its text; absent when it cannot be edited here.
    pub(crate) text: Option<String>,
    /// When it was last written, as the form sends it back.
    pub(crate) modified_at: Timestamp,
    /// Whether its lines end with CR LF.
    pub(crate) crlf: bool,
    /// Why it could not be saved or opened.
    pub(crate) note: Option<FileNote>,
    /// Whether the visitor may save.
    pub(crate) may_files: bool,
}

impl EditPage {
    /// Its name.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        self.at.name().unwrap_or("")
    }

    /// Where an act on it is.
    #[must_use]
    pub(crate) fn act(&self, act: &str) -> String {
        href(self.frame.web.id, act, &self.at)
    }

    /// The folder it is in.
    #[must_use]
    pub(crate) fn back(&self) -> String {
        href(self.frame.web.id, "", &self.at.parent().unwrap_or_default())
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(
            "/webspaces/{id}/files/edit",
            Needs::Permission(Permission::FileRead),
            edit,
        )
        .id("web")
        .post(
            "/webspaces/{id}/files/edit",
            Needs::Permission(Permission::FileWrite),
            save,
        )
        .id("web")
}

/// A text that is written at once.
pub(crate) struct Whole(pub(crate) Option<Vec<u8>>);

impl ByteSource for Whole {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        let all = self.0.take();
        Box::pin(async move { all.map(Ok) })
    }
}

/// The text of a file, and whether its lines end with CR LF.
async fn text(portal: &Portal, id: WebspaceId, at: &RelPath) -> Result<(String, bool), FileNote> {
    let unreadable = |error| note(error).unwrap_or_else(|_fault| FileNote::new("other"));
    let (size, mut source) = portal.files.read(id, at).await.map_err(unreadable)?;
    if size > EDIT_MAX {
        return Err(FileNote {
            size: EDIT_MAX,
            ..FileNote::new("too-large-to-edit")
        });
    }
    let mut bytes = Vec::new();
    while let Some(piece) = source.next().await {
        bytes.extend(piece.map_err(unreadable)?);
    }
    let text = String::from_utf8(bytes).map_err(|_no_text| FileNote::new("no-text"))?;
    if text.contains('\0') {
        return Err(FileNote::new("no-text"));
    }
    let crlf = text.contains("\r\n");
    Ok((text.replace("\r\n", "\n"), crlf))
}

async fn edit(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<EditPage>, Failure> {
    admitted(&portal, &member, id).await?;
    let at = asked(&query)?;
    let entry = portal.files.stat(id, &at).await.map_err(super::failure)?;
    if entry.kind != EntryKind::File {
        return Err(Failure::NotFound);
    }
    portal
        .note_access(&member, "file.read", &id.to_string())
        .await?;
    let (text, crlf, note) = match text(&portal, id, &at).await {
        Ok((text, crlf)) => (Some(text), crlf, None),
        Err(note) => (None, false, Some(note)),
    };
    let frame = frame_only(&portal, &member, id, "files").await?;
    let (modified_at, may_files) = (entry.modified_at, member.visitor.has(Permission::FileWrite));
    let page = EditPage {
        frame,
        at,
        text,
        modified_at,
        crlf,
        note,
        may_files,
    };
    Ok(member.at(PLACE).page(page))
}

async fn save(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
    form: Form,
) -> Result<Response, Failure> {
    admitted(&portal, &member, id).await?;
    let at = asked(&query)?;
    let seen = Timestamp(
        form.get("modified")
            .parse()
            .map_err(|_no_time| Failure::Unreadable)?,
    );
    let crlf = form.get("crlf") == "on";
    let entry = portal.files.stat(id, &at).await.map_err(super::failure)?;
    let failed = if entry.kind != EntryKind::File {
        return Err(Failure::NotFound);
    } else if entry.modified_at == seen {
        let bytes = as_lines(form.get("text"), crlf).into_bytes();
        match portal.files.write(id, &at, &mut Whole(Some(bytes))).await {
            Ok(_size) => {
                let folder = at.parent().unwrap_or_default();
                return Ok(see_other(&done_href(id, &folder, "saved")));
            }
            Err(error) => note(error)?,
        }
    } else {
        FileNote::new("changed-meanwhile")
    };
    let frame = frame_only(&portal, &member, id, "files").await?;
    let text = Some(form.get("text").to_owned());
    let (modified_at, note) = (entry.modified_at, Some(failed));
    let page = EditPage {
        frame,
        at,
        text,
        modified_at,
        crlf,
        note,
        may_files: true,
    };
    Ok(member.at(PLACE).page(page).invalid())
}

/// The text with the line ends that the file had.
fn as_lines(text: &str, crlf: bool) -> String {
    let text = text.replace("\r\n", "\n");
    if crlf {
        text.replace('\n', "\r\n")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_stay_as_they_were() {
        assert_eq!(as_lines("a\nb\r\n", true), "a\r\nb\r\n");
        assert_eq!(as_lines("a\r\nb", false), "a\nb");
    }
}

//! Editing a text file in the browser.
//!
//! Invariants: what somebody else wrote meanwhile is not overwritten unseen; what was typed is never
//! lost to that. The form carries a mark of the file as it was read, and the line ends it had.

mod text;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::Permission;
use wabe_kernel::content::{ByteSource, ContentError, EntryKind, Mark};
use wabe_kernel::desired::Working;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{RelPath, Timestamp};
use wabe_web::filters;
use wabe_web::{Cost, Failure, Member, Needs, Page, Path, Query, Routes, Upload, see_other};

use crate::files::edit::text::{Opened, Sent};
use crate::files::{FileNote, admitted, asked, done_href, href, note};
use crate::webspace::{Frame, PLACE, frame_only};
use crate::{PORTAL, Portal};

/// The largest file that is edited here, in bytes.
pub(crate) const EDIT_MAX: i64 = 1024 * 1024;

/// The message about somebody else's change.
const CHANGED: &str = "files-error-changed-meanwhile";

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
    /// When it was last written; absent while there is no such file.
    pub(crate) modified_at: Option<Timestamp>,
    /// What it held when it was read, as the form sends it back; empty while there is no such file.
    pub(crate) mark: String,
    /// Whether its lines end with CR LF.
    pub(crate) crlf: bool,
    /// Why it could not be saved or opened.
    pub(crate) note: Option<FileNote>,
    /// Whether the visitor may save.
    pub(crate) may_files: bool,
    /// Whether the visitor may download it.
    pub(crate) may_download: bool,
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

    /// The largest text that is saved, in bytes.
    #[expect(clippy::unused_self, reason = "a template asks its page")]
    pub(crate) const fn bytes_max(&self) -> i64 {
        EDIT_MAX
    }

    /// Whether the file on the server is another one than this text was made from.
    #[must_use]
    pub(crate) fn is_changed(&self) -> bool {
        let message = self.note.as_ref().map(|note| note.message.as_str());
        message == Some(CHANGED)
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
        .cost(Cost::Heavy)
        .endless()
}

/// A text that is written at once.
pub(crate) struct Whole(pub(crate) Option<Vec<u8>>);

impl ByteSource for Whole {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        let all = self.0.take();
        Box::pin(async move { all.map(Ok) })
    }
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
    let (object, path) = (id.to_string(), at.to_string());
    portal
        .note_part(&member, "file.read", (&object, Some(path.as_str())))
        .await?;
    let read = text::read(&portal, id, &at).await;
    let frame = frame_only(&portal, &member, id, "files").await?;
    let mut page = EditPage {
        frame,
        at,
        text: None,
        modified_at: Some(entry.modified_at),
        mark: String::new(),
        crlf: false,
        note: None,
        may_files: member.visitor.has(Permission::FileWrite),
        may_download: !member.looks(),
    };
    match read {
        Ok(Opened { text, mark, crlf }) => {
            (page.text, page.mark, page.crlf) = (Some(text), mark.text(), crlf);
        }
        Err(note) => page.note = Some(note),
    }
    Ok(member.at(PLACE).page(page))
}

async fn save(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
    upload: Upload,
) -> Result<Response, Failure> {
    admitted(&portal, &member, id).await?;
    let at = asked(&query)?;
    let sent = Sent::of(upload).await?;
    let note = match kept(&portal, (id, &at), &sent).await? {
        Ok(()) => {
            let folder = at.parent().unwrap_or_default();
            return Ok(see_other(&done_href(id, &folder, "saved")));
        }
        Err(note) => note,
    };
    let (modified_at, mark) = present(&portal, (id, &at), (&sent, &note)).await;
    let page = EditPage {
        frame: frame_only(&portal, &member, id, "files").await?,
        at,
        text: Some(sent.text),
        modified_at,
        mark,
        crlf: sent.crlf,
        note: Some(note),
        may_files: true,
        may_download: true,
    };
    Ok(member.at(PLACE).page(page).invalid())
}

/// Saves what was sent, unless the file is another one by now; else why not.
async fn kept(
    portal: &Portal,
    (id, at): (WebspaceId, &RelPath),
    sent: &Sent,
) -> Result<Result<(), FileNote>, Failure> {
    let bytes = sent.bytes();
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    if size > EDIT_MAX {
        return Ok(Err(FileNote {
            size: EDIT_MAX,
            ..FileNote::new("too-large-to-save")
        }));
    }
    let mut whole = Whole(Some(bytes));
    let saved = portal.files.replace(id, at, sent.mark, &mut whole);
    match saved.await {
        Ok(_size) => Ok(Ok(())),
        Err(ContentError::Exists) => Ok(Err(FileNote::new("changed-meanwhile"))),
        Err(ContentError::NotFound) => Ok(Err(FileNote::new("gone-meanwhile"))),
        Err(error) => note(error).map(Err),
    }
}

/// When the file was last written, and the mark that saving once more begins from: of the file that the
/// note told about, else of the one that the text was made from.
async fn present(
    portal: &Portal,
    (id, at): (WebspaceId, &RelPath),
    (sent, note): (&Sent, &FileNote),
) -> (Option<Timestamp>, String) {
    let Ok(entry) = portal.files.stat(id, at).await else {
        return (None, String::new());
    };
    let before = sent.mark.as_ref().map_or_else(String::new, Mark::text);
    let mark = if note.message == CHANGED {
        let bytes = text::bytes(portal, id, at).await;
        bytes.map_or(before, |bytes| text::mark(&bytes).text())
    } else {
        before
    };
    (Some(entry.modified_at), mark)
}

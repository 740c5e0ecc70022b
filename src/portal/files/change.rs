//! New folders, new names, deleting, unpacking.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::Permission;
use wabe_kernel::content::{ContentError, EntryKind};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{FieldErrors, FormState, Problem, RelPath};
use wabe_web::filters;
use wabe_web::{Cost, Failure, Form, Member, Needs, Page, Path, Query, Routes, see_other};

use crate::files::{FileNote, admitted, asked, done_href, folder, href, note};
use crate::webspace::{Frame, PLACE, frame_only};
use crate::{PORTAL, Portal};

/// A form of one field about one place: a new folder in it, or another name for it.
#[derive(Template)]
#[template(path = "portal/webspace/files-name.html")]
pub(crate) struct NamePage {
    /// The frame.
    pub(crate) frame: Frame,
    /// `folder` or `rename`: which form this is, a word of its messages.
    pub(crate) act: &'static str,
    /// What it is about.
    pub(crate) at: RelPath,
    /// What was typed.
    pub(crate) form: FormState,
    /// Why it did not work.
    pub(crate) note: Option<FileNote>,
}

impl NamePage {
    /// Where the form is sent.
    #[must_use]
    pub(crate) fn action(&self) -> String {
        href(self.frame.web.id, &format!("/{}", self.act), &self.at)
    }

    /// The folder to go back to.
    #[must_use]
    pub(crate) fn back(&self) -> String {
        let folder = if self.act == "folder" {
            self.at.clone()
        } else {
            parent(&self.at)
        };
        href(self.frame.web.id, "", &folder)
    }

    /// What it is about, for people.
    #[must_use]
    pub(crate) fn name(&self) -> String {
        format!("/{}", self.at)
    }
}

/// Asks before a file or folder is deleted.
#[derive(Template)]
#[template(path = "portal/webspace/files-delete.html")]
pub(crate) struct FileDeletePage {
    /// The frame.
    pub(crate) frame: Frame,
    /// What is deleted.
    pub(crate) at: RelPath,
    /// Whether it is a folder, so that its name has to be typed.
    pub(crate) is_folder: bool,
    /// Whether something else than the name was typed.
    pub(crate) wrong: bool,
}

impl FileDeletePage {
    /// Its name.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        self.at.name().unwrap_or("")
    }

    /// Where the form is sent.
    #[must_use]
    pub(crate) fn action(&self) -> String {
        href(self.frame.web.id, "/delete", &self.at)
    }

    /// The folder it is in.
    #[must_use]
    pub(crate) fn back(&self) -> String {
        href(self.frame.web.id, "", &parent(&self.at))
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::FileWrite);
    Routes::new(&PORTAL)
        .get("/webspaces/{id}/files/folder", write, ask_folder)
        .id("web")
        .post("/webspaces/{id}/files/folder", write, make_folder)
        .id("web")
        .get("/webspaces/{id}/files/rename", write, ask_rename)
        .id("web")
        .post("/webspaces/{id}/files/rename", write, rename)
        .id("web")
        .get("/webspaces/{id}/files/delete", write, ask_delete)
        .id("web")
        .post("/webspaces/{id}/files/delete", write, delete)
        .id("web")
        .post("/webspaces/{id}/files/unzip", write, unzip)
        .id("web")
        .cost(Cost::Heavy)
        .endless()
}

/// The folder that holds `at`.
fn parent(at: &RelPath) -> RelPath {
    at.parent().unwrap_or_default()
}

/// The form, first or again.
async fn name_page(
    portal: &Portal,
    member: &Member,
    (id, at): (WebspaceId, RelPath),
    (act, form, note): (&'static str, FormState, Option<FileNote>),
) -> Result<Page<NamePage>, Failure> {
    let frame = frame_only(portal, member, id, "files").await?;
    Ok(member.at(PLACE).page(NamePage {
        frame,
        act,
        at,
        form,
        note,
    }))
}

/// What was typed, with what is wrong with it.
fn again(form: &Form, field: &str, problem: Option<Problem>) -> FormState {
    let errors = problem.map_or_else(FieldErrors::default, |problem| {
        FieldErrors::one(field, problem)
    });
    FormState::of(&form.fields, errors, &[])
}

/// An error of the content at the field, where it speaks about what was typed; as a note otherwise.
fn told(
    form: &Form,
    field: &str,
    error: ContentError,
) -> Result<(FormState, Option<FileNote>), Failure> {
    if error == ContentError::Exists {
        return Ok((again(form, field, Some(Problem::new("name-taken"))), None));
    }
    Ok((again(form, field, None), Some(note(error)?)))
}

async fn ask_folder(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<NamePage>, Failure> {
    let at = asked(&query)?;
    name_page(
        &portal,
        &member,
        (id, at),
        ("folder", FormState::new(), None),
    )
    .await
}

async fn make_folder(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
    form: Form,
) -> Result<Response, Failure> {
    admitted(&portal, &member, id).await?;
    let folder = asked(&query)?;
    let (typed, failed) = match folder.join(form.get("name").trim()) {
        Err(problem) => (again(&form, "name", Some(problem)), None),
        Ok(new) => match portal.files.make_folder(id, &new).await {
            Ok(()) => return Ok(see_other(&done_href(id, &new, "folder"))),
            Err(error) => told(&form, "name", error)?,
        },
    };
    Ok(
        name_page(&portal, &member, (id, folder), ("folder", typed, failed))
            .await?
            .invalid(),
    )
}

async fn ask_rename(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<NamePage>, Failure> {
    let at = there(&portal, &member, id, &query).await?.0;
    let form = FormState::new().with("name", at.to_string());
    name_page(&portal, &member, (id, at), ("rename", form, None)).await
}

async fn rename(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
    form: Form,
) -> Result<Response, Failure> {
    let at = there(&portal, &member, id, &query).await?.0;
    let wanted: Result<RelPath, Problem> = form.get("name").parse();
    let (typed, failed) = match wanted {
        Err(problem) => (again(&form, "name", Some(problem)), None),
        Ok(to) if to.is_root() => (again(&form, "name", Some(Problem::new("required"))), None),
        Ok(to) => match portal.files.rename(id, &at, &to).await {
            Ok(()) => return Ok(see_other(&done_href(id, &parent(&to), "renamed"))),
            Err(error) => told(&form, "name", error)?,
        },
    };
    Ok(
        name_page(&portal, &member, (id, at), ("rename", typed, failed))
            .await?
            .invalid(),
    )
}

/// What the address names, when it is there and not the webspace's own folder.
async fn there(
    portal: &Portal,
    member: &Member,
    id: WebspaceId,
    query: &Query,
) -> Result<(RelPath, EntryKind), Failure> {
    admitted(portal, member, id).await?;
    let at = asked(query)?;
    if at.is_root() {
        return Err(Failure::NotFound);
    }
    let entry = portal.files.stat(id, &at).await.map_err(super::failure)?;
    Ok((at, entry.kind))
}

async fn ask_delete(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<FileDeletePage>, Failure> {
    let (at, kind) = there(&portal, &member, id, &query).await?;
    let frame = frame_only(&portal, &member, id, "files").await?;
    let is_folder = kind == EntryKind::Folder;
    Ok(member.at(PLACE).page(FileDeletePage {
        frame,
        at,
        is_folder,
        wrong: false,
    }))
}

async fn delete(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
    form: Form,
) -> Result<Response, Failure> {
    let (at, kind) = there(&portal, &member, id, &query).await?;
    let is_folder = kind == EntryKind::Folder;
    if is_folder && Some(form.get("confirm").trim()) != at.name() {
        let frame = frame_only(&portal, &member, id, "files").await?;
        let page = FileDeletePage {
            frame,
            at,
            is_folder,
            wrong: true,
        };
        return Ok(member.at(PLACE).page(page).invalid());
    }
    match portal.files.delete(id, &at).await {
        Ok(()) => Ok(see_other(&done_href(id, &parent(&at), "deleted"))),
        Err(error) => failed(&portal, &member, (id, parent(&at)), error).await,
    }
}

async fn unzip(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
    // The route is endless, and there a multipart body arrives with its token unread.
    _proved: Form,
) -> Result<Response, Failure> {
    let (at, _kind) = there(&portal, &member, id, &query).await?;
    match portal.files.unzip(id, &at).await {
        Ok(_files) => Ok(see_other(&done_href(id, &parent(&at), "unzipped"))),
        Err(error) => failed(&portal, &member, (id, parent(&at)), error).await,
    }
}

/// The folder, with what did not work.
pub(crate) async fn failed(
    portal: &Portal,
    member: &Member,
    at: (WebspaceId, RelPath),
    error: ContentError,
) -> Result<Response, Failure> {
    let query = Query::default();
    Ok(
        folder::page(portal, (member, &query), at, Some(note(error)?))
            .await?
            .invalid(),
    )
}

//! `GET /webspaces/{id}/files`: one folder.

use askama::Template;
use axum::extract::State;

use wabe_access::Permission;
use wabe_kernel::content::{Entry, EntryKind};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{RelPath, Timestamp};
use wabe_web::filters;
use wabe_web::{Failure, Member, Needs, Page, Path, Query, Routes};

use crate::files::edit::EDIT_MAX;
use crate::files::picture::{PICTURE_MAX, is_picture};
use crate::files::{FileNote, asked, ending, href, icon, note};
use crate::reading::search_text;
use crate::webspace::{Frame, PLACE, frame};
use crate::{PORTAL, Portal};

/// Names on one page; more are found by searching.
const SHOWN_MAX: usize = 500;

/// One name in the folder.
#[derive(Debug, Clone)]
pub(crate) struct FileRow {
    /// The name.
    pub(crate) name: String,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// Whether it is a file.
    pub(crate) is_file: bool,
    /// Bytes; only of files.
    pub(crate) size: i64,
    /// When it was last written.
    pub(crate) modified_at: Timestamp,
    /// Where a click on the name leads; nowhere for links.
    pub(crate) open: Option<String>,
    /// Where it is edited; only files that may be text, and large ones that promise to be.
    pub(crate) edit: Option<String>,
    /// Where it is downloaded; only files, and by an employee on a look only small pictures.
    pub(crate) download: Option<String>,
    /// Where it is renamed.
    pub(crate) rename: String,
    /// Where it is deleted.
    pub(crate) delete: String,
    /// Where it is unpacked; only archives.
    pub(crate) unzip: Option<String>,
}

/// A folder above the present one.
#[derive(Debug, Clone)]
pub(crate) struct Above {
    /// Its name.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) href: String,
}

/// A folder.
#[derive(Template)]
#[template(path = "portal/webspace/files.html")]
pub(crate) struct FolderPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The present folder.
    pub(crate) folder: RelPath,
    /// The folders above it, outermost first.
    pub(crate) above: Vec<Above>,
    /// What is in it.
    pub(crate) rows: Vec<FileRow>,
    /// How many names there are in all.
    pub(crate) total: i64,
    /// What was searched for.
    pub(crate) q: String,
    /// Whether the visitor may change files.
    pub(crate) may_files: bool,
    /// Why the last act did not work.
    pub(crate) note: Option<FileNote>,
    /// What was just done; a word of the messages `files-did-{word}`.
    pub(crate) did: Option<&'static str>,
}

impl FolderPage {
    /// What the present folder is called; empty for the webspace's own.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        self.folder.name().unwrap_or("")
    }

    /// Where an act on the present folder is.
    #[must_use]
    pub(crate) fn act(&self, act: &str) -> String {
        href(self.frame.web.id, act, &self.folder)
    }

    /// Whether not all names are shown.
    #[must_use]
    pub(crate) fn is_cut(&self) -> bool {
        self.rows.len() == SHOWN_MAX
    }
}

/// What can have been done before the folder is shown again.
const DID: [&str; 6] = [
    "uploaded", "folder", "renamed", "deleted", "saved", "unzipped",
];

pub(crate) fn routes() -> Routes<Portal> {
    let read = Needs::Permission(Permission::FileRead);
    Routes::new(&PORTAL)
        .get("/webspaces/{id}/files", read, folder)
        .id("web")
}

async fn folder(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<FolderPage>, Failure> {
    let at = asked(&query)?;
    page(&portal, (&member, &query), (id, at), None).await
}

/// The folder, with a note when something did not work.
pub(crate) async fn page(
    portal: &Portal,
    (member, query): (&Member, &Query),
    (id, at): (WebspaceId, RelPath),
    failed: Option<FileNote>,
) -> Result<Page<FolderPage>, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let frame = frame(portal, (&mut tx, &scope), (member, query), (id, "files")).await?;
    tx.rollback().await?;
    let listed = portal.files.list(id, &at).await;
    // Nobody writes a name of theirs into the log: only what is there is noted.
    if member.looks() && (listed.is_ok() || at.is_root()) {
        let (object, path) = (id.to_string(), at.to_string());
        portal
            .note_part(member, "file.list", (&object, Some(path.as_str())))
            .await?;
    }
    let (entries, failed) = match listed {
        Ok(entries) => (entries, failed),
        // The webspace's own folder appears when it is set up.
        Err(error) if at.is_root() => (Vec::new(), Some(note(error)?)),
        Err(_gone) => return Err(Failure::NotFound),
    };
    let q = search_text(query);
    let total = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let wanted = q.to_lowercase();
    let found = entries
        .into_iter()
        .filter(|entry| entry.name.to_lowercase().contains(&wanted));
    let rows = found
        .take(SHOWN_MAX)
        .filter_map(|entry| row(id, &at, (entry, member.looks())))
        .collect();
    Ok(member.at(PLACE).page(FolderPage {
        frame,
        above: above(id, &at),
        folder: at,
        rows,
        total,
        q,
        may_files: scope.has(Permission::FileWrite),
        note: failed,
        did: DID.into_iter().find(|did| *did == query.get("did")),
    }))
}

fn above(id: WebspaceId, at: &RelPath) -> Vec<Above> {
    let mut found = Vec::new();
    let mut next = at.parent();
    while let Some(folder) = next {
        if let Some(name) = folder.name() {
            found.push(Above {
                name: name.to_owned(),
                href: href(id, "", &folder),
            });
        }
        next = folder.parent();
    }
    found.reverse();
    found
}

/// The row of a name, as whoever `looks` on a consent or lives here sees it; none for a name that no address
/// can say.
fn row(id: WebspaceId, folder: &RelPath, (entry, looks): (Entry, bool)) -> Option<FileRow> {
    let at = folder.join(&entry.name).ok()?;
    let is_file = entry.kind == EntryKind::File;
    // A download would outlast the look; a small picture does not.
    let download = if looks {
        let small = is_picture(&entry.name) && entry.size <= PICTURE_MAX;
        (is_file && small).then(|| href(id, "/picture", &at))
    } else {
        is_file.then(|| href(id, "/download", &at))
    };
    let edit = (is_file && may_be_text(&entry)).then(|| href(id, "/edit", &at));
    let open = match entry.kind {
        EntryKind::Folder => Some(href(id, "", &at)),
        EntryKind::File => edit.clone().or_else(|| download.clone()),
        EntryKind::Link => None,
    };
    Some(FileRow {
        icon: icon(&entry.name, entry.kind),
        unzip: (is_file && ending(&entry.name) == "zip").then(|| href(id, "/unzip", &at)),
        rename: href(id, "/rename", &at),
        delete: href(id, "/delete", &at),
        name: entry.name,
        is_file,
        size: entry.size,
        modified_at: entry.modified_at,
        open,
        edit,
        download,
    })
}

fn may_be_text(entry: &Entry) -> bool {
    let icon = icon(&entry.name, entry.kind);
    let binary = ending(&entry.name) == "pdf" || matches!(icon, "file-zip" | "database");
    let picture = icon == "photo" && ending(&entry.name) != "svg";
    // What promises text and is too large is told so there.
    let fits = entry.size <= EDIT_MAX || matches!(icon, "file-code" | "file-text");
    fits && !binary && !picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::macros::uuid::Uuid;

    fn of(name: &str, kind: EntryKind, size: i64) -> FileRow {
        let id = WebspaceId::from_uuid(Uuid::nil());
        let entry = Entry {
            name: name.to_owned(),
            kind,
            size,
            modified_at: Timestamp(0),
        };
        row(id, &RelPath::root(), (entry, false)).unwrap()
    }

    #[test]
    fn a_click_opens_what_can_be_opened() {
        assert!(
            of("bilder", EntryKind::Folder, 0)
                .open
                .unwrap()
                .contains("/files?path=bilder")
        );
        assert!(
            of("index.html", EntryKind::File, 99)
                .open
                .unwrap()
                .contains("/files/edit?")
        );
        assert!(
            of("foto.jpg", EntryKind::File, 99)
                .open
                .unwrap()
                .contains("/files/download?")
        );
        assert!(
            of("groß.html", EntryKind::File, EDIT_MAX + 1)
                .edit
                .is_some()
        );
        assert!(of("groß", EntryKind::File, EDIT_MAX).edit.is_some());
        assert!(of("groß", EntryKind::File, EDIT_MAX + 1).edit.is_none());
        assert!(of("verweis", EntryKind::Link, 0).open.is_none());
        assert!(of("Archiv.ZIP", EntryKind::File, 99).unzip.is_some());
    }

    #[test]
    fn who_looks_opens_texts_and_small_pictures_and_downloads_nothing_else() {
        let id = WebspaceId::from_uuid(Uuid::nil());
        let of = |name: &str, size| {
            let entry = Entry {
                name: name.to_owned(),
                kind: EntryKind::File,
                size,
                modified_at: Timestamp(0),
            };
            row(id, &RelPath::root(), (entry, true)).unwrap()
        };
        let text = of("index.html", 99);
        assert!(text.open.unwrap().contains("/files/edit?") && text.download.is_none());
        let picture = of("foto.JPG", PICTURE_MAX);
        assert!(picture.open.unwrap().contains("/files/picture?"));
        assert!(of("foto.jpg", PICTURE_MAX + 1).open.is_none());
        assert!(of("alles.zip", 99).open.is_none());
    }

    #[test]
    fn the_way_up_names_every_folder_once() {
        let id = WebspaceId::from_uuid(Uuid::nil());
        let above = above(id, &"a/b/c".parse().unwrap());
        let names: Vec<&str> = above.iter().map(|folder| folder.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
    }
}

//! Samples of the file manager's pages, and that they are sound.

use wabe_kernel::content::EntryKind;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{FormState, RelPath, State};
use wabe_web::check::check_samples;
use wabe_web::{Face, Sample, Visitor};

use crate::files::change::{FileDeletePage, NamePage};
use crate::files::edit::EditPage;
use crate::files::folder::{Above, FileRow, FolderPage};
use crate::files::{FileNote, href, icon};
use crate::samples::{NOW, errors, visitor};
use crate::webspace::samples::{frame, samples};

fn at(path: &str) -> RelPath {
    path.parse().unwrap()
}

fn row(name: &str, kind: EntryKind) -> FileRow {
    let id = WebspaceId::from_uuid(Uuid::nil());
    let (path, is_file) = (at(name), kind == EntryKind::File);
    let link = |act| href(id, act, &path);
    FileRow {
        name: name.to_owned(),
        icon: icon(name, kind),
        is_file,
        size: 284_000,
        modified_at: NOW,
        open: (kind != EntryKind::Link).then(|| link("")),
        edit: is_file.then(|| link("/edit")),
        download: is_file.then(|| link("/download")),
        rename: link("/rename"),
        delete: link("/delete"),
        unzip: is_file.then(|| link("/unzip")),
    }
}

fn too_large() -> FileNote {
    FileNote {
        size: 20_000_000_000,
        ..FileNote::new("over-quota")
    }
}

samples!(FolderPage => {
    let page = |folder: &str, rows: Vec<FileRow>, q: &str, note| FolderPage {
        frame: frame(State::Live, "files"),
        folder: at(folder),
        above: vec![Above { name: "bilder & töne".to_owned(), href: "/webspaces/web_1/files?path=a".to_owned() }],
        total: 12,
        rows,
        q: q.to_owned(),
        may_files: folder.is_empty(),
        note,
        did: if q.is_empty() { Some("uploaded") } else { None },
    };
    let rows = || vec![
        row("bilder", EntryKind::Folder),
        row("Angebot <Winter> & \"Frühling\" donaudampfschifffahrtsgesellschaft.zip", EntryKind::File),
        row("verweis", EntryKind::Link),
    ];
    vec![
        page("", rows(), "", None),
        page("", Vec::new(), "", Some(too_large())),
        page("bilder/2026", rows(), "<foto>", None),
        page("bilder/2026", Vec::new(), "<foto>", Some(FileNote::new("archive-ratio"))),
    ]
});

samples!(NamePage => {
    let page = |act, path: &str, form, note| NamePage {
        frame: frame(State::Live, "files"),
        act,
        at: at(path),
        form,
        note,
    };
    vec![
        page("folder", "", FormState::new(), None),
        page("folder", "a/b", errors("name", "path-name-wrong"), None),
        page("rename", "a/alt.html", FormState::new().with("name", "a/alt.html"), Some(too_large())),
    ]
});

samples!(FileDeletePage => {
    let page = |is_folder, wrong| FileDeletePage {
        frame: frame(State::Live, "files"),
        at: at("bilder/<alt> & neu"),
        is_folder,
        wrong,
    };
    vec![page(false, false), page(true, false), page(true, true)]
});

samples!(EditPage => {
    let page = |text: Option<&str>, note: Option<FileNote>, may_files: bool| EditPage {
        frame: frame(State::Live, "files"),
        at: at("bilder/<alt>.html"),
        text: text.map(str::to_owned),
        modified_at: note.as_ref().is_none_or(|note| !note.message.contains("gone")).then_some(NOW),
        mark: "00".repeat(32),
        crlf: may_files,
        note,
        may_files,
        may_download: may_files,
    };
    vec![
        page(Some("\n<h1 style=\"x\">Hallo</h1>\n</textarea>"), None, true),
        page(Some(""), Some(FileNote::new("changed-meanwhile")), false),
        page(Some("alt"), Some(FileNote::new("gone-meanwhile")), true),
        page(Some("lang"), Some(FileNote::new("too-large-to-save")), true),
        page(None, Some(FileNote::new("no-text")), true),
        page(None, Some(FileNote::new("too-large-to-edit")), false),
    ]
});

#[test]
fn the_pages_of_files_are_sound_in_both_languages() {
    let wrong = [
        check_samples::<FolderPage>(),
        check_samples::<NamePage>(),
        check_samples::<FileDeletePage>(),
        check_samples::<EditPage>(),
    ];
    assert_eq!(wrong.concat(), Vec::<String>::new());
}

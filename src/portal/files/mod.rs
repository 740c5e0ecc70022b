//! The file manager of a webspace.
//!
//! Invariants: the webspace is looked up in the visitor's customer before its files are touched; a
//! path is a [`RelPath`] before it names anything; what is downloaded is never shown by this site. An
//! employee on a look reads texts and small pictures, each noted by its name; downloads are not for them.
//! Files have no undo, so what deletes asks first.

mod change;
mod edit;
mod folder;
pub(crate) mod picture;
#[cfg(test)]
mod samples;
mod transfer;

use wabe_hosting::webspace;
use wabe_kernel::content::{ContentError, EntryKind};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Fault, Language, RelPath};
use wabe_web::{Failure, Member, Query, Routes, Texts};

use crate::reading::encoded;
use crate::webspace::path;
use crate::{PORTAL, Portal};

/// The routes of the file manager.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .merge(folder::routes())
        .merge(change::routes())
        .merge(edit::routes())
        .merge(picture::routes())
        .merge(transfer::routes())
}

/// Why something with files did not work, as a note on the page.
#[derive(Debug, Clone)]
pub(crate) struct FileNote {
    /// The message.
    pub(crate) message: String,
    /// The size that the message names, in bytes.
    pub(crate) size: i64,
    /// The words of whoever refused it.
    pub(crate) words: String,
}

impl FileNote {
    /// A note with this word: `files-error-{word}` where pages know more, else `content-{word}`.
    pub(crate) fn new(word: &str) -> Self {
        let known = |id: &String| Texts::global().has(Language::De, id);
        let ids = [format!("files-error-{word}"), format!("content-{word}")];
        let message = ids
            .into_iter()
            .find(known)
            .unwrap_or_else(|| "content-fault".to_owned());
        Self {
            message,
            size: 0,
            words: String::new(),
        }
    }
}

/// What a person is told about an error; faults are for the operator.
pub(crate) fn note(error: ContentError) -> Result<FileNote, Failure> {
    let with_size = |word, size| FileNote {
        size,
        ..FileNote::new(word)
    };
    Ok(match error {
        ContentError::NotFound => FileNote::new("not-found"),
        ContentError::Exists => FileNote::new("exists"),
        ContentError::NotPlain => FileNote::new("not-plain"),
        ContentError::WrongKind => FileNote::new("wrong-kind"),
        ContentError::NotEmpty => FileNote::new("not-empty"),
        ContentError::OverQuota { quota } => with_size("over-quota", quota),
        ContentError::TooLarge { max } => with_size("too-large", max),
        ContentError::Refused(code) => FileNote::new(code),
        ContentError::Rejected(words) => FileNote {
            words,
            ..FileNote::new("rejected")
        },
        ContentError::TimedOut => FileNote::new("timed-out"),
        ContentError::Halted { why, .. } => return note(*why),
        ContentError::Fault(text) => return Err(fault(text)),
    })
}

fn fault(text: String) -> Failure {
    Failure::Fault(Fault::because(
        "reach the files of a webspace",
        std::io::Error::other(text),
    ))
}

/// The failure where there is no page to put a note on.
pub(crate) fn failure(error: ContentError) -> Failure {
    match error {
        ContentError::TimedOut => Failure::TimedOut,
        ContentError::TooLarge { .. } | ContentError::OverQuota { .. } => Failure::TooLarge,
        ContentError::Fault(text) => fault(text),
        _ => Failure::NotFound,
    }
}

/// The path that the query string names; what is no path is not there.
pub(crate) fn asked(query: &Query) -> Result<RelPath, Failure> {
    query
        .get("path")
        .parse()
        .map_err(|_no_path| Failure::NotFound)
}

/// Goes on only when the webspace is one of the visitor's customer.
pub(crate) async fn admitted(
    portal: &Portal,
    member: &Member,
    id: WebspaceId,
) -> Result<(), Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    webspace::load(&mut tx, &scope, id, portal.house()).await?;
    tx.rollback().await?;
    Ok(())
}

/// The address of a page of the file manager: `act` is empty for a folder, else begins with a slash.
pub(crate) fn href(id: WebspaceId, act: &str, at: &RelPath) -> String {
    format!("{}/files{act}?path={}", path(id), encoded(&at.to_string()))
}

/// The folder again, saying what was done.
pub(crate) fn done_href(id: WebspaceId, folder: &RelPath, did: &str) -> String {
    format!("{}&did={did}", href(id, "", folder))
}

/// The icon of a file, by what its name promises.
pub(crate) fn icon(name: &str, kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Folder => return "folder",
        EntryKind::Link => return "link",
        EntryKind::File => {}
    }
    match ending(name).as_str() {
        "html" | "htm" | "css" | "js" | "mjs" | "php" | "json" | "xml" | "yml" | "yaml"
        | "toml" => "file-code",
        "txt" | "md" | "log" | "csv" | "ini" | "conf" | "pdf" => "file-text",
        "jpg" | "jpeg" | "png" | "gif" | "webp" | "avif" | "svg" | "ico" => "photo",
        "zip" => "file-zip",
        "sql" | "sqlite" | "db" => "database",
        _ => "file",
    }
}

/// The ending of a name in lower case, without the dot.
pub(crate) fn ending(name: &str) -> String {
    name.rsplit_once('.')
        .map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::macros::uuid::Uuid;

    #[test]
    fn a_path_in_an_address_is_one_value() {
        let id = WebspaceId::from_uuid(Uuid::nil());
        let at: RelPath = "bilder/a&b.jpg".parse().unwrap();
        assert!(href(id, "/edit", &at).ends_with("/files/edit?path=bilder%2Fa%26b%2Ejpg"));
    }

    // 3.5 T1
    #[test]
    fn what_leaves_the_folder_is_not_there() {
        let mut query = Query::default();
        query
            .0
            .insert("path".to_owned(), "../../etc/passwd".to_owned());
        assert!(matches!(asked(&query), Err(Failure::NotFound)));
    }

    #[test]
    fn every_refusal_of_files_has_words() {
        let codes = [
            "archive-encrypted",
            "archive-link",
            "archive-method",
            "archive-path",
            "archive-ratio",
            "archive-too-large",
            "archive-too-many",
            "bad-archive",
            "bad-size",
            "changed-meanwhile",
            "disk-full",
            "folder-into-itself",
            "not-permitted",
            "path-too-long",
            "root-folder",
            "suspended",
            "too-many-files",
            "upload-broken",
        ];
        for code in codes {
            let told = note(ContentError::Refused(code)).unwrap();
            assert!(told.message.ends_with(&format!("-{code}")), "{code}");
        }
        assert!(note(ContentError::Fault("disk".to_owned())).is_err());
    }
}

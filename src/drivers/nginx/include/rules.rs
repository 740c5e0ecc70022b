//! What a site does beside showing its files, as directives.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wabe_kernel::desired::{StepFailure, Webspace};
use wabe_kernel::{FolderKey, FolderUser, FolderVerifier, RelPath};

use crate::embedded::web::Place;
use crate::nginx::include::{digits_of, path};
use crate::nginx::syntax::{Directive, Word, own};

/// What browsers show when they ask for a name and a password.
const REALM: &str = "protected";

/// A folder that is protected, as a prefix of paths; the whole site when there is none.
fn prefix(folder: &RelPath) -> Result<Option<Word>, StepFailure> {
    if folder.is_root() {
        return Ok(None);
    }
    Word::fixed(&format!("/{folder}/")).map(Some)
}

/// The file of names and passwords of a folder, and what is in it. It is named by that, so that an include and what
/// it leads to are changed at once.
pub(in crate::nginx) fn key_files(
    keys: &[FolderKey],
    place: &Place,
) -> Result<BTreeMap<RelPath, (PathBuf, String)>, StepFailure> {
    let mut texts: BTreeMap<RelPath, String> = BTreeMap::new();
    for key in keys {
        let text = texts.entry(key.folder.clone()).or_default();
        text.push_str(&line(key)?);
    }
    let folder = keys_in(&place.folder);
    let named = |(of, text): (RelPath, String)| {
        let file = folder.join(format!("{}.keys", digits_of(&text)));
        (of, (file, text))
    };
    Ok(texts.into_iter().map(named).collect())
}

/// Where the files of names and passwords of a site lie.
pub(in crate::nginx) fn keys_in(folder: &Path) -> PathBuf {
    folder.join("keys")
}

/// A line that reads back as the same name and the same verifier. Both are of letters that let no other line in.
fn line(key: &FolderKey) -> Result<String, StepFailure> {
    let line = format!("{}:{}\n", key.user, key.verifier.expose());
    let read = line
        .strip_suffix('\n')
        .and_then(|line| line.split_once(':'));
    let same = read.is_some_and(|(user, verifier)| {
        let user = user.parse::<FolderUser>();
        let verifier = verifier.parse::<FolderVerifier>();
        user.is_ok_and(|user| user == key.user)
            && verifier.is_ok_and(|verifier| verifier == key.verifier)
    });
    if same {
        Ok(line)
    } else {
        let why = "a key to a folder reads back otherwise";
        Err(StepFailure::new("site-not-writable", why))
    }
}

/// Whom a folder lets in.
fn asks(file: &Path) -> Result<[Directive; 2], StepFailure> {
    Ok([
        own("auth_basic", [REALM]),
        Directive::new("auth_basic_user_file", [path(file)?]),
    ])
}

/// Where visitors are sent on.
pub(super) fn redirects(webspace: &Webspace) -> Result<Vec<Directive>, StepFailure> {
    let mut found = Vec::new();
    for rule in &webspace.rules.redirects {
        let led = || {
            let status = Word::number(rule.status());
            let target = Word::literal(rule.target().as_str());
            vec![Directive::new("return", [status, target])]
        };
        let (exactly, beneath) = (Word::fixed(rule.path())?, format!("{}/", rule.path()));
        let words = [Word::own("="), exactly];
        found.push(Directive::block("location", words, led()));
        let words = [Word::own("^~"), Word::fixed(&beneath)?];
        found.push(Directive::block("location", words, led()));
    }
    Ok(found)
}

/// Folders that not everybody comes into, with what else holds in each of them. A folder that is redirected needs no
/// protection.
pub(super) fn protected(
    webspace: &Webspace,
    place: &Place,
    inner: &[Directive],
) -> Result<Vec<Directive>, StepFailure> {
    let rules = &webspace.rules;
    let mut found = Vec::new();
    for (folder, (file, _)) in key_files(&rules.keys, place)? {
        let Some(prefix) = prefix(&folder)? else {
            found.extend(asks(&file)?);
            continue;
        };
        let own_path = format!("/{folder}");
        if rules.redirects.iter().any(|rule| rule.path() == own_path) {
            continue;
        }
        let mut all: Vec<Directive> = asks(&file)?.into();
        all.extend_from_slice(inner);
        found.push(Directive::block("location", [Word::own("^~"), prefix], all));
    }
    Ok(found)
}

/// The site's own pages for errors; what is missing has one by that name even where nobody said so.
pub(super) fn error_pages(webspace: &Webspace) -> Result<Vec<Directive>, StepFailure> {
    let pages = &webspace.rules.error_pages;
    let missing = pages.iter().find(|page| !page.is_failure);
    let failed = pages.iter().find(|page| page.is_failure);
    let url = |page: &RelPath| Word::fixed(&format!("/{page}"));
    let missing = missing.map_or_else(|| Ok(Word::own("/404.html")), |page| url(page.page()))?;
    let mut found = vec![
        Directive::new("error_page", [Word::own("404"), missing.clone()]),
        Directive::new(
            "error_page",
            [Word::own("403"), Word::own("=404"), missing.clone()],
        ),
        Directive::block(
            "location",
            [Word::own("="), missing.clone()],
            vec![own(
                "error_page",
                ["403", "404", "=404", "/.wabe/not-found"],
            )],
        ),
    ];
    if let Some(page) = failed {
        let failed = url(page.page())?;
        let statuses = ["500", "502", "503", "504"].map(Word::own);
        let words = statuses.into_iter().chain([failed.clone()]);
        found.push(Directive::new("error_page", words));
        if failed != missing {
            let words = [Word::own("="), failed];
            found.push(Directive::block(
                "location",
                words,
                vec![own("log_not_found", ["off"])],
            ));
        }
    }
    Ok(found)
}

/// How much visitors upload at once, where that was said.
pub(super) fn upload(webspace: &Webspace) -> Option<Directive> {
    let bytes = u64::try_from(webspace.rules.upload_bytes?).ok()?;
    Some(Directive::new("client_max_body_size", [Word::bytes(bytes)]))
}

/// Tells browsers to keep to HTTPS; over HTTPS only. Source: RFC 6797 7.2.
pub(super) fn hsts(webspace: &Webspace) -> Option<Directive> {
    let header = webspace.rules.hsts.header()?;
    Some(own(
        "add_header",
        ["Strict-Transport-Security", header, "always"],
    ))
}

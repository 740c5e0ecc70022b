//! What a site does beside showing its files, as directives.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wabe_kernel::desired::{StepFailure, Webspace};
use wabe_kernel::{ErrorPage, ErrorPages, FolderKey, FolderUser, FolderVerifier, RelPath};

use crate::embedded::files::rule_file::Shut;
use crate::embedded::files::shut::is_plain;
use crate::embedded::web::Place;
use crate::nginx::include::inside::dots;
use crate::nginx::include::{digits_of, path};
use crate::nginx::syntax::{Directive, Word, own};

/// What browsers show when they ask for a name and a password.
const REALM: &str = "protected";

/// A folder that is protected, as a prefix of paths; the whole site when there is none. Where an application answers,
/// nothing says that a path is a folder: everything that begins with it is protected.
fn prefix(folder: &RelPath, is_proxied: bool) -> Result<Option<Word>, StepFailure> {
    if folder.is_root() {
        return Ok(None);
    }
    let end = if is_proxied { "" } else { "/" };
    Word::fixed(&format!("/{folder}{end}")).map(Some)
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

/// Where visitors are sent on, and what they are told is gone.
pub(super) fn redirects(webspace: &Webspace) -> Result<Vec<Directive>, StepFailure> {
    let mut found = Vec::new();
    for rule in &webspace.rules.redirects {
        let led = || {
            let target = rule.target().map(|target| Word::literal(target.as_str()));
            let words = std::iter::once(Word::number(rule.status())).chain(target);
            vec![Directive::new("return", words)]
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
    let is_proxied = rules.proxy.is_some();
    let mut found = Vec::new();
    for (folder, (file, _)) in key_files(&rules.keys, place)? {
        let Some(prefix) = prefix(&folder, is_proxied)? else {
            found.extend(asks(&file)?);
            continue;
        };
        let own_path = format!("/{folder}");
        // Its own redirect takes all of it, but for what only begins like it.
        if !is_proxied && rules.redirects.iter().any(|rule| rule.path() == own_path) {
            continue;
        }
        let mut all: Vec<Directive> = asks(&file)?.into();
        all.extend_from_slice(inner);
        found.push(Directive::block("location", [Word::own("^~"), prefix], all));
    }
    Ok(found)
}

/// Folders that are shut but for single names, as rules for Apache say it. One that is redirected, or lies in a folder
/// that asks for a password, needs nothing more.
pub(super) fn shut(webspace: &Webspace, shut: &[Shut]) -> Result<Vec<Directive>, StepFailure> {
    let rules = &webspace.rules;
    let mut found = Vec::new();
    for one in shut {
        let Some(folder) = one.shown(&webspace.document_root, &rules.keys) else {
            continue;
        };
        let asks = |key: &FolderKey| {
            let prefix = format!("{}/", key.folder);
            key.folder.is_root() || format!("{folder}/").starts_with(&prefix)
        };
        let own_path = format!("/{folder}");
        let is_led_on = rules.redirects.iter().any(|rule| rule.path() == own_path);
        if is_led_on || rules.keys.iter().any(asks) {
            continue;
        }
        let mut inner = vec![dots()];
        if let Some(names) = pattern(&one.names)? {
            let there = vec![own("try_files", ["$uri", "=404"])];
            let words = [Word::own("~"), names];
            inner.push(Directive::block("location", words, there));
        }
        inner.push(own("return", ["403"]));
        let words = [Word::own("^~"), Word::fixed(&format!("{own_path}/"))?];
        found.push(Directive::block("location", words, inner));
    }
    Ok(found)
}

/// Files of these names in any folder; nothing where there are none.
fn pattern(names: &[String]) -> Result<Option<Word>, StepFailure> {
    if names.is_empty() {
        return Ok(None);
    }
    if !names.iter().all(|name| is_plain(name)) {
        let why = "a name that a pattern would read as something else";
        return Err(StepFailure::new("site-not-writable", why));
    }
    let names = Word::fixed(&names.join("|").replace('.', "\\."))?;
    Ok(Some(Word::own("/(?:").then(&names).then(&Word::own(")$"))))
}

/// The site's own pages for errors; what is missing has one by that name even where nobody said so. What visitors are
/// told keeps its status, and the address that they asked for.
pub(super) fn error_pages(
    webspace: &Webspace,
    place: &Place,
) -> Result<Vec<Directive>, StepFailure> {
    let pages = &webspace.rules.error_pages;
    let lacks = |status: u16| page_for(pages, status).is_none();
    let mut found = Vec::new();
    let missing = if lacks(404) {
        let usual = Word::own("/404.html");
        found.push(Directive::new(
            "error_page",
            [Word::own("404"), usual.clone()],
        ));
        usual
    } else {
        way_to(404)
    };
    if lacks(403) {
        // What nobody may see is not there.
        let words = [Word::own("403"), Word::own("=404"), missing.clone()];
        found.push(Directive::new("error_page", words));
    }
    if lacks(404) {
        let otherwise = ["403", "404", "=404", "/.wabe/not-found"];
        let inner = vec![own("error_page", otherwise)];
        let words = [Word::own("="), missing];
        found.push(Directive::block("location", words, inner));
    }
    found.extend(own_pages(webspace, place)?);
    Ok(found)
}

/// The pages that the site has by its rules.
pub(super) fn own_pages(webspace: &Webspace, place: &Place) -> Result<Vec<Directive>, StepFailure> {
    let pages = &webspace.rules.error_pages;
    let mut found = Vec::new();
    for page in pages {
        let statuses = covered(pages, page.status()).into_iter();
        let words = statuses.map(Word::number).chain([way_to(page.status())]);
        found.push(Directive::new("error_page", words));
        found.extend(shown_at(page, &file_of(webspace, place, page.page())?));
    }
    Ok(found)
}

/// What is shown while an application is away, or was led to itself, where the site has no page of its own for that.
pub(super) fn away(webspace: &Webspace) -> Directive {
    let pages = &webspace.rules.error_pages;
    let own: Vec<u16> = pages
        .iter()
        .flat_map(|page| covered(pages, page.status()))
        .collect();
    let left = [502, 504, 508].into_iter();
    let left: Vec<Word> = left
        .filter(|status| !own.contains(status))
        .map(Word::number)
        .collect();
    let words = left.into_iter().chain([Word::own("/.wabe/away")]);
    Directive::new("error_page", words)
}

/// The site's own page for this status.
fn page_for(pages: &ErrorPages, status: u16) -> Option<&ErrorPage> {
    pages.iter().find(|page| page.status() == status)
}

/// Where the server itself finds the page for this status; nobody else asks for it there.
fn way_to(status: u16) -> Word {
    Word::own("/.wabe/error-").then(&Word::number(status))
}

/// The file of a page.
fn file_of(webspace: &Webspace, place: &Place, page: &RelPath) -> Result<Word, StepFailure> {
    let root = &webspace.document_root;
    let beneath = root.names().iter().chain(page.names());
    let file = beneath.fold(String::new(), |file, name| file + "/" + name);
    Ok(path(&place.files)?.then(&Word::literal(&file)))
}

/// What a page for this status is for: a failure of the server is whatever has no page of its own.
fn covered(pages: &ErrorPages, status: u16) -> Vec<u16> {
    let lacks = |status: &u16| page_for(pages, *status).is_none();
    match status {
        500 => {
            let others = [502, 503].into_iter().filter(lacks);
            let late = [504].into_iter().filter(|_| lacks(&502));
            std::iter::once(500).chain(others).chain(late).collect()
        }
        502 => vec![502, 504],
        other => vec![other],
    }
}

/// Where a page for an error is shown, and what is there without its file: nothing but the status.
fn shown_at(page: &ErrorPage, file: &Word) -> Vec<Directive> {
    let status = Word::number(page.status());
    let mut inner = vec![
        own("internal", []),
        Directive::new("alias", [file.clone()]),
        own("default_type", ["text/html"]),
    ];
    if page.status() == 401 {
        // Who is asked for a password sees why.
        inner.push(own("auth_basic", ["off"]));
    }
    let bare = if page.status() == 404 {
        Word::own("/.wabe/not-found")
    } else {
        Word::own("@wabe_").then(&status)
    };
    let kept = Word::own("=").then(&status);
    let words = [Word::own("403"), Word::own("404"), kept, bare.clone()];
    inner.push(Directive::new("error_page", words));
    let words = [Word::own("="), way_to(page.status())];
    let mut found = vec![Directive::block("location", words, inner)];
    if page.status() != 404 {
        let unpaged = vec![
            own("error_page", ["599", "/.wabe/not-found"]),
            Directive::new("return", [status]),
        ];
        found.push(Directive::block("location", [bare], unpaged));
    }
    found
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

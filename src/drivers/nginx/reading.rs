//! What somebody wrote by hand, as settings that say the same.
//!
//! It is guessed and then proved: what the file says of each setting is put into the webspace, and only where the
//! include of that webspace is the file, word by word, do these settings say it. Whatever else was written makes that
//! fail, so that nothing of it is lost or taken for something else.

use wabe_kernel::desired::{StepFailure, Webspace, Wish};
use wabe_kernel::{
    EditedSetting, ErrorPages, Field as _, Hsts, Reading, RelPath, SiteRedirects, SiteRules,
};

use crate::embedded::web::Showing;
use crate::nginx::difference::between;
use crate::nginx::edited::mark_in;
use crate::nginx::include::{Given, Include, UNMARKED};
use crate::nginx::syntax::{self, DOLLAR, Directive};

/// The directive of how much is uploaded at once.
const UPLOAD: &str = "client_max_body_size";
/// Where pages for errors are, with the status behind it.
const ERROR_PAGE: &str = "/.wabe/error-";

/// What settings say of a text that lies where the include of this webspace should.
///
/// Errors: `site-not-writable` when what should lie there cannot be written itself.
pub(super) fn read(
    webspace: &Webspace,
    given: &Given<'_>,
    text: &str,
) -> Result<Reading, StepFailure> {
    let should = include(webspace, given)?;
    let Some(tree) = syntax::parse(&without_remarks(text)) else {
        // What is no text of ours has no words to go by.
        return Ok(lines(&should.text, text));
    };
    let tree: Vec<Directive> = tree.iter().map(in_bytes).collect();
    let settings = settings(webspace, &tree, given);
    let taken = with(webspace, &settings);
    let said = unmarked(&include(&taken, given)?.tree);
    let written = unmarked(&tree);
    if said == written {
        return Ok(Reading::Settings(settings));
    }
    let said = syntax::write(&said)?;
    // What cannot be written is shown as it is.
    Ok(match syntax::write(&written) {
        Ok(written) => lines(&said, &written),
        Err(_) => lines(&should.text, text),
    })
}

fn include(webspace: &Webspace, given: &Given<'_>) -> Result<Include, StepFailure> {
    let what = Showing::Site(Wish::Present(webspace.clone()));
    Include::new(&what, given)
}

fn lines(should: &str, is: &str) -> Reading {
    Reading::Lines(between(should, is).lines().map(str::to_owned).collect())
}

/// The text without lines that are remarks, and with blanks for tabs. Words of several lines are none of ours, so
/// that no line within one is taken for a remark.
fn without_remarks(text: &str) -> String {
    let kept = text.lines().filter(|line| {
        let line = line.trim_start();
        !line.starts_with('#')
    });
    let blank = |line: &str| line.replace(['\t', '\r'], " ") + "\n";
    kept.map(blank).collect()
}

/// So many bytes, as nginx reads sizes. Source: `ngx_parse_offset`.
fn bytes(text: &str) -> Option<i64> {
    let units = [
        ('k', 10),
        ('K', 10),
        ('m', 20),
        ('M', 20),
        ('g', 30),
        ('G', 30),
    ];
    let unit = units.into_iter().find(|(unit, _)| text.ends_with(*unit));
    let (digits, shift) = match unit {
        Some((unit, shift)) => (text.strip_suffix(unit)?, shift),
        None => (text, 0),
    };
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let number: i64 = plain.then(|| digits.parse().ok())??;
    number.checked_mul(1_i64.checked_shl(shift)?)
}

/// The same with sizes in bytes, as ours are.
fn in_bytes(directive: &Directive) -> Directive {
    directive.with(&|word: &str, words: &[&str]| {
        let is_size = matches!(words, [UPLOAD, size] if *size == word);
        if !is_size {
            return None;
        }
        Some(bytes(word)?.to_string())
    })
}

/// The same as it is before a mark stands for it.
fn unmarked(tree: &[Directive]) -> Vec<Directive> {
    let mark = mark_in(tree).unwrap_or(UNMARKED).to_owned();
    let without = |directive: &Directive| {
        directive.with(&|word: &str, words: &[&str]| {
            let is_mark = *words == ["return", "200", mark.as_str()] && word == mark;
            is_mark.then(|| UNMARKED.to_owned())
        })
    };
    tree.iter().map(without).collect()
}

/// What the file says of settings that the webspace does not have like this.
fn settings(webspace: &Webspace, tree: &[Directive], given: &Given<'_>) -> Vec<EditedSetting> {
    let rules = &webspace.rules;
    let has = |server: &&Directive, name: &str| {
        let mut inner = server.inner().iter();
        inner.any(|one| one.texts().first() == Some(&name))
    };
    let servers = tree.iter().filter(|one| one.texts() == ["server"]);
    let (secure, plain): (Vec<&Directive>, Vec<&Directive>) =
        servers.partition(|server| has(server, "ssl_certificate"));
    let mut found = Vec::new();
    // Passwords never come unencrypted, whatever is wanted.
    if rules.keys.is_empty() {
        let led_on = plain.iter().any(|server| leads_to_https(server));
        if led_on != webspace.https_redirect {
            found.push(EditedSetting::HttpsRedirect(led_on));
        }
    }
    let root = secure.iter().find_map(|server| {
        let said = root(server, given)?;
        (said != webspace.document_root).then_some(said)
    });
    found.extend(root.clone().map(EditedSetting::DocumentRoot));
    let root = root.unwrap_or_else(|| webspace.document_root.clone());
    let each = |read: &dyn Fn(&Directive) -> Option<EditedSetting>| {
        secure.iter().find_map(|server| read(server))
    };
    found.extend(each(&|server| {
        let has = EditedSetting::UploadBytes(rules.upload_bytes);
        upload(server).filter(|said| *said != has)
    }));
    found.extend(each(&|server| {
        let said = hsts(server)?;
        (said != rules.hsts).then_some(EditedSetting::Hsts(said))
    }));
    found.extend(each(&|server| {
        let said = SiteRedirects::from_text(&redirects(server)).ok()?;
        (said != rules.redirects).then_some(EditedSetting::Redirects(said))
    }));
    found.extend(each(&|server| {
        let said = ErrorPages::from_text(&error_pages(server, &root, given)?).ok()?;
        (said != rules.error_pages).then_some(EditedSetting::ErrorPages(said))
    }));
    found
}

/// The webspace with these settings.
fn with(webspace: &Webspace, settings: &[EditedSetting]) -> Webspace {
    let (mut taken, mut rules) = (webspace.clone(), SiteRules::clone(&webspace.rules));
    for setting in settings {
        match setting {
            EditedSetting::DocumentRoot(root) => taken.document_root = root.clone(),
            EditedSetting::HttpsRedirect(led_on) => taken.https_redirect = *led_on,
            EditedSetting::Hsts(hsts) => rules.hsts = *hsts,
            EditedSetting::UploadBytes(bytes) => rules.upload_bytes = *bytes,
            EditedSetting::Redirects(redirects) => rules.redirects = redirects.clone(),
            EditedSetting::ErrorPages(pages) => rules.error_pages = pages.clone(),
        }
    }
    taken.rules = Box::new(rules);
    taken
}

/// The folder that a server shows, beneath the webspace's own; nothing where it lies elsewhere.
fn root(server: &Directive, given: &Given<'_>) -> Option<RelPath> {
    let files = given.place.files.to_str()?;
    for one in server.inner() {
        if let ["root", folder] = *one.texts() {
            let folder = folder.replace(DOLLAR, "$");
            let beneath = folder.strip_prefix(files)?;
            let beneath = if beneath.is_empty() {
                beneath
            } else {
                beneath.strip_prefix('/')?
            };
            return beneath.parse().ok();
        }
    }
    None
}

/// Whether a server sends everybody on to HTTPS.
fn leads_to_https(server: &Directive) -> bool {
    server.inner().iter().any(|one| {
        one.texts() == ["location", "/"]
            && one
                .inner()
                .iter()
                .any(|inner| inner.texts().starts_with(&["return", "308"]))
    })
}

/// How much a server takes at once; nothing where what it says is no size.
fn upload(server: &Directive) -> Option<EditedSetting> {
    for one in server.inner() {
        if let [UPLOAD, size] = *one.texts() {
            return bytes(size).map(|size| EditedSetting::UploadBytes(Some(size)));
        }
    }
    Some(EditedSetting::UploadBytes(None))
}

/// How long browsers are told to keep to HTTPS; nothing where that is no choice of ours.
fn hsts(server: &Directive) -> Option<Hsts> {
    for one in server.inner() {
        if let ["add_header", "Strict-Transport-Security", header, ..] = *one.texts() {
            let mut all = Hsts::ALL.into_iter();
            return all.find(|hsts| hsts.header() == Some(header));
        }
    }
    Some(Hsts::Off)
}

/// The redirects of a server, one a line.
fn redirects(server: &Directive) -> String {
    let told = server.inner().iter().filter_map(|one| {
        let ["location", "=", path] = *one.texts() else {
            return None;
        };
        let [led] = one.inner() else { return None };
        match *led.texts() {
            ["return", status @ ("301" | "302"), target] => {
                let target = target.replace(DOLLAR, "$");
                Some(format!("{status} {path} {target}"))
            }
            ["return", "410"] => Some(format!("410 {path}")),
            _ => None,
        }
    });
    told.collect::<Vec<String>>().join("\n")
}

/// The site's own pages for errors, one a line; nothing where one lies outside of what is served.
fn error_pages(server: &Directive, root: &RelPath, given: &Given<'_>) -> Option<String> {
    let files = given.place.files.to_str()?;
    let root = root.names().iter();
    let folder = root.fold(files.to_owned(), |folder, name| folder + "/" + name) + "/";
    let mut pages = Vec::new();
    for one in server.inner() {
        let ["location", "=", place] = *one.texts() else {
            continue;
        };
        let Some(status) = place.strip_prefix(ERROR_PAGE) else {
            continue;
        };
        for inner in one.inner() {
            if let ["alias", file] = *inner.texts() {
                let file = file.replace(DOLLAR, "$");
                pages.push(format!("{status} {}", file.strip_prefix(&folder)?));
            }
        }
    }
    Some(pages.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_nginx_reads_them() {
        for (text, size) in [
            ("100", Some(100)),
            ("8k", Some(8_192)),
            ("100m", Some(104_857_600)),
            ("2G", Some(2_147_483_648)),
            ("", None),
            ("m", None),
            ("-1m", None),
            ("1.5m", None),
            ("99999999999999g", None),
        ] {
            assert_eq!(bytes(text), size, "{text}");
        }
    }
}

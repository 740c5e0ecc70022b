//! What a site does beside showing its files: sends visitors on, shows pages of its own for errors, keeps folders
//! for some, takes uploads of a size.
//!
//! Everything here ends up in configurations of servers. The types let nothing in that could stand for something
//! else there: letters of paths are from a short list, pages end in what is never run.

use crate::field::{Problem, text_form};
use crate::lines::lines;
use crate::quota::Bytes;
use crate::{ErrorPage, PhpValues, RedirectTarget, RelPath, SiteProxy, SiteServer};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The longest prefix of a path, in bytes.
const PREFIX_BYTES_MAX: usize = 500;
/// Paths that sites answer themselves.
const OWN: [&str; 2] = ["/robots.txt", "/404.html"];
/// The longest name of somebody who may come into a folder, in bytes.
const USER_BYTES_MAX: usize = 32;

/// How long browsers keep to HTTPS once they came to a site by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hsts {
    /// They are not told.
    #[default]
    Off,
    /// Thirty days: to find out whether everything works.
    Month,
    /// Two years.
    Years,
}

impl Hsts {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Off, Self::Month, Self::Years];

    /// The word in the database, the API and the pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Month => "month",
            Self::Years => "years",
        }
    }

    /// What browsers are told; nothing when they are not. Source: RFC 6797 6.1.
    #[must_use]
    pub const fn header(self) -> Option<&'static str> {
        match self {
            Self::Off => None,
            Self::Month => Some("max-age=2592000"),
            Self::Years => Some("max-age=63072000"),
        }
    }
}

impl fmt::Display for Hsts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Hsts {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|hsts| hsts.word() == text);
        found.ok_or_else(|| Problem::new("not-a-choice"))
    }
}

text_form!(Hsts, "hsts");

/// What whoever asks for a path is told.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    /// It is elsewhere for good.
    Moved(RedirectTarget),
    /// It is elsewhere for now.
    Found(RedirectTarget),
    /// It was there, and will not be again.
    Gone,
}

/// Sends whoever asks for a path, or for something beneath it, to an address; or says that it is gone.
///
/// Shape: the status 301 (for good), 302 (for now) or 410 (gone); a path of letters, digits and `-._~@+,` between
/// slashes, no name of it begins with a dot, not the whole site; an address, but for 410. Text form:
/// `301 /old https://www.example.org/`, `410 /old`; the status may be left out for 302.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRedirect {
    path: String,
    told: Told,
}

impl SiteRedirect {
    /// 301, 302 or 410.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.told {
            Told::Moved(_) => 301,
            Told::Found(_) => 302,
            Told::Gone => 410,
        }
    }

    /// The path, without a slash at its end.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where it leads; nowhere when what was there is gone.
    #[must_use]
    pub const fn target(&self) -> Option<&RedirectTarget> {
        match &self.told {
            Told::Moved(target) | Told::Found(target) => Some(target),
            Told::Gone => None,
        }
    }

    /// Whether it is meant by a request for this path.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        let rest = path.strip_prefix(&self.path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// A path without a slash at its end.
fn prefix(text: &str) -> Result<String, Problem> {
    let wrong = || Problem::new("not-a-path-of-a-site");
    let names = text.strip_prefix('/').ok_or_else(wrong)?;
    let names = names.strip_suffix('/').unwrap_or(names);
    let fits =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '@' | '+' | ',');
    let name = |name: &str| !name.is_empty() && !name.starts_with('.') && name.chars().all(fits);
    let path = format!("/{names}");
    if path.len() > PREFIX_BYTES_MAX || !names.split('/').all(name) || OWN.contains(&&*path) {
        return Err(wrong());
    }
    Ok(path)
}

impl FromStr for SiteRedirect {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let (from, told) = match *words {
            ["410", from] => (from, Told::Gone),
            ["301", from, to] => (from, Told::Moved(to.parse()?)),
            ["302", from, to] | [from, to] => (from, Told::Found(to.parse()?)),
            _ => return Err(Problem::new("not-a-redirect-rule")),
        };
        let path = prefix(from)?;
        Ok(Self { path, told })
    }
}

impl fmt::Display for SiteRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status(), self.path)?;
        self.target()
            .map_or(Ok(()), |target| write!(f, " {target}"))
    }
}

text_form!(SiteRedirect, "site-redirect");

lines! {
    /// Where a site sends visitors on; each path once.
    SiteRedirects of SiteRedirect by |rule| rule.path.clone(), at most 100
}

lines! {
    /// A site's own pages for errors; each kind of error once.
    ErrorPages of ErrorPage by |rule| rule.status().to_string(), at most 7
}

/// The name of somebody who may come into a protected folder.
///
/// Shape: 1 to 32 letters, digits, dots, hyphens and underscores. Source: RFC 7617 2: no colon.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FolderUser(String);

impl FromStr for FolderUser {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        if !(1..=USER_BYTES_MAX).contains(&text.len()) || !text.bytes().all(fits) {
            return Err(Problem::new("not-a-folder-user").with("max", USER_BYTES_MAX));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for FolderUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_form!(FolderUser, "folder-user");

/// Lets somebody with a password into a folder of a site, and nobody else without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderKey {
    /// The folder, beneath the document root; the whole site when that itself.
    pub folder: RelPath,
    /// Who.
    pub user: FolderUser,
    /// What the server verifies the password with.
    pub verifier: crate::FolderVerifier,
}

/// What a site does beside showing its files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SiteRules {
    /// Where it sends visitors on.
    pub redirects: SiteRedirects,
    /// Its own pages for errors.
    pub error_pages: ErrorPages,
    /// Whether browsers keep to HTTPS.
    pub hsts: Hsts,
    /// The most that visitors may upload at once, in bytes; what the server takes by itself when absent.
    pub upload_bytes: Option<Bytes>,
    /// Who comes into which folders.
    pub keys: Vec<FolderKey>,
    /// What its PHP runs with, where it has PHP.
    #[serde(default)]
    pub php: PhpValues,
    /// What answers for it.
    #[serde(default)]
    pub server: SiteServer,
    /// The application elsewhere that answers in place of all of its files; none of them is shown then, and no PHP runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<SiteProxy>,
}

impl SiteRules {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field as _;

    #[test]
    fn a_redirect_covers_its_path_and_what_is_beneath() {
        let rule: SiteRedirect = "/old/ https://www.example.org/new".parse().unwrap();
        assert_eq!(rule.to_string(), "302 /old https://www.example.org/new");
        for covered in ["/old", "/old/", "/old/a"] {
            assert!(rule.covers(covered), "{covered}");
        }
        let gone: SiteRedirect = "410 /old/".parse().unwrap();
        assert_eq!(
            (gone.to_string(), gone.target()),
            ("410 /old".to_owned(), None)
        );
        for other in ["/older", "/", "/a/old", "old"] {
            assert!(!rule.covers(other), "{other}");
        }
        assert_eq!(
            "301 /a https://a.test/"
                .parse::<SiteRedirect>()
                .unwrap()
                .status(),
            301
        );
    }

    #[test]
    fn what_is_no_path_of_a_site_is_refused() {
        for from in [
            "/",
            "//",
            "old",
            "/a//b",
            "/.well-known",
            "/a/../b",
            "/a b",
            "/a;",
            "/a{",
            "/$host",
            "/a\"",
            "/%41",
            "/ä",
            "/robots.txt",
            "/404.html/",
            "/a\u{7}",
            "^/a",
            "/(a)",
            "/a*",
            "/a?b",
            "/a\\b",
        ] {
            let rule = format!("301 {from} https://a.test/");
            assert!(rule.parse::<SiteRedirect>().is_err(), "{from:?}");
        }
        for rule in [
            "",
            "/a",
            "303 /a https://a.test/",
            "410 /a https://a.test/",
            "410 /",
            "410",
            "301 /a b c",
            "301 /a /b",
        ] {
            assert!(rule.parse::<SiteRedirect>().is_err(), "{rule:?}");
        }
    }

    #[test]
    fn rules_are_a_list_or_lines_and_each_of_them_is_there_once() {
        let text = "301 /a https://a.test/\n\n/b https://b.test/\n";
        let typed = SiteRedirects::from_text(text).unwrap();
        let sent = serde_json::json!(["301 /a https://a.test/", "/b https://b.test/"]);
        assert_eq!(SiteRedirects::from_json(&sent), Ok(typed.clone()));
        assert_eq!(SiteRedirects::from_text(&typed.to_string()), Ok(typed));
        assert_eq!(SiteRedirects::absent(), Some(SiteRedirects::default()));
        assert!(SiteRedirects::from_text("/a https://a.test/\n301 /a/ https://b.test/").is_err());
        assert!(ErrorPages::from_text("404 a.html\n404 b.html").is_err());
        assert!(SiteRedirects::from_text(&"/a https://a.test/\n".repeat(101)).is_err());
    }

    #[test]
    fn what_is_wrong_is_said_of_its_line() {
        let arg = |problem: &Problem, name: &str| {
            let found = problem.args.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let said = |problem: Problem| {
            let (line, text) = (arg(&problem, "at_line"), arg(&problem, "at_text"));
            (problem.code, line, text)
        };
        let told = |code, line: &str, text: &str| (code, line.to_owned(), text.to_owned());
        let wrong = |text: &str| said(SiteRedirects::from_text(text).unwrap_err());
        assert_eq!(
            wrong("/a https://a.test/\n\n  old\u{202e} https://a.test/ "),
            told("not-a-path-of-a-site", "3", "old https://a.test/")
        );
        assert_eq!(
            wrong("/a https://a.test/\n410 /a/"),
            told("rule-there-already", "2", "410 /a/")
        );
        let long = format!("/{}", "a".repeat(500));
        assert_eq!(wrong(&long).2.len(), 80);
        let sent = serde_json::json!(["/a https://a.test/", 7]);
        assert_eq!(
            said(SiteRedirects::from_json(&sent).unwrap_err()),
            told("must-be-text", "2", "")
        );
    }

    #[test]
    fn the_name_of_a_user_is_one_word() {
        for wrong in ["", "a:b", "a b", "ä", "a\n", &"a".repeat(33)] {
            assert!(wrong.parse::<FolderUser>().is_err(), "{wrong:?}");
        }
        assert!("Anna.M_1-x".parse::<FolderUser>().is_ok());
    }
}

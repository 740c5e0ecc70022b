//! Pages of a site's own for what went wrong.

use crate::RelPath;
use crate::field::{Problem, text_form};
use std::fmt;
use std::str::FromStr;

/// A page of the site's own in place of ours. What visitors are told keeps its status.
///
/// Shape: one of [`ErrorPage::STATUSES`]; a file beneath the document root that ends in `.html` or `.htm` and is
/// hidden from nobody. Text form: `404 errors/missing.html`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorPage {
    status: u16,
    page: RelPath,
}

impl ErrorPage {
    /// What there can be a page for: nobody is let in without a name (401) or at all (403), nothing is there (404)
    /// any more (410), the server failed (500), what runs behind it failed (502), or is busy (503).
    pub const STATUSES: [u16; 7] = [401, 403, 404, 410, 500, 502, 503];

    /// Which of them.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Whether only a server that asks for passwords, or runs something, comes to it.
    #[must_use]
    pub const fn needs_nginx(&self) -> bool {
        matches!(self.status, 401 | 500 | 502)
    }

    /// The file, beneath the document root.
    #[must_use]
    pub const fn page(&self) -> &RelPath {
        &self.page
    }
}

impl FromStr for ErrorPage {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let wrong = || Problem::new("not-an-error-page");
        let (status, page) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let known = Self::STATUSES.into_iter();
        let mut known = known.filter(|known| known.to_string() == status);
        let status = known.next().ok_or_else(wrong)?;
        let page: RelPath = page.trim().parse()?;
        let shown = page.name().is_some_and(|name| {
            let ending = name.rsplit_once('.').map(|(_, ending)| ending);
            ending.is_some_and(|ending| {
                ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm")
            })
        });
        let hidden = |name: &String| name.starts_with('.') || name.contains('$');
        if !shown || page.names().iter().any(hidden) {
            return Err(wrong());
        }
        Ok(Self { status, page })
    }
}

impl fmt::Display for ErrorPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.page)
    }
}

text_form!(ErrorPage, "error-page");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_for_errors_is_one_that_is_never_run() {
        let page: ErrorPage = "404  Fehler/nicht da.HTML".parse().unwrap();
        assert_eq!(page.to_string(), "404 Fehler/nicht da.HTML");
        for page in [
            "404 a.php",
            "404 a.html.php",
            "404 .htaccess",
            "404 .a/b.html",
            "402 a.html",
            "0404 a.html",
            "404",
            "500 ../a.html",
            "404 a$b.html",
            "404 a/",
            "500 a\u{7}.html",
        ] {
            assert!(page.parse::<ErrorPage>().is_err(), "{page:?}");
        }
    }
}

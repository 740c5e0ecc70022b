//! What answers for a site behind the node's own front.

use crate::field::{Problem, text_form};
use std::fmt;
use std::str::FromStr;

/// What answers the requests for a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SiteServer {
    /// nginx itself; it reads no `.htaccess`.
    #[default]
    Nginx,
    /// Apache behind nginx, which reads `.htaccess`.
    Apache,
}

impl SiteServer {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Nginx, Self::Apache];

    /// The word in the database, the API and the pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Apache => "apache",
        }
    }
}

impl fmt::Display for SiteServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for SiteServer {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|server| server.word() == text);
        found.ok_or_else(|| Problem::new("not-a-choice"))
    }
}

text_form!(SiteServer, "site-server");

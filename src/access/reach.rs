//! What a consent reaches beyond how things stand. Here because looks, which this room decides about, and
//! consents, which are another room's, speak of the same.

use crate::role::Permission;
use crate::words;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use wabe_kernel::Fault;
use wabe_store::Row;

words! {
    /// What customers keep in their things, and staff read on a consent that reaches it.
    Content {
        /// Messages in mailboxes.
        Mail = "mail",
        /// Files of webspaces.
        Files = "files",
        /// Rows of databases.
        Rows = "rows",
    }
}

impl Content {
    /// What a member needs to read it; a look has it when its consent reaches that far.
    #[must_use]
    pub const fn permission(self) -> Permission {
        match self {
            Self::Mail => Permission::MailRead,
            Self::Files => Permission::FileRead,
            Self::Rows => Permission::SqlUse,
        }
    }

    /// What this permission reads, if it reads content.
    #[must_use]
    pub fn of(permission: Permission) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|content| content.permission() == permission)
    }
}

/// How far a consent reaches; not at all beyond how things stand, unless it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is given or not by itself"
)]
pub struct Reach {
    /// Messages in mailboxes are read.
    pub reads_mail: bool,
    /// Files of webspaces are read.
    pub reads_files: bool,
    /// Rows of databases are read.
    pub reads_rows: bool,
    /// Ticket actions that are sensitive are carried out.
    pub acts: bool,
}

impl Reach {
    /// All that can be asked for.
    pub const EVERYTHING: Self = Self {
        reads_mail: true,
        reads_files: true,
        reads_rows: true,
        acts: true,
    };

    /// What was chosen of mail, files, rows and acts; what is not named is not meant.
    #[must_use]
    pub fn chosen(all: [Option<bool>; 4]) -> Self {
        let [reads_mail, reads_files, reads_rows, acts] = all.map(|one| one.unwrap_or(false));
        Self {
            reads_mail,
            reads_files,
            reads_rows,
            acts,
        }
    }

    /// What is asked for, from the row of a consent.
    ///
    /// # Errors
    /// A fault when the row is inconsistent.
    pub fn asked(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            reads_mail: row.flag("asks_mail")?,
            reads_files: row.flag("asks_files")?,
            reads_rows: row.flag("asks_rows")?,
            acts: row.flag("asks_acts")?,
        })
    }

    /// What is given, from the row of a consent.
    ///
    /// # Errors
    /// A fault when the row is inconsistent.
    pub fn given(row: &Row) -> Result<Self, Fault> {
        Ok(Self {
            reads_mail: row.flag("reads_mail")?,
            reads_files: row.flag("reads_files")?,
            reads_rows: row.flag("reads_rows")?,
            acts: row.flag("acts")?,
        })
    }

    /// Whether this content is read.
    #[must_use]
    pub const fn reads(self, content: Content) -> bool {
        match content {
            Content::Mail => self.reads_mail,
            Content::Files => self.reads_files,
            Content::Rows => self.reads_rows,
        }
    }

    /// The content that is read.
    pub fn contents(self) -> impl Iterator<Item = Content> {
        let all = Content::ALL.iter().copied();
        all.filter(move |content| self.reads(*content))
    }

    /// Whether any content is read.
    #[must_use]
    pub fn reads_content(self) -> bool {
        self.contents().next().is_some()
    }

    /// Whether it opens nothing beyond how things stand.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    /// Whether everything in `other` is in this.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        other.contents().all(|content| self.reads(content)) && (self.acts || !other.acts)
    }

    /// The words of what is in it, for the record.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        let contents = self.contents().map(Content::word);
        contents.chain(self.acts.then_some("acts")).collect()
    }

    /// What staff see on a look that reaches so far; of content only what is read there.
    #[must_use]
    pub fn shown(self) -> BTreeSet<Permission> {
        let mut shown = crate::grant::shown();
        shown.extend(self.contents().map(Content::permission));
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bits: u8) -> Reach {
        Reach {
            reads_mail: bits & 1 != 0,
            reads_files: bits & 2 != 0,
            reads_rows: bits & 4 != 0,
            acts: bits & 8 != 0,
        }
    }

    #[test]
    fn a_reach_covers_what_is_in_it_and_nothing_else() {
        for wide in 0..16 {
            for narrow in 0..16 {
                assert_eq!(of(wide).covers(of(narrow)), wide & narrow == narrow);
            }
        }
    }

    #[test]
    fn a_look_shows_the_content_that_is_reached_and_never_a_right_to_change() {
        assert_eq!(Reach::default().shown(), crate::grant::shown());
        for bits in 0..16 {
            let reach = of(bits);
            for permission in reach.shown() {
                let read = Content::of(permission).is_some_and(|content| reach.reads(content));
                assert!(read || crate::grant::shown().contains(&permission));
                assert!(!permission.word().ends_with(":write"), "{permission}");
            }
            for content in reach.contents() {
                assert!(reach.shown().contains(&content.permission()));
            }
        }
    }
}

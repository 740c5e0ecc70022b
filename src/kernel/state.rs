//! The states a resource can be in.

use crate::field::{Problem, text_form};
use std::fmt;
use std::str::FromStr;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident $format:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in the database, the API and the pages' markup.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = Problem;

            fn from_str(text: &str) -> Result<Self, Problem> {
                match text { $($word => Ok(Self::$variant),)* _ => Err(Problem::new("not-a-choice")) }
            }
        }

        text_form!($name, $format);
    };
}

words! {
    /// What kind of thing a resource is.
    ResourceKind "resource-kind" {
        /// A webspace.
        Webspace = "webspace",
        /// A domain.
        Domain = "domain",
        /// A mailbox.
        Mailbox = "mailbox",
        /// An alias address.
        Alias = "alias",
        /// A database.
        Database = "database",
    }
}

words! {
    /// Where a resource stands between what is wanted and what is.
    State "state" {
        /// Being set up for the first time.
        Pending = "pending",
        /// As wanted.
        Live = "live",
        /// Live, with a change on its way.
        Updating = "updating",
        /// The last attempt did not work; it is tried again.
        Failed = "failed",
        /// Switched off on purpose; its data is kept.
        Suspended = "suspended",
        /// In the trash, or being removed.
        Deleting = "deleting",
    }
}

words! {
    /// What a database is run by.
    Engine "engine" {
        /// SQLite, in files of the node.
        Sqlite = "sqlite",
        /// MariaDB, a server of the node.
        Mariadb = "mariadb",
        /// PostgreSQL, a server of the node.
        Postgresql = "postgresql",
    }
}

impl Engine {
    /// Whether it is a server that programs log in to over the network, with a name and a password.
    #[must_use]
    pub const fn is_server(self) -> bool {
        match self {
            Self::Sqlite => false,
            Self::Mariadb | Self::Postgresql => true,
        }
    }
}

//! A plan: what would change, what will not be touched, what is in the way, and what is left to people.

use crate::machine::{Foreign, Unit};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use wabe_kernel::DomainName;

/// The server of MariaDB.
pub(crate) const MARIADB: &str = "mariadb-server";
/// The server of PostgreSQL.
pub(crate) const POSTGRESQL: &str = "postgresql";

/// A package of Debian.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package(String);

impl Package {
    /// A package that this house knows.
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// As Debian calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Whether sites are served with it: the panel and its agent look for that when they start.
    fn is_for_sites(&self) -> bool {
        ![MARIADB, POSTGRESQL].contains(&self.name())
    }
}

/// What a file shall hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// This.
    Text(String),
    /// What the agent's unit reads: the number of the panel's user, which may not be there yet, and this.
    Agent(Served),
}

/// What an agent serves, as the panel's configuration has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// Below which name its authority may sign; nothing but names of this machine when absent.
    pub previews: Option<DomainName>,
    /// Where visitors come over HTTP.
    pub http: SocketAddr,
    /// Where visitors come over HTTPS.
    pub https: SocketAddr,
}

impl Served {
    /// The lines of the environment, for a panel with this user. Numbers and names are all that stands in it.
    #[must_use]
    pub fn environment(&self, user: u32) -> String {
        let Self {
            previews,
            http,
            https,
        } = self;
        let name = previews
            .as_ref()
            .map_or("preview.localhost", DomainName::as_str);
        format!("WABE_PEER={user}\nWABE_NAME={name}\nWABE_HTTP={http}\nWABE_HTTPS={https}\n")
    }
}

/// A file that this program writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub content: Content,
    /// Who may do what with it.
    pub mode: u32,
    /// Whether the panel's group reads it; root owns it in any case.
    pub is_read_by_panel: bool,
    /// What lay there when the plan was made: anything else stops.
    pub before: Option<Vec<u8>>,
}

/// One thing that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A unit of Debian's never starts, so that its program can be run by Wabe.
    Mask(Unit),
    /// Packages are installed.
    Install(Vec<Package>),
    /// The panel's user and group are made.
    Accounts,
    /// The folders of the panel are made, with their owners.
    Folders,
    /// A file is written.
    Write(File),
    /// A unit starts with the machine.
    Enable(Unit),
    /// A unit is started, or started anew.
    Restart(Unit),
}

impl Change {
    /// Whether the panel and its agent have to start anew to see it.
    #[must_use]
    pub fn is_seen_at_a_start(&self) -> bool {
        match self {
            Self::Write(_) => true,
            Self::Install(packages) => packages.iter().any(Package::is_for_sites),
            Self::Mask(_) | Self::Accounts | Self::Folders | Self::Enable(_) | Self::Restart(_) => {
                false
            }
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mask(unit) | Self::Enable(unit) | Self::Restart(unit) => {
                write!(f, "unit {}", unit.name())
            }
            Self::Install(packages) => {
                let names: Vec<&str> = packages.iter().map(Package::name).collect();
                let word = if names.len() == 1 {
                    "package"
                } else {
                    "packages"
                };
                write!(f, "{word} {}", names.join(" "))
            }
            Self::Accounts => f.write_str("user and group wabe"),
            Self::Folders => f.write_str("folders of the panel"),
            Self::Write(file) => write!(f, "file {}", file.path.display()),
        }
    }
}

/// A change with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// What changes.
    pub change: Change,
    /// How it is now.
    pub now: String,
    /// How it will be.
    pub then: String,
    /// Why.
    pub why: &'static str,
}

/// What keeps a plan from being carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// What is in the way.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

/// What would change, and what would not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What changes, in the order in which it does.
    pub changes: Vec<Planned>,
    /// What somebody else set up, and stays as it is.
    pub untouched: Vec<Foreign>,
    /// What is in the way: nothing is changed while there is any.
    pub obstacles: Vec<Obstacle>,
    /// What people have to do themselves.
    pub left: Vec<String>,
}

impl Plan {
    /// Whether the machine is as it was wanted.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.changes.is_empty() && self.obstacles.is_empty()
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Site(path, names) if names.is_empty() => write!(f, "{}", path.display()),
            Self::Site(path, names) => write!(f, "{} ({})", path.display(), names.join(" ")),
            Self::Databases(server, path) => {
                write!(f, "databases of {server} in {}", path.display())
            }
            Self::Mail(server, path) => write!(f, "mail by {server}, {}", path.display()),
        }
    }
}

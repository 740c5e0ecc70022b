//! What was seen of the machine.

use crate::ledger::Ledger;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The panel's user and group.
pub const USER: &str = "wabe";
/// The panel's configuration.
pub const CONFIGURATION: &str = "/etc/wabe/wabe.toml";
/// Tells the agent's unit who may speak to it.
pub const AGENT_ENVIRONMENT: &str = "/etc/wabe/agent.env";
/// The socket between the panel and its agent.
pub const AGENT_SOCKET: &str = "/run/wabe/agent.sock";
/// The panel's data folder.
pub const DATA: &str = "/var/lib/wabe";
/// What is remembered of this program's files, on the machine.
pub const LEDGER: &str = "/var/lib/wabe-setup/ledger.json";

/// A unit of systemd that is spoken about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// The panel.
    Panel,
    /// The agent.
    Agent,
    /// Debian's own nginx.
    Nginx,
    /// Debian's own pools of this version of PHP.
    Php(&'static str),
}

impl Unit {
    /// As systemd calls it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Panel => "wabe.service".to_owned(),
            Self::Agent => "wabe-agent.service".to_owned(),
            Self::Nginx => "nginx.service".to_owned(),
            Self::Php(version) => format!("php{version}-fpm.service"),
        }
    }

    /// Where a link keeps it from ever starting.
    #[must_use]
    pub fn mask(&self) -> PathBuf {
        Path::new("/etc/systemd/system").join(self.name())
    }

    /// Where a link has it started with the machine.
    #[must_use]
    pub fn wanted(&self) -> PathBuf {
        Path::new("/etc/systemd/system/multi-user.target.wants").join(self.name())
    }
}

/// A release of Debian that a node can be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// Debian 12.
    Bookworm,
    /// Debian 13.
    Trixie,
}

impl Release {
    /// The version of PHP that it comes with.
    #[must_use]
    pub const fn php(self) -> &'static str {
        match self {
            Self::Bookworm => "8.2",
            Self::Trixie => "8.4",
        }
    }
}

/// What lies at a path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Found {
    /// Nothing.
    #[default]
    Nothing,
    /// A file with this content.
    File(Vec<u8>),
    /// A link to there.
    Link(PathBuf),
    /// A file that may not be read by whoever looks.
    Hidden,
    /// A folder, or something stranger.
    Other,
}

/// A socket that somebody listens at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listener {
    /// The port.
    pub port: u16,
    /// The program, where that is known: only root sees it of everybody.
    pub program: Option<String>,
    /// The unit it belongs to, where that is known.
    pub unit: Option<String>,
}

impl Listener {
    /// Whether the panel or its agent listens there.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        let ours = [Unit::Panel.name(), Unit::Agent.name()];
        let of_unit = self.unit.as_ref().is_some_and(|unit| ours.contains(unit));
        let by_name = self.program.as_deref();
        of_unit || by_name.is_some_and(|name| name == "wabe" || name == "wabe-agent")
    }
}

/// Something that somebody else set up here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Foreign {
    /// A file of nginx, and the host names in it.
    Site(PathBuf, Vec<String>),
    /// A database server with data of its own.
    Databases(&'static str, PathBuf),
    /// A mail server.
    Mail(&'static str, PathBuf),
}

/// What was seen of the machine.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// Its release of Debian; nothing where it is another system.
    pub release: Option<Release>,
    /// What it calls itself.
    pub system: String,
    /// Whether another folder than the machine's own root was looked at.
    pub is_elsewhere: bool,
    /// Whether systemd is at work.
    pub is_running: bool,
    /// What is installed, with its version.
    pub packages: BTreeMap<String, String>,
    /// The number of the panel's user.
    pub user: Option<u32>,
    /// What lies at the paths that a plan can speak about.
    pub files: BTreeMap<PathBuf, Found>,
    /// Units that are at work.
    pub active: BTreeSet<Unit>,
    /// Who listens where.
    pub listeners: BTreeSet<Listener>,
    /// What somebody else set up.
    pub foreign: BTreeSet<Foreign>,
    /// What this program wrote before.
    pub ledger: Ledger,
}

impl Machine {
    /// What lies there.
    #[must_use]
    pub fn at(&self, path: &Path) -> &Found {
        self.files.get(path).unwrap_or(&Found::Nothing)
    }

    /// Whether a package is installed.
    #[must_use]
    pub fn has(&self, package: &str) -> bool {
        self.packages.contains_key(package)
    }

    /// Whether a unit is kept from ever starting.
    #[must_use]
    pub fn is_masked(&self, unit: &Unit) -> bool {
        matches!(self.at(&unit.mask()), Found::Link(to) if to == Path::new("/dev/null"))
    }

    /// Whether a unit starts with the machine.
    #[must_use]
    pub fn is_enabled(&self, unit: &Unit) -> bool {
        matches!(self.at(&unit.wanted()), Found::Link(_))
    }
}

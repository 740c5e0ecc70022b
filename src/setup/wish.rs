//! What the operator wants of the machine.

use std::collections::BTreeSet;
use wabe_kernel::{DomainName, MailAddress};

/// A part of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// nginx and PHP by the agent, which is root and works as the users of webspaces.
    Agent,
    /// nginx and PHP by the panel as its own user, where there is no agent.
    Web,
    /// MariaDB, for databases of customers.
    Mariadb,
    /// PostgreSQL, for databases of customers.
    Postgresql,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Agent, Self::Web, Self::Mariadb, Self::Postgresql];

    /// What it is called on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Web => "web",
            Self::Mariadb => "mariadb",
            Self::Postgresql => "postgresql",
        }
    }

    /// The part of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }
}

/// Who issues certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acme {
    /// The address of its ACME directory.
    pub directory: String,
    /// Whom it writes to.
    pub contact: MailAddress,
}

/// What the operator wants of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The parts of a node that it shall have; those that are not named are left as they are.
    pub parts: BTreeSet<Part>,
    /// The panel's host name, as browsers know it; what the configuration says when absent.
    pub host: Option<DomainName>,
    /// Who issues certificates; what the configuration says when absent.
    pub acme: Option<Acme>,
}

impl Wish {
    /// Whether it names this part.
    #[must_use]
    pub fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            parts: BTreeSet::from([Part::Agent]),
            host: None,
            acme: None,
        }
    }
}

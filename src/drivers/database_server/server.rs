//! What a database server can be told, whichever it is.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::sync::MutexGuard;
use wabe_kernel::content::{ByteSource, ContentError, QueryResult, TableInfo};
use wabe_kernel::desired::{DatabaseLogin, StepFailure, Working};
use wabe_kernel::quota::Bytes;
use wabe_kernel::{Engine, RemoteAddresses, RemoteWay, Secret, ServerName};

use crate::database_server::dump::Incoming;
use crate::database_server::rendered::NotQuotable;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(4);
/// How long an administrator's work may take.
const WORK: Duration = Duration::from_secs(30);

/// Where a server is, and who administers it.
#[derive(Debug, Clone)]
pub struct Place {
    /// The host, as programs on this node name it.
    pub host: String,
    /// The port.
    pub port: u16,
    /// An administrator with the right to grant; on PostgreSQL a superuser.
    pub user: String,
    /// What the administrator logs in with.
    pub password: Secret,
    /// Whether programs elsewhere come in.
    pub remote: RemoteWay,
}

impl Place {
    /// What is offered there, whose version the server said or did not say.
    pub(crate) fn offer(&self, engine: Engine, version: Result<String, Trouble>) -> Offer {
        Offer {
            engine,
            host: self.host.clone(),
            port: self.port,
            version: version.ok(),
            remote: self.remote.clone(),
        }
    }

    /// Where they come from: what a customer listed, where anybody comes at all.
    pub(crate) fn admitted(&self, listed: &RemoteAddresses) -> RemoteAddresses {
        match self.remote {
            RemoteWay::On { .. } => listed.clone(),
            RemoteWay::Off | RemoteWay::Foreign => RemoteAddresses::default(),
        }
    }
}

/// Does an administrator's work within its time.
pub(crate) fn within<T>(
    work: impl Future<Output = Result<T, Trouble>>,
) -> impl Future<Output = Result<T, Trouble>> {
    // Whoever waits is not as large as a whole conversation with a server.
    let work = Box::pin(work);
    async move {
        let late = |_late| Trouble::Away("no answer in time".to_owned());
        tokio::time::timeout(WORK, work).await.map_err(late)?
    }
}

/// A connection that comes about in time.
pub(crate) fn connected<C>(
    connecting: impl Future<Output = Result<C, sqlx::Error>>,
) -> impl Future<Output = Result<C, Trouble>> {
    let connecting = Box::pin(connecting);
    async move {
        let late = |_late| Trouble::Away("no connection in time".to_owned());
        let connected = tokio::time::timeout(CONNECT, connecting).await;
        Ok(connected.map_err(late)??)
    }
}

/// Why a server did not do what it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It cannot be reached, or does not answer in time.
    Away(String),
    /// It refused.
    Refused(String),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        match error {
            // The server's own words, without the statement. Of the classes of SQLSTATE these three are no
            // refusal: connection, resources, and a server that starts or ends.
            sqlx::Error::Database(said) => {
                let code = said.code().unwrap_or_default();
                let away = ["08", "53", "57P"]
                    .iter()
                    .any(|class| code.starts_with(class));
                let words = said.message().to_owned();
                if away {
                    Self::Away(words)
                } else {
                    Self::Refused(words)
                }
            }
            other => Self::Away(other.to_string()),
        }
    }
}

impl From<NotQuotable> for Trouble {
    fn from(_not_quotable: NotQuotable) -> Self {
        Self::Refused("a name that stands in no statement".to_owned())
    }
}

impl From<Trouble> for StepFailure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Away(detail) => Self::new("database-server-away", detail),
            Trouble::Refused(detail) => Self::new("database-failed", detail),
        }
    }
}

impl From<Trouble> for ContentError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Away(_) => Self::Refused("server-away"),
            Trouble::Refused(detail) => Self::Fault(detail),
        }
    }
}

/// How far the user of a database reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everything that is theirs.
    Writes,
    /// Reading and deleting: it holds more than it may.
    Reads,
    /// Nothing: it is hidden, or holds far more than it may.
    Nothing,
}

impl Reach {
    /// The reach of a database that is shown and holds so much. Whoever owns tables on PostgreSQL may give
    /// themselves rights back, so a quarter beyond the quota nobody comes in there any more.
    #[must_use]
    pub const fn of(engine: Engine, used: Bytes, quota: Bytes) -> Self {
        let far = quota.saturating_add(quota / 4);
        if used <= quota {
            Self::Writes
        } else if used <= far || !matches!(engine, Engine::Postgresql) {
            Self::Reads
        } else {
            Self::Nothing
        }
    }
}

/// How many connections a user was allowed, where nothing positive is no bound, beside how many they should be.
pub(crate) fn allowed(before: i64, wished: u32) -> Ordering {
    if before < 1 {
        return Ordering::Greater;
    }
    before.cmp(&i64::from(wished))
}

/// What a server has of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The database is there.
    pub database: bool,
    /// Its user is there.
    pub user: bool,
    /// How far the user reaches; nothing when anything about it is not as it was left.
    pub reach: Option<Reach>,
}

/// Where customers' programs reach a server, and whether it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What it is.
    pub engine: Engine,
    /// The host, as programs on this node name it.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Its version in its own words; absent while it does not answer.
    pub version: Option<String>,
    /// Whether programs elsewhere come to it.
    pub remote: RemoteWay,
}

/// A login that no step changes while this is held: whoever logs in with it lets go of it afterwards.
pub struct Held<'a> {
    login: DatabaseLogin,
    _turn: Option<MutexGuard<'a, ()>>,
}

impl<'a> Held<'a> {
    /// The login as it was read during this turn.
    pub(crate) const fn new(login: DatabaseLogin, turn: Option<MutexGuard<'a, ()>>) -> Self {
        Self { login, _turn: turn }
    }

    /// What logs in.
    #[must_use]
    pub const fn login(&self) -> &DatabaseLogin {
        &self.login
    }
}

/// What speaks against a server with names that customers could take, which are not ours: whoever took one
/// would get what it stands for.
pub(crate) fn foreign(names: BTreeSet<String>, ours: &BTreeSet<String>) -> Option<String> {
    let taken = |name: &String| !ours.contains(name) && name.parse::<ServerName>().is_ok();
    let names: Vec<String> = names.into_iter().filter(taken).collect();
    if names.is_empty() {
        return None;
    }
    Some(format!(
        "it has databases or users that are no customers' and whose names customers could take: {}; use a server \
         of its own",
        names.join(", ")
    ))
}

/// A server with the databases of customers. Each act can be done twice.
pub trait DatabaseServer: Send + Sync + 'static {
    /// What it is, where it is, and whether it answers now.
    fn offer(&self) -> Working<'_, Offer>;
    /// What it is.
    fn engine(&self) -> Engine;
    /// What speaks against giving it customers' databases, one line each, for whoever runs it; `ours` are the
    /// names that are there on our account.
    fn misfits<'a>(
        &'a self,
        ours: &'a BTreeSet<String>,
    ) -> Working<'a, Result<Vec<String>, Trouble>>;
    /// Closes what every server leaves open, and removes what an earlier process left behind.
    fn prepare(&self) -> Working<'_, Result<(), Trouble>>;
    /// What it has.
    fn look<'a>(&'a self, login: &'a DatabaseLogin) -> Working<'a, Result<Seen, Trouble>>;
    /// Makes the database, closed to everybody, where missing.
    fn make<'a>(&'a self, name: &'a ServerName) -> Working<'a, Result<(), Trouble>>;
    /// Makes the user where missing, with exactly these rights, this password and so many connections, from this
    /// machine and what is listed; ends the sessions of one that reaches less than before, or may hold fewer, and
    /// those from elsewhere where the list became shorter. Allowed more, they go on. Where it fails halfway, whoever
    /// was taken off the list is out with the next one.
    fn admit<'a>(
        &'a self,
        login: &'a DatabaseLogin,
        reach: Reach,
    ) -> Working<'a, Result<(), Trouble>>;
    /// Removes database and user with everything that is in them or was granted to them.
    fn remove<'a>(&'a self, name: &'a ServerName) -> Working<'a, Result<(), Trouble>>;
    /// How much one database holds; nothing when it is not there.
    fn size<'a>(&'a self, name: &'a ServerName) -> Working<'a, Result<Bytes, Trouble>>;
    /// How much every database holds, by name.
    fn sizes(&self) -> Working<'_, Result<BTreeMap<String, Bytes>, Trouble>>;
    /// Runs what a customer typed, with the rights of the database's user.
    fn query<'a>(
        &'a self,
        held: Held<'a>,
        sql: &'a str,
        skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>>;
    /// The tables, with their rows; above a hundred thousand as the server estimates them.
    fn tables<'a>(&'a self, held: Held<'a>) -> Working<'a, Result<Vec<TableInfo>, ContentError>>;
    /// The rows of one table.
    fn rows<'a>(
        &'a self,
        held: Held<'a>,
        table: &'a str,
        skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>>;
    /// Runs a dump with the rights of the database's user; answers its bytes.
    fn import<'a>(
        &'a self,
        held: Held<'a>,
        dump: Incoming<'a>,
    ) -> Working<'a, Result<Bytes, ContentError>>;
    /// Writes a dump as the database's user.
    fn export<'a>(
        &'a self,
        held: Held<'a>,
    ) -> Working<'a, Result<Box<dyn ByteSource>, ContentError>>;
}

#[cfg(test)]
mod tests {
    use super::Reach;
    use std::cmp::Ordering;
    use wabe_kernel::Engine;

    #[test]
    fn names_that_customers_could_take_are_found() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let ours = set(&["shop"]);
        assert_eq!(
            super::foreign(set(&["shop", "mysql", "wabe", "pg_read"]), &ours),
            None
        );
        let found = super::foreign(set(&["shop", "crm", "postgres"]), &ours).unwrap();
        assert!(found.contains("take: crm;"), "{found}");
    }

    #[test]
    fn without_a_bound_are_more_connections_than_with_any() {
        for (before, expected) in [
            (-1, Ordering::Greater),
            (0, Ordering::Greater),
            (19, Ordering::Less),
            (20, Ordering::Equal),
            (21, Ordering::Greater),
        ] {
            assert_eq!(super::allowed(before, 20), expected, "{before}");
        }
    }

    #[test]
    fn what_is_full_is_read_and_what_is_far_beyond_is_closed() {
        for (used, reach) in [
            (0, Reach::Writes),
            (1_000, Reach::Writes),
            (1_001, Reach::Reads),
            (1_250, Reach::Reads),
            (1_251, Reach::Nothing),
        ] {
            let found = Reach::of(Engine::Postgresql, used, 1_000);
            assert_eq!(found, reach, "{used}");
        }
        // MariaDB's users own nothing that they could hand themselves rights to.
        let of = |used, quota| Reach::of(Engine::Mariadb, used, quota);
        assert_eq!(of(9_000, 1_000), Reach::Reads);
        assert_eq!(of(i64::MAX, i64::MAX), Reach::Writes);
    }
}

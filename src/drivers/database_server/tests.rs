//! Wishes, steps and the ledger over a server in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use wabe_kernel::content::{ByteSource, ContentError, QueryResult, TableInfo};
use wabe_kernel::desired::{Act, Database, DatabaseLogin, Observed, Step, Subject, Wish, Working};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::quota::Bytes;
use wabe_kernel::{Engine, ServerName};

use crate::database_server::DatabaseServers;
use crate::database_server::dump::Incoming;
use crate::database_server::server::{DatabaseServer, Held, Offer, Reach, Seen, Trouble};

const VERIFIER: &str = "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19";

#[derive(Default)]
struct Memory {
    databases: BTreeMap<String, Bytes>,
    users: BTreeMap<String, Reach>,
    away: bool,
}

/// A server in memory.
#[derive(Default)]
struct Server(Mutex<Memory>);

impl Server {
    fn with<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> Result<T, Trouble> {
        let mut memory = self.0.lock().unwrap();
        if memory.away {
            return Err(Trouble::Away("nobody there".to_owned()));
        }
        Ok(work(&mut memory))
    }

    fn user(&self, name: &str) -> Option<Reach> {
        self.0.lock().unwrap().users.get(name).copied()
    }
}

impl DatabaseServer for Server {
    fn offer(&self) -> Working<'_, Offer> {
        Box::pin(async move {
            Offer {
                engine: Engine::Mariadb,
                host: "127.0.0.1".to_owned(),
                port: 1,
                version: self.with(|_| "1".to_owned()).ok(),
                remote: wabe_kernel::RemoteWay::Off,
            }
        })
    }

    fn engine(&self) -> Engine {
        Engine::Mariadb
    }

    fn misfits<'a>(
        &'a self,
        ours: &'a BTreeSet<String>,
    ) -> Working<'a, Result<Vec<String>, Trouble>> {
        Box::pin(async move { self.with(|_| ours.iter().cloned().collect()) })
    }

    fn prepare(&self) -> Working<'_, Result<(), Trouble>> {
        Box::pin(async { Ok(()) })
    }

    fn look<'a>(&'a self, login: &'a DatabaseLogin) -> Working<'a, Result<Seen, Trouble>> {
        let name = login.name.as_str();
        Box::pin(async move {
            self.with(|memory| Seen {
                database: memory.databases.contains_key(name),
                user: memory.users.contains_key(name),
                reach: memory.users.get(name).copied(),
            })
        })
    }

    fn make<'a>(&'a self, name: &'a ServerName) -> Working<'a, Result<(), Trouble>> {
        Box::pin(async move {
            self.with(|memory| {
                memory.databases.entry(name.to_string()).or_insert(0);
            })
        })
    }

    fn admit<'a>(
        &'a self,
        login: &'a DatabaseLogin,
        reach: Reach,
    ) -> Working<'a, Result<(), Trouble>> {
        Box::pin(async move {
            self.with(|memory| {
                memory.users.insert(login.name.to_string(), reach);
            })
        })
    }

    fn remove<'a>(&'a self, name: &'a ServerName) -> Working<'a, Result<(), Trouble>> {
        Box::pin(async move {
            self.with(|memory| {
                memory.databases.remove(name.as_str());
                memory.users.remove(name.as_str());
            })
        })
    }

    fn size<'a>(&'a self, name: &'a ServerName) -> Working<'a, Result<Bytes, Trouble>> {
        Box::pin(async move {
            self.with(|memory| memory.databases.get(name.as_str()).copied().unwrap_or(0))
        })
    }

    fn sizes(&self) -> Working<'_, Result<BTreeMap<String, Bytes>, Trouble>> {
        Box::pin(async move { self.with(|memory| memory.databases.clone()) })
    }

    fn query<'a>(
        &'a self,
        _held: Held<'a>,
        _sql: &'a str,
        _skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>> {
        Box::pin(async { Err(ContentError::NotFound) })
    }

    fn tables<'a>(&'a self, _held: Held<'a>) -> Working<'a, Result<Vec<TableInfo>, ContentError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn rows<'a>(
        &'a self,
        _held: Held<'a>,
        _table: &'a str,
        _skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>> {
        Box::pin(async { Err(ContentError::NotFound) })
    }

    fn import<'a>(
        &'a self,
        _held: Held<'a>,
        _dump: Incoming<'a>,
    ) -> Working<'a, Result<Bytes, ContentError>> {
        Box::pin(async { Err(ContentError::NotFound) })
    }

    fn export<'a>(
        &'a self,
        _held: Held<'a>,
    ) -> Working<'a, Result<Box<dyn ByteSource>, ContentError>> {
        Box::pin(async { Err(ContentError::NotFound) })
    }
}

struct Node {
    folder: tempfile::TempDir,
    server: Arc<Server>,
    servers: Arc<DatabaseServers>,
}

fn node() -> Node {
    let folder = tempfile::tempdir().unwrap();
    let server = Arc::new(Server::default());
    let servers = DatabaseServers::open(folder.path(), vec![server.clone()]).unwrap();
    Node {
        folder,
        server,
        servers,
    }
}

fn id() -> DatabaseId {
    "dbs_01jdn3x7qkf8r9s2t4v6w8y0a1".parse().unwrap()
}

fn database() -> Database {
    Database {
        id: id(),
        engine: Engine::Mariadb,
        quota: 1_000,
        login: Some(DatabaseLogin {
            name: "shop".parse().unwrap(),
            verifier: VERIFIER.parse().unwrap(),
            connections: 20,
            remote: wabe_kernel::RemoteAddresses::default(),
        }),
    }
}

impl Node {
    async fn apply(&self, revision: i64, act: Act) -> &'static str {
        let step = Step {
            subject: Subject::Database(id()),
            revision,
            act,
        };
        let done = self.servers.apply(&step).await;
        done.err().map_or("done", |failure| failure.code)
    }

    async fn live(&self) {
        assert_eq!(self.apply(1, Act::MakeDatabase(database())).await, "done");
        let wish = Wish::Present(database());
        assert_eq!(self.apply(1, Act::ConfigureDatabase(wish)).await, "done");
    }

    async fn seen(&self) -> (bool, Option<Wish<Database>>, bool) {
        match self.servers.observe(id()).await.unwrap() {
            Observed::Database { file, entry, full } => (file, entry, full),
            other => panic!("{other:?}"),
        }
    }

    fn holds(&self, bytes: Bytes) {
        let set = |memory: &mut Memory| memory.databases.insert("shop".to_owned(), bytes);
        self.server.with(set).unwrap();
    }

    async fn tend(&self) {
        let server: Arc<dyn DatabaseServer> = self.server.clone();
        self.servers.tend_one(&server).await.unwrap();
    }
}

#[tokio::test]
async fn a_database_is_made_hidden_and_removed_with_its_user() {
    let node = node();
    assert_eq!(node.seen().await, (false, None, false));
    assert_eq!(node.apply(1, Act::MakeDatabase(database())).await, "done");
    assert_eq!(node.seen().await, (true, None, false));
    node.live().await;
    let shown = Some(Wish::Present(database()));
    assert_eq!(node.seen().await, (true, shown, false));
    let hidden = Wish::Hidden(database());
    assert_eq!(
        node.apply(2, Act::ConfigureDatabase(hidden.clone())).await,
        "done"
    );
    assert_eq!(node.server.user("shop"), Some(Reach::Nothing));
    assert_eq!(node.seen().await, (true, Some(hidden), false));
    assert_eq!(node.apply(3, Act::RemoveDatabase(id())).await, "done");
    assert_eq!(node.seen().await, (false, None, false));
    assert_eq!(node.server.user("shop"), None);
    let late = Act::ConfigureDatabase(Wish::Present(database()));
    assert_eq!(node.apply(2, late).await, "older-revision");
}

#[tokio::test]
async fn what_was_changed_by_hand_is_not_configured_any_more() {
    let node = node();
    node.live().await;
    node.server.with(|memory| memory.users.clear()).unwrap();
    assert_eq!(node.seen().await, (true, None, false));
    node.live().await;
    node.server.with(|memory| memory.databases.clear()).unwrap();
    assert_eq!(node.seen().await, (false, None, false));
}

#[tokio::test]
async fn what_holds_too_much_is_read_only_until_it_holds_less() {
    let node = node();
    node.live().await;
    node.holds(1_001);
    assert_eq!(node.seen().await, (true, None, true));
    node.tend().await;
    assert_eq!(node.server.user("shop"), Some(Reach::Reads));
    assert_eq!(
        node.seen().await,
        (true, Some(Wish::Present(database())), true)
    );
    node.holds(900);
    node.tend().await;
    assert_eq!(node.server.user("shop"), Some(Reach::Writes));
    assert_eq!(node.servers.touched().next().await.len(), 1);
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test's own file")]
async fn an_entry_that_cannot_be_understood_keeps_no_other_from_its_quota() {
    let node = node();
    node.live().await;
    let broken = node.folder.path().join("database_server");
    let broken = broken.join("dbs_01jdn3x7qkf8r9s2t4v6w8y0a0.json");
    std::fs::write(broken, "{").unwrap();
    node.holds(1_001);
    node.tend().await;
    assert_eq!(node.server.user("shop"), Some(Reach::Reads));
}

#[tokio::test]
async fn what_is_gone_lies_apart_and_still_refuses_what_is_late() {
    let node = node();
    node.live().await;
    assert_eq!(node.apply(3, Act::RemoveDatabase(id())).await, "done");
    let folder = node.folder.path().join("database_server");
    let name = format!("{}.json", id());
    assert!(!folder.join(&name).exists() && folder.join("gone").join(&name).exists());
    assert_eq!(
        node.apply(2, Act::MakeDatabase(database())).await,
        "older-revision"
    );
    assert_eq!(node.apply(4, Act::MakeDatabase(database())).await, "done");
    assert!(folder.join(&name).exists() && !folder.join("gone").join(&name).exists());
}

#[tokio::test]
async fn no_step_changes_a_login_while_somebody_comes_in_with_it() {
    let node = node();
    node.live().await;
    let way = node.servers.enter(id(), &node.servers.crowd).await.unwrap();
    assert!(way.is_some());
    let wish = Wish::Present(Database {
        quota: 2_000,
        ..database()
    });
    let mut step = Box::pin(node.apply(2, Act::ConfigureDatabase(wish)));
    let waited = tokio::time::timeout(Duration::from_millis(100), &mut step).await;
    assert!(waited.is_err());
    drop(way);
    assert_eq!(step.await, "done");
}

#[tokio::test]
async fn whoever_comes_in_has_the_rights_that_fit_what_is_held() {
    let node = node();
    node.live().await;
    // Since the last look.
    node.holds(1_001);
    assert_eq!(node.server.user("shop"), Some(Reach::Writes));
    let entered = node.servers.enter(id(), &node.servers.crowd).await.unwrap();
    assert!(entered.is_some());
    assert_eq!(node.server.user("shop"), Some(Reach::Reads));
}

#[tokio::test]
async fn a_removal_that_found_nobody_is_not_forgotten() {
    let node = node();
    node.live().await;
    node.server.0.lock().unwrap().away = true;
    assert_eq!(
        node.apply(2, Act::RemoveDatabase(id())).await,
        "database-server-away"
    );
    assert_eq!(node.seen().await, (true, None, false));
    node.server.0.lock().unwrap().away = false;
    assert_eq!(node.apply(2, Act::RemoveDatabase(id())).await, "done");
    assert_eq!(node.seen().await, (false, None, false));
    assert_eq!(node.server.user("shop"), None);
}

#[tokio::test]
async fn a_server_that_is_known_to_be_away_is_not_waited_for() {
    let node = node();
    node.live().await;
    node.server.0.lock().unwrap().away = true;
    assert_eq!(node.servers.offers().await[0].version, None);
    // It answers again, and nobody has looked yet.
    node.server.0.lock().unwrap().away = false;
    let seen = node.servers.observe(id()).await;
    assert_eq!(seen.unwrap_err().code, "database-server-away");
    node.servers.offers().await;
    assert_eq!(
        node.seen().await,
        (true, Some(Wish::Present(database())), false)
    );
}

#[tokio::test]
async fn a_wish_without_a_fitting_login_changes_nothing() {
    let node = node();
    let without = Database {
        login: None,
        ..database()
    };
    assert_eq!(
        node.apply(1, Act::MakeDatabase(without)).await,
        "database-failed"
    );
    let other = Database {
        engine: Engine::Postgresql,
        ..database()
    };
    // A hash of MariaDB's would be a clear password for PostgreSQL.
    assert_eq!(
        node.apply(1, Act::MakeDatabase(other)).await,
        "database-failed"
    );
    assert_eq!(node.seen().await, (false, None, false));
    assert!(
        node.servers
            .offers()
            .await
            .iter()
            .all(|offer| offer.version.is_some())
    );
}

//! The drivers alone, with instances of their own: what somebody changed by hand, and what a removal leaves.

use crate::client::until;
use crate::process::unique;
use crate::sql_node::Access;
use crate::sql_node::remote::HOST;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;
use wabe_drivers::database_server::server::DatabaseServer;
use wabe_drivers::database_server::{Contents, DatabaseServers};
use wabe_drivers::embedded::ca::LocalCa;
use wabe_drivers::embedded::database::{Databases, Deadlines};
use wabe_drivers::private::{Outside, free_port};
use wabe_drivers::{mariadb, postgresql};
use wabe_kernel::content::Sql as _;
use wabe_kernel::desired::{Act, Database, DatabaseLogin, Observed, Step, Subject, Wish};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{Clock as _, Engine, PasswordVerifier, Secret};
use wabe_panel::system::{SystemClock, SystemRng};
use wabe_testkit::{TestClock, TestRng};

/// A node of the drivers alone, with instances of its own.
pub(super) struct Node {
    servers: Arc<DatabaseServers>,
    maria: mariadb::instance::Instance,
    postgres: postgresql::instance::Instance,
    postgres_server: Arc<postgresql::Postgresql>,
    folder: tempfile::TempDir,
}

async fn node() -> &'static Node {
    static NODE: OnceCell<Node> = OnceCell::const_new();
    NODE.get_or_init(start).await
}

pub(super) async fn start() -> Node {
    let folder = tempfile::tempdir().unwrap();
    // The system's users that the servers run as come through it.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o711);
    std::fs::set_permissions(folder.path(), open).unwrap();
    let (clock, rng) = (Arc::new(TestClock::default()), Arc::new(TestRng::seeded(3)));
    let place = folder.path().join("mariadb");
    let outside = Some(outside(folder.path()));
    let maria = mariadb::instance::Instance::start_for(
        (&place, free_port().unwrap()),
        outside.clone(),
        clock.clone(),
        rng.clone(),
    );
    let settings = postgresql::instance::Settings {
        folder: folder.path().join("postgresql"),
        port: free_port().unwrap(),
        admits: postgresql::instance::FOR_CUSTOMERS,
        more: &[],
    };
    let postgres = postgresql::instance::Instance::start_for(settings, outside, clock, rng);
    let ((maria, maria_server), (postgres, postgres_server)) =
        (maria.await.unwrap(), postgres.await.unwrap());
    postgres_server.prepare().await.unwrap();
    let servers: Vec<Arc<dyn DatabaseServer>> = vec![maria_server, postgres_server.clone()];
    Node {
        servers: DatabaseServers::open(&folder.path().join("node"), servers).unwrap(),
        maria,
        postgres,
        postgres_server,
        folder,
    }
}

/// What they prove themselves with to programs elsewhere.
pub(super) fn outside(folder: &Path) -> Outside {
    // The clients look at their own clock.
    let (clock, rng) = (Arc::new(SystemClock::default()), Arc::new(SystemRng));
    let ca = LocalCa::open_or_create(&folder.join("ca"), &[], clock, rng).unwrap();
    let issued = ca.issue(&[HOST], 30).unwrap();
    Outside {
        host: HOST.to_owned(),
        listen: vec![HOST.parse().unwrap()],
        certificate: issued.cert_pem,
        key: issued.key_pem,
        authority: ca.ca_pem().to_owned(),
    }
}

impl Node {
    /// The file of the authority.
    pub(super) fn authority(&self) -> PathBuf {
        self.folder.path().join("ca/ca.pem")
    }

    /// The file of who may connect to PostgreSQL.
    pub(super) fn hba(&self) -> PathBuf {
        self.folder.path().join("postgresql/hba.conf")
    }

    /// The administrator of an engine.
    pub(super) fn admin(&self, engine: Engine) -> Access {
        let (engine, port, user, password, database) = match engine {
            Engine::Mariadb => {
                let place = &self.maria.place;
                ("mariadb", place.port, &place.user, &place.password, "mysql")
            }
            Engine::Postgresql | Engine::Sqlite => {
                let place = &self.postgres.place;
                (
                    "postgresql",
                    place.port,
                    &place.user,
                    &place.password,
                    "postgres",
                )
            }
        };
        Access {
            engine,
            host: "127.0.0.1".to_owned(),
            port,
            database: database.to_owned(),
            user: user.clone(),
            password: password.expose().to_owned(),
        }
    }

    /// The consoles of its databases.
    fn contents(&self) -> Contents {
        let node = self.folder.path().join("files");
        let program = Path::new(env!("CARGO_BIN_EXE_wabe")).with_file_name("wabe-sql");
        let clock = Arc::new(TestClock::default());
        Contents {
            files: Databases::open(&node, &program, Deadlines::default(), clock).unwrap(),
            servers: self.servers.clone(),
        }
    }

    pub(super) async fn apply(&self, revision: i64, database: &Database, act: Act) {
        let step = Step {
            subject: Subject::Database(database.id),
            revision,
            act,
        };
        self.servers.apply(&step).await.unwrap();
    }

    pub(super) async fn configure(&self, revision: i64, database: &Database) {
        let wish = Wish::Present(database.clone());
        self.apply(revision, database, Act::ConfigureDatabase(wish))
            .await;
    }

    /// A database on PostgreSQL that is shown, and how a program reaches it.
    async fn shown(&self, name: &str) -> (Database, Access) {
        let (database, access) = wished(self, Engine::Postgresql, name);
        self.apply(1, &database, Act::MakeDatabase(database.clone()))
            .await;
        self.configure(1, &database).await;
        (database, access)
    }

    pub(super) async fn is_as_wished(&self, database: &Database) -> bool {
        let seen = self.servers.observe(database.id).await.unwrap();
        let wished = Some(Wish::Present(database.clone()));
        matches!(seen, Observed::Database { file: true, entry, .. } if entry == wished)
    }
}

/// A database as it should be, and how a program reaches it.
pub(super) fn wished(node: &Node, engine: Engine, name: &str) -> (Database, Access) {
    let rng = TestRng::seeded(u64::from(unique()));
    let password = Secret::new("abcde-fghjk-mnpqr-stuvw");
    let verifier = PasswordVerifier::of(engine, &password, &rng).unwrap();
    let database = Database {
        id: DatabaseId::new(TestClock::default().now(), &rng),
        engine,
        quota: 50_000_000,
        login: Some(DatabaseLogin {
            name: name.parse().unwrap(),
            verifier,
            connections: 20,
            remote: wabe_kernel::RemoteAddresses::default(),
        }),
    };
    let access = Access {
        database: name.to_owned(),
        user: name.to_owned(),
        password: password.expose().to_owned(),
        ..node.admin(engine)
    };
    (database, access)
}

/// What is left of a name on a server: databases, users and rights.
pub(super) fn left(admin: &Access, name: &str) -> String {
    let sql = if admin.engine == "mariadb" {
        format!(
            "SELECT (SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '{name}') + \
             (SELECT COUNT(*) FROM global_priv WHERE User = '{name}') + \
             (SELECT COUNT(*) FROM db WHERE User = '{name}')"
        )
    } else {
        format!(
            "SELECT (SELECT count(*) FROM pg_database WHERE datname = '{name}') + \
             (SELECT count(*) FROM pg_roles WHERE rolname = '{name}')"
        )
    };
    admin.works(&sql)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_leaves_no_database_no_user_and_no_right_behind() {
    let node = node().await;
    for engine in [Engine::Mariadb, Engine::Postgresql] {
        let (database, access) = wished(node, engine, "gone_1");
        node.apply(1, &database, Act::MakeDatabase(database.clone()))
            .await;
        node.configure(1, &database).await;
        access.works("CREATE TABLE t (a INT)");
        let mut session = access.client(if engine == Engine::Mariadb {
            "LOCK TABLES t WRITE; SELECT SLEEP(60)"
        } else {
            "BEGIN; LOCK TABLE t; SELECT pg_sleep(60)"
        });
        let mut session = session
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for _twice in 0..2 {
            node.apply(2, &database, Act::RemoveDatabase(database.id))
                .await;
        }
        assert_eq!(left(&node.admin(engine), "gone_1"), "0", "{engine}");
        let seen = node.servers.observe(database.id).await.unwrap();
        assert!(matches!(
            seen,
            Observed::Database {
                file: false,
                entry: None,
                ..
            }
        ));
        // Its session ended with it.
        session.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_by_hand_is_seen_and_set_right() {
    let node = node().await;
    let cases: [(Engine, &str, &[&str]); 2] = [
        (
            Engine::Mariadb,
            "hand_1",
            &[
                "DROP USER 'hand_1'@'127.0.0.1'",
                "GRANT FILE ON *.* TO 'hand_1'@'127.0.0.1'",
                "GRANT SELECT ON mysql.* TO 'hand_1'@'127.0.0.1'",
                "GRANT SELECT ON mysql.db TO 'hand_1'@'127.0.0.1'",
                "ALTER USER 'hand_1'@'127.0.0.1' WITH MAX_USER_CONNECTIONS 0",
                "REVOKE INSERT ON `hand\\_1`.* FROM 'hand_1'@'127.0.0.1'",
                "CREATE USER 'hand_1'@'%' IDENTIFIED BY 'open'",
                "ALTER USER 'hand_1'@'127.0.0.1' ACCOUNT LOCK",
            ],
        ),
        (
            Engine::Postgresql,
            "hand_1",
            &[
                "ALTER ROLE hand_1 CREATEDB",
                "ALTER ROLE hand_1 SUPERUSER",
                "ALTER ROLE hand_1 CONNECTION LIMIT -1",
                "ALTER ROLE hand_1 PASSWORD 'other'",
                "ALTER ROLE hand_1 NOLOGIN",
                "GRANT pg_read_server_files TO hand_1",
                "GRANT CONNECT ON DATABASE hand_1 TO PUBLIC",
                "REVOKE CONNECT ON DATABASE hand_1 FROM hand_1",
            ],
        ),
    ];
    for (engine, name, changes) in cases {
        let (database, access) = wished(node, engine, name);
        node.apply(1, &database, Act::MakeDatabase(database.clone()))
            .await;
        node.configure(1, &database).await;
        assert!(node.is_as_wished(&database).await, "{engine}");
        for change in changes {
            node.admin(engine).works(change);
            assert!(!node.is_as_wished(&database).await, "{engine}: {change}");
            node.configure(1, &database).await;
            assert!(
                node.is_as_wished(&database).await,
                "{engine}: after {change}"
            );
            assert_eq!(access.works("SELECT 1"), "1");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_connections_disturb_no_session_and_fewer_end_all() {
    let node = node().await;
    for (engine, running) in [
        (
            Engine::Mariadb,
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'room_1' AND INFO LIKE '%SLEEP%'",
        ),
        (
            Engine::Postgresql,
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'room_1' AND query LIKE '%sleep%'",
        ),
    ] {
        let (mut database, access) = wished(node, engine, "room_1");
        node.apply(1, &database, Act::MakeDatabase(database.clone()))
            .await;
        node.configure(1, &database).await;
        for (revision, connections, seconds, goes_on) in [(2, 30, 4, true), (3, 10, 40, false)] {
            let mut session = access.client(&if engine == Engine::Mariadb {
                format!("SELECT SLEEP({seconds})")
            } else {
                format!("SELECT pg_sleep({seconds})")
            });
            let session = session.stdout(Stdio::null()).stderr(Stdio::null());
            let mut session = session.spawn().unwrap();
            let begun = || async { (node.admin(engine).works(running) == "1").then_some(()) };
            until("the session to be there", begun).await;
            database.login.as_mut().unwrap().connections = connections;
            node.configure(revision, &database).await;
            assert!(
                node.is_as_wished(&database).await,
                "{engine}: {connections}"
            );
            let ended_well = session.wait().unwrap().success();
            assert_eq!(ended_well, goes_on, "{engine}: {connections}");
            assert_eq!(access.works("SELECT 1"), "1");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_in_the_database_of_another_hold_up_no_removal() {
    let node = node().await;
    let ((_, lender), (database, access)) =
        (node.shown("lent_1").await, node.shown("lent_2").await);
    access.works("SELECT 1");
    for sql in [
        "CREATE TABLE t (a INT)",
        "GRANT SELECT ON t TO lent_2",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO lent_2",
        "CREATE POLICY p ON t TO lent_2 USING (true)",
    ] {
        lender.works(sql);
    }
    node.apply(2, &database, Act::RemoveDatabase(database.id))
        .await;
    assert_eq!(left(&node.admin(Engine::Postgresql), "lent_2"), "0");
    assert_eq!(lender.works("SELECT count(*) FROM t"), "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_of_a_console_that_was_given_rights_elsewhere_is_swept_away() {
    let node = node().await;
    let ((_, lender), (_, _access)) = (node.shown("swept_1").await, node.shown("swept_2").await);
    let admin = node.admin(Engine::Postgresql);
    admin.works("CREATE ROLE wabe_c_1_left LOGIN IN ROLE swept_2");
    lender.works("CREATE TABLE t (a INT)");
    lender.works("GRANT SELECT ON t TO wabe_c_1_left");
    node.postgres_server.prepare().await.unwrap();
    let left = "SELECT count(*) FROM pg_roles WHERE rolname = 'wabe_c_1_left'";
    assert_eq!(admin.works(left), "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_far_beyond_its_quota_is_closed_for_whoever_comes_in_by_the_console() {
    let node = node().await;
    let (mut database, access) = node.shown("far_1").await;
    access.works("CREATE TABLE t (a INT)");
    access.works("INSERT INTO t SELECT generate_series(1, 100000)");
    database.quota = 1;
    let inside = Access {
        database: "far_1".to_owned(),
        ..node.admin(Engine::Postgresql)
    };
    for _twice in 0..2 {
        node.configure(2, &database).await;
        let writes = "SELECT has_table_privilege('far_1', 'public.t', 'INSERT'), \
                      has_schema_privilege('far_1', 'public', 'CREATE'), \
                      has_database_privilege('far_1', 'far_1', 'CREATE')";
        assert_eq!(inside.works(writes), "f|f|f");
        // What whoever owns a table can do.
        inside.works("GRANT INSERT ON t TO far_1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_another_customer_gives_ends_no_session() {
    let node = node().await;
    let ((_, _giver), (database, access)) =
        (node.shown("raise_1").await, node.shown("raise_2").await);
    let admin = node.admin(Engine::Postgresql);
    let mut session = access.client("SELECT pg_sleep(60)");
    let mut session = session.stdout(Stdio::null()).spawn().unwrap();
    let works = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'raise_2'";
    let begun = || async { (admin.works(works) == "1").then_some(()) };
    until("the session to begin", begun).await;
    admin.works("GRANT raise_1 TO raise_2");
    assert!(!node.is_as_wished(&database).await);
    node.configure(2, &database).await;
    assert!(node.is_as_wished(&database).await);
    assert_eq!(admin.works(works), "1");
    session.kill().unwrap();
    session.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_that_nobody_waits_for_any_more_leaves_no_role() {
    let node = node().await;
    let (database, _access) = node.shown("alone_1").await;
    let (admin, contents) = (node.admin(Engine::Postgresql), node.contents());
    let roles = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles u ON u.oid = m.roleid \
                 WHERE u.rolname = 'alone_1'";
    {
        let mut asked = contents.query(database.id, "SELECT pg_sleep(3)", 0);
        let look = || {
            let there = admin.works(roles) == "1";
            std::future::ready(there.then_some(()))
        };
        tokio::select! {
            answered = &mut asked => panic!("nobody slept: {answered:?}"),
            () = until("the console to come in", look) => {}
        }
    }
    let gone = || async { (admin.works(roles) == "0").then_some(()) };
    until("the console to leave", gone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_transaction_holds_up_nobody_who_closes_the_database() {
    let node = node().await;
    let (mut database, access) = node.shown("open_1").await;
    access.works("CREATE TABLE t (a INT)");
    access.works("INSERT INTO t SELECT generate_series(1, 100000)");
    let admin = node.admin(Engine::Postgresql);
    // What it did to the table and the schema waits for its end.
    let held = "BEGIN; GRANT SELECT ON t TO PUBLIC; GRANT USAGE ON SCHEMA public TO PUBLIC; \
                ALTER TABLE t ADD COLUMN b INT; SELECT pg_sleep(60)";
    let mut session = access.client(held);
    let session = session.stdout(Stdio::null()).stderr(Stdio::null());
    let mut session = session.spawn().unwrap();
    let sleeps = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
                  WHERE a.usename = 'open_1' AND l.mode = 'AccessExclusiveLock'";
    let begun = || async { (admin.works(sleeps) != "0").then_some(()) };
    until("the transaction to hold the table", begun).await;
    database.quota = 1;
    let closing = node.configure(2, &database);
    tokio::time::timeout(Duration::from_secs(20), closing)
        .await
        .unwrap();
    assert!(!session.wait().unwrap().success());
    assert_eq!(left(&admin, "open_1"), "2");
}

//! Programs elsewhere: the engines' own clients over TLS, from addresses that are not this machine's own, because
//! 127.0.0.1 has rules of its own.

use crate::browser::Browser;
use crate::client::{Api, text, until};
use crate::process::{Panel, shared_for_elsewhere, unique};
use crate::sql_node::by_hand::{Node, left, start, wished};
use crate::sql_node::{Access, ENGINES, api, made, printed};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpSocket};
use wabe_kernel::desired::{Act, Database};
use wabe_kernel::{Engine, Field as _, RemoteAddresses};

/// The name that the servers have for programs elsewhere, and where they listen.
pub(crate) const HOST: &str = "127.0.0.2";

/// Passes connections on to a server, to which they come from `source`; answers the port to connect to.
pub(super) async fn from(source: &str, server: u16) -> u16 {
    let listener = TcpListener::bind((HOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let source: SocketAddr = format!("{source}:0").parse().unwrap();
    let server: SocketAddr = format!("{HOST}:{server}").parse().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let socket = TcpSocket::new_v4().unwrap();
                socket.bind(source).unwrap();
                if let Ok(mut server) = socket.connect(server).await {
                    drop(tokio::io::copy_bidirectional(&mut client, &mut server).await);
                }
            });
        }
    });
    port
}

/// A program elsewhere.
pub(super) struct Elsewhere<'a> {
    pub(super) access: &'a Access,
    pub(super) port: u16,
    pub(super) authority: &'a Path,
}

impl Elsewhere<'_> {
    /// The engine's own client, which checks the server's certificate and name, or speaks no TLS.
    fn client(&self, tls: bool, sql: &str) -> Command {
        let (it, port) = (self.access, self.port.to_string());
        let mut command;
        if it.engine == "mariadb" {
            command = Command::new("mariadb");
            command
                .args(["--no-defaults", "--protocol=tcp", "--skip-column-names"])
                .args(["--batch", "--host", HOST, "--port", &port]);
            if tls {
                command
                    .args(["--ssl", "--ssl-verify-server-cert", "--ssl-ca"])
                    .arg(self.authority);
            } else {
                command.arg("--skip-ssl");
            }
            command.args(["--user", &it.user, "--execute", sql, &it.database]);
        } else {
            let tls = if tls {
                let ca = self.authority.display();
                format!("sslmode=verify-full sslrootcert={ca}")
            } else {
                "sslmode=disable".to_owned()
            };
            let (name, user) = (&it.database, &it.user);
            let to = format!("host={HOST} port={port} dbname={name} user={user} {tls}");
            command = Command::new("psql");
            command
                .args(["--no-psqlrc", "--tuples-only", "--no-align", "--quiet"])
                .args([
                    "--set",
                    "ON_ERROR_STOP=1",
                    "--dbname",
                    &to,
                    "--command",
                    sql,
                ]);
        }
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("MYSQL_PWD", &it.password)
            .env("PGPASSWORD", &it.password)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, tls: bool, sql: &str) -> Result<String, String> {
        printed(self.client(tls, sql))
    }

    #[track_caller]
    pub(super) fn works(&self, sql: &str) -> String {
        let done = self.run(true, sql);
        done.unwrap_or_else(|said| panic!("{} {sql}: {said}", self.access.engine))
    }

    /// The server knows nobody who comes from there.
    #[track_caller]
    pub(super) fn is_shut_out(&self) {
        let engine = self.access.engine;
        let Err(said) = self.run(true, "SELECT 1") else {
            panic!("{engine} lets it in");
        };
        assert!(
            said.contains("not allowed to connect")
                || said.contains("Access denied")
                || said.contains("no pg_hba.conf entry"),
            "{engine}: {said}"
        );
    }
}

fn panel() -> Arc<Panel> {
    shared_for_elsewhere()
}

fn authority(panel: &Panel) -> PathBuf {
    panel.told("ca_file").into()
}

async fn list(api: &Api, path: &str, addresses: Value) {
    let wanted = json!({ "remote_addresses": addresses });
    let told = api.json("PATCH", path, &wanted).await.expect(200);
    assert_eq!(told["remote_addresses"], addresses, "{told}");
    api.settled(path, "live").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_listed_comes_in_over_tls_and_nobody_else() {
    let (panel, own) = (panel(), panel().customer().api);
    let (ca, other) = (authority(&panel), panel.customer().api);
    for engine in ENGINES {
        let (path, access) = made(&own, engine, 50_000_000).await;
        let (_, theirs) = made(&other, engine, 50_000_000).await;
        let at = |access, port| Elsewhere {
            access,
            port,
            authority: &ca,
        };
        let (here, beside) = (
            from("127.0.0.9", access.port).await,
            from("127.0.0.10", access.port).await,
        );
        at(&access, here).is_shut_out();
        list(&own, &path, json!(["127.0.0.9"])).await;
        let found = own.get(&path).await.expect(200);
        assert_eq!(found["remote_host"], HOST, "{found}");
        at(&access, here).works("CREATE TABLE article (id INT PRIMARY KEY)");
        access.works("INSERT INTO article VALUES (7)");
        assert_eq!(at(&access, here).works("SELECT id FROM article"), "7");
        let ciphered = if engine == "mariadb" {
            "SELECT VARIABLE_VALUE <> '' FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'SSL_CIPHER'"
        } else {
            "SELECT CAST(ssl AS int) FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        };
        assert_eq!(at(&access, here).works(ciphered), "1");
        let plain = at(&access, here).run(false, "SELECT 1");
        assert!(plain.is_err(), "{engine}: {plain:?}");
        at(&access, beside).is_shut_out();
        // Neither the database of somebody else nor somebody else.
        at(&theirs, here).is_shut_out();
        let across = Access {
            database: access.database.clone(),
            ..theirs.clone()
        };
        assert!(at(&across, here).run(true, "SELECT 1").is_err());
        let stolen = Access {
            database: theirs.database.clone(),
            ..access.clone()
        };
        assert!(at(&stolen, here).run(true, "SELECT 1").is_err());
        let guessed = Access {
            password: "guessed".to_owned(),
            ..access.clone()
        };
        assert!(at(&guessed, here).run(true, "SELECT 1").is_err());
        // A network, in place of the address.
        list(&own, &path, json!(["127.0.8.0/24"])).await;
        let inside = from("127.0.8.77", access.port).await;
        assert_eq!(at(&access, inside).works("SELECT id FROM article"), "7");
        at(&access, here).is_shut_out();
        let outside = from("127.0.9.1", access.port).await;
        at(&access, outside).is_shut_out();
        access.works("SELECT 1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_and_switches_of_a_database_hold_elsewhere_too() {
    let (panel, api) = (panel(), panel().customer().api);
    let ca = authority(&panel);
    for engine in ENGINES {
        let (path, access) = made(&api, engine, 50_000_000).await;
        list(&api, &path, json!(["127.0.0.9"])).await;
        let port = from("127.0.0.9", access.port).await;
        let at = |access| Elsewhere {
            access,
            port,
            authority: &ca,
        };
        at(&access).works("SELECT 1");
        let told = api.bare("POST", &format!("{path}/set_password")).await;
        let new = Access::of(engine, &told.expect(200));
        api.settled(&path, "live").await;
        at(&new).works("SELECT 1");
        assert!(at(&access).run(true, "SELECT 1").is_err(), "{engine}");
        // The console, which logs in beside all of that.
        let asked = json!({ "sql": "SELECT 5" });
        let found = api.json("POST", &format!("{path}/query"), &asked).await;
        assert_eq!(found.expect(200)["rows"], json!([[5]]));
        at(&new).works("SELECT 1");
        let reason = json!({ "reason": "Because" });
        let off = api.json("POST", &format!("{path}/suspend"), &reason).await;
        off.expect(200);
        let out = || async { at(&new).run(true, "SELECT 1").err() };
        until("the database to be closed", out).await;
        let on = api.bare("POST", &format!("{path}/resume")).await;
        on.expect(200);
        api.settled(&path, "live").await;
        at(&new).works("SELECT 1");
        // Who is taken off the list is out, with what they had open.
        let sleeps = if engine == "mariadb" {
            "SELECT SLEEP(60)"
        } else {
            "SELECT pg_sleep(60)"
        };
        let mut session = at(&new).client(true, sleeps);
        let session = session.stdout(Stdio::null()).stderr(Stdio::null());
        let mut session = session.spawn().unwrap();
        let counted = if engine == "mariadb" {
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%'"
        } else {
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
        };
        // From there, too: MariaDB shows an account its own sessions only.
        let begun = || async { (at(&new).works(counted) == "1").then_some(()) };
        until("the session to be there", begun).await;
        list(&api, &path, json!([])).await;
        let ended = tokio::task::spawn_blocking(move || session.wait().unwrap().success());
        assert!(!ended.await.unwrap(), "{engine}");
        at(&new).is_shut_out();
        new.works("SELECT 1");
    }
}

#[tokio::test]
async fn lists_that_open_too_much_or_nothing_are_refused_with_the_reason() {
    let api = panel().customer().api;
    let (maria, _) = made(&api, "mariadb", 5_000_000).await;
    let (postgres, _) = made(&api, "postgresql", 5_000_000).await;
    let many: Vec<String> = (1..=21).map(|last| format!("203.0.113.{last}")).collect();
    for (path, list, code) in [
        (&maria, json!(["0.0.0.0/0"]), "address-range-too-wide"),
        (&postgres, json!(["::/0"]), "address-range-too-wide"),
        (&postgres, json!(["10.0.0.0/8"]), "address-range-too-wide"),
        (&maria, json!(["everywhere"]), "not-an-address-range"),
        (&maria, json!(["%"]), "not-an-address-range"),
        (&maria, json!(["127.0.0.1"]), "address-of-the-server-itself"),
        (&maria, json!(["2001:db8::/64"]), "no-networks-of-ipv6"),
        (&maria, json!(many), "too-many"),
    ] {
        let wanted = json!({ "remote_addresses": list });
        let refused = api.json("PATCH", path, &wanted).await.expect(422);
        let wrong = &refused["errors"][0];
        assert_eq!(wrong["code"], code, "{refused}");
    }
    let networks = json!(["2001:db8::/64", "203.0.113.0/24"]);
    let wanted = json!({ "remote_addresses": networks });
    let asked = format!("{postgres}?dry_run=true");
    api.json("PATCH", &asked, &wanted).await.expect(200);
    let found = api.get(&postgres).await.expect(200);
    assert_eq!(found["remote_addresses"], json!([]), "{found}");
    api.json("PATCH", &postgres, &wanted).await.expect(200);
    let found = api.get(&postgres).await.expect(200);
    assert_eq!(found["remote_addresses"], networks, "{found}");
    let asked = json!({ "name": format!("file_{}", unique()), "engine": "sqlite" });
    let file = api.live("/databases", asked).await;
    let path = format!("/databases/{}", text(&file, "id"));
    let one = json!({ "remote_addresses": ["203.0.113.7"] });
    let refused = api.json("PATCH", &path, &one).await.expect(409);
    assert_eq!(refused["code"], "engine-without-remote", "{refused}");
}

#[tokio::test]
async fn nobody_is_let_in_where_the_hoster_did_not_open_the_servers() {
    let api = api();
    for engine in ENGINES {
        let (path, _) = made(&api, engine, 5_000_000).await;
        let found = api.get(&path).await.expect(200);
        assert!(found["remote_host"].is_null(), "{found}");
        let one = json!({ "remote_addresses": ["203.0.113.7"] });
        let refused = api.json("PATCH", &path, &one).await.expect(409);
        assert_eq!(refused["code"], "remote-off", "{refused}");
    }
}

#[tokio::test]
async fn the_page_says_how_to_connect_and_hands_out_the_authority() {
    let panel = panel();
    let (email, password) = panel.account("owner");
    let api = panel.api(&panel.token(&email, &[]));
    let owner = Browser::logged_in(&panel, (&email, &password)).await;
    for (engine, command) in [
        ("mariadb", "mysql --ssl-mode=VERIFY_IDENTITY"),
        ("postgresql", "sslmode=verify-full"),
    ] {
        let (path, access) = made(&api, engine, 5_000_000).await;
        let page = format!("{path}/remote");
        let csrf = owner.token(&page).await;
        let fields = [("csrf", csrf.as_str()), ("remote_addresses", "0.0.0.0/0")];
        assert_eq!(owner.post(&page, &fields).await.status, 422);
        let fields = [
            ("csrf", csrf.as_str()),
            ("remote_addresses", "203.0.113.7\r\n"),
        ];
        assert_eq!(owner.post(&page, &fields).await.status, 303);
        let shown = owner.get(&page).await;
        let shown = shown.text();
        assert!(
            shown.contains("203.0.113.7") && shown.contains(command),
            "{shown}"
        );
        assert!(shown.contains(HOST) && shown.contains(&access.port.to_string()));
    }
    let file = owner.get("/databases/authority.pem").await;
    assert_eq!(file.status, 200);
    let known = std::fs::read_to_string(authority(&panel)).unwrap();
    assert_eq!(file.text(), known);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_by_hand_elsewhere_is_seen_and_set_right_and_a_removal_leaves_nothing() {
    // Of its own: others would set right what is changed here.
    let node = start().await;
    let rules = node.hba();
    let by_hand: [(Engine, &[&str]); 2] = [
        (
            Engine::Mariadb,
            &[
                "ALTER USER 'away_1'@'127.0.0.9' REQUIRE NONE",
                "DROP USER 'away_1'@'127.0.0.9'",
                "GRANT SELECT ON mysql.* TO 'away_1'@'127.0.0.9'",
                "ALTER USER 'away_1'@'127.0.8.0/255.255.255.0' ACCOUNT LOCK",
                "CREATE USER 'away_1'@'127.0.0.10' IDENTIFIED BY 'open'",
            ],
        ),
        (Engine::Postgresql, &[]),
    ];
    for (engine, changes) in by_hand {
        let (mut database, access) = wished(&node, engine, "away_1");
        let listed = RemoteAddresses::from_text("127.0.0.9\n127.0.8.0/24").unwrap();
        database.login.as_mut().unwrap().remote = listed;
        node.apply(1, &database, Act::MakeDatabase(database.clone()))
            .await;
        node.configure(1, &database).await;
        assert!(node.is_as_wished(&database).await, "{engine}");
        let elsewhere = Elsewhere {
            access: &access,
            port: from("127.0.8.5", access.port).await,
            authority: &node.authority(),
        };
        elsewhere.works("SELECT 1");
        for change in changes {
            node.admin(engine).works(change);
            assert!(!node.is_as_wished(&database).await, "{change}");
            node.configure(1, &database).await;
            assert!(node.is_as_wished(&database).await, "after {change}");
            elsewhere.works("SELECT 1");
        }
        if engine == Engine::Postgresql {
            let written = std::fs::read_to_string(&rules).unwrap();
            for changed in [
                written.clone() + "host all all 0.0.0.0/0 trust\n",
                written.replace("hostssl \"away_1\"", "host \"away_1\""),
                written.replace("127.0.0.9/32", "127.0.0.0/16"),
            ] {
                std::fs::write(&rules, changed).unwrap();
                assert!(!node.is_as_wished(&database).await);
                node.configure(1, &database).await;
                assert!(node.is_as_wished(&database).await);
                assert_eq!(std::fs::read_to_string(&rules).unwrap(), written);
                elsewhere.works("SELECT 1");
            }
        }
        for _twice in 0..2 {
            node.apply(2, &database, Act::RemoveDatabase(database.id))
                .await;
        }
        assert_eq!(left(&node.admin(engine), "away_1"), "0", "{engine}");
        elsewhere.is_shut_out();
        let written = std::fs::read_to_string(&rules).unwrap();
        assert!(!written.contains("away_1"), "{written}");
    }
}

/// A database with things in it that were made from elsewhere.
struct Made {
    node: Node,
    database: Database,
    access: Access,
    /// Where they were made from, and where the server's authority lies.
    port: u16,
    authority: PathBuf,
}

impl Made {
    async fn new(name: &str) -> Self {
        // Of its own: others would set right what is changed here.
        let node = start().await;
        let (mut database, access) = wished(&node, Engine::Mariadb, name);
        database.login.as_mut().unwrap().remote = listed("127.0.8.9");
        node.apply(1, &database, Act::MakeDatabase(database.clone()))
            .await;
        node.configure(1, &database).await;
        let (port, authority) = (from("127.0.8.9", access.port).await, node.authority());
        let made = Self {
            node,
            database,
            access,
            port,
            authority,
        };
        for sql in [
            "CREATE TABLE t (a INT, b INT)",
            "CREATE VIEW v AS SELECT a, b FROM t",
            "CREATE PROCEDURE p() SELECT COUNT(*) > 0 FROM t",
            "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.b = NEW.a + 1",
        ] {
            made.elsewhere().works(sql);
        }
        made.still_runs();
        made
    }

    fn elsewhere(&self) -> Elsewhere<'_> {
        Elsewhere {
            access: &self.access,
            port: self.port,
            authority: &self.authority,
        }
    }

    /// Whoever is let in has everything run.
    #[track_caller]
    fn still_runs(&self) {
        self.access.works("INSERT INTO t (a) VALUES (7)");
        assert_eq!(self.access.works("SELECT DISTINCT b FROM v"), "8");
        assert_eq!(self.access.works("CALL p()"), "1");
    }

    /// Has these addresses listed in place of others.
    async fn list(&mut self, addresses: &str) {
        self.database.login.as_mut().unwrap().remote = listed(addresses);
        self.set_right().await;
    }

    async fn set_right(&self) {
        self.node.configure(1, &self.database).await;
        assert!(self.node.is_as_wished(&self.database).await);
    }

    fn admin(&self, sql: &str) -> String {
        self.node.admin(Engine::Mariadb).works(sql)
    }

    /// The hosts that the server has accounts for.
    fn hosts(&self) -> String {
        let name = &self.access.user;
        self.admin(&format!(
            "SELECT GROUP_CONCAT(Host ORDER BY Host) FROM global_priv WHERE User = '{name}'"
        ))
    }
}

fn listed(addresses: &str) -> RemoteAddresses {
    RemoteAddresses::from_text(addresses).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_from_an_address_goes_on_when_the_address_is_taken_out() {
    let mut made = Made::new("made_1").await;
    made.list("").await;
    made.elsewhere().is_shut_out();
    made.still_runs();
    assert_eq!(made.hosts(), "127.0.0.1,127.0.8.9");
    let password = made.admin(
        "SELECT JSON_VALUE(Priv, '$.authentication_string') FROM global_priv \
         WHERE User = 'made_1' AND Host = '127.0.8.9'",
    );
    assert_eq!(password, "invalid");
    for change in [
        "ALTER USER 'made_1'@'127.0.8.9' ACCOUNT UNLOCK",
        "ALTER USER 'made_1'@'127.0.8.9' IDENTIFIED BY 'open'",
        "GRANT SELECT ON mysql.* TO 'made_1'@'127.0.8.9'",
        "REVOKE SELECT ON `made\\_1`.* FROM 'made_1'@'127.0.8.9'",
    ] {
        made.admin(change);
        assert!(!made.node.is_as_wished(&made.database).await, "{change}");
        made.set_right().await;
        made.elsewhere().is_shut_out();
        made.still_runs();
    }
    // In a network that is listed, its own account lets it in.
    made.list("127.0.8.0/24").await;
    made.elsewhere().works("SELECT 1");
    made.list("").await;
    made.elsewhere().is_shut_out();
    made.still_runs();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_nothing_runs_as_any_more_goes_and_with_its_database_all_do() {
    let mut made = Made::new("made_2").await;
    made.list("").await;
    for dropped in ["DROP VIEW v", "DROP PROCEDURE p"] {
        made.access.works(dropped);
        assert!(
            made.node.is_as_wished(&made.database).await,
            "after {dropped}"
        );
    }
    made.access.works("DROP TRIGGER g");
    assert!(!made.node.is_as_wished(&made.database).await);
    made.set_right().await;
    assert_eq!(made.hosts(), "127.0.0.1");
    made.list("127.0.8.9").await;
    made.elsewhere().works("CREATE VIEW w AS SELECT a FROM t");
    made.list("").await;
    assert_eq!(made.hosts(), "127.0.0.1,127.0.8.9");
    let gone = Act::RemoveDatabase(made.database.id);
    made.node.apply(2, &made.database, gone).await;
    assert_eq!(left(&made.node.admin(Engine::Mariadb), "made_2"), "0");
}

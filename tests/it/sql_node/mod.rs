//! Databases on MariaDB and PostgreSQL, as programs use them: their own clients, with what the API answered,
//! against private instances.

mod by_hand;
mod dumps;
mod full_disk;
mod remote;
mod system;

use crate::client::{Api, text, until};
use crate::nginx::faults::taken;
use crate::process::{Panel, shared, shared_with_services, unique};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};

const ENGINES: [&str; 2] = ["mariadb", "postgresql"];

/// What a program knows of its database.
#[derive(Debug, Clone)]
struct Access {
    engine: &'static str,
    host: String,
    port: u16,
    database: String,
    user: String,
    password: String,
}

impl Access {
    fn of(engine: &'static str, told: &Value) -> Self {
        Self {
            engine,
            host: text(told, "host"),
            port: u16::try_from(told["port"].as_u64().unwrap()).unwrap(),
            database: text(told, "database"),
            user: text(told, "user"),
            password: text(told, "password"),
        }
    }

    /// The engine's own client, about to run `sql`.
    fn client(&self, sql: &str) -> Command {
        let port = self.port.to_string();
        let mut command;
        if self.engine == "mariadb" {
            command = Command::new("mariadb");
            command
                .args([
                    "--no-defaults",
                    "--protocol=tcp",
                    "--skip-column-names",
                    "--default-character-set=utf8mb4",
                ])
                .args(["--batch", "--host", &self.host, "--port", &port])
                .args(["--user", &self.user, "--execute", sql, &self.database]);
        } else {
            command = Command::new("psql");
            command
                .args(["--no-psqlrc", "--tuples-only", "--no-align", "--quiet"])
                .args(["--set", "ON_ERROR_STOP=1", "--host", &self.host])
                .args(["--port", &port, "--username", &self.user])
                .args(["--dbname", &self.database, "--command", sql]);
        }
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("MYSQL_PWD", &self.password)
            .env("PGPASSWORD", &self.password)
            .stdin(Stdio::null());
        command
    }

    /// What the client prints; `Err` with what it complains of.
    fn run(&self, sql: &str) -> Result<String, String> {
        printed(self.client(sql))
    }

    #[track_caller]
    fn works(&self, sql: &str) -> String {
        let done = self.run(sql);
        done.unwrap_or_else(|said| panic!("{} {sql}: {said}", self.engine))
    }

    #[track_caller]
    fn fails(&self, sql: &str) -> String {
        match self.run(sql) {
            Ok(said) => panic!("{} {sql} worked: {said}", self.engine),
            Err(said) => said,
        }
    }
}

/// What a client prints; `Err` with what it complains of.
fn printed(mut client: Command) -> Result<String, String> {
    let output = client.output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(said(&output.stdout))
    } else {
        Err(said(&output.stderr))
    }
}

fn api() -> Api {
    shared_with_services().customer().api
}

/// A new database that is live: its path, and how a program reaches it.
async fn made(api: &Api, engine: &'static str, quota: i64) -> (String, Access) {
    let name = format!("shop_{}", unique());
    let asked = json!({ "name": name, "engine": engine, "quota_bytes": quota });
    let told = api.made("/databases", asked).await;
    let path = format!("/databases/{}", text(&told, "id"));
    let live = api.settled(&path, "live").await;
    assert!(live.get("password").is_none(), "{live}");
    assert_eq!(live["user"], told["user"]);
    (path, Access::of(engine, &told))
}

#[tokio::test]
async fn programs_reach_their_database_with_what_the_api_answered() {
    let panel = shared_with_services();
    assert_eq!(panel.ready["services"], true);
    let api = api();
    for engine in ENGINES {
        let (path, access) = made(&api, engine, 50_000_000).await;
        let told = format!("{}:{}", access.host, access.port);
        assert_eq!(told, panel.told(engine));
        access.works("CREATE TABLE article (id INT PRIMARY KEY, name VARCHAR(40))");
        access.works("INSERT INTO article VALUES (1, 'Brötchen')");
        assert_eq!(access.works("SELECT name FROM article"), "Brötchen");
        let ask = json!({ "sql": "SELECT id, name FROM article; SELECT name FROM article" });
        let found = api.json("POST", &format!("{path}/query"), &ask).await;
        assert_eq!(found.expect(200)["rows"], json!([["Brötchen"]]));
        let make = json!({ "sql": "CREATE TABLE second (a INT)" });
        let done = api.json("POST", &format!("{path}/query"), &make).await;
        done.expect(200);
        // What the console made is the customer's.
        access.works("INSERT INTO second VALUES (7)");
        access.works("DROP TABLE second");
        let tables = api.get(&format!("{path}/tables")).await.expect(200);
        assert_eq!(tables["items"][0]["name"], "article", "{tables}");
        let wrong = json!({ "sql": "SELEC 1" });
        let refused = api.json("POST", &format!("{path}/query"), &wrong).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
    }
}

#[tokio::test]
async fn two_customers_do_not_reach_each_other() {
    let [own, other] = [api(), api()];
    for engine in ENGINES {
        let (_, mine) = made(&own, engine, 50_000_000).await;
        let (_, theirs) = made(&other, engine, 50_000_000).await;
        theirs.works("CREATE TABLE secret (a INT)");
        let across = Access {
            database: theirs.database.clone(),
            ..mine.clone()
        };
        across.fails("SELECT * FROM secret");
        let stolen = Access {
            user: theirs.user.clone(),
            ..across
        };
        stolen.fails("SELECT 1");
        let (named, homes) = if engine == "mariadb" {
            (
                format!("SELECT * FROM {}.secret", theirs.database),
                ["mysql", "sys"],
            )
        } else {
            ("SELECT * FROM secret".to_owned(), ["postgres", "template1"])
        };
        mine.fails(&named);
        for home in homes {
            let there = Access {
                database: home.to_owned(),
                ..mine.clone()
            };
            there.fails("CREATE TABLE mine (a INT)");
        }
        assert_eq!(theirs.works("SELECT count(*) FROM secret"), "0");
    }
}

#[tokio::test]
async fn a_user_has_no_rights_beyond_its_database() {
    let api = api();
    let (_, maria) = made(&api, "mariadb", 50_000_000).await;
    for sql in [
        "SELECT 1 INTO OUTFILE '/tmp/wabe-out'",
        "CREATE USER other",
        "SET GLOBAL max_connections = 10",
        "CREATE DATABASE other",
        "GRANT SELECT ON *.* TO CURRENT_USER()",
        "CREATE EVENT later ON SCHEDULE EVERY 1 DAY DO SELECT 1",
        "SHUTDOWN",
    ] {
        maria.fails(sql);
    }
    assert_eq!(maria.works("SELECT LOAD_FILE('/etc/passwd')"), "NULL");
    let (_, postgres) = made(&api, "postgresql", 50_000_000).await;
    postgres.works("CREATE TABLE t (a TEXT)");
    for sql in [
        "COPY t FROM PROGRAM 'id'",
        "COPY t FROM '/etc/passwd'",
        "COPY t TO '/tmp/wabe-out'",
        "CREATE ROLE other",
        "CREATE DATABASE other",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "CREATE EXTENSION lo",
        "CREATE EXTENSION adminpack",
        "DROP EVENT TRIGGER wabe_only_listed_extensions",
        "DROP SCHEMA wabe CASCADE",
        "SELECT pg_read_file('/etc/passwd')",
    ] {
        postgres.fails(sql);
    }
    postgres.works("CREATE EXTENSION pgcrypto");
    postgres.works("CREATE SCHEMA own");
    // Whoever owns no database lets nobody in.
    drop(postgres.run(&format!(
        "GRANT CONNECT ON DATABASE {} TO PUBLIC",
        postgres.database
    )));
    let open = "SELECT has_database_privilege('pg_monitor', current_database(), 'CONNECT')";
    assert_eq!(postgres.works(open), "f");
}

#[tokio::test]
async fn the_connections_of_one_database_are_limited() {
    let api = api();
    for (engine, wait) in [
        ("mariadb", "SELECT SLEEP(20)"),
        ("postgresql", "SELECT pg_sleep(20)"),
    ] {
        let (_, access) = made(&api, engine, 50_000_000).await;
        let mut many = Vec::new();
        // One more before each look: whoever looks takes a place as well, for a moment.
        let refused = || {
            let mut client = access.client(wait);
            client.stdout(Stdio::null()).stderr(Stdio::null());
            many.push(client.spawn().unwrap());
            let access = &access;
            async move { access.run("SELECT 1").err() }
        };
        until("one connection too many to be refused", refused).await;
        for mut client in many {
            client.kill().unwrap();
            client.wait().unwrap();
        }
        let taken = || async { access.run("SELECT 1").ok() };
        until("a connection that is free again", taken).await;
    }
}

#[tokio::test]
async fn a_new_password_ends_the_old_one() {
    let api = api();
    for engine in ENGINES {
        let (path, old) = made(&api, engine, 50_000_000).await;
        let told = api
            .bare("POST", &format!("{path}/set_password"))
            .await
            .expect(200);
        let new = Access::of(engine, &told);
        assert_ne!(new.password, old.password);
        api.settled(&path, "live").await;
        assert_eq!(new.works("SELECT 1"), "1");
        old.fails("SELECT 1");
    }
    let asked = json!({ "name": format!("file_{}", unique()), "engine": "sqlite" });
    let file = api.live("/databases", asked).await;
    assert!(file["user"].is_null() && file["host"].is_null(), "{file}");
    let path = format!("/databases/{}/set_password", text(&file, "id"));
    assert_eq!(api.bare("POST", &path).await.status, 409);
}

#[tokio::test]
async fn what_lies_in_the_trash_lets_nobody_in_and_comes_back_whole() {
    let api = api();
    for engine in ENGINES {
        let (path, access) = made(&api, engine, 50_000_000).await;
        access.works("CREATE TABLE kept (a INT)");
        assert_eq!(api.bare("DELETE", &path).await.status, 204);
        let out = || async { access.run("SELECT 1").err() };
        until("the database to be closed", out).await;
        api.bare("POST", &format!("{path}/restore"))
            .await
            .expect(200);
        api.settled(&path, "live").await;
        assert_eq!(access.works("SELECT count(*) FROM kept"), "0");
    }
}

#[tokio::test]
async fn a_full_database_says_so_and_is_read_only_until_there_is_room() {
    let api = api();
    for engine in ENGINES {
        let (path, access) = made(&api, engine, 4_000_000).await;
        access.works("CREATE TABLE filled (a INT, b TEXT)");
        // Incompressible on PostgreSQL, and large enough for the files of both.
        let rows = if engine == "mariadb" {
            "INSERT INTO filled SELECT seq, REPEAT(MD5(seq), 40) FROM seq_1_to_4000"
        } else {
            "INSERT INTO filled SELECT n, string_agg(md5(random()::text), '') FROM \
             generate_series(1, 3200) n, generate_series(1, 40) GROUP BY n"
        };
        access.works(rows);
        let full = || async {
            let found = api.get(&path).await.expect(200);
            (found["reason"] == "database-full").then_some(found)
        };
        let found = until("the database to say that it is full", full).await;
        assert_eq!(found["state"], "live");
        access.fails("INSERT INTO filled VALUES (0, 'x')");
        access.fails("CREATE TABLE more (a INT)");
        assert_ne!(access.works("SELECT count(*) FROM filled"), "0");
        access.works("DELETE FROM filled WHERE a = 1");
        let room = json!({ "quota_bytes": 100_000_000 });
        api.json("PATCH", &path, &room).await.expect(200);
        let again = || async { access.run("INSERT INTO filled VALUES (0, 'x')").ok() };
        until("the database to take rows again", again).await;
        let free = || async {
            let found = api.get(&path).await.expect(200);
            found["reason"].is_null().then_some(())
        };
        until("the database to say that there is room", free).await;
    }
}

#[tokio::test]
async fn an_engine_that_the_node_has_not_is_not_offered() {
    let api = shared().customer().api;
    for engine in ENGINES {
        let asked = json!({ "name": "shop", "engine": engine });
        let refused = api.json("POST", "/databases", &asked).await.expect(422);
        assert_eq!(
            refused["errors"][0]["code"], "engine-not-offered",
            "{refused}"
        );
    }
}

/// The process that listens on this port of a private instance.
fn pid(port: u16) -> String {
    let wanted = [format!("--port={port}"), format!("port={port}")];
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let found = processes.filter_map(|entry| {
        let line = std::fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).into_owned();
        let own = line
            .split('\0')
            .any(|word| wanted.iter().any(|port| port == word));
        own.then(|| entry.file_name().to_str().unwrap().to_owned())
    });
    let numbers = found.filter_map(|pid| pid.parse::<u32>().ok());
    numbers.min().unwrap().to_string()
}

fn signal(signal: &str, pid: &str) {
    assert!(
        Command::new("kill")
            .args([signal, pid])
            .status()
            .unwrap()
            .success()
    );
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_one_that_dies_comes_back() {
    let panel = Panel::with_services();
    let api = panel.customer().api;
    for engine in ENGINES {
        let (path, access) = made(&api, engine, 50_000_000).await;
        let server = pid(access.port);
        signal("-STOP", &server);
        let away = || async {
            let found = api.get(&path).await.expect(200);
            (found["state"] == "failed").then_some(found)
        };
        let found = until("the database to say that its server is away", away).await;
        assert_eq!(found["reason"], "database-server-away", "{found}");
        signal("-CONT", &server);
        api.settled(&path, "live").await;
        assert_eq!(access.works("SELECT 1"), "1");
        signal("-KILL", &server);
        let again = || async { access.run("SELECT 1").ok() };
        until("the server to be started again", again).await;
        assert_ne!(pid(access.port), server);
        // And one that cannot be started, because somebody else's program has its port.
        let (server, port) = (pid(access.port).parse().unwrap(), access.port);
        let squatter = tokio::task::spawn_blocking(move || {
            // Without a program in between, which would leave the server time to be started again.
            kill_process(Pid::from_raw(server).unwrap(), Signal::KILL).unwrap();
            taken(port)
        });
        let squatter = squatter.await.unwrap();
        let found = until("the database to say that its server is away", away).await;
        assert_eq!(found["reason"], "database-server-away", "{found}");
        drop(squatter);
        api.settled(&path, "live").await;
        assert_eq!(access.works("SELECT 1"), "1");
    }
}

#[test]
fn the_clients_of_both_engines_are_installed() {
    for program in ["mariadb", "psql"] {
        let place = Path::new("/usr/bin").join(program);
        assert!(place.exists(), "{program}: ./test installs it");
    }
}

#[tokio::test]
async fn connections_are_the_plans_and_the_peoples() {
    let api = api();
    for engine in ENGINES {
        let (path, access) = made(&api, engine, 50_000_000).await;
        let found = api.get(&path).await.expect(200);
        assert_eq!(
            (&found["connections"], &found["statement_seconds"]),
            (&json!(20), &json!(60))
        );
        let fewer = json!({ "connections": 2 });
        api.json("PATCH", &path, &fewer).await.expect(200);
        api.settled(&path, "live").await;
        let wait = if engine == "mariadb" {
            "SELECT SLEEP(20)"
        } else {
            "SELECT pg_sleep(20)"
        };
        let mut many = Vec::new();
        let refused = || {
            let mut client = access.client(wait);
            client.stdout(Stdio::null()).stderr(Stdio::null());
            many.push(client.spawn().unwrap());
            let access = &access;
            async move { access.run("SELECT 1").err() }
        };
        until("the third connection to be refused", refused).await;
        for mut client in many {
            client.kill().unwrap();
            client.wait().unwrap();
        }
        let more = json!({ "connections": 21 });
        let refused = api.json("PATCH", &path, &more).await.expect(422);
        assert_eq!(refused["errors"][0]["code"], "out-of-range", "{refused}");
    }
    let asked = json!({ "name": format!("file_{}", unique()), "engine": "sqlite" });
    let file = api.live("/databases", asked).await;
    assert!(file["connections"].is_null(), "{file}");
    let path = format!("/databases/{}", text(&file, "id"));
    let one = json!({ "connections": 1 });
    assert_eq!(api.json("PATCH", &path, &one).await.status, 409);
    // All of them together are the plan's.
    let refused = async {
        for _more in 0..20 {
            let name = format!("many_{}", unique());
            let asked = json!({ "name": name, "engine": "mariadb", "quota_bytes": 1_000_000, "connections": 20 });
            let answer = api.json("POST", "/databases", &asked).await;
            if answer.status != 201 {
                return answer;
            }
        }
        panic!("no bound")
    };
    let refused = refused.await;
    let said = refused.expect(409);
    assert_eq!(said["code"], "connections-used-up", "{said}");
}

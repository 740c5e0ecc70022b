//! Dumps of databases on servers: what the engines' own clients read, and what customers bring.

use crate::client::{Api, text, until};
use crate::sql_node::{Access, ENGINES, api, made};
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Everything that a dump has to carry.
const MARIADB: &str = "\
    CREATE TABLE article (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(80), picture BLOB, made DATE);\n\
    CREATE TABLE line (article INT, CONSTRAINT l FOREIGN KEY (article) REFERENCES article (id));\n\
    CREATE SEQUENCE number START WITH 5;\n\
    CREATE VIEW dear AS SELECT name FROM article WHERE id > 1;\n\
    INSERT INTO article (name, picture, made) VALUES ('Brötchen 🥐; ''süß''\\\\', X'00ff27225c0a1a', '2026-01-02');\n\
    INSERT INTO article (name) VALUES ('DEFINER=`a`@`b`'), (NULL);\n\
    INSERT INTO line VALUES (1);\n\
    DELIMITER //\n\
    CREATE TRIGGER mark BEFORE INSERT ON article FOR EACH ROW BEGIN SET NEW.name = CONCAT(NEW.name, ';'); END//\n\
    CREATE FUNCTION twice(x INT) RETURNS INT DETERMINISTIC RETURN 2 * x//\n\
    CREATE PROCEDURE all_of_it() BEGIN SELECT 1; SELECT 2; END//\n\
    DELIMITER ;\n";
const POSTGRESQL: &str = "\
    CREATE EXTENSION pgcrypto;\n\
    CREATE SCHEMA own;\n\
    CREATE TYPE mood AS ENUM ('good', 'bad');\n\
    CREATE TABLE article (id SERIAL PRIMARY KEY, name TEXT, picture BYTEA, mood mood);\n\
    CREATE TABLE own.line (article INT REFERENCES article);\n\
    CREATE SEQUENCE number START 5;\n\
    SELECT nextval('number');\n\
    CREATE VIEW dear AS SELECT name FROM article WHERE id > 1;\n\
    INSERT INTO article (name, picture, mood) VALUES (E'Brötchen 🥐; ''süß''\\\\\\n\\\\.\\n', '\\x00ff27225c0a1a', 'bad');\n\
    INSERT INTO article (name) VALUES ('CREATE SCHEMA public;'), (NULL);\n\
    INSERT INTO own.line VALUES (1);\n\
    CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name = NEW.name || ';'; RETURN NEW; END $$;\n\
    CREATE TRIGGER mark BEFORE INSERT ON article FOR EACH ROW EXECUTE FUNCTION mark();\n\
    CREATE FUNCTION twice(x INT) RETURNS INT LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN x > 0 THEN 2 * x END; END;\n\
    COMMENT ON TABLE article IS 'What there is';\n";

/// What has to be the same on both sides of a dump.
fn asked(engine: &str) -> &'static [&'static str] {
    if engine == "mariadb" {
        &[
            "SELECT id, name, HEX(picture), made FROM article ORDER BY id",
            "SELECT * FROM line",
            "SELECT * FROM dear",
            "SELECT twice(21)",
            "CALL all_of_it()",
            "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() \
             ORDER BY TABLE_NAME",
            "SELECT TRIGGER_NAME, ACTION_STATEMENT FROM information_schema.TRIGGERS \
             WHERE TRIGGER_SCHEMA = DATABASE()",
        ]
    } else {
        &[
            "SELECT id, name, picture, mood FROM article ORDER BY id",
            "SELECT * FROM own.line",
            "SELECT * FROM dear",
            "SELECT twice(21)",
            "SELECT last_value, is_called FROM number",
            "SELECT relname, relkind FROM pg_class WHERE relnamespace IN ('public'::regnamespace, \
             'own'::regnamespace) ORDER BY relname",
            "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT obj_description('article'::regclass)",
            "SELECT extname FROM pg_extension ORDER BY extname",
        ]
    }
}

/// What a client says that reads a dump from its input; `Err` with what it complains of.
fn read(access: &Access, dump: &[u8]) -> Result<(), String> {
    let port = access.port.to_string();
    let mut command;
    if access.engine == "mariadb" {
        command = Command::new("mariadb");
        command
            .args(["--no-defaults", "--protocol=tcp", "--batch"])
            .args(["--default-character-set=utf8mb4", "--host", &access.host])
            .args(["--port", &port, "--user", &access.user, &access.database]);
    } else {
        command = Command::new("psql");
        command
            .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"])
            .args(["--host", &access.host, "--port", &port])
            .args(["--username", &access.user, "--dbname", &access.database]);
    }
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("MYSQL_PWD", &access.password)
        .env("PGPASSWORD", &access.password)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut client = command.spawn().unwrap();
    // A client that gives up closes its input.
    client.stdin.take().unwrap().write_all(dump).ok();
    let output = client.wait_with_output().unwrap();
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn everything(engine: &str) -> &'static str {
    if engine == "mariadb" {
        MARIADB
    } else {
        POSTGRESQL
    }
}

#[track_caller]
fn assert_same(one: &Access, other: &Access) {
    for sql in asked(one.engine) {
        assert_eq!(one.works(sql), other.works(sql), "{} {sql}", one.engine);
    }
}

/// Sends a dump; the answer and its status.
async fn import(api: &Api, path: &str, dump: impl Into<Vec<u8>>) -> (u16, Value) {
    let dump: Vec<u8> = dump.into();
    let request = api.request("POST", &format!("{path}/import"));
    let answer = api.send(request.body(dump)).await;
    let said = serde_json::from_str(&answer.text()).unwrap_or(Value::Null);
    (answer.status, said)
}

async fn export(api: &Api, path: &str) -> Vec<u8> {
    let answer = api.get(&format!("{path}/export")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.body
}

#[tokio::test]
async fn a_dump_is_read_by_the_clients_of_its_engine_and_by_the_panel_alike() {
    let api = api();
    for engine in ENGINES {
        let (path, access) = made(&api, engine, 100_000_000).await;
        read(&access, everything(engine).as_bytes()).unwrap();
        let dump = export(&api, &path).await;
        let (_, by_client) = made(&api, engine, 100_000_000).await;
        read(&by_client, &dump).unwrap_or_else(|said| panic!("{engine}: {said}"));
        assert_same(&access, &by_client);
        let (other, by_panel) = made(&api, engine, 100_000_000).await;
        let size = dump.len();
        let (status, said) = import(&api, &other, dump).await;
        assert_eq!((status, &said["size"]), (200, &json!(size)), "{said}");
        assert_same(&access, &by_panel);
        // What came in by the panel is the customer's.
        by_panel.works("INSERT INTO article (name) VALUES ('Brot')");
        by_panel.works("DROP VIEW dear");
        let last = "SELECT name FROM article WHERE id = (SELECT MAX(id) FROM article)";
        assert_eq!(by_panel.works(last), "Brot;");
    }
}

#[tokio::test]
async fn a_dump_that_was_written_leaves_no_way_in_behind() {
    let api = api();
    let (path, access) = made(&api, "postgresql", 50_000_000).await;
    access.works("CREATE TABLE t (a INT)");
    export(&api, &path).await;
    let (status, _) = import(&api, &path, "INSERT INTO t VALUES (1);").await;
    assert_eq!(status, 200);
    let left = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid \
                WHERE r.rolname = current_user";
    let none = || async { (access.works(left) == "0").then_some(()) };
    until("the roles of dumps to be gone", none).await;
}

#[tokio::test]
async fn dumps_of_other_users_become_the_customers() {
    let api = api();
    let (path, access) = made(&api, "mariadb", 50_000_000).await;
    let mut dump = b"/*!40101 SET NAMES utf8mb4 */;\n\
        CREATE TABLE `t` (`a` blob) ENGINE=InnoDB;\n\
        INSERT INTO `t` VALUES (_binary '"
        .to_vec();
    dump.extend(b"\xFF\xFE\\0\\'');\nDELIMITER ;;\n");
    dump.extend(
        b"/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER g BEFORE INSERT ON t \
        FOR EACH ROW BEGIN SET NEW.a = 'x'; END */;;\nDELIMITER ;\n\
        /*!50001 CREATE ALGORITHM=UNDEFINED */\n\
        /*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */\n\
        /*!50001 VIEW `v` AS select `a` from `t` */;\n\
        CREATE DEFINER=`root`@`localhost` PROCEDURE `p`() SELECT COUNT(*) FROM v;\n",
    );
    let (status, said) = import(&api, &path, dump).await;
    assert_eq!(status, 200, "{said}");
    assert_eq!(access.works("SELECT HEX(a) FROM v"), "FFFE0027");
    assert_eq!(access.works("CALL p()"), "1");
    let (path, access) = made(&api, "postgresql", 50_000_000).await;
    let dump = "SET client_encoding = 'UTF8';\nSET transaction_timeout = 0;\nBEGIN;\n\
        CREATE SCHEMA public;\nALTER SCHEMA public OWNER TO postgres;\n\
        CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;\n\
        COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';\n\
        CREATE TABLE public.t (a text);\nALTER TABLE public.t OWNER TO somebody;\n\
        COPY public.t (a) FROM stdin;\nx\\ty\n\\\\.\n\\.\n\
        GRANT SELECT ON TABLE public.t TO somebody;\n\
        ALTER DEFAULT PRIVILEGES FOR ROLE somebody GRANT SELECT ON TABLES TO other;\nCOMMIT;\n";
    let (status, said) = import(&api, &path, dump).await;
    assert_eq!(status, 200, "{said}");
    assert_eq!(access.works("SELECT count(*) FROM t"), "2");
    let owner = "SELECT tableowner = current_user FROM pg_tables WHERE tablename = 't'";
    assert_eq!(access.works(owner), "t");
}

#[tokio::test]
async fn a_failing_statement_is_told_with_its_line_and_what_stays() {
    let api = api();
    for engine in ENGINES {
        let (path, access) = made(&api, engine, 50_000_000).await;
        let dump = "CREATE TABLE half (a INT);\n-- a comment\nINSERT INTO half VALUES (1);\n\
                    INSERT INTO nowhere\nVALUES (1);\n";
        let (status, said) = import(&api, &path, dump).await;
        assert_eq!(status, 422, "{said}");
        let detail = text(&said, "detail");
        assert!(
            detail.starts_with("4: ") && detail.contains("nowhere"),
            "{said}"
        );
        if engine == "mariadb" {
            assert_eq!(said["statements_kept"], 2, "{said}");
            assert_eq!(access.works("SELECT a FROM half"), "1");
        } else {
            assert!(said.get("statements_kept").is_none(), "{said}");
            access.fails("SELECT a FROM half");
        }
    }
}

#[tokio::test]
async fn a_hostile_dump_reaches_nothing_beyond_its_database() {
    let api = api();
    let (_, other) = made(&api, "mariadb", 50_000_000).await;
    other.works("CREATE TABLE secret (a INT)");
    let (path, access) = made(&api, "mariadb", 50_000_000).await;
    access.works("CREATE TABLE t (a TEXT)");
    let (there, user) = (&other.database, &access.user);
    for hostile in [
        "\\! touch /tmp/wabe-dump\n".to_owned(),
        "system touch /tmp/wabe-dump;".to_owned(),
        "source /etc/passwd;".to_owned(),
        "LOAD DATA INFILE '/etc/passwd' INTO TABLE t;".to_owned(),
        "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t;".to_owned(),
        "SELECT 1 INTO OUTFILE '/tmp/wabe-dump';".to_owned(),
        "CREATE USER other;".to_owned(),
        format!("GRANT ALL ON *.* TO '{user}'@'127.0.0.1';"),
        format!("USE {there};"),
        format!("DROP TABLE {there}.secret;"),
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1;".to_owned(),
        "SET GLOBAL max_connections = 1;".to_owned(),
    ] {
        let (status, said) = import(&api, &path, hostile.clone()).await;
        assert_eq!(status, 422, "{hostile}: {said}");
    }
    assert_eq!(other.works("SELECT COUNT(*) FROM secret"), "0");
    let (_, other) = made(&api, "postgresql", 50_000_000).await;
    let (path, access) = made(&api, "postgresql", 50_000_000).await;
    access.works("CREATE TABLE t (a TEXT)");
    let there = &other.database;
    for hostile in [
        "\\! touch /tmp/wabe-dump\n".to_owned(),
        format!("\\connect {there}\n"),
        "\\copy t from '/etc/passwd'\n".to_owned(),
        "\\i /etc/passwd\n".to_owned(),
        "COPY t FROM PROGRAM 'id';".to_owned(),
        "COPY t FROM '/etc/passwd';".to_owned(),
        "COPY t TO PROGRAM 'touch /tmp/wabe-dump';".to_owned(),
        "CREATE ROLE other;".to_owned(),
        "ALTER ROLE CURRENT_USER SUPERUSER;".to_owned(),
        format!("SET ROLE {there};"),
        "SET SESSION AUTHORIZATION postgres;".to_owned(),
        "SELECT pg_read_file('/etc/passwd');".to_owned(),
        "CREATE EXTENSION adminpack;".to_owned(),
        "DROP EVENT TRIGGER wabe_only_listed_extensions;".to_owned(),
        "ROLLBACK;".to_owned(),
    ] {
        let (status, said) = import(&api, &path, hostile.clone()).await;
        assert_eq!(status, 422, "{hostile}: {said}");
    }
    // Whoever lays the role aside makes things that are the customer's all the same.
    for (table, aside) in [("own", "RESET ROLE"), ("lent", "SET ROLE NONE")] {
        let dump = format!("{aside};\nCREATE TABLE {table} (a INT);\n");
        let (status, said) = import(&api, &path, dump).await;
        assert_eq!(status, 200, "{aside}: {said}");
        let owner =
            format!("SELECT tableowner = current_user FROM pg_tables WHERE tablename = '{table}'");
        assert_eq!(access.works(&owner), "t", "{aside}");
    }
    assert!(!std::path::Path::new("/tmp/wabe-dump").exists());
}

#[tokio::test]
async fn a_dump_fills_no_database_beyond_its_quota() {
    let api = api();
    for engine in ENGINES {
        let (path, access) = made(&api, engine, 4_000_000).await;
        let mut dump = "CREATE TABLE filled (a INT, b TEXT);\n".to_owned();
        for block in 0..200 {
            let row = |number: usize| {
                let text = format!("{number:08}").repeat(60);
                format!("({number}, '{text}')")
            };
            let rows: Vec<String> = (0..100).map(|place| row(block * 100 + place)).collect();
            dump.extend(["INSERT INTO filled VALUES ", &rows.join(","), ";\n"]);
        }
        let (status, said) = import(&api, &path, dump).await;
        assert!((400..600).contains(&status), "{said}");
        if engine == "mariadb" {
            assert!(said["statements_kept"].as_i64().unwrap() > 0, "{said}");
            let full = || async {
                let found = api.get(&path).await.expect(200);
                (found["reason"] == "database-full").then_some(())
            };
            until("the database to say that it is full", full).await;
        } else {
            access.fails("SELECT count(*) FROM filled");
            let room = || async { access.run("CREATE TABLE room (a INT)").ok() };
            until("the database to take tables again", room).await;
        }
    }
}

#[tokio::test]
async fn a_full_database_is_written_out_whole() {
    let api = api();
    let (path, access) = made(&api, "mariadb", 4_000_000).await;
    read(&access, MARIADB.as_bytes()).unwrap();
    access.works("CREATE TABLE filled (b TEXT)");
    access.works("INSERT INTO filled SELECT REPEAT(MD5(seq), 40) FROM seq_1_to_4000");
    let full = || async {
        let found = api.get(&path).await.expect(200);
        (found["reason"] == "database-full").then_some(())
    };
    until("the database to say that it is full", full).await;
    let dump = String::from_utf8(export(&api, &path).await).unwrap();
    for part in [
        "TRIGGER mark",
        "PROCEDURE `all_of_it`",
        "VIEW `dear`",
        "CREATE SEQUENCE `number`",
    ] {
        assert!(dump.contains(part), "{part}");
    }
    assert!(!dump.contains("DEFINER=`shop"), "a definer was left in it");
}

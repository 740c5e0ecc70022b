//! Databases: dumps that the SQLite shell makes and reads, and SQL that must not work.

use crate::client::{Api, text};
use crate::process::shared;
use crate::tools::sqlite;
use serde_json::{Value, json};
use std::fs;

async fn database(api: &Api) -> String {
    let asked = json!({ "name": "shop", "engine": "sqlite", "quota_bytes": 50_000_000 });
    format!(
        "/databases/{}",
        text(&api.live("/databases", asked).await, "id")
    )
}

async fn query(api: &Api, database: &str, sql: &str) -> Value {
    api.json("POST", &format!("{database}/query"), &json!({ "sql": sql }))
        .await
        .expect(200)
}

#[tokio::test]
async fn a_dump_of_the_sqlite_shell_is_imported_and_comes_back_the_same() {
    let api = shared().customer().api;
    let path = database(&api).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("local.db");
    let make = "CREATE TABLE article (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL);\n\
                CREATE INDEX by_name ON article (name);\n\
                INSERT INTO article (name, price) VALUES ('Brötchen; ''süß''', 0.45), ('Brot', 4.2);\n\
                CREATE VIEW dear AS SELECT name FROM article WHERE price > 1;";
    assert!(sqlite(&file, make).await.worked);
    let dump = sqlite(&file, ".dump").await.out;
    let import = api
        .request("POST", &format!("{path}/import"))
        .body(dump.clone());
    let done = api.send(import).await.expect(200);
    assert_eq!(done["size"], dump.len());
    assert_eq!(
        query(&api, &path, "SELECT name FROM dear").await["rows"],
        json!([["Brot"]])
    );
    let exported = api.get(&format!("{path}/export")).await;
    assert_eq!(exported.status, 200);
    let copy = folder.path().join("copy.db");
    let sql = folder.path().join("export.sql");
    fs::write(&sql, &exported.body).unwrap();
    let read = sqlite(&copy, &format!(".read {}", sql.display())).await;
    assert!(read.worked, "{}", read.err);
    let all = "SELECT id, name, price FROM article ORDER BY id; SELECT count(*) FROM dear; \
               SELECT name FROM sqlite_schema ORDER BY name";
    assert_eq!(sqlite(&copy, all).await.out, sqlite(&file, all).await.out);
}

#[tokio::test]
async fn a_broken_dump_is_taken_back_whole() {
    let api = shared().customer().api;
    let path = database(&api).await;
    query(&api, &path, "CREATE TABLE kept (a)").await;
    let dump =
        "CREATE TABLE half (a); INSERT INTO half VALUES (1); INSERT INTO nowhere VALUES (1);";
    let refused = api
        .send(api.request("POST", &format!("{path}/import")).body(dump))
        .await;
    let refused = refused.expect(422);
    assert!(text(&refused, "detail").contains("nowhere"), "{refused}");
    let tables = api.get(&format!("{path}/tables")).await.expect(200);
    let names: Vec<_> = tables["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| text(one, "name"))
        .collect();
    assert_eq!(names, ["kept"]);
}

#[tokio::test]
async fn sql_reaches_no_file_and_no_other_database() {
    let api = shared().customer().api;
    let path = database(&api).await;
    for hostile in [
        "ATTACH '/etc/passwd' AS other",
        "ATTACH ':memory:' AS other",
        "VACUUM INTO '/tmp/wabe-stolen.db'",
        "SELECT load_extension('/tmp/evil')",
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('/tmp/wabe-written', 'x')",
        "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema",
        "PRAGMA temp_store_directory = '/tmp'",
        "CREATE VIRTUAL TABLE files USING fsdir('/')",
    ] {
        let body = json!({ "sql": hostile });
        let refused = api.json("POST", &format!("{path}/query"), &body).await;
        assert_eq!(refused.status, 422, "{hostile}: {}", refused.text());
    }
    assert!(!std::path::Path::new("/tmp/wabe-stolen.db").exists());
    assert_eq!(query(&api, &path, "SELECT 1").await["rows"], json!([[1]]));
}

#[tokio::test]
async fn a_statement_without_end_is_stopped_and_the_next_one_works() {
    let api = shared().customer().api;
    let path = database(&api).await;
    let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) \
                   SELECT count(*) FROM n";
    let request = api
        .request("POST", &format!("{path}/query"))
        .json(&json!({ "sql": endless }));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(query(&api, &path, "SELECT 1").await["rows"], json!([[1]]));
}

#[tokio::test]
async fn rows_come_in_pages_and_a_quota_holds() {
    let api = shared().customer().api;
    let asked = json!({ "name": "small", "engine": "sqlite", "quota_bytes": 1_000_000 });
    let path = format!(
        "/databases/{}",
        text(&api.live("/databases", asked).await, "id")
    );
    let many = "CREATE TABLE n (x); WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c \
                LIMIT 1200) INSERT INTO n SELECT x FROM c; SELECT x FROM n ORDER BY x";
    let first = query(&api, &path, many).await;
    assert_eq!(
        (first["rows"].as_array().unwrap().len(), &first["more"]),
        (500, &json!(true))
    );
    let body = json!({ "sql": "SELECT x FROM n ORDER BY x" });
    let last = api
        .json("POST", &format!("{path}/query?skip=1000"), &body)
        .await
        .expect(200);
    assert_eq!(
        (last["rows"].as_array().unwrap().len(), &last["more"]),
        (200, &json!(false))
    );
    let fill = json!({ "sql": "CREATE TABLE big (b); INSERT INTO big VALUES (zeroblob(3000000))" });
    let refused = api.json("POST", &format!("{path}/query"), &fill).await;
    assert!((400..500).contains(&refused.status), "{}", refused.text());
    assert_eq!(
        query(&api, &path, "SELECT count(*) FROM n").await["rows"],
        json!([[1200]])
    );
}

#[tokio::test]
async fn a_suspended_database_answers_no_sql() {
    let api = shared().customer().api;
    let path = database(&api).await;
    let reason = json!({ "reason": "Moving it" });
    api.json("POST", &format!("{path}/suspend"), &reason)
        .await
        .expect(200);
    api.settled(&path, "suspended").await;
    let body = json!({ "sql": "SELECT 1" });
    let refused = api.json("POST", &format!("{path}/query"), &body).await;
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (409, Some("resource-suspended"))
    );
    assert_eq!(api.get(&format!("{path}/export")).await.status, 409);
}

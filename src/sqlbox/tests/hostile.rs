//! Statements of somebody who wants out, or wants everything (3.14 T4).

use std::io::Write;
use std::path::Path;

use serde_json::json;

use crate::{Desk, kind};

#[test]
fn ways_out_of_the_database_are_denied() {
    let desk = Desk::new();
    desk.query("create table t(a)");
    let outside = desk.file().with_file_name("outside.sqlite");
    let outside = outside.display();
    for sql in [
        format!("attach '{outside}' as o"),
        format!("attach 'file:{outside}?mode=rwc' as o"),
        format!("attach '' || '{outside}' as o"),
        "attach '' as o".to_owned(),
        "attach ':memory:' as o".to_owned(),
        "detach main".to_owned(),
        format!("vacuum into '{outside}'"),
        format!("vacuum main into '' || '{outside}'"),
        "select load_extension('/lib/x.so')".to_owned(),
        "select fts3_tokenizer('simple')".to_owned(),
        "pragma writable_schema = on".to_owned(),
        "pragma main.writable_schema = on".to_owned(),
        "select * from pragma_writable_schema".to_owned(),
        "pragma journal_mode = off".to_owned(),
        "pragma max_page_count = 99999999".to_owned(),
        "select * from pragma_database_list".to_owned(),
        "create virtual table f using fts5(a)".to_owned(),
        "explain pragma temp_store_directory = '/'".to_owned(),
    ] {
        let kind = desk.kind(&sql);
        let unknown = sql.contains("from pragma_writable");
        assert!(
            kind == "denied" || (unknown && kind == "rejected"),
            "{sql}: {kind}"
        );
    }
    assert!(!Path::new(&desk.file().with_file_name("outside.sqlite")).exists());
    assert_eq!(
        desk.kind("insert into sqlite_schema values (1, 2, 3, 4, 5)"),
        "rejected"
    );
    let view = "create view v as select load_extension('x'); select * from v";
    assert_eq!(desk.kind(view), "rejected");
    assert_eq!(desk.kind("select readfile('/etc/passwd')"), "rejected");
    assert!(desk.is_intact());
}

#[test]
fn plain_vacuum_is_allowed() {
    let desk = Desk::new();
    desk.query("create table t(a); insert into t values (zeroblob(2000000)); delete from t");
    assert_eq!(desk.kind("/* tidy */ vacuum"), "none");
    assert_eq!(desk.kind("attach '' as o"), "denied");
    assert!(desk.is_intact());
}

#[test]
fn values_larger_than_allowed_are_refused() {
    let desk = Desk::new();
    for sql in [
        "select zeroblob(9e8)",
        "select length(randomblob(900000000))",
        "select hex(zeroblob(3000000))",
        "select group_concat(x, x) from (select hex(zeroblob(1000000)) as x union all select hex(zeroblob(1000001)) union all select hex(zeroblob(1000002)))",
    ] {
        assert_eq!(desk.kind(sql), "limit", "{sql}");
    }
}

#[test]
fn memory_is_limited() {
    let mut desk = Desk::new();
    desk.seconds = 60;
    let sql = "create temp table t(a);
               with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)
               insert into t select zeroblob(4000000) from n";
    assert_eq!(desk.kind(sql), "limit");
    assert!(desk.is_intact());
}

#[test]
fn endless_statements_end_at_the_soft_deadline() {
    let mut desk = Desk::new();
    desk.seconds = 1;
    let endless = "with recursive n(i) as (select 1 union all select i + 1 from n) ";
    assert_eq!(
        desk.kind(&format!("{endless} select count(*) from n")),
        "timeout"
    );
    assert_eq!(
        desk.kind(&format!("{endless} select i from n where i < 0")),
        "timeout"
    );
}

#[test]
fn a_function_that_calls_no_hook_ends_with_the_process() {
    let mut desk = Desk::new();
    desk.seconds = 1;
    // Compares two million characters at two million places.
    let sql = "select instr(hex(zeroblob(2000000)), hex(zeroblob(1000000)) || '1')";
    let request = json!({ "sql": sql, "skip": 0, "limit": 1 });
    let outcome = desk.ask("query", request.to_string().as_bytes());
    // Killed by the limit of processor time: no exit code.
    assert_eq!(outcome.code, None);
    assert_eq!(
        desk.kind(&format!("select 'a' like '{}'", "%a".repeat(500))),
        "rejected"
    );
    assert!(desk.is_intact());
}

#[test]
fn a_giant_result_becomes_a_page() {
    let desk = Desk::new();
    let answer = desk.query(
        "with recursive n(i) as (select 1 union all select i + 1 from n)
         select hex(zeroblob(50000)) from n",
    );
    assert_eq!(answer["more"], true);
    let rows = answer["rows"].as_array().unwrap().len();
    assert_eq!(rows, (4 << 20) / 100_004);
    assert_eq!(desk.kind("select zeroblob(3900000)"), "limit");
}

#[test]
fn deep_and_long_statements_are_refused() {
    let desk = Desk::new();
    let deep = format!("select {}1", "not ".repeat(5_000));
    assert_eq!(desk.kind(&deep), "rejected");
    let long = format!("select '{}'", "x".repeat(2 << 20));
    assert_eq!(desk.kind(&long), "limit");
    let wide = "select 1 union ".repeat(600) + "select 1";
    assert_eq!(desk.kind(&wide), "rejected");
}

#[test]
fn a_full_quota_is_told_and_the_database_stays_usable() {
    let mut desk = Desk::new();
    desk.quota = 1_000_000;
    let fill = "create table if not exists t(a);
                with recursive n(i) as (select 1 union all select i + 1 from n where i < 500)
                insert into t select zeroblob(10000) from n";
    assert_eq!(desk.kind(fill), "full");
    assert!(std::fs::metadata(desk.file()).unwrap().len() <= 1_000_000);
    assert_eq!(desk.rows("select count(*) from t"), json!([[0]]));
    assert_eq!(desk.kind("insert into t values (zeroblob(900000))"), "none");
    assert_eq!(desk.kind("insert into t values (zeroblob(900000))"), "full");
    // What is deleted makes room, in the quota and on the disk.
    assert_eq!(desk.kind("delete from t"), "none");
    assert!(std::fs::metadata(desk.file()).unwrap().len() <= 20_000);
    assert_eq!(desk.kind("insert into t values (zeroblob(900000))"), "none");
}

#[test]
fn being_killed_in_the_middle_of_writing_leaves_a_usable_database() {
    let desk = Desk::new();
    desk.query("create table t(a); insert into t values (1)");
    let sql = "with recursive n(i) as (select 1 union all select i + 1 from n)
               insert into t select zeroblob(1000) from n limit 40000";
    let mut child = desk.start("query");
    let request = json!({ "sql": sql, "skip": 0, "limit": 1 });
    child
        .stdin
        .take()
        .unwrap()
        .write_all(request.to_string().as_bytes())
        .unwrap();
    let journal = desk.file().with_file_name("data.sqlite-journal");
    while !journal.exists() && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None);
    assert!(desk.is_intact());
    assert_eq!(desk.rows("select count(*) from t"), json!([[1]]));
    assert_eq!(desk.kind("insert into t values (2)"), "none");
    assert!(!journal.exists());
}

#[test]
fn a_dump_cannot_do_what_a_statement_cannot() {
    let desk = Desk::new();
    for dump in [
        "attach '/tmp/x' as o;",
        "pragma writable_schema=on;",
        "select load_extension('x');",
        "create table t(a); rollback;",
        "create virtual table f using fts5(a);",
    ] {
        let answer = desk.import(dump);
        assert_eq!(kind(&answer), "denied", "{dump}: {answer}");
    }
    assert_eq!(desk.ask("tables", b"").answer(), json!([]));
}

#[test]
fn names_and_messages_cannot_swell_the_answer() {
    let desk = Desk::new();
    for number in 0..5 {
        let name = number.to_string().repeat(300_000);
        assert_eq!(desk.kind(&format!("create table \"{name}\"(a)")), "none");
    }
    assert_eq!(
        desk.ask("tables", b"").answer().as_array().unwrap().len(),
        3
    );
    let answer = desk.query(&format!("select * from \"{}\"", "x".repeat(900_000)));
    assert_eq!(answer["error"]["message"].as_str().unwrap().len(), 2_000);
}

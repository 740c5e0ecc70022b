//! Ordinary use.

use serde_json::json;

use crate::{Desk, kind};

#[test]
fn values_come_as_json_and_binary_ones_as_base64() {
    let desk = Desk::new();
    let answer = desk.query(
        "create table t(a, b); insert into t values (1, 2), (3, 4);
         select null as n, 9007199254740993 as i, 1.5, 'ä', x'00ff', 9e999",
    );
    assert_eq!(
        answer["columns"],
        json!(["n", "i", "1.5", "'ä'", "x'00ff'", "9e999"])
    );
    let expected =
        json!([[null, 9_007_199_254_740_993_i64, 1.5, "ä", { "base64": "AP8=" }, "inf"]]);
    assert_eq!(answer["rows"], expected);
    assert_eq!(answer["changed"], 0);
    assert_eq!(desk.query("update t set b = 0")["changed"], 2);
    assert_eq!(desk.query("create table u(a)")["changed"], 0);
}

#[test]
fn rows_come_in_pages() {
    let desk = Desk::new();
    let count = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1200)
                 select i from n";
    let first = desk.page(count, 0, 500);
    assert_eq!(
        (first["rows"].as_array().unwrap().len(), &first["more"]),
        (500, &json!(true))
    );
    let last = desk.page(count, 1_000, 9_999);
    assert_eq!(
        (last["rows"].as_array().unwrap().len(), &last["more"]),
        (200, &json!(false))
    );
    assert_eq!(last["rows"][0], json!([1_001]));
}

#[test]
fn a_writing_statement_runs_to_its_end_whatever_the_page_holds() {
    let desk = Desk::new();
    let answer = desk.page(
        "create table t(a); insert into t values (1), (2), (3) returning a",
        0,
        1,
    );
    assert_eq!(
        (&answer["rows"], &answer["more"]),
        (&json!([[1]]), &json!(true))
    );
    assert_eq!(desk.rows("select count(*) from t"), json!([[3]]));
}

#[test]
fn the_rows_of_a_table_are_read_by_its_name_and_nothing_else_is() {
    let desk = Desk::new();
    desk.query(
        r#"create table "o'd ""d; drop table t" (a, b); create table t(a); create view v as select 1;
           insert into "o'd ""d; drop table t" values (1, 'x'), (2, null), (3, x'00')"#,
    );
    let rows = |table: &str, skip, limit| {
        let request = json!({ "table": table, "skip": skip, "limit": limit });
        desk.ask("rows", request.to_string().as_bytes()).answer()
    };
    let odd = rows(r#"o'd "d; drop table t"#, 0, 2);
    assert_eq!(odd["columns"], json!(["a", "b"]));
    assert_eq!(
        (&odd["rows"], &odd["more"]),
        (&json!([[1, "x"], [2, null]]), &json!(true))
    );
    let rest = rows(r#"o'd "d; drop table t"#, 2, 2);
    assert_eq!(
        (&rest["rows"], &rest["more"]),
        (&json!([[3, { "base64": "AA==" }]]), &json!(false))
    );
    assert_eq!(rows("t", 0, 500)["rows"], json!([]));
    for nothing in ["", "v", "sqlite_schema", "T; select 1", "t\0"] {
        assert_eq!(kind(&rows(nothing, 0, 500)), "missing", "{nothing:?}");
    }
    // A statement has no place in the request.
    let request = json!({ "table": "t", "sql": "drop table t", "skip": 0, "limit": 1 });
    let outcome = desk.ask("rows", request.to_string().as_bytes());
    assert_eq!(outcome.code, Some(1));
}

#[test]
fn statements_commit_one_by_one_until_one_fails() {
    let desk = Desk::new();
    let answer = desk.query("create table t(a); insert into t values (1); nonsense; drop table t");
    assert_eq!(kind(&answer), "rejected");
    assert_eq!(
        answer["error"]["message"],
        "near \"nonsense\": syntax error"
    );
    assert_eq!(desk.rows("select a from t"), json!([[1]]));
}

#[test]
fn a_transaction_left_open_is_rolled_back_and_told() {
    let desk = Desk::new();
    assert_eq!(
        desk.kind("create table t(a); begin; insert into t values (1)"),
        "unfinished"
    );
    assert_eq!(desk.rows("select count(*) from t"), json!([[0]]));
    assert_eq!(desk.kind("begin; insert into t values (1); commit"), "none");
    assert_eq!(desk.rows("select count(*) from t"), json!([[1]]));
}

#[test]
fn tables_are_listed_with_their_rows_whatever_their_names() {
    let desk = Desk::new();
    desk.query("create table \"b\"\"; drop table a\"(x); create table a(id integer primary key autoincrement);
                insert into a values (null), (null)");
    let tables = desk.ask("tables", b"").answer();
    let expected = json!([{ "name": "a", "rows": 2 }, { "name": "b\"; drop table a", "rows": 0 }]);
    assert_eq!(tables, expected);
}

#[test]
fn creating_again_changes_nothing() {
    let desk = Desk::new();
    desk.query("create table t(a); insert into t values (7)");
    assert_eq!(desk.ask("create", b"").answer(), json!({}));
    assert_eq!(desk.rows("select a from t"), json!([[7]]));
    assert_eq!(desk.rows("pragma auto_vacuum"), json!([[1]]));
}

#[test]
fn only_create_makes_a_file() {
    let desk = Desk::new();
    std::fs::remove_file(desk.file()).unwrap();
    assert_eq!(desk.ask("tables", b"").code, Some(1));
    assert!(!desk.file().exists());
}

#[test]
fn a_link_in_place_of_the_database_is_not_followed() {
    let desk = Desk::new();
    let other = desk.file().with_file_name("other.sqlite");
    std::fs::rename(desk.file(), &other).unwrap();
    std::os::unix::fs::symlink(&other, desk.file()).unwrap();
    assert_eq!(desk.ask("tables", b"").code, Some(1));
    assert_eq!(desk.ask("create", b"").code, Some(1));
}

#[test]
fn a_request_that_is_cut_off_runs_nothing() {
    let desk = Desk::new();
    assert_eq!(
        desk.ask("query", b"{\"sql\":\"create table t(a)\",\"skip\":0,")
            .code,
        Some(1)
    );
    assert_eq!(desk.ask("tables", b"").answer(), json!([]));
}

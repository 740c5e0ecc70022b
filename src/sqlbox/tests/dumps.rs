//! Dumps go in and out unchanged, as SQLite's own shell sees them.

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use serde_json::json;

use crate::{Desk, kind, shell};

/// Of everything something, and some of it in an unfortunate order.
const RICH: &str = r#"
create table child(id integer primary key, parent references parent(id), note text default 'a;b');
create table parent(id integer primary key autoincrement, name text unique, "odd ""name""" blob);
insert into parent values (3, 'it''s; -- not /* a comment', x'00ff'), (9, null, 1.0);
insert into child values (1, 9, char(13, 10) || 'x' || char(10)), (2, 3, '\r');
create table keyless(k text primary key, v) without rowid;
insert into keyless values ('b', 9e999), ('a', -0.1), ('c', 9223372036854775807);
create table made(a int, b int generated always as (a * 2) stored, c int as (a + b));
insert into made(a) values (1), (2);
create table indexed(a unique);
insert into indexed values (3), (1), (2);
create table "select"("from" text, 'where' int); -- trailing words
insert into "select" values ('x', 1e-300);
create index i on parent(name collate nocase) where name is not null;
create view later as select * from earlier;
create view earlier as select name from parent;
create table log(at);
create trigger t after insert on parent begin
  insert into log values (case when new.id > 1 then 'big' else 'small' end);
  delete from log where at = ';';
end;
create trigger u instead of insert on earlier begin insert into parent(name) values (new.name); end;
analyze;
"#;

#[test]
fn a_dump_of_the_shell_goes_in_and_comes_out_the_same() {
    let desk = Desk::new();
    let folder = tempfile::tempdir().unwrap();
    let original = folder.path().join("original.sqlite");
    shell(&original, RICH);
    let dump = shell(&original, ".dump\n");
    let answer = desk.import(&dump);
    assert_eq!(kind(&answer), "none", "{answer}");
    // Each table of statistics that a build of SQLite knows adds such a line, with or without rows.
    let lines = |dump: &str| -> Vec<String> {
        dump.lines()
            .filter(|line| *line != "ANALYZE sqlite_schema;")
            .map(str::to_owned)
            .collect()
    };
    let sorted = |dump: &str| {
        let mut lines = lines(dump);
        lines.sort();
        lines
    };
    assert_eq!(lines(&shell(&desk.file(), ".dump\n")), lines(&dump));

    // Our own dump: into the shell, and into ourselves.
    let ours = desk.export();
    let copy = folder.path().join("copy.sqlite");
    shell(&copy, &ours);
    assert_eq!(sorted(&shell(&copy, ".dump\n")), sorted(&dump));
    let again = Desk::new();
    let answer = again.import(&ours);
    assert_eq!(kind(&answer), "none", "{answer}");
    assert_eq!(again.export(), ours);
    assert_eq!(sorted(&shell(&again.file(), ".dump\n")), sorted(&dump));
}

#[test]
fn a_failed_import_changes_nothing_and_names_the_line() {
    let desk = Desk::new();
    desk.query("create table t(a); insert into t values (1)");
    let before = desk.export();
    let answer = desk.import(
        "BEGIN TRANSACTION;\nDELETE FROM t;\nCREATE TABLE u(b);\nCOMMIT;\n\n  INSERT INTO nowhere VALUES(1);\n",
    );
    assert_eq!(answer["error"]["message"], "6: no such table: nowhere");
    assert_eq!(kind(&answer), "rejected");
    assert_eq!(desk.export(), before);
    for dump in [
        "delete from t; insert or rollback into t(rowid, a) values (1, 1), (1, 1);",
        "delete from t; create table x(a",
    ] {
        assert_eq!(kind(&desk.import(dump)), "rejected", "{dump}");
        assert_eq!(desk.export(), before);
    }
}

#[test]
fn a_dump_that_is_cut_off_changes_nothing() {
    let desk = Desk::new();
    let whole = b"create table t(a); insert into t values (1);";
    assert_eq!(desk.ask("import", whole).code, Some(1));
    assert_eq!(desk.ask("tables", b"").answer(), json!([]));
    let mut hidden = whole.to_vec();
    hidden.extend_from_slice(b"\0drop table t;\0");
    assert_eq!(kind(&desk.ask("import", &hidden).answer()), "rejected");
    assert_eq!(desk.ask("tables", b"").answer(), json!([]));
    assert_eq!(
        kind(&desk.import("create table t(a) -- no semicolon")),
        "none"
    );
}

#[test]
fn an_import_over_quota_changes_nothing() {
    let mut desk = Desk::new();
    desk.quota = 200_000;
    let row = format!("insert into t values ('{}');\n", "x".repeat(1_000));
    let answer = desk.import(&format!("create table t(a);\n{}", row.repeat(500)));
    assert_eq!(kind(&answer), "full");
    assert_eq!(desk.ask("tables", b"").answer(), json!([]));
}

#[test]
fn the_largest_values_survive() {
    let desk = Desk::new();
    desk.query("create table t(a)");
    for value in [
        "zeroblob(4100000)",
        "replace(hex(zeroblob(2000000)), '0', '''')",
        "replace(hex(zeroblob(2000000)), '0', char(13))",
        "replace(hex(zeroblob(500000)), '0', char(13))",
    ] {
        assert_eq!(
            desk.kind(&format!("insert into t values ({value})")),
            "none",
            "{value}"
        );
    }
    let ours = desk.export();
    let again = Desk::new();
    let answer = again.import(&ours);
    assert_eq!(kind(&answer), "none", "{answer}");
    assert_eq!(again.export(), ours);
}

/// A value as it is written in SQL, of every type.
fn value() -> impl Strategy<Value = String> {
    let hexadecimal = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .concat()
    };
    prop_oneof![
        Just("NULL".to_owned()),
        any::<i64>().prop_map(|number| format!("({})", number.saturating_add(1))),
        // The engine's own reading of the digits is what has to survive.
        any::<f64>()
            .prop_filter("written in SQL", |number| number.is_finite())
            .prop_map(|number| format!("({number:e})")),
        any::<String>()
            .prop_map(move |text| format!("CAST(X'{}' AS TEXT)", hexadecimal(text.as_bytes()))),
        prop::collection::vec(
            prop_oneof![
                Just(b'\r'),
                Just(b'\n'),
                Just(b'\''),
                Just(b'\\'),
                Just(b'r'),
                Just(0),
                Just(0xff)
            ],
            0..12
        )
        .prop_map(move |bytes| format!("CAST(X'{}' AS TEXT)", hexadecimal(&bytes))),
        prop::collection::vec(any::<u8>(), 0..40)
            .prop_map(move |bytes| format!("X'{}'", hexadecimal(&bytes))),
    ]
}

/// A line of a dump as nobody writes it: bytes, or a true line with some of them lost.
fn junk() -> impl Strategy<Value = Vec<u8>> {
    let lines: Vec<&'static str> = RICH.lines().filter(|line| !line.is_empty()).collect();
    let line = prop::sample::select(lines).prop_flat_map(|line| {
        (Just(line), 0..line.len(), any::<u8>()).prop_map(|(line, at, byte)| {
            let mut bytes = line.as_bytes().to_vec();
            bytes[at] = byte;
            bytes
        })
    });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..60), line]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_as_a_dump_are_run_whole_or_not_at_all(lines in prop::collection::vec(junk(), 0..6)) {
        let desk = Desk::new();
        let answer = desk.import("create table kept(a); insert into kept values (1);");
        assert_eq!(kind(&answer), "none", "{answer}");
        let before = desk.export();
        let mut dump = b"create table new(a);\n".to_vec();
        dump.extend(lines.join(&b'\n'));
        dump.push(0);
        let answer = desk.ask("import", &dump).answer();
        if kind(&answer) != "none" {
            assert_eq!(desk.export(), before, "{answer}");
        }
        assert!(desk.is_intact());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_of_every_type_survive_export_and_import(values in prop::collection::vec(value(), 1..150)) {
        let desk = Desk::new();
        let rows: Vec<String> = values.iter().map(|value| format!("insert into t(v) values ({value});\n")).collect();
        let rows = rows.concat();
        let answer = desk.import(&format!("create table t(id integer primary key, v, g generated always as (typeof(v)));{rows}"));
        assert_eq!(kind(&answer), "none", "{answer}");
        let ours = desk.export();
        let again = Desk::new();
        let answer = again.import(&ours);
        assert_eq!(kind(&answer), "none", "{answer}");
        // Compared by the engine as bytes and types, not through our own writing.
        let check = "select id, typeof(v), iif(typeof(v) = 'real', v, hex(v)) from t order by id";
        assert_eq!(again.rows(check), desk.rows(check));
        assert_eq!(again.export(), ours);
        // The shell reads it as well.
        let file = desk.file().with_file_name("shell.sqlite");
        shell(&file, &ours);
        let seen = "select id, typeof(v), hex(v) from t where typeof(v) <> 'real' order by id;\n";
        assert_eq!(shell(&file, seen), shell(&desk.file(), seen));
    }
}

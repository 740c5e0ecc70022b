//! What becomes of each table and each text when a customer is erased: GDPR Art. 17. That it happens, and
//! only then, is in `four_eyes/erasure.rs`.

use crate::repository::{customer_tables, nothing_found, tables};
use sqlx::{AnyConnection, Connection as _, Row as _};
use std::collections::BTreeMap;
use wabe_store::Location;
use wabe_store::erase::{Fate, Stays, disposals};
use wabe_testkit::{Engine, TestStore};

/// The texts of each table.
async fn texts() -> BTreeMap<String, Vec<String>> {
    const TEXTS: &str = "SELECT t.name AS place, c.name AS item \
        FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations' \
        AND c.type <> 'BIGINT'";
    sqlx::any::install_default_drivers();
    let db = TestStore::on(Engine::Sqlite).await;
    let Location::Sqlite(path) = &db.location else {
        panic!("not SQLite")
    };
    let url = format!("sqlite://{}", path.display());
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    let rows = sqlx::query(TEXTS).fetch_all(&mut connection).await;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows.unwrap() {
        let texts = found.entry(row.get("place")).or_default();
        texts.push(row.get("item"));
    }
    found
}

#[tokio::test]
async fn every_table_goes_or_stays_for_a_reason_and_so_does_every_text_of_what_stays() {
    let (texts, known) = (texts().await, tables());
    let mut findings = Vec::new();
    for table in known.keys() {
        let all = disposals().into_iter();
        let all: Vec<_> = all.filter(|one| one.table == table).collect();
        let kept = all
            .iter()
            .filter(|one| matches!(one.fate, Fate::Kept(_)))
            .count();
        if all.is_empty() {
            findings.push(format!("{table}: neither goes nor stays"));
        }
        if kept > 1 || (kept == 1 && all.len() > 1) {
            findings.push(format!("{table}: goes and stays"));
        }
        for one in all.iter().filter(|one| one.fate == Fate::Emptied) {
            let stays = one.stays.iter().map(|(column, _)| *column);
            let named: Vec<&str> = one.emptied.iter().copied().chain(stays).collect();
            for text in &texts[table] {
                match named.iter().filter(|name| *name == text).count() {
                    1 => {}
                    0 => findings.push(format!("{table}.{text}: neither emptied nor stays")),
                    _ => findings.push(format!("{table}.{text}: listed twice")),
                }
            }
            let gone = named
                .iter()
                .filter(|name| !texts[table].iter().any(|text| text == *name));
            findings.extend(gone.map(|name| format!("{table}.{name} is gone")));
        }
    }
    let gone = disposals().into_iter();
    let gone = gone.filter(|one| !known.contains_key(one.table));
    findings.extend(gone.map(|one| format!("{} is gone", one.table)));
    nothing_found(&findings);
}

/// What is a customer's goes, but for what the record stands on and the law demands.
#[test]
fn nothing_of_a_customer_stays_because_it_is_convenient() {
    let convenient =
        |fate: Fate| matches!(fate, Fate::Kept(Stays::Plain | Stays::House | Stays::Brief));
    for table in customer_tables() {
        let all = disposals().into_iter().filter(|one| one.table == table);
        for one in all {
            assert!(!convenient(one.fate), "{table}");
        }
    }
}

//! Moving the panel's state from one engine to the other and back loses nothing.

use crate::repository::{nothing_found, tables};
use serde_json::json;
use std::collections::BTreeMap;
use wabe_store::{Location, Store};
use wabe_testkit::{Engine, House, Postgres, TestStore, snapshot};

#[test]
fn every_table_and_column_is_moved() {
    let moved: BTreeMap<String, Vec<&str>> = wabe_store::copied()
        .into_iter()
        .map(|(table, columns)| (table.to_owned(), columns))
        .collect();
    let mut findings = Vec::new();
    for (table, columns) in tables() {
        let found = moved.get(&table).cloned().unwrap_or_default();
        for column in columns
            .iter()
            .filter(|column| !found.contains(&column.as_str()))
        {
            findings.push(format!("{table}.{column} is not moved"));
        }
    }
    nothing_found(&findings);
}

/// A house with something in it, also in the record.
async fn lived_in(engine: Engine) -> House {
    let house = House::on(engine).await;
    let tenant = house.tenant("Sonne").await;
    for (name, input) in [
        ("domain.create", json!({ "name": "sonne.test" })),
        (
            "webspace.create",
            json!({ "name": "shop", "domain": "www.sonne.test" }),
        ),
        (
            "mailbox.create",
            json!({ "address": "a@sonne.test", "password": wabe_testkit::PASSWORD }),
        ),
    ] {
        house.run_json(&tenant.owner, name, input).await.unwrap();
    }
    house.settle().await;
    house
        .sequencer
        .sequence(&house.db.store, 100)
        .await
        .unwrap();
    house.sequencer.checkpoint(&house.db.store).await.unwrap();
    house
}

#[tokio::test]
async fn a_move_there_and_back_leaves_every_row_as_it_was() {
    let house = lived_in(Engine::Sqlite).await;
    let there = TestStore::on(Engine::Postgres).await;
    let moved = house.db.store.copy_into(&there.store).await.unwrap();
    assert!(
        moved
            .iter()
            .any(|(table, rows)| *table == "mailbox" && *rows == 1)
    );
    let back = TestStore::on(Engine::Sqlite).await;
    there.store.copy_into(&back.store).await.unwrap();
    assert_eq!(
        snapshot(&house.db.location).await,
        snapshot(&back.location).await
    );
}

#[tokio::test]
async fn the_record_goes_on_where_it_stopped() {
    let house = lived_in(Engine::Sqlite).await;
    let location: Location = Postgres::shared().await.empty_database().await;
    let target = Store::open(&location).await.unwrap();
    target.migrate().await.unwrap();
    house.db.store.copy_into(&target).await.unwrap();
    let db = TestStore::of(target, location);
    let moved = House::builder(Engine::Postgres).over(db).build().await;
    moved.tenant("Mond").await;
    assert!(
        moved
            .sequencer
            .sequence(&moved.db.store, 100)
            .await
            .unwrap()
            > 0
    );
    moved.sequencer.checkpoint(&moved.db.store).await.unwrap();
}

#[tokio::test]
async fn nothing_is_moved_over_customers() {
    let [from, to] = [
        lived_in(Engine::Sqlite).await,
        lived_in(Engine::Postgres).await,
    ];
    let before = snapshot(&to.db.location).await;
    assert!(from.db.store.copy_into(&to.db.store).await.is_err());
    assert_eq!(before, snapshot(&to.db.location).await);
}

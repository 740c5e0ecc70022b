//! How transactions share a write to the disk, and what each of them may rely on.

use crate::{Location, Statement, Store, Tx};
use std::pin::{Pin, pin};
use std::task::Poll;
use tempfile::TempDir;
use wabe_kernel::Fault;

/// Something of the store that is under way.
type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + 'a>>;

const MAKE: Statement = Statement {
    name: "test.make",
    sql: "CREATE TABLE word (text TEXT PRIMARY KEY, number BIGINT)",
};
const ADD: Statement = Statement {
    name: "test.add",
    sql: "INSERT INTO word (number, text) VALUES ($2, $1)",
};
const LIST: Statement = Statement {
    name: "test.list",
    sql: "SELECT text, number FROM word ORDER BY text",
};

async fn opened() -> (Store, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("wabe.db"));
    let store = Store::open(&location).await.unwrap();
    let mut tx = store.write().await.unwrap();
    MAKE.query().execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    (store, folder)
}

async fn add(tx: &mut Tx, text: &str) {
    let query = ADD.bind(text).bind(7);
    query.execute_one(tx).await.unwrap();
}

async fn words(store: &Store) -> Vec<String> {
    let mut tx = store.read().await.unwrap();
    let rows = LIST.query().all(&mut tx).await.unwrap();
    let texts = rows.iter().map(|row| row.text("text").unwrap());
    texts.collect()
}

/// Polls once, so that the future stands where it has to wait.
async fn started<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    std::future::poll_fn(|context| Poll::Ready(Pin::new(&mut *future).poll(context))).await
}

/// Keeps a word while somebody else waits to write: the commit that is not over, and who waits.
async fn kept_while_waited_for<'a>(
    store: &'a Store,
    text: &str,
) -> (Later<'static, ()>, Later<'a, Tx>) {
    let mut first = store.write().await.unwrap();
    add(&mut first, text).await;
    let mut second: Later<'a, Tx> = Box::pin(store.write());
    assert!(started(&mut second).await.is_pending());
    let mut kept: Later<'static, ()> = Box::pin(first.commit());
    assert!(started(&mut kept).await.is_pending());
    (kept, second)
}

#[tokio::test]
async fn who_commits_while_others_wait_is_acknowledged_with_them() {
    let (store, _folder) = opened().await;
    let (mut kept, second) = kept_while_waited_for(&store, "first").await;
    let mut second = second.await.unwrap();
    add(&mut second, "second").await;
    assert!(started(&mut kept).await.is_pending(), "not on the disk yet");
    assert_eq!(words(&store).await, Vec::<String>::new());
    second.commit().await.unwrap();
    kept.await.unwrap();
    assert_eq!(words(&store).await, ["first", "second"]);
}

#[tokio::test]
async fn what_is_given_up_takes_nothing_of_the_others_with_it() {
    let (store, _folder) = opened().await;
    let (kept, second) = kept_while_waited_for(&store, "kept").await;
    let mut second = second.await.unwrap();
    add(&mut second, "given up").await;
    drop(second);
    kept.await.unwrap();
    assert_eq!(words(&store).await, ["kept"]);
}

#[tokio::test]
async fn a_group_ends_even_when_who_waited_goes_away() {
    let (store, _folder) = opened().await;
    let (kept, second) = kept_while_waited_for(&store, "kept").await;
    drop(second);
    kept.await.unwrap();
    assert_eq!(words(&store).await, ["kept"]);
}

#[tokio::test]
async fn a_commit_that_nobody_waits_for_happens_all_the_same() {
    let (store, _folder) = opened().await;
    let mut first = store.write().await.unwrap();
    add(&mut first, "kept").await;
    {
        let mut kept = pin!(first.commit());
        assert!(started(&mut kept).await.is_pending());
    }
    drop(store.write().await.unwrap());
    assert_eq!(words(&store).await, ["kept"]);
}

#[tokio::test]
async fn a_lost_transaction_is_a_fault_for_everybody_in_the_group() {
    let (store, _folder) = opened().await;
    let (kept, second) = kept_while_waited_for(&store, "first").await;
    let mut second = second.await.unwrap();
    // What SQLite does by itself when the disk is full.
    let roll_back = Statement {
        name: "test.roll_back",
        sql: "ROLLBACK",
    };
    roll_back.query().execute(&mut second).await.unwrap();
    assert!(second.commit().await.is_err());
    assert!(kept.await.is_err());
    let mut third = store.write().await.unwrap();
    add(&mut third, "third").await;
    third.commit().await.unwrap();
    assert_eq!(words(&store).await, ["third"]);
}

#[tokio::test]
async fn a_failed_statement_leaves_the_transaction_usable() {
    let (store, _folder) = opened().await;
    let mut tx = store.write().await.unwrap();
    add(&mut tx, "once").await;
    assert!(ADD.bind("once").bind(8).execute(&mut tx).await.is_err());
    add(&mut tx, "then").await;
    tx.commit().await.unwrap();
    assert_eq!(words(&store).await, ["once", "then"]);
}

#[tokio::test]
async fn a_hundred_writers_are_all_acknowledged_and_all_there() {
    let (store, _folder) = opened().await;
    let writers = (0..100).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut tx = store.write().await.unwrap();
            add(&mut tx, &format!("{number:03}")).await;
            if number % 3 == 0 {
                tx.rollback().await.unwrap();
            } else {
                tx.commit().await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let expected = (0..100).filter(|number| number % 3 != 0);
    let expected: Vec<String> = expected.map(|number| format!("{number:03}")).collect();
    assert_eq!(words(&store).await, expected);
}

#[tokio::test]
async fn readers_cannot_write_and_see_one_state() {
    let (store, _folder) = opened().await;
    let mut reader = store.read().await.unwrap();
    assert!(LIST.query().all(&mut reader).await.unwrap().is_empty());
    let mut tx = store.write().await.unwrap();
    add(&mut tx, "later").await;
    tx.commit().await.unwrap();
    assert!(LIST.query().all(&mut reader).await.unwrap().is_empty());
    assert!(ADD.bind("no").bind(1).execute(&mut reader).await.is_err());
    drop(reader);
    assert_eq!(words(&store).await, ["later"]);
}

#[tokio::test]
async fn a_closed_store_refuses_and_leaves_one_file() {
    let (store, folder) = opened().await;
    store.close().await;
    assert!(store.write().await.is_err());
    assert!(store.read().await.is_err());
    let names = std::fs::read_dir(folder.path()).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["wabe.db"]);
}

#[tokio::test]
async fn what_is_kept_for_the_next_reaches_the_disk_with_it() {
    let (store, _folder) = opened().await;
    let mut first = store.write().await.unwrap();
    add(&mut first, "first").await;
    let lasting = first.commit_with_next().unwrap();
    assert!(lasting.is_in_order());
    let mut on_disk: Later<'static, ()> = Box::pin(lasting.on_disk());
    assert!(started(&mut on_disk).await.is_pending());
    assert_eq!(words(&store).await, Vec::<String>::new());
    let mut second = store.write().await.unwrap();
    let seen = LIST.query().all(&mut second).await.unwrap();
    assert_eq!(seen.len(), 1, "whoever writes next sees it");
    add(&mut second, "second").await;
    second.commit().await.unwrap();
    on_disk.await.unwrap();
    assert_eq!(words(&store).await, ["first", "second"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_for_the_next_reaches_the_disk_without_one() {
    let (store, _folder) = opened().await;
    let mut only = store.write().await.unwrap();
    add(&mut only, "only").await;
    let lasting = only.commit_with_next().unwrap();
    lasting.on_disk().await.unwrap();
    assert_eq!(words(&store).await, ["only"]);
}

#[tokio::test(start_paused = true)]
async fn a_next_that_is_given_up_takes_nothing_of_what_was_kept_for_it() {
    let (store, _folder) = opened().await;
    let mut first = store.write().await.unwrap();
    add(&mut first, "first").await;
    let lasting = first.commit_with_next().unwrap();
    let mut second = store.write().await.unwrap();
    add(&mut second, "second").await;
    second.rollback().await.unwrap();
    lasting.on_disk().await.unwrap();
    assert_eq!(words(&store).await, ["first"]);
}

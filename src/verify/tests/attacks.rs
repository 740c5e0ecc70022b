//! Bar 3.10 T3: what the administrator of the database may try.

use crate::tests::bench::{Bench, START};
use crate::{Wrong, verify_export, verify_log};

async fn log() -> (Bench, Vec<String>) {
    let bench = Bench::new().await;
    bench.write(1, 11).await;
    let early = bench.sign().await;
    bench.write(11, 21).await;
    let late = bench.sign().await;
    (bench, vec![early.note, late.note])
}

async fn check(sql: &'static str, expected: Wrong) {
    let (bench, known) = log().await;
    verify_log(bench.dump().await.as_bytes(), &bench.key(), &known).unwrap();
    bench.tamper(sql).await;
    let found = verify_log(bench.dump().await.as_bytes(), &bench.key(), &known);
    assert_eq!(
        found.map_err(|finding| finding.what),
        Err(expected),
        "{sql}"
    );
}

#[tokio::test]
async fn editing_an_entry_is_found() {
    check(
        "UPDATE change SET command = 'mailbox.delete' WHERE leaf_index = 7",
        Wrong::Fork,
    )
    .await;
    check(
        "UPDATE change SET actor_user = '' WHERE leaf_index = 40",
        Wrong::Fork,
    )
    .await;
    // What a plugin did is nobody else's, and the other way round.
    for sql in [
        "UPDATE change SET actor_installation = NULL WHERE leaf_index = 12",
        "UPDATE change SET actor_installation = 'ins_1' WHERE leaf_index = 5",
    ] {
        check(sql, Wrong::Fork).await;
    }
}

#[tokio::test]
async fn deleting_an_entry_is_found() {
    check("DELETE FROM change WHERE leaf_index = 7", Wrong::Gap).await;
    check(
        "UPDATE change SET leaf_index = NULL WHERE leaf_index = 7",
        Wrong::Gap,
    )
    .await;
}

#[tokio::test]
async fn inserting_an_entry_is_found() {
    let insert = "INSERT INTO change (id, customer_id, seq, at, actor_kind, actor_user, actor_token, \
         command, object_kind, object_id, kind, payload_hmac, payload, leaf_index, authority) \
         SELECT id || 'x', customer_id, 99, at, actor_kind, actor_user, actor_token, \
         command, object_kind, object_id, kind, payload_hmac, payload, 60, authority \
         FROM change WHERE leaf_index = 59";
    let (bench, known) = log().await;
    bench.tamper(insert).await;
    bench.tamper("UPDATE tree SET size = 61").await;
    let found = verify_log(bench.dump().await.as_bytes(), &bench.key(), &known);
    assert_eq!(found.map_err(|finding| finding.what), Err(Wrong::Gap));
}

#[tokio::test]
async fn reordering_entries_is_found() {
    let (bench, known) = log().await;
    for sql in [
        "UPDATE change SET leaf_index = 1000 WHERE leaf_index = 4",
        "UPDATE change SET leaf_index = 4 WHERE leaf_index = 5",
        "UPDATE change SET leaf_index = 5 WHERE leaf_index = 1000",
    ] {
        bench.tamper(sql).await;
    }
    let found = verify_log(bench.dump().await.as_bytes(), &bench.key(), &known);
    assert_eq!(found.map_err(|finding| finding.what), Err(Wrong::Fork));
}

#[tokio::test]
async fn cutting_the_log_is_found() {
    let (bench, known) = log().await;
    bench
        .tamper("DELETE FROM change WHERE leaf_index >= 30")
        .await;
    bench.tamper("UPDATE tree SET size = 30").await;
    let found = verify_log(bench.dump().await.as_bytes(), &bench.key(), &[]);
    assert_eq!(found.map_err(|finding| finding.what), Err(Wrong::Truncated));
    bench.tamper("DELETE FROM checkpoint WHERE size > 30").await;
    let dump = bench.dump().await;
    // Put back as a whole, it looks sound to whoever knows no later checkpoint.
    verify_log(dump.as_bytes(), &bench.key(), &known[..1]).unwrap();
    let found = verify_log(dump.as_bytes(), &bench.key(), &known);
    assert_eq!(found.map_err(|finding| finding.what), Err(Wrong::Truncated));
    let found = verify_export(
        bench.export(None).await.as_bytes(),
        &bench.key(),
        Some(&known[1]),
    );
    assert_eq!(found.map_err(|finding| finding.what), Err(Wrong::Truncated));
}

#[tokio::test]
async fn another_history_under_the_same_key_is_found() {
    let (_, known) = log().await;
    let fork = Bench::seeded(2).await;
    fork.write(1, 15).await;
    fork.sign().await;
    fork.write(15, 31).await;
    fork.sign().await;
    let found = verify_log(fork.dump().await.as_bytes(), &fork.key(), &known[1..]);
    assert_eq!(found.map_err(|finding| finding.what), Err(Wrong::Fork));
    let found = verify_export(
        fork.export(Some(60)).await.as_bytes(),
        &fork.key(),
        Some(&known[1]),
    );
    assert_eq!(found.map_err(|finding| finding.what), Err(Wrong::Fork));
}

#[tokio::test]
async fn an_export_must_prove_that_it_continues_a_known_checkpoint() {
    let (bench, known) = log().await;
    let without = bench.export(None).await;
    let found = verify_export(without.as_bytes(), &bench.key(), Some(&known[0]));
    assert_eq!(found.map_err(|finding| finding.what), Err(Wrong::Structure));
    let with = bench.export(Some(30)).await;
    verify_export(with.as_bytes(), &bench.key(), Some(&known[0])).unwrap();
}

#[tokio::test]
async fn a_clock_that_was_turned_back_is_found() {
    let bench = Bench::new().await;
    bench.set(START.plus_days(1));
    bench.sign().await;
    bench.write(1, 3).await;
    bench.sign().await;
    let found = verify_log(bench.dump().await.as_bytes(), &bench.key(), &[]);
    assert_eq!(found.map_err(|finding| finding.what), Err(Wrong::Clock));
}

#[tokio::test]
async fn a_payload_that_was_exchanged_is_found() {
    let (bench, _) = log().await;
    let export = bench.export(None).await;
    let forged = export.replacen("\\\"quota\\\":3", "\\\"quota\\\":9", 1);
    assert_ne!(export, forged);
    let found = verify_export(forged.as_bytes(), &bench.key(), None);
    assert_eq!(found.map_err(|finding| finding.what), Err(Wrong::Payload));
}

#[tokio::test]
async fn leaving_out_payloads_is_found() {
    let (bench, _) = log().await;
    let export = bench.export(None).await;
    let lines = export.lines().map(|line| match line.find("\"salt\":") {
        Some(at) => format!("{}\"salt\":null,\"payload\":null}}\n", &line[..at]),
        None => format!("{line}\n"),
    });
    let found = verify_export(lines.collect::<String>().as_bytes(), &bench.key(), None);
    assert_eq!(found.map_err(|finding| finding.what), Err(Wrong::Truncated));
}

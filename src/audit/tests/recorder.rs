use crate::tests::bench::{Bench, START, entry};
use crate::{ChangeFilter, ChangeKind, Entry};
use serde_json::Value;
use wabe_kernel::{Cursor, PageRequest};

#[tokio::test]
async fn an_entry_is_read_back_as_it_was_written() {
    let bench = Bench::new().await;
    let (customer, user) = (bench.customer(), bench.user());
    let purpose = Some("ticket".to_owned());
    let written = Entry {
        actor_user: Some(user),
        purpose,
        ..entry(customer, 2)
    };
    let id = bench.append(&written).await;
    let mut tx = bench.read().await;
    let read = bench
        .recorder
        .load(&mut tx, customer, id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (read.id, read.customer, read.seq, read.at),
        (id, customer, 2, written.at)
    );
    assert_eq!(
        (read.actor_user, read.purpose),
        (Some(user), written.purpose)
    );
    assert_eq!((read.before, read.after), (written.before, written.after));
    assert_eq!(
        (read.object_name, read.kind),
        (written.object_name, ChangeKind::Change)
    );
    assert_eq!((read.erased, read.leaf_index), (false, None));
    assert!(
        bench
            .recorder
            .load(&mut tx, bench.customer(), id)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn the_kind_follows_from_what_was_there_before_and_after() {
    let bench = Bench::new().await;
    let base = entry(bench.customer(), 2);
    let check = |command, before: bool, after: bool, kind| {
        let mut entry = Entry {
            command,
            ..base.clone()
        };
        if !before {
            entry.before = Value::Null;
        }
        if !after {
            entry.after = Value::Null;
        }
        assert_eq!(entry.kind(), kind, "{command}");
    };
    check("mailbox.create", false, true, ChangeKind::Create);
    check("mailbox.set_quota", true, true, ChangeKind::Change);
    check("mailbox.delete", true, false, ChangeKind::Delete);
    check("webspace.copy", false, true, ChangeKind::Copy);
    check("user.log_in", false, false, ChangeKind::Change);
}

// 3.10 T1
#[tokio::test]
async fn a_rolled_back_change_leaves_no_entry_and_no_key() {
    let bench = Bench::new().await;
    let customer = bench.customer();
    let mut tx = bench.store.write().await.unwrap();
    let gone = bench
        .recorder
        .append(&mut tx, &entry(customer, 1))
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(bench.number("SELECT count(*) AS n FROM change").await, 0);
    assert_eq!(
        bench.number("SELECT count(*) AS n FROM subject_key").await,
        0
    );
    let kept = bench.append(&entry(customer, 1)).await;
    bench.sequencer.sequence(&bench.store, 10).await.unwrap();
    let cached = bench.append(&entry(customer, 2)).await;
    let (recorder, _) = bench.again();
    let mut tx = bench.read().await;
    assert!(
        recorder
            .load(&mut tx, customer, gone)
            .await
            .unwrap()
            .is_none()
    );
    for id in [kept, cached] {
        assert!(
            !recorder
                .load(&mut tx, customer, id)
                .await
                .unwrap()
                .unwrap()
                .erased
        );
    }
}

#[tokio::test]
async fn a_number_is_recorded_once() {
    let bench = Bench::new().await;
    let customer = bench.customer();
    bench.append(&entry(customer, 1)).await;
    let mut tx = bench.store.write().await.unwrap();
    assert!(
        bench
            .recorder
            .append(&mut tx, &entry(customer, 1))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn lists_are_paged_newest_first() {
    let bench = Bench::new().await;
    let customer = bench.customer();
    bench.fill(customer, 1, 10).await;
    bench.fill(bench.customer(), 1, 5).await;
    let mut tx = bench.read().await;
    let mut page = PageRequest::first(4);
    let mut seen = Vec::new();
    loop {
        let all = ChangeFilter::default();
        let found = bench
            .recorder
            .list(&mut tx, customer, &all, &page)
            .await
            .unwrap();
        seen.extend(found.items.iter().map(|change| change.seq));
        let Some(next) = found.next else { break };
        page.after = Cursor::parse(&next);
    }
    assert_eq!(seen, (1..=10).rev().collect::<Vec<_>>());
    let later = bench
        .recorder
        .later(&mut tx, customer, "mbx_1", 4)
        .await
        .unwrap();
    assert_eq!(
        later.iter().map(|change| change.seq).collect::<Vec<_>>(),
        [7, 10]
    );
}

#[tokio::test]
async fn lists_hold_what_the_filter_asks_for() {
    let bench = Bench::new().await;
    let (customer, user) = (bench.customer(), bench.user());
    bench.fill(customer, 1, 9).await;
    bench
        .append(&Entry {
            actor_user: Some(user),
            ..entry(customer, 10)
        })
        .await;
    let mut tx = bench.read().await;
    let none = ChangeFilter::default;
    let (from, until) = (Some(START.plus_seconds(3)), Some(START.plus_seconds(5)));
    let filters = [
        (
            ChangeFilter {
                object_id: Some("mbx_0".into()),
                ..none()
            },
            vec![9, 6, 3],
        ),
        (
            ChangeFilter {
                object_id: Some("mbx_0".into()),
                from,
                until,
                ..none()
            },
            vec![3],
        ),
        (
            ChangeFilter {
                actor_user: Some(user),
                ..none()
            },
            vec![10],
        ),
        (
            ChangeFilter {
                kind: Some(ChangeKind::Create),
                ..none()
            },
            vec![1],
        ),
        (
            ChangeFilter {
                object_kind: Some("webspace".into()),
                ..none()
            },
            vec![],
        ),
        (
            ChangeFilter {
                from,
                until,
                ..none()
            },
            vec![4, 3],
        ),
    ];
    for (filter, expected) in filters {
        let page = PageRequest::first(50);
        let found = bench
            .recorder
            .list(&mut tx, customer, &filter, &page)
            .await
            .unwrap();
        let seqs: Vec<i64> = found.items.iter().map(|change| change.seq).collect();
        assert_eq!(seqs, expected, "{filter:?}");
    }
}

// 3.10 T4
#[tokio::test]
async fn erasing_a_customer_leaves_skeletons_and_takes_the_rest() {
    let bench = Bench::new().await;
    let (customer, other) = (bench.customer(), bench.customer());
    let id = bench.append(&entry(customer, 1)).await;
    let theirs = bench.append(&entry(other, 1)).await;
    bench.sequencer.sequence(&bench.store, 10).await.unwrap();
    let mut tx = bench.store.write().await.unwrap();
    bench
        .recorder
        .erase_subject(&mut tx, customer)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let later = bench.append(&entry(customer, 2)).await;
    let mut tx = bench.read().await;
    for id in [id, later] {
        let read = bench
            .recorder
            .load(&mut tx, customer, id)
            .await
            .unwrap()
            .unwrap();
        assert!(read.erased && read.object_name.is_empty() && read.after.is_null());
    }
    assert!(
        !bench
            .recorder
            .load(&mut tx, other, theirs)
            .await
            .unwrap()
            .unwrap()
            .erased
    );
}

// 3.11 T1
#[tokio::test]
async fn a_payload_opens_in_no_other_row() {
    let bench = Bench::new().await;
    let customer = bench.customer();
    bench.append(&entry(customer, 1)).await;
    let second = bench.append(&entry(customer, 2)).await;
    let moved = "UPDATE change SET payload = (SELECT payload FROM change WHERE seq = 1), \
                 payload_hmac = (SELECT payload_hmac FROM change WHERE seq = 1) WHERE seq = 2";
    assert_eq!(bench.tamper(moved).await, 1);
    let mut tx = bench.read().await;
    assert!(
        bench
            .recorder
            .load(&mut tx, customer, second)
            .await
            .is_err()
    );
}

// 3.11 T1
#[tokio::test]
async fn a_wrapped_key_opens_for_no_other_customer() {
    let bench = Bench::new().await;
    let (customer, other) = (bench.customer(), bench.customer());
    bench.append(&entry(customer, 1)).await;
    let id = bench.append(&entry(other, 1)).await;
    let swapped = "UPDATE subject_key SET wrapped = (SELECT min(wrapped) FROM subject_key)";
    bench.tamper(swapped).await;
    let mut tx = bench.read().await;
    let first = bench.recorder.load(&mut tx, other, id).await;
    let filter = ChangeFilter::default();
    let second = bench
        .recorder
        .list(&mut tx, customer, &filter, &PageRequest::first(5))
        .await;
    assert!(first.is_err() != second.is_err());
}

// 3.11 T3
#[tokio::test]
async fn nothing_that_was_typed_lies_readable_in_the_database() {
    let bench = Bench::new().await;
    let mut canary = entry(bench.customer(), 1);
    canary.object_name = "canary-name".to_owned();
    canary.purpose = Some("canary-purpose".to_owned());
    canary.after = serde_json::json!({ "note": "canary-after" });
    bench.append(&canary).await;
    bench.sequencer.sequence(&bench.store, 10).await.unwrap();
    bench.sequencer.checkpoint(&bench.store).await.unwrap();
    for file in std::fs::read_dir(bench.dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(7).any(|window| window == b"canary-"));
    }
}

use crate::tests::bench::Bench;
use crate::{Finding, Wrong, verify_export, verify_log};

#[tokio::test]
async fn what_the_writer_writes_is_found_sound() {
    let bench = Bench::new().await;
    let empty = bench.sign().await;
    bench.write(1, 150).await;
    let early = bench.sign().await;
    bench.write(150, 301).await;
    let late = bench.sign().await;
    let report = verify_export(bench.export(None).await.as_bytes(), &bench.key(), None).unwrap();
    assert_eq!((report.entries, report.erased, report.size), (300, 0, 900));
    for known in [empty, early, late] {
        let export = bench.export(Some(known.size)).await;
        verify_export(export.as_bytes(), &bench.key(), Some(&known.note)).unwrap();
    }
    bench.write(301, 302).await;
    bench.sequencer.sequence(&bench.store, 10).await.unwrap();
    let report = verify_log(bench.dump().await.as_bytes(), &bench.key(), &[]).unwrap();
    assert_eq!(
        (report.entries, report.checkpoints, report.unanchored),
        (903, 3, 3)
    );
}

// 3.10 T4
#[tokio::test]
async fn proofs_hold_after_a_customer_was_erased() {
    let bench = Bench::new().await;
    bench.write(1, 10).await;
    let known = bench.sign().await;
    let mut tx = bench.store.write().await.unwrap();
    bench
        .recorder
        .erase_subject(&mut tx, bench.customers[1])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let export = bench.export(None).await;
    assert!(!export.contains("example.test"));
    let report = verify_export(export.as_bytes(), &bench.key(), Some(&known.note)).unwrap();
    assert_eq!((report.entries, report.erased), (9, 9));
    verify_log(bench.dump().await.as_bytes(), &bench.key(), &[known.note]).unwrap();
}

#[tokio::test]
async fn an_export_without_entries_is_sound() {
    let bench = Bench::new().await;
    bench.sign().await;
    let report = verify_export(bench.export(None).await.as_bytes(), &bench.key(), None).unwrap();
    assert_eq!((report.entries, report.size), (0, 0));
}

#[tokio::test]
async fn another_key_verifies_nothing() {
    let bench = Bench::new().await;
    bench.write(1, 3).await;
    bench.sign().await;
    let keys = wabe_audit::Keys::from_bytes(&[7; 32], &[8; 32]).unwrap();
    let other = wabe_audit::checkpoint::verifier_key("panel.test/record", &keys);
    let signature = Finding {
        what: Wrong::Signature,
        line: 1,
    };
    let export = bench.export(None).await;
    assert_eq!(
        verify_export(export.as_bytes(), &other, None),
        Err(signature)
    );
    let elsewhere = bench.key().replace("panel.test", "panel.evil");
    let key = Finding {
        what: Wrong::Key,
        line: 0,
    };
    assert_eq!(verify_export(export.as_bytes(), &elsewhere, None), Err(key));
}

#[test]
fn nothing_and_nonsense_are_findings() {
    let keys = wabe_audit::Keys::from_bytes(&[7; 32], &[9; 32]).unwrap();
    let key = wabe_audit::checkpoint::verifier_key("panel.test/record", &keys);
    for input in [
        "",
        "\n",
        "{}\n",
        "null\n",
        "{\"type\":\"dump_end\",\"size\":1,\"checkpoints\":0}\n",
    ] {
        assert!(
            verify_export(input.as_bytes(), &key, None).is_err(),
            "{input:?}"
        );
        assert!(
            verify_log(input.as_bytes(), &key, &[]).is_err(),
            "{input:?}"
        );
    }
    for key in ["", "a+b", "a+00000000+AA==", "a+zz+AA==", "+++"] {
        assert!(verify_export("".as_bytes(), key, None).is_err(), "{key:?}");
    }
}

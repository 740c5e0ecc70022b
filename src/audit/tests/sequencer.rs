use crate::tests::bench::{Bench, entry};
use crate::tile::Tiles;
use crate::tree::{Hash, Range, leaf_hash, perfect};
use tokio::sync::watch;

#[tokio::test]
async fn every_change_gets_one_place_and_a_restart_goes_on_there() {
    let bench = Bench::new().await;
    let (one, two) = (bench.customer(), bench.customer());
    bench.fill(one, 1, 300).await;
    assert_eq!(
        bench.sequencer.sequence(&bench.store, 255).await.unwrap(),
        255
    );
    bench.sequencer.checkpoint(&bench.store).await.unwrap();
    bench.fill(two, 1, 300).await;
    let (_, restarted) = bench.again();
    for expected in [300, 45, 0] {
        assert_eq!(
            restarted.sequence(&bench.store, 300).await.unwrap(),
            expected
        );
    }
    let checkpoint = restarted.checkpoint(&bench.store).await.unwrap();
    assert_eq!(checkpoint.size, 600);
    assert_eq!(
        bench
            .number("SELECT count(DISTINCT leaf_index) AS n FROM change")
            .await,
        600
    );
    assert_eq!(
        bench
            .number("SELECT max(leaf_index) AS n FROM change")
            .await,
        599
    );
}

#[tokio::test]
async fn sequencers_at_the_same_time_number_nothing_twice() {
    let bench = Bench::new().await;
    bench.fill(bench.customer(), 1, 120).await;
    let (_, other) = bench.again();
    let work = [&*bench.sequencer, &other, &bench.sequencer, &other];
    let [a, b, c, d] = work.map(|sequencer| sequencer.sequence(&bench.store, 40));
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    assert_eq!(a.unwrap() + b.unwrap() + c.unwrap() + d.unwrap(), 120);
    assert_eq!(
        bench.sequencer.checkpoint(&bench.store).await.unwrap().size,
        120
    );
    assert_eq!(other.checkpoint(&bench.store).await.unwrap().size, 120);
}

#[tokio::test]
async fn a_tree_of_three_levels_of_tiles_hashes_as_one_in_memory() {
    let bench = Bench::new().await;
    let leaves: Vec<Hash> = (0..65_536_u32 + 300)
        .map(|at| leaf_hash(&at.to_be_bytes()))
        .collect();
    let mut tx = bench.store.write().await.unwrap();
    let mut size = 0;
    for batch in [1, 254, 2, 65_000, 579] {
        let part = &leaves[size..size + batch];
        Tiles::default()
            .append(&mut tx, u64::try_from(size).unwrap(), part)
            .await
            .unwrap();
        size += batch;
    }
    let full = Range {
        start: 0,
        end: 65_536,
    };
    let hash = Tiles::default().hash(&mut tx, full).await.unwrap();
    assert_eq!(hash, perfect(&leaves[..65_536]));
    let part = Range {
        start: 65_536,
        end: 65_536 + 256,
    };
    assert_eq!(
        Tiles::default().hash(&mut tx, part).await.unwrap(),
        perfect(&leaves[65_536..65_792])
    );
    assert!(
        Tiles::default()
            .hash(
                &mut tx,
                Range {
                    start: 65_536,
                    end: 66_560
                }
            )
            .await
            .is_err()
    );
}

#[tokio::test]
async fn nothing_is_signed_when_nothing_came() {
    let bench = Bench::new().await;
    let empty = bench.sequencer.checkpoint(&bench.store).await.unwrap();
    assert_eq!(empty.size, 0);
    assert_eq!(
        bench.sequencer.checkpoint(&bench.store).await.unwrap(),
        empty
    );
    assert_eq!(
        bench.number("SELECT count(*) AS n FROM checkpoint").await,
        1
    );
}

// 3.10 T8
#[tokio::test]
async fn a_tree_that_was_rewritten_is_not_signed() {
    for sql in [
        "UPDATE tile SET hashes = (SELECT hashes FROM tile WHERE number = 1) WHERE number = 0",
        "UPDATE tree SET size = 200",
        "DELETE FROM checkpoint",
        "UPDATE checkpoint SET note = replace(note, 'time 1', 'time 2')",
    ] {
        let bench = Bench::new().await;
        bench.fill(bench.customer(), 1, 520).await;
        bench.sequencer.sequence(&bench.store, 520).await.unwrap();
        bench.sequencer.checkpoint(&bench.store).await.unwrap();
        bench.tamper(sql).await;
        let again = bench.sequencer.checkpoint(&bench.store).await;
        // A missing checkpoint is signed again: the tree itself is still what was signed.
        assert_eq!(again.is_err(), !sql.starts_with("DELETE"), "{sql}");
    }
}

#[tokio::test]
async fn the_loop_numbers_when_poked_and_signs_before_it_ends() {
    let bench = Bench::new().await;
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(bench.sequencer.clone().run(bench.store.clone(), stopped));
    bench.append(&entry(bench.customer(), 1)).await;
    bench.sequencer.poke();
    let mut numbered = 0;
    for _ in 0..10_000 {
        numbered = bench.number("SELECT size AS n FROM tree").await;
        if numbered == 1 {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(numbered, 1);
    stop.send(true).unwrap();
    running.await.unwrap();
    assert_eq!(
        bench.number("SELECT max(size) AS n FROM checkpoint").await,
        1
    );
}

// 3.10 T2
#[tokio::test]
async fn a_checkpoint_is_due_after_fifty_seconds_when_something_came() {
    let bench = Bench::new().await;
    let round = || bench.sequencer.round(&bench.store, false);
    round().await.unwrap();
    bench.fill(bench.customer(), 1, 1).await;
    round().await.unwrap();
    assert_eq!(
        bench.number("SELECT max(size) AS n FROM checkpoint").await,
        0
    );
    bench.clock.set(crate::tests::bench::START.plus_seconds(50));
    round().await.unwrap();
    assert_eq!(
        bench.number("SELECT max(size) AS n FROM checkpoint").await,
        1
    );
    bench.fill(bench.customer(), 1, 1_000).await;
    round().await.unwrap();
    assert_eq!(
        bench.number("SELECT max(size) AS n FROM checkpoint").await,
        1_001
    );
}

//! Any packets of a client that logged in.

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any};
use proptest::sample::select;
use proptest::{prop_assert, prop_oneof, proptest};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wabe_kernel::desired::Wish;

use crate::embedded::files::tests::Bench;
use crate::embedded::sftp::credential::{Entrance, Passwords, Proof};
use crate::embedded::sftp::crowd::Crowd;
use crate::embedded::sftp::session::Session;
use crate::embedded::sftp::tests::Notes;
use crate::embedded::sftp::{Shared, wire};

/// A part of a packet.
fn part() -> impl Strategy<Value = Vec<u8>> {
    let texts = [
        "",
        "/",
        ".",
        "..",
        "a",
        "a/b",
        "/../../etc/passwd",
        "a\0b",
        "\u{202e}",
        "0",
        "1",
        "2",
        "posix-rename@openssh.com",
        "statvfs@openssh.com",
        "fsync@openssh.com",
        "limits@openssh.com",
    ];
    let text = |text: &str| {
        let length = u32::try_from(text.len()).unwrap();
        [&length.to_be_bytes(), text.as_bytes()].concat()
    };
    prop_oneof![
        6 => select(texts.to_vec()).prop_map(text),
        2 => select(vec![0_u32, 1, 3, 0x1a, 0x3f, 0x8000_000f, 1_000, u32::MAX]).prop_map(|n| n.to_be_bytes().to_vec()),
        2 => select(vec![0_u64, 7, 99_999, 1 << 40, u64::MAX]).prop_map(|n| n.to_be_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..12),
    ]
}

/// A packet with its length, which may lie.
fn packet() -> impl Strategy<Value = Vec<u8>> {
    let kind = prop_oneof![20 => 3_u8..=20, 2 => select(vec![1_u8, 200]), 1 => any::<u8>()];
    let lie = prop_oneof![30 => select(vec![0_u32]), 1 => any::<u32>()];
    (kind, any::<u32>(), vec(part(), 0..5), lie).prop_map(|(kind, id, parts, lie)| {
        let body = [vec![kind], id.to_be_bytes().to_vec(), parts.concat()].concat();
        let length = u32::try_from(body.len()).unwrap() ^ lie;
        [length.to_be_bytes().to_vec(), body].concat()
    })
}

/// Speaks these bytes after the greeting; what was answered.
async fn speak(bench: &Bench, bytes: &[u8]) -> Vec<u8> {
    let shared = Shared {
        files: bench.files.clone(),
        index: bench.index.clone(),
        guard: Arc::new(Notes::default()),
        passwords: Passwords::new(),
        crowd: Crowd::default(),
        tasks: TaskTracker::new(),
    };
    let entrance = Entrance {
        web: bench.web,
        login: "anna".to_owned(),
        proof: Proof::Key("key".to_owned()),
    };
    let session = Session::new(Arc::new(shared), entrance);
    let (mut client, mut server) = tokio::io::duplex(4 << 20);
    let talking = tokio::spawn(async move {
        session.run(&mut server, CancellationToken::new()).await;
    });
    client
        .write_all(&[0, 0, 0, 5, 1, 0, 0, 0, 3])
        .await
        .unwrap();
    // The session may have ended over an earlier packet.
    drop(client.write_all(bytes).await);
    drop(client.shutdown().await);
    let mut answers = Vec::new();
    client.read_to_end(&mut answers).await.unwrap();
    talking.await.unwrap();
    answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    // 3.13
    #[test]
    fn any_packets_are_answered_and_reach_nothing_else(packets in vec(packet(), 0..24)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut bench = Bench::new(100_000);
            bench.site.upload.keys = vec!["key".to_owned()];
            bench.index.set(&bench.site, Wish::Present);
            let answers = speak(&bench, &packets.concat()).await;
            let mut rest = answers.as_slice();
            let mut count = 0;
            while let Some((length, tail)) = rest.split_first_chunk::<4>() {
                let length = usize::try_from(u32::from_be_bytes(*length)).unwrap();
                prop_assert!(length >= 1 && length <= tail.len());
                rest = &tail[length..];
                count += 1;
            }
            prop_assert!(rest.is_empty() && count <= packets.len() * 4 + 1);
            prop_assert!(std::fs::read_dir(bench.outside()).unwrap().next().is_none());
            prop_assert!(bench.used().await <= 100_000);
            bench.nothing_staged().await;
            Ok(())
        })?;
    }

    #[test]
    fn any_stream_is_read_to_its_end_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut stream = bytes.as_slice();
        let mut count = 0;
        while let Ok(Some(_)) = runtime.block_on(wire::read(&mut stream)) {
            count += 1;
        }
        prop_assert!(count <= bytes.len());
    }
}

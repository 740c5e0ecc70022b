//! Quotas, sizes, limits of a session, and failing disks.

use std::io;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use wabe_kernel::content::{Mail, MailboxUse};

use super::{Rig, names};
use crate::embedded::mail::ledger::NoSpace;
use crate::embedded::mail::smtp::{SmtpSettings, serve};

#[tokio::test]
async fn over_quota_is_refused_with_552() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 1_000).await;
    let mut client = rig.client().await;
    client.envelope(&["info@sonne.test"]).await;
    let big = "x".repeat(70) + "\r\n";
    let reply = client.data(big.repeat(20)).await;
    assert!(reply.starts_with("552 5.2.2"), "{reply}");
    assert!(rig.list(entry.id).await.is_empty());
    // What fits is still taken.
    client.envelope(&["info@sonne.test"]).await;
    assert!(
        client
            .data("Subject: x\r\n\r\nhi\r\n")
            .await
            .starts_with("250")
    );
    // A size that was announced is weighed at once.
    client.say("RSET").await;
    client.say("MAIL FROM:<me@far.test> SIZE=900").await;
    let reply = client.say("RCPT TO:<info@sonne.test>").await;
    assert!(reply.starts_with("552 5.2.2"), "{reply}");
}

#[tokio::test]
async fn a_full_mailbox_is_refused_at_rcpt() {
    let rig = Rig::new();
    let mut entry = rig.mailbox("info@sonne.test", 1_000).await;
    let mut client = rig.client().await;
    client.envelope(&["info@sonne.test"]).await;
    assert!(
        client
            .data("Subject: x\r\n\r\nhi\r\n")
            .await
            .starts_with("250")
    );
    entry.quota = rig.mail.usage(entry.id).await.unwrap().bytes;
    rig.configure(2, wabe_kernel::desired::Wish::Present(entry))
        .await
        .unwrap();
    client.say("MAIL FROM:<me@far.test>").await;
    let reply = client.say("RCPT TO:<info@sonne.test>").await;
    assert!(reply.starts_with("552 5.2.2"), "{reply}");
}

#[tokio::test]
async fn too_large_is_refused_by_announcement_and_by_arrival() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 1_000_000).await;
    let mut client = rig.client_of(|settings| settings.size_max = 1_000).await;
    client.envelope(&["info@sonne.test"]).await;
    let reply = client.data("0123456789\r\n".repeat(100)).await;
    assert!(reply.starts_with("552 5.3.4"), "{reply}");
    let reply = client.say("MAIL FROM:<me@far.test> SIZE=1001").await;
    assert!(reply.starts_with("552 5.3.4"), "{reply}");
    assert!(rig.list(entry.id).await.is_empty());
}

#[tokio::test]
async fn one_full_mailbox_of_several_keeps_the_message_out_of_all() {
    let rig = Rig::new();
    let anna = rig.mailbox("anna@sonne.test", 1_000_000).await;
    rig.mailbox("ben@sonne.test", 500).await;
    let mut client = rig.client().await;
    client
        .envelope(&["anna@sonne.test", "ben@sonne.test"])
        .await;
    let reply = client.data("0123456789\r\n".repeat(100)).await;
    assert!(reply.starts_with("552 5.2.2"), "{reply}");
    assert!(rig.list(anna.id).await.is_empty());
    assert_eq!(
        rig.mail.usage(anna.id).await.unwrap(),
        MailboxUse::default()
    );
}

#[tokio::test]
async fn a_copy_that_cannot_be_kept_takes_the_others_back() {
    // 3.13 T6
    let rig = Rig::new();
    let anna = rig.mailbox("anna@sonne.test", 100_000).await;
    let ben = rig.mailbox("ben@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    client
        .envelope(&["anna@sonne.test", "ben@sonne.test"])
        .await;
    std::fs::remove_dir(rig.box_path(ben.id).join("new")).unwrap();
    let reply = client.data("Subject: x\r\n\r\nhi\r\n").await;
    assert!(reply.starts_with("451 4.3.0"), "{reply}");
    assert!(rig.list(anna.id).await.is_empty());
    for id in [anna.id, ben.id] {
        assert!(names(&rig.box_path(id).join("tmp")).is_empty());
        assert_eq!(rig.mail.usage(id).await.unwrap(), MailboxUse::default());
    }
}

#[tokio::test]
async fn after_a_failed_sync_nothing_more_is_acknowledged() {
    // 3.18 T8
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    client.envelope(&["info@sonne.test"]).await;
    let failure = Err(io::Error::other("as if the disk had failed"));
    assert!(rig.mail.store.disk.synced(failure).is_err());
    let reply = client.data("Subject: x\r\n\r\nhi\r\n").await;
    assert!(reply.starts_with("451 4.3.0"), "{reply}");
    let step = rig
        .configure(2, wabe_kernel::desired::Wish::Present(entry))
        .await;
    assert_eq!(step.unwrap_err().code, "mail-disk");
}

#[tokio::test]
async fn space_is_promised_once() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 100).await;
    let store = &rig.mail.store;
    let first = store.reserve(entry.id, 60).ok().unwrap();
    assert!(matches!(
        store.reserve(entry.id, 60),
        Err(NoSpace::OverQuota)
    ));
    drop(first);
    assert!(store.reserve(entry.id, 60).is_ok());
}

#[tokio::test]
async fn usage_follows_delivery_and_deletion_and_survives_a_restart() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    for _ in 0..3 {
        client.envelope(&["info@sonne.test"]).await;
        assert!(
            client
                .data("Subject: x\r\n\r\nhi\r\n")
                .await
                .starts_with("250")
        );
    }
    let listed = rig.list(entry.id).await;
    assert!(
        listed
            .windows(2)
            .all(|pair| pair[0].received_at > pair[1].received_at)
    );
    rig.mail.read(entry.id, &listed[1].key).await.unwrap();
    rig.mail.delete(entry.id, &listed[0].key).await.unwrap();
    let used = rig.mail.usage(entry.id).await.unwrap();
    assert_eq!(used.messages, 2);
    assert_eq!(used.bytes, listed[1].size + listed[2].size);
    assert_eq!(rig.reopened().usage(entry.id).await.unwrap(), used);
    assert_eq!(rig.mail.list(entry.id, 1, 5).await.unwrap().len(), 1);
}

#[tokio::test]
async fn limits_of_a_session_hold() {
    let rig = Rig::new();
    rig.mailbox("info@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    client.envelope(&[]).await;
    for _ in 0..100 {
        assert!(
            client
                .say("RCPT TO:<info@sonne.test>")
                .await
                .starts_with("250")
        );
    }
    assert!(
        client
            .say("RCPT TO:<info@sonne.test>")
            .await
            .starts_with("452 4.5.3")
    );
    let reply = client
        .data(format!("Subject: x\r\n\r\n{}\r\n", "y".repeat(1_200)))
        .await;
    assert!(reply.starts_with("550 5.6.0"), "{reply}");
    for _ in 0..20 {
        assert!(client.say("WHAT").await.starts_with("500"));
    }
    assert!(client.reply().await.starts_with("421 4.7.0"));
    assert_eq!(client.reply().await, "");
}

#[tokio::test]
async fn endless_and_malformed_command_lines_end_the_session() {
    for line in [
        "NOOP ".to_owned() + &"x".repeat(5_000) + "\r\n",
        "NOOP\n".to_owned(),
        "NOOP \u{0}\r\n".to_owned(),
        "HELO caf\u{e9}.test\r\n".to_owned(),
    ] {
        let rig = Rig::new();
        let mut client = rig.client().await;
        client.send(&line).await;
        assert!(client.reply().await.starts_with("500 5.5.2"), "{line:?}");
        assert_eq!(client.reply().await, "");
    }
}

#[tokio::test]
async fn who_says_nothing_is_sent_away() {
    let rig = Rig::new();
    let idle = Duration::from_millis(50);
    let mut client = rig.client_of(|settings| settings.idle = idle).await;
    assert!(client.reply().await.starts_with("421 4.4.2"));
    assert_eq!(client.reply().await, "");
}

#[tokio::test]
async fn at_shutdown_idle_sessions_are_told() {
    let rig = Rig::new();
    let mut client = rig.client().await;
    client.say("EHLO client.test").await;
    client.shutdown.cancel();
    assert!(client.reply().await.starts_with("421 4.3.2"));
}

#[tokio::test]
async fn one_client_too_many_is_turned_away() {
    let rig = Rig::new();
    let client = rig.client().await;
    let mut others = Vec::new();
    for _ in 0..199 {
        let mut other = TcpStream::connect(client.address).await.unwrap();
        assert_eq!(other.read_u8().await.unwrap(), b'2');
        others.push(other);
    }
    let mut last = TcpStream::connect(client.address).await.unwrap();
    let mut reply = String::new();
    last.read_to_string(&mut reply).await.unwrap();
    assert!(reply.starts_with("421 4.3.2"), "{reply}");
}

#[tokio::test]
async fn the_intake_refuses_to_serve_the_world() {
    let rig = Rig::new();
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let settings = SmtpSettings::new("mail.sonne.test".parse().unwrap());
    let stop = CancellationToken::new();
    let served = serve(rig.mail.clone(), listener, settings, stop).await;
    assert_eq!(served.unwrap_err().kind(), io::ErrorKind::InvalidInput);
}

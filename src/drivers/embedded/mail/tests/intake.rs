//! The intake over a real socket.

use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use wabe_kernel::content::Mail;
use wabe_kernel::desired::Wish;

use super::{Rig, names};

const HELLO: &str =
    "From: Me <me@far.test>\r\nTo: info@sonne.test\r\nSubject: Hello\r\n\r\nHi there\r\n";

#[tokio::test]
async fn an_accepted_message_is_stored_and_listed() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    client.envelope(&["info@sonne.test"]).await;
    let reply = client.data(HELLO).await;
    assert!(reply.starts_with("250 2.6.0"), "{reply}");
    let listed = rig.list(entry.id).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].subject, "Hello");
    assert_eq!(listed[0].from, "Me <me@far.test>");
    assert!(!listed[0].seen);
    let peeked = rig.mail.peek(entry.id, &listed[0].key).await.unwrap();
    assert_eq!(peeked.text, "Hi there");
    assert!(!rig.list(entry.id).await[0].seen);
    let message = rig.mail.read(entry.id, &listed[0].key).await.unwrap();
    assert_eq!(message.text, "Hi there");
    assert_eq!(message.to, "info@sonne.test");
    assert!(rig.list(entry.id).await[0].seen);
    assert!(client.say("QUIT").await.starts_with("221"));
    assert_eq!(client.reply().await, "");
}

#[tokio::test]
async fn when_250_is_read_the_message_has_its_final_name_and_nothing_else_is_left() {
    // 3.18 T8, 3.13 T6
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    client.envelope(&["info@sonne.test"]).await;
    assert!(client.data(HELLO).await.starts_with("250"));
    let new = names(&rig.box_path(entry.id).join("new"));
    assert_eq!(new.len(), 1);
    let file = rig
        .box_path(entry.id)
        .join("new")
        .join(new.first().unwrap());
    let text = std::fs::read_to_string(&file).unwrap();
    let size = new.first().unwrap().rsplit("S=").next().unwrap();
    assert_eq!(size.parse::<usize>().unwrap(), text.len());
    assert!(names(&rig.box_path(entry.id).join("tmp")).is_empty());
    assert!(names(&rig.dir.path().join("mail/spool")).is_empty());
    let start = "Return-Path: <me@far.test>\nDelivered-To: info@sonne.test\n\
                 Received: from client.test ([127.0.0.1])\n\tby mail.sonne.test with ESMTP id ";
    assert!(text.starts_with(start), "{text}");
    assert!(text.ends_with("\nSubject: Hello\n\nHi there\n"), "{text}");
}

#[tokio::test]
async fn dots_are_unstuffed_and_a_body_without_header_gets_its_empty_line() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    client.envelope(&["info@sonne.test"]).await;
    assert!(
        client
            .data("no header here\r\n..dot\r\n")
            .await
            .starts_with("250")
    );
    let listed = rig.list(entry.id).await;
    let message = rig.mail.read(entry.id, &listed[0].key).await.unwrap();
    assert_eq!(message.text, "no header here\n.dot");
}

#[tokio::test]
async fn unknown_suspended_and_foreign_recipients_are_refused() {
    let rig = Rig::new();
    let entry = rig.mailbox("gone@sonne.test", 100_000).await;
    rig.configure(2, Wish::Hidden(entry.clone())).await.unwrap();
    rig.alias("team@sonne.test", &["gone@sonne.test"]).await;
    let mut client = rig.client().await;
    client.envelope(&[]).await;
    for (recipient, code) in [
        ("nobody@sonne.test", "550 5.1.1"),
        ("we!rd@sonne.test", "550 5.1.1"),
        ("gone@sonne.test", "550 5.2.1"),
        ("team@sonne.test", "550 5.2.1"),
        ("someone@far.test", "550 5.7.1"),
        ("someone%far.test@near.test", "550 5.7.1"),
    ] {
        let reply = client.say(&format!("RCPT TO:<{recipient}>")).await;
        assert!(reply.starts_with(code), "{recipient}: {reply}");
    }
    assert!(client.say("DATA").await.starts_with("554 5.5.1"));
}

#[tokio::test]
async fn a_verification_never_tells_who_exists() {
    // 3.3: one answer for all.
    let rig = Rig::new();
    rig.mailbox("info@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    client.envelope(&[]).await;
    let known = client.say("VRFY info@sonne.test").await;
    assert!(known.starts_with("252 "));
    assert_eq!(client.say("VRFY nobody@sonne.test").await, known);
}

#[tokio::test]
async fn an_alias_delivers_once_to_each_target() {
    let rig = Rig::new();
    let anna = rig.mailbox("anna@sonne.test", 100_000).await;
    let ben = rig.mailbox("ben@sonne.test", 100_000).await;
    let targets = ["anna@sonne.test", "ben@sonne.test", "anna@sonne.test"];
    rig.alias("team@sonne.test", &targets).await;
    let mut client = rig.client().await;
    client
        .envelope(&["team@sonne.test", "anna@sonne.test"])
        .await;
    assert!(client.data(HELLO).await.starts_with("250"));
    for id in [anna.id, ben.id] {
        assert_eq!(rig.list(id).await.len(), 1);
    }
}

#[tokio::test]
async fn loops_are_refused() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    let hops = "Received: from a by b\r\n".repeat(31);
    for header in [&*hops, "Delivered-To: INFO@sonne.test\r\n"] {
        client.envelope(&["info@sonne.test"]).await;
        let reply = client.data(format!("{header}{HELLO}")).await;
        assert!(reply.starts_with("554 5.4.6"), "{reply}");
    }
    // The same words in the body are only words.
    client.envelope(&["info@sonne.test"]).await;
    let reply = client
        .data(format!("{HELLO}Delivered-To: info@sonne.test\r\n"))
        .await;
    assert!(reply.starts_with("250"), "{reply}");
    assert_eq!(rig.list(entry.id).await.len(), 1);
}

#[tokio::test]
async fn only_crlf_dot_crlf_ends_a_message_and_other_line_ends_are_refused() {
    // Smuggling: the commands behind the false end are part of the refused message.
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    let smuggled = "MAIL FROM:<boss@sonne.test>\r\nRCPT TO:<info@sonne.test>\r\nDATA\r\nevil\r\n";
    for end in [
        "\n.\n",
        "\n.\r\n",
        "\r\n.\n",
        "\r.\r",
        "\r\n.\r",
        "\0",
        "\r\r\n.\r\r\n",
    ] {
        client.envelope(&["info@sonne.test"]).await;
        let reply = client
            .data(format!("Subject: x\r\n\r\nhi{end}{smuggled}"))
            .await;
        assert!(reply.starts_with("550 5.6.0"), "{end:?}: {reply}");
        assert!(client.say("NOOP").await.starts_with("250"), "{end:?}");
    }
    assert!(rig.list(entry.id).await.is_empty());
}

#[tokio::test]
async fn pipelined_commands_are_answered_in_order() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    let hello = client.say("EHLO client.test").await;
    for offer in [
        "PIPELINING",
        "SIZE 50000000",
        "8BITMIME",
        "ENHANCEDSTATUSCODES",
    ] {
        assert!(hello.contains(offer), "{hello}");
    }
    for absent in ["AUTH", "STARTTLS", "SMTPUTF8", "CHUNKING"] {
        assert!(!hello.contains(absent), "{hello}");
    }
    client
        .send("MAIL FROM:<> BODY=8BITMIME SIZE=9\r\nRCPT TO:<info@sonne.test>\r\nDATA\r\n")
        .await;
    for code in ["250 2.1.0", "250 2.1.5", "354"] {
        assert!(client.reply().await.starts_with(code));
    }
    client.send(format!("{HELLO}.\r\nQUIT\r\n")).await;
    assert!(client.reply().await.starts_with("250"));
    assert!(client.reply().await.starts_with("221"));
    assert_eq!(rig.list(entry.id).await.len(), 1);
}

#[tokio::test]
async fn commands_out_of_order_or_not_offered_are_refused() {
    let rig = Rig::new();
    rig.mailbox("info@sonne.test", 100_000).await;
    let mut client = rig.client().await;
    for (line, code) in [
        ("MAIL FROM:<a@b.test>", "503"),
        ("EHLO bad(name", "501"),
        ("EHLO client.test", "250"),
        ("RCPT TO:<info@sonne.test>", "503"),
        ("DATA", "503"),
        ("STARTTLS", "502"),
        ("AUTH PLAIN AGEAYg==", "502"),
        ("EXPN staff", "502"),
        ("BDAT 5 LAST", "502"),
        ("MAIL FROM:<a@b.test> SMTPUTF8", "555"),
        ("MAIL FROM:<a@b.test> BODY=BINARYMIME", "555"),
        ("WHAT", "500"),
        ("MAIL FROM:<a@b.test>", "250"),
        ("MAIL FROM:<a@b.test>", "503"),
        ("RSET", "250"),
        ("RCPT TO:<info@sonne.test>", "503"),
    ] {
        let reply = client.say(line).await;
        assert!(reply.starts_with(code), "{line}: {reply}");
    }
}

#[tokio::test]
async fn starttls_encrypts_and_forgets_what_was_said_before() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 100_000).await;
    let (server, connector) = certificate();
    let mut client = rig.client_of(|settings| settings.tls = Some(server)).await;
    assert!(client.say("EHLO client.test").await.contains("STARTTLS"));
    assert!(client.say("STARTTLS").await.starts_with("220"));
    let name = ServerName::try_from("mail.sonne.test").unwrap();
    let plain = std::mem::replace(&mut client.stream, Box::new(tokio::io::duplex(1).0));
    client.stream = Box::new(connector.connect(name, plain).await.unwrap());
    assert!(client.say("MAIL FROM:<a@b.test>").await.starts_with("503"));
    assert!(!client.say("EHLO client.test").await.contains("STARTTLS"));
    client.envelope(&["info@sonne.test"]).await;
    assert!(client.data(HELLO).await.starts_with("250"));
    let new = rig.box_path(entry.id).join("new");
    let file = new.join(names(&new).first().unwrap());
    assert!(
        std::fs::read_to_string(file)
            .unwrap()
            .contains("with ESMTPS id")
    );
}

#[tokio::test]
async fn commands_sent_ahead_of_the_handshake_end_the_session() {
    let rig = Rig::new();
    let (server, _) = certificate();
    let mut client = rig.client_of(|settings| settings.tls = Some(server)).await;
    client.say("EHLO client.test").await;
    client
        .send("STARTTLS\r\nMAIL FROM:<evil@far.test>\r\n")
        .await;
    assert!(client.reply().await.starts_with("501"));
    assert_eq!(client.reply().await, "");
}

/// A server with a certificate of its own, and a client that trusts it.
fn certificate() -> (Arc<ServerConfig>, TlsConnector) {
    let made = rcgen::generate_simple_self_signed(vec!["mail.sonne.test".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let chain = vec![made.cert.der().clone()];
    let provider = Arc::new(default_provider());
    let server = ServerConfig::builder_with_provider(provider.clone());
    let server = server.with_safe_default_protocol_versions().unwrap();
    let server = server.with_no_client_auth().with_single_cert(chain, key);
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let client = ClientConfig::builder_with_provider(provider);
    let client = client.with_safe_default_protocol_versions().unwrap();
    let client = client.with_root_certificates(roots).with_no_client_auth();
    (
        Arc::new(server.unwrap()),
        TlsConnector::from(Arc::new(client)),
    )
}

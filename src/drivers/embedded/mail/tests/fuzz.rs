//! Any bytes of a client at the intake.

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::Rig;
use crate::embedded::mail::maildir::is_key;

/// A session as programs speak it, in an order that nobody thought of, with noise between.
fn script() -> impl Strategy<Value = Vec<u8>> {
    let lines = [
        "EHLO client.test\r\n",
        "HELO x\r\n",
        "EHLO \u{e4}\r\n",
        "MAIL FROM:<me@far.test>\r\n",
        "MAIL FROM:<>\r\n",
        "MAIL FROM:<me@far.test> SIZE=99999999999\r\n",
        "MAIL FROM:<me@far.test> BODY=8BITMIME\r\n",
        "RCPT TO:<info@sonne.test>\r\n",
        "RCPT TO:<INFO@sonne.test> NOTIFY=NEVER\r\n",
        "RCPT TO:<else@far.test>\r\n",
        "RCPT TO:<\"a b\"@sonne.test>\r\n",
        "DATA\r\n",
        "Subject: x\r\n\r\ntext\r\n",
        ".\r\n",
        ".\n",
        "..\r\n",
        "\n.\r\n",
        "\r.\r\n",
        "RSET\r\n",
        "NOOP\r\n",
        "VRFY info\r\n",
        "STARTTLS\r\n",
        "BDAT 3 LAST\r\n",
        "AUTH PLAIN AA==\r\n",
        "BURL x\r\n",
        "QUIT",
        "\r\n",
        "\r",
        "\n",
        "\0",
    ];
    let line = prop_oneof![
        8 => select(lines.to_vec()).prop_map(|line| line.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..30),
        1 => (1_usize..6_000).prop_map(|length| vec![b'x'; length]),
    ];
    vec(line, 0..24).prop_map(|lines| lines.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_session_is_answered_in_replies_and_keeps_what_it_accepted(script in script()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let rig = Rig::new();
            let mailbox = rig.mailbox("info@sonne.test", 100_000).await;
            let mut client = rig.client().await;
            // The server may have ended the session before.
            drop(client.stream.write_all(&script).await);
            drop(client.stream.shutdown().await);
            let mut replies = Vec::new();
            drop(client.stream.read_to_end(&mut replies).await);
            let replies = String::from_utf8(replies).unwrap();
            let well_formed = |line: &str| {
                line.ends_with("\r\n")
                    && line.starts_with(['2', '3', '4', '5'])
                    && line[1..3].bytes().all(|b| b.is_ascii_digit())
                    && matches!(line.as_bytes()[3], b' ' | b'-')
            };
            prop_assert!(replies.split_inclusive('\n').all(well_formed), "{replies:?}");
            let accepted = replies.matches("250 2.6.0").count();
            prop_assert_eq!(rig.list(mailbox.id).await.len(), accepted);
            Ok(())
        })?;
    }

    #[test]
    fn any_text_as_the_key_of_a_message_names_one_file_or_is_refused(text in any::<String>()) {
        if is_key(&text) {
            prop_assert!(!text.contains(['/', '\0', '\\']) && !text.starts_with('.') && !text.is_empty());
        }
    }
}

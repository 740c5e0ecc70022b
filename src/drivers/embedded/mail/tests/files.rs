//! The files as text: what is written is read back as it was, and nothing else gets in.

use proptest::prelude::{Strategy, any, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};
use wabe_kernel::desired::{Alias, Mailbox};
use wabe_kernel::id::{AliasId, DomainId, MailboxId};
use wabe_kernel::{MailAddress, Timestamp};

use super::TestRng;
use crate::embedded::mail::aliases::{self, AliasRecord};
use crate::embedded::mail::passwd::{self, MailboxRecord};

fn domain() -> DomainId {
    DomainId::new(Timestamp(1), &TestRng(3.into()))
}

fn address() -> impl Strategy<Value = MailAddress> {
    "[a-z0-9]{1,8}([._-][a-z0-9]{1,4})?@[a-z0-9]{1,8}\\.(test|example)"
        .prop_filter_map("address", |text| text.parse().ok())
}

fn mailbox() -> impl Strategy<Value = MailboxRecord> {
    let hash =
        "\\$argon2id\\$v=19\\$m=[0-9]{1,5},t=2,p=1\\$[A-Za-z0-9+/]{1,22}\\$[A-Za-z0-9+/]{1,43}";
    let numbers = (0..=i64::MAX, 0..=i64::MAX, any::<u64>());
    (address(), hash, numbers, any::<bool>()).prop_map(
        |(address, password_hash, (quota, revision, seed), hidden)| MailboxRecord {
            mailbox: Mailbox {
                id: MailboxId::new(Timestamp(1), &TestRng(seed.into())),
                domain: domain(),
                address,
                password_hash,
                quota,
            },
            hidden,
            revision,
        },
    )
}

fn alias() -> impl Strategy<Value = AliasRecord> {
    let targets = prop::collection::vec(address(), 0..5);
    (address(), targets, 0..=i64::MAX, any::<(u64, bool)>()).prop_map(
        |(address, targets, revision, (seed, hidden))| AliasRecord {
            alias: Alias {
                id: AliasId::new(Timestamp(1), &TestRng(seed.into())),
                domain: domain(),
                address,
                targets,
            },
            hidden,
            revision,
        },
    )
}

proptest! {
    // 3.14 T1: parse(render(x)) == x.
    #[test]
    fn a_passwd_file_is_read_back_as_it_was_written(
        records in prop::collection::vec(mailbox(), 0..6),
        with_path in any::<bool>(),
    ) {
        let boxes = with_path.then_some("/var/node/mail/box");
        let text = passwd::render(records.iter(), boxes).unwrap();
        prop_assert_eq!(text.lines().count(), records.len());
        prop_assert_eq!(passwd::parse(text.as_bytes(), domain()), (records, vec![]));
    }

    #[test]
    fn an_alias_file_is_read_back_as_it_was_written(
        records in prop::collection::vec(alias(), 0..6),
    ) {
        let text = aliases::render(records.iter()).unwrap();
        prop_assert_eq!(text.lines().count(), records.len() * 2);
        prop_assert_eq!(aliases::parse(text.as_bytes(), domain()), (records, vec![]));
    }

    #[test]
    fn whatever_hash_is_given_there_is_one_line_or_none(mut record in mailbox(), hash in any::<String>()) {
        record.mailbox.password_hash = format!("$argon2id${hash}");
        if let Ok(text) = passwd::render([&record].into_iter(), None) {
            prop_assert_eq!(text.lines().count(), 1);
            prop_assert_eq!(passwd::parse(text.as_bytes(), domain()), (vec![record], vec![]));
        }
    }

    #[test]
    fn any_bytes_as_a_file_are_read_without_a_panic(bytes in any::<Vec<u8>>()) {
        passwd::parse(&bytes, domain());
        aliases::parse(&bytes, domain());
    }

    #[test]
    fn a_broken_line_costs_only_its_own_record(
        records in prop::collection::vec(alias(), 1..4),
        junk in "[a-z :]{1,20}",
    ) {
        let text = format!("{junk}\n{}", aliases::render(records.iter()).unwrap());
        let (read, broken) = aliases::parse(text.as_bytes(), domain());
        prop_assert_eq!(read, records);
        prop_assert!(broken == vec![1]);
    }
}

#[test]
fn a_folder_that_dovecot_would_expand_is_not_written() {
    use std::path::Path;
    assert!(passwd::writable_path(Path::new("/srv/wabe/mail/box")).is_some());
    for path in ["/srv/50%n/box", "/my files/box", "relative/box", "/a:b/box"] {
        assert!(passwd::writable_path(Path::new(path)).is_none(), "{path}");
    }
}

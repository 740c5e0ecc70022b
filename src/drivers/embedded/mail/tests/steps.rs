//! Steps and what they leave on disk.

use wabe_kernel::content::{ContentError, Mail};
use wabe_kernel::desired::{Act, Driver, Observed, Subject, Wish};
use wabe_kernel::id::{DomainId, WebspaceId};
use wabe_kernel::{Clock, MailAddress};

use super::{HASH, Rig, names};
use crate::embedded::mail::Mailboxes;
use crate::embedded::mail::index::{Resolved, Target};

#[tokio::test]
async fn a_mailbox_is_observed_as_it_was_configured() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 1_000).await;
    let seen = rig.mail.observe(Subject::Mailbox(entry.id)).await.unwrap();
    let wanted = Observed::Mailbox {
        folder: true,
        entry: Some(Wish::Present(entry)),
    };
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn the_passwd_line_is_one_that_dovecot_reads() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 1_000).await;
    let line = std::fs::read_to_string(rig.domain_file("passwd")).unwrap();
    let maildir = std::fs::canonicalize(rig.box_path(entry.id)).unwrap();
    let expected = format!(
        "info@sonne.test:{{ARGON2ID}}{HASH}::::::userdb_quota_rule=*:bytes=1000 \
         userdb_mail=maildir:{} userdb_wabe_id={} userdb_wabe_revision=1\n",
        maildir.display(),
        entry.id
    );
    assert_eq!(line, expected);
    // user:password:uid:gid:gecos:home:shell:extra, the last one to the end of the line
    assert_eq!(line.splitn(8, ':').count(), 8);
}

#[tokio::test]
async fn a_hidden_mailbox_keeps_its_line_but_no_password_fits() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 1_000).await;
    rig.configure(2, Wish::Hidden(entry.clone())).await.unwrap();
    let line = std::fs::read_to_string(rig.domain_file("passwd")).unwrap();
    assert!(line.contains(&format!(":{{ARGON2ID}}!{HASH}:")), "{line}");
    assert!(line.ends_with(" nologin=y\n"), "{line}");
    let seen = rig.mail.observe(Subject::Mailbox(entry.id)).await.unwrap();
    let Observed::Mailbox { entry: found, .. } = seen else {
        panic!("not a mailbox");
    };
    assert_eq!(found, Some(Wish::Hidden(entry)));
}

#[tokio::test]
async fn a_step_with_an_older_revision_is_refused() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 1_000).await;
    let subject = Subject::Mailbox(entry.id);
    rig.configure(5, Wish::Hidden(entry.clone())).await.unwrap();
    let acts = [
        Act::ConfigureMailbox(Wish::Present(entry.clone())),
        Act::RemoveMailboxEntry(entry.id),
        Act::RemoveMaildir(entry.id),
        Act::MakeMaildir(entry.id),
    ];
    for act in acts {
        let refused = rig.step(subject, 4, act).await.unwrap_err();
        assert_eq!(refused.code, "older-revision");
    }
    assert!(rig.box_path(entry.id).exists());
    // What was removed does not come back by a late step either.
    let remove = Act::RemoveMailboxEntry(entry.id);
    rig.step(subject, 6, remove).await.unwrap();
    let late = rig.configure(5, Wish::Present(entry)).await.unwrap_err();
    assert_eq!(late.code, "older-revision");
}

#[tokio::test]
async fn steps_done_twice_change_nothing_more() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 1_000).await;
    let alias = rig.alias("team@sonne.test", &["info@sonne.test"]).await;
    let before = std::fs::read(rig.domain_file("passwd")).unwrap();
    let (mailbox, team) = (Subject::Mailbox(entry.id), Subject::Alias(alias.id));
    let again = [
        (mailbox, Act::MakeMaildir(entry.id)),
        (mailbox, Act::ConfigureMailbox(Wish::Present(entry.clone()))),
        (team, Act::ConfigureAlias(Wish::Present(alias.clone()))),
    ];
    for (subject, act) in again {
        rig.step(subject, 1, act).await.unwrap();
    }
    assert_eq!(std::fs::read(rig.domain_file("passwd")).unwrap(), before);
    for _ in 0..2 {
        let removals = [
            (mailbox, Act::RemoveMailboxEntry(entry.id)),
            (mailbox, Act::RemoveMaildir(entry.id)),
            (team, Act::RemoveAlias(alias.id)),
        ];
        for (subject, act) in removals {
            rig.step(subject, 2, act).await.unwrap();
        }
    }
    assert_eq!(std::fs::read(rig.domain_file("passwd")).unwrap(), b"");
    assert_eq!(std::fs::read(rig.domain_file("aliases")).unwrap(), b"");
    assert!(names(&rig.dir.path().join("mail/box")).is_empty());
    assert_eq!(rig.mail.usage(entry.id).await, Err(ContentError::NotFound));
}

#[tokio::test]
async fn a_reopened_index_equals_the_one_before() {
    let rig = Rig::new();
    let info = rig.mailbox("info@sonne.test", 1_000).await;
    rig.mailbox("anna@sonne.test", 2_000).await;
    rig.configure(7, Wish::Hidden(info)).await.unwrap();
    let alias = rig
        .alias("team@sonne.test", &["anna@sonne.test", "info@sonne.test"])
        .await;
    rig.alias("empty@sonne.test", &[]).await;
    let hidden = Act::ConfigureAlias(Wish::Hidden(alias.clone()));
    rig.step(Subject::Alias(alias.id), 3, hidden).await.unwrap();
    let again = rig.reopened();
    assert_eq!(*again.store.index(), *rig.mail.store.index());
}

#[tokio::test]
async fn an_address_has_one_holder() {
    let rig = Rig::new();
    rig.mailbox("info@sonne.test", 1_000).await;
    let second = rig.entry("info@sonne.test", 1_000);
    let refused = rig.configure(1, Wish::Present(second)).await.unwrap_err();
    assert_eq!(refused.code, "address-taken");
}

#[tokio::test]
async fn what_is_out_of_reach_leaves_its_address_to_whoever_receives() {
    let rig = Rig::new();
    let first = rig.mailbox("info@sonne.test", 1_000).await;
    let hidden = rig.configure(2, Wish::Hidden(first.clone()));
    hidden.await.unwrap();
    // Another customer's, in a domain of their own.
    let mut second = rig.entry("info@sonne.test", 1_000);
    second.domain = DomainId::new(rig.clock.now(), &*rig.rng);
    let subject = Subject::Mailbox(second.id);
    let make = Act::MakeMaildir(second.id);
    rig.step(subject, 1, make).await.unwrap();
    let present = rig.configure(1, Wish::Present(second.clone()));
    present.await.unwrap();
    let receiver = |mail: &Mailboxes| mail.store.resolve("info@sonne.test");
    let target = Target {
        mailbox: second.id,
        address: second.address.clone(),
    };
    assert_eq!(receiver(&rig.mail), Resolved::Targets(vec![target.clone()]));
    assert_eq!(receiver(&rig.reopened()), Resolved::Targets(vec![target]));
    // The other way round: who receives has to be out of reach first.
    let refused = rig.configure(3, Wish::Present(first.clone()));
    assert_eq!(refused.await.unwrap_err().code, "address-taken");
    let hidden = rig.configure(2, Wish::Hidden(second));
    hidden.await.unwrap();
    assert_eq!(receiver(&rig.mail), Resolved::Disabled);
    let present = rig.configure(3, Wish::Present(first.clone()));
    present.await.unwrap();
    let target = Target {
        mailbox: first.id,
        address: first.address,
    };
    assert_eq!(receiver(&rig.mail), Resolved::Targets(vec![target]));
}

#[tokio::test]
async fn a_reopened_index_knows_as_well_who_stands_back() {
    let rig = Rig::new();
    let first = rig.mailbox("info@sonne.test", 1_000).await;
    rig.configure(2, Wish::Hidden(first)).await.unwrap();
    // Another customer's, in a domain of their own.
    let mut second = rig.entry("info@sonne.test", 1_000);
    second.domain = DomainId::new(rig.clock.now(), &*rig.rng);
    let subject = Subject::Mailbox(second.id);
    let make = Act::MakeMaildir(second.id);
    rig.step(subject, 1, make).await.unwrap();
    for (revision, wish) in [
        (1, Wish::Present(second.clone())),
        (2, Wish::Hidden(second.clone())),
        (3, Wish::Present(second.clone())),
    ] {
        rig.configure(revision, wish).await.unwrap();
        assert_eq!(*rig.reopened().store.index(), *rig.mail.store.index());
    }
    // Once it is gone, the address leads to the other one, which is out of reach: not to nobody.
    let remove = Act::RemoveMailboxEntry(second.id);
    rig.step(subject, 4, remove).await.unwrap();
    for mail in [&rig.mail, &rig.reopened()] {
        assert_eq!(mail.store.resolve("info@sonne.test"), Resolved::Disabled);
    }
}

#[tokio::test]
async fn what_cannot_be_written_safely_is_refused_and_nothing_changes() {
    // P1: one line per mailbox, whatever the values hold.
    let rig = Rig::new();
    let good = rig.mailbox("info@sonne.test", 1_000).await;
    let before = std::fs::read(rig.domain_file("passwd")).unwrap();
    let hostile = [
        "$argon2id$x\nroot@sonne.test:{PLAIN}x::::::",
        "$argon2id$x:0:0",
        "$argon2id$x\u{0}",
        "$argon2id$x nologin=y",
        "plain",
        "",
    ];
    for hash in hostile {
        let mut entry = good.clone();
        hash.clone_into(&mut entry.password_hash);
        let refused = rig.configure(2, Wish::Present(entry)).await.unwrap_err();
        assert_eq!(refused.code, "mail-entry-refused", "{hash:?}");
        assert!(!refused.detail.contains("argon2id"));
    }
    for address in ["%n@sonne.test", "#a@sonne.test", "a,b@sonne.test"] {
        if let Ok(address) = address.parse::<MailAddress>() {
            let mut entry = good.clone();
            entry.address = address;
            let refused = rig.configure(2, Wish::Present(entry)).await.unwrap_err();
            assert_eq!(refused.code, "mail-entry-refused");
        }
    }
    assert_eq!(std::fs::read(rig.domain_file("passwd")).unwrap(), before);
}

#[tokio::test]
async fn steps_for_something_else_are_refused() {
    let rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 1_000).await;
    let other = rig.entry("anna@sonne.test", 1_000);
    let web = WebspaceId::new(rig.clock.now(), &*rig.rng);
    let wrong = [
        (Subject::Mailbox(other.id), Act::MakeMaildir(entry.id)),
        (
            Subject::Mailbox(other.id),
            Act::ConfigureMailbox(Wish::Present(entry.clone())),
        ),
        (
            Subject::Mailbox(entry.id),
            Act::ConfigureMailbox(Wish::Gone),
        ),
        (Subject::Webspace(web), Act::RemoveSite(web)),
    ];
    for (subject, act) in wrong {
        let refused = rig.step(subject, 9, act).await.unwrap_err();
        assert_eq!(refused.code, "wrong-step");
    }
}

#[tokio::test]
async fn a_broken_line_leaves_the_other_lines_and_puts_unknown_recipients_off() {
    // 3.14 T3: one customer's broken file does not stop another's.
    let mut rig = Rig::new();
    let entry = rig.mailbox("info@sonne.test", 1_000).await;
    let file = rig.domain_file("passwd");
    let mut text = std::fs::read(&file).unwrap();
    text.extend_from_slice(b"anna@sonne.test:{ARGON2ID}$argo");
    #[expect(clippy::disallowed_methods, reason = "the test breaks a file")]
    std::fs::write(&file, text).unwrap();
    rig.mail = rig.reopened();
    let seen = rig.mail.observe(Subject::Mailbox(entry.id)).await.unwrap();
    let Observed::Mailbox { entry: found, .. } = seen else {
        panic!("not a mailbox");
    };
    assert_eq!(found, Some(Wish::Present(entry)));
    let mut client = rig.client().await;
    client.envelope(&["info@sonne.test"]).await;
    let reply = client.say("RCPT TO:<anna@sonne.test>").await;
    assert!(reply.starts_with("451 4.3.0"), "{reply}");
}

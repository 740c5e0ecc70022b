//! What notices promise.

use crate::bench::Bench;
use crate::notice::{
    About, Notice, Personal, QuotaUse, SetPreferences, quota, store, tell, tell_person,
};
use crate::notice::{clear, forget, list, mark_all_read, mark_read, preferences, unread_count};
use crate::text::{Args, NoticeKind};
use std::net::IpAddr;
use std::sync::Arc;
use wabe_access::command::{HashFor, Hashing, House, Lookup, Rooms};
use wabe_access::{Actor, Events, Gate, Mode, Refusal, Role, Tools};
use wabe_audit::{Keys, Recorder};
use wabe_kernel::desired::Working;
use wabe_kernel::id::CustomerId;
use wabe_kernel::outside::{Caa, Fetched};
use wabe_kernel::{
    DomainName, PageRequest, Problem, Quota, Reached, ResourceKind, Secret, Upstream,
};

const MAILS: &str = "SELECT count(*) AS n FROM outgoing_mail";

fn about(kind: ResourceKind) -> About {
    About {
        kind: Some(kind),
        id: format!("{}_1", kind.word()),
        name: "info@sonne.test".to_owned(),
    }
}

fn verified(customer: CustomerId) -> Notice {
    Notice {
        customer,
        kind: NoticeKind::DomainVerified,
        about: about(ResourceKind::Domain),
        args: Args::new(),
        dedupe_key: Some("verified:1".to_owned()),
    }
}

async fn told(bench: &Bench, notice: &Notice) -> usize {
    let mut tx = bench.write().await;
    let told = tell(&mut tx, bench.now(), bench.rng.as_ref(), notice)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    told
}

fn gate(bench: &Bench) -> Gate {
    let keys = Arc::new(Keys::from_bytes(&[7; 32], &[9; 32]).unwrap());
    let (clock, rng) = (Arc::clone(&bench.clock), Arc::clone(&bench.rng));
    let recorder = Recorder::new(keys, Arc::clone(&clock) as _, Arc::clone(&rng) as _);
    let tools = Tools {
        hashing: Arc::new(Nothing),
        lookup: Arc::new(Nothing),
        clock,
        rng,
        house: Arc::new(house()),
        rooms: Rooms::default(),
    };
    let (store, commands) = (bench.store.clone(), crate::COMMANDS.to_vec());
    Gate::new(
        store,
        Arc::new(recorder),
        tools,
        Arc::new(Events::default()),
        commands,
    )
}

fn house() -> House {
    House {
        portal_host: "portal.test".to_owned(),
        preview_suffix: "preview.test".parse().unwrap(),
        name_server_suffix: "ns.test".parse().unwrap(),
        demo: true,
        portal_url: "https://portal.test".to_owned(),
        webhooks_url: "https://hooks.test".to_owned(),
        sites_https_port: 443,
        sftp: String::new(),
        smtp: String::new(),
        hoster: String::new(),
        hoster_phone: String::new(),
        calling_code: wabe_kernel::CallingCode::default(),
        php: Vec::new(),
        nginx: false,
        apache: false,
        cron: wabe_kernel::CronRuns::All,
    }
}

/// These commands neither hash nor ask the outside.
struct Nothing;

impl Hashing for Nothing {
    fn check(&self, _secret: &Secret, _context: &[&str]) -> Result<(), Problem> {
        Ok(())
    }

    fn hash<'a>(&'a self, _: &'a Secret, _: HashFor) -> Working<'a, Result<String, Refusal>> {
        Box::pin(async { Err(Refusal::Forbidden) })
    }
}

impl Lookup for Nothing {
    fn txt<'a>(&'a self, _: &'a DomainName) -> Working<'a, Option<Vec<String>>> {
        Box::pin(async { None })
    }

    fn addresses<'a>(&'a self, _: &'a DomainName) -> Working<'a, Option<Vec<IpAddr>>> {
        Box::pin(async { None })
    }

    fn upstream<'a>(&'a self, _: &'a Upstream) -> Working<'a, Reached> {
        Box::pin(async { Reached::Silent })
    }

    fn mail_servers<'a>(&'a self, _: &'a DomainName) -> Working<'a, Option<Vec<DomainName>>> {
        Box::pin(async { None })
    }

    fn name_servers<'a>(&'a self, _: &'a DomainName) -> Working<'a, Option<Vec<DomainName>>> {
        Box::pin(async { None })
    }

    fn caa<'a>(&'a self, _: &'a DomainName) -> Working<'a, Option<Vec<Caa>>> {
        Box::pin(async { None })
    }

    fn well_known<'a>(&'a self, _: &'a DomainName, _: &'a str) -> Working<'a, Fetched> {
        Box::pin(async { Fetched::Silent })
    }
}

#[tokio::test]
async fn those_who_may_see_the_thing_are_told_and_nobody_else() {
    let bench = Bench::new().await;
    let (customer, other) = (bench.customer().await, bench.customer().await);
    let owner = bench.member(customer, Role::Owner, "Ada").await;
    let database = bench.member(customer, Role::DatabaseManager, "Bo").await;
    let stranger = bench.member(other, Role::Owner, "Cy").await;
    assert_eq!(told(&bench, &verified(customer)).await, 1);
    let mut tx = bench.write().await;
    for (user, of, unread) in [
        (owner, customer, 1),
        (database, customer, 0),
        (stranger, other, 0),
        (stranger, customer, 0),
    ] {
        assert_eq!(unread_count(&mut tx, user, of).await.unwrap(), unread);
    }
    assert_eq!(unread_count(&mut tx, owner, other).await.unwrap(), 0);
}

#[tokio::test]
async fn the_same_news_is_told_once_until_it_is_cleared() {
    let bench = Bench::new().await;
    let customer = bench.customer().await;
    bench.member(customer, Role::Owner, "Ada").await;
    assert_eq!(told(&bench, &verified(customer)).await, 1);
    assert_eq!(told(&bench, &verified(customer)).await, 0);
    assert_eq!(bench.count(MAILS).await, 1);
    let mut tx = bench.write().await;
    clear(&mut tx, customer, "verified:1").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(told(&bench, &verified(customer)).await, 1);
}

#[tokio::test]
async fn a_quota_is_told_once_per_level_until_it_clearly_falls() {
    let bench = Bench::new().await;
    let customer = bench.customer().await;
    let owner = bench.member(customer, Role::Owner, "Ada").await;
    let steps = [
        (79, None),
        (80, Some(80)),
        (81, None),
        (96, Some(95)),
        (94, None),
        (96, None),
        (100, Some(100)),
        (120, None),
        (10, None),
        (100, Some(100)),
    ];
    for (used, expected) in steps {
        let state = QuotaUse {
            customer,
            about: about(ResourceKind::Mailbox),
            used,
            max: Quota::new(100).unwrap(),
        };
        let mut tx = bench.write().await;
        let told = quota(&mut tx, bench.now(), bench.rng.as_ref(), &state)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(told, expected, "at {used}");
        bench.clock.advance(1);
    }
    let mut tx = bench.write().await;
    let page = list(&mut tx, owner, customer, &PageRequest::first(10))
        .await
        .unwrap();
    let kinds: Vec<NoticeKind> = page.items.iter().map(|shown| shown.kind).collect();
    let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
    assert_eq!(words, ["quota-100", "quota-100", "quota-95", "quota-80"]);
}

#[tokio::test]
async fn a_person_chooses_what_is_mailed_and_the_choice_is_recorded() {
    let bench = Bench::new().await;
    let customer = bench.customer().await;
    let owner = bench.member(customer, Role::Owner, "Ada").await;
    bench.member(customer, Role::Viewer, "Bo").await;
    let gate = gate(&bench);
    let actor = Actor::member(owner, customer, bench.now());
    let kind = NoticeKind::DomainVerified;
    let choice = SetPreferences {
        kind,
        wanted: false,
    };
    let done = gate.run(&actor, choice, Mode::Commit).await.unwrap();
    assert_eq!(
        (&done.before["wanted"], &done.after["wanted"]),
        (&true.into(), &false.into())
    );
    assert_eq!(
        told(&bench, &verified(customer)).await,
        2,
        "in the portal both see it"
    );
    assert_eq!(bench.count(MAILS).await, 1, "one of them also by mail");
    let mut tx = bench.write().await;
    let chosen = preferences(&mut tx, owner).await.unwrap();
    assert!(chosen.contains(&(kind, false)) && chosen.contains(&(NoticeKind::Quota80, true)));
}

#[tokio::test]
async fn security_is_mailed_whatever_was_chosen() {
    let bench = Bench::new().await;
    let customer = bench.customer().await;
    let owner = bench.member(customer, Role::Owner, "Ada").await;
    let kind = NoticeKind::PasswordChanged;
    let actor = Actor::member(owner, customer, bench.now());
    let choice = SetPreferences {
        kind,
        wanted: false,
    };
    let refused = gate(&bench).run(&actor, choice, Mode::Commit).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))));
    let mut tx = bench.write().await;
    // Even a row that should not be there changes nothing.
    store::set_wanted(&mut tx, owner, kind, false)
        .await
        .unwrap();
    let args = Args::new().time("at", bench.now());
    let personal = Personal {
        user: owner,
        kind,
        args,
    };
    tell_person(&mut tx, bench.now(), bench.rng.as_ref(), &personal)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(bench.count(MAILS).await, 1);
    let mut tx = bench.write().await;
    assert_eq!(unread_count(&mut tx, owner, customer).await.unwrap(), 1);
}

#[tokio::test]
async fn notices_are_read_by_their_person_page_by_page() {
    let bench = Bench::new().await;
    let customer = bench.customer().await;
    let owner = bench.member(customer, Role::Owner, "Ada").await;
    let other = bench.member(customer, Role::DatabaseManager, "Bo").await;
    for _ in 0..3 {
        bench.clock.advance(1);
        let notice = Notice {
            dedupe_key: None,
            ..verified(customer)
        };
        told(&bench, &notice).await;
    }
    let mut tx = bench.write().await;
    let first = list(&mut tx, owner, customer, &PageRequest::first(2))
        .await
        .unwrap();
    let mut rest = PageRequest::first(2);
    rest.after = wabe_kernel::Cursor::parse(first.next.as_deref().unwrap());
    let second = list(&mut tx, owner, customer, &rest).await.unwrap();
    assert_eq!(
        (first.items.len(), second.items.len(), second.next),
        (2, 1, None)
    );
    assert!(first.items[0].created_at > first.items[1].created_at);
    let id = first.items[0].id;
    mark_read(&mut tx, other, id, bench.now()).await.unwrap();
    assert_eq!(
        unread_count(&mut tx, owner, customer).await.unwrap(),
        3,
        "not theirs to read"
    );
    mark_read(&mut tx, owner, id, bench.now()).await.unwrap();
    assert_eq!(unread_count(&mut tx, owner, customer).await.unwrap(), 2);
    mark_all_read(&mut tx, owner, customer, bench.now())
        .await
        .unwrap();
    assert_eq!(unread_count(&mut tx, owner, customer).await.unwrap(), 0);
    assert_eq!(forget(&mut tx, bench.now()).await.unwrap(), 2);
}

#[tokio::test]
async fn a_link_stands_in_the_mail_and_not_in_the_notice() {
    let bench = Bench::new().await;
    let customer = bench.customer().await;
    let owner = bench.member(customer, Role::Owner, "Ada").await;
    let args = Args::new()
        .time("at", bench.now())
        .time("until", bench.now());
    let args = args
        .text("address", "n…@sonne.test")
        .link("link", Secret::new("https://x.test/undo/geheim"));
    let personal = Personal {
        user: owner,
        kind: NoticeKind::LoginEmailChanged,
        args,
    };
    let mut tx = bench.write().await;
    tell_person(&mut tx, bench.now(), bench.rng.as_ref(), &personal)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let with = "SELECT count(*) AS n FROM notice WHERE args LIKE '%geheim%'";
    assert_eq!(bench.count(with).await, 0);
    let with = "SELECT count(*) AS n FROM outgoing_mail WHERE args LIKE '%geheim%'";
    assert_eq!(bench.count(with).await, 1);
}

use crate::tests::bench::{Bench, START};
use crate::{Access, AccessBy, Retention, Security, Subject};
use wabe_kernel::{Cursor, PageRequest};

// Control MIN-II.2-03: day 45 present, day 46 gone. Control MWK-3-15: day 90 present, day 91 gone.
#[tokio::test]
async fn streams_end_with_their_retention() {
    let bench = Bench::new().await;
    let (customer, user) = (bench.customer(), bench.user());
    let access = Access {
        customer,
        user: Some(user),
        by: AccessBy::Member,
        area: "mail.read",
        object_id: None,
        address: None,
    };
    let subject = Subject::User(user);
    let event = Security {
        event: "login.failed",
        subject,
        address: None,
        detail: None,
    };
    let mut tx = bench.store.write().await.unwrap();
    bench.streams.note_access(&mut tx, &access).await.unwrap();
    bench.streams.note_security(&mut tx, &event).await.unwrap();
    tx.commit().await.unwrap();
    for (day, left) in [(45, (1, 1)), (46, (0, 1)), (90, (0, 1)), (91, (0, 0))] {
        let now = START.plus_days(day);
        bench
            .streams
            .forget(&bench.store, now, Retention::default())
            .await
            .unwrap();
        let access = bench.number("SELECT count(*) AS n FROM access_log").await;
        let security = bench.number("SELECT count(*) AS n FROM security_log").await;
        assert_eq!((access, security), left, "day {day}");
    }
}

#[tokio::test]
async fn forgetting_takes_more_than_one_batch() {
    let bench = Bench::new().await;
    let customer = bench.customer();
    let access = Access {
        customer,
        user: None,
        by: AccessBy::Member,
        area: "file.read",
        object_id: None,
        address: None,
    };
    let mut tx = bench.store.write().await.unwrap();
    for _ in 0..2_001 {
        bench.streams.note_access(&mut tx, &access).await.unwrap();
    }
    tx.commit().await.unwrap();
    let now = START.plus_days(46);
    let gone = bench
        .streams
        .forget(&bench.store, now, Retention::default())
        .await
        .unwrap();
    assert_eq!(gone, 2_001);
}

// 3.16 T1
#[tokio::test]
async fn addresses_and_logins_are_not_stored_as_they_came() {
    let bench = Bench::new().await;
    let (customer, user) = (bench.customer(), bench.user());
    let address = Some("198.51.100.23".parse().unwrap());
    let object_id = Some("mbx_1");
    let access = Access {
        customer,
        user: Some(user),
        by: AccessBy::Member,
        area: "mail.read",
        object_id,
        address,
    };
    let unknown = |login| Security {
        event: "login.failed",
        subject: Subject::Login(login),
        address,
        detail: Some("unknown-login"),
    };
    let mut tx = bench.store.write().await.unwrap();
    bench.streams.note_access(&mut tx, &access).await.unwrap();
    for login in [
        "Canary@example.test",
        "canary@example.test",
        "other@example.test",
    ] {
        bench
            .streams
            .note_security(&mut tx, &unknown(login))
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = bench.read().await;
    let page = PageRequest::first(10);
    let noted = bench
        .streams
        .list_access(&mut tx, customer, &page)
        .await
        .unwrap();
    assert_eq!(noted.items[0].address.as_deref(), Some("198.51.100.0/24"));
    assert_eq!(noted.items[0].object_id.as_deref(), Some("mbx_1"));
    assert!(
        bench
            .streams
            .list_access(&mut tx, bench.customer(), &page)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    drop(tx);
    let distinct = "SELECT count(DISTINCT subject_hash) AS n FROM security_log";
    assert_eq!(bench.number(distinct).await, 2);
    let typed = "SELECT count(*) AS n FROM security_log WHERE subject_hash LIKE '%anary%'";
    assert_eq!(bench.number(typed).await, 0);
}

#[tokio::test]
async fn security_events_of_a_user_are_paged_newest_first() {
    let bench = Bench::new().await;
    let user = bench.user();
    for (at, event) in ["login.failed", "login.locked", "password.reset"]
        .into_iter()
        .enumerate()
    {
        bench
            .clock
            .set(START.plus_seconds(i64::try_from(at).unwrap()));
        let subject = Subject::User(user);
        let mut tx = bench.store.write().await.unwrap();
        let event = Security {
            event,
            subject,
            address: None,
            detail: None,
        };
        bench.streams.note_security(&mut tx, &event).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = bench.read().await;
    let mut page = PageRequest::first(2);
    let first = bench
        .streams
        .list_security(&mut tx, user, &page)
        .await
        .unwrap();
    page.after = Cursor::parse(&first.next.unwrap());
    let second = bench
        .streams
        .list_security(&mut tx, user, &page)
        .await
        .unwrap();
    let events = first
        .items
        .iter()
        .chain(&second.items)
        .map(|record| record.event.as_str());
    assert_eq!(
        events.collect::<Vec<_>>(),
        ["password.reset", "login.locked", "login.failed"]
    );
    assert!(second.next.is_none());
}

//! Samples of the access log.

use wabe_access::Reach;
use wabe_kernel::Timestamp;
use wabe_kernel::id::{ConsentId, CustomerId, GrantId, TicketId, UserId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_support::consent::{Answer, Consent};
use wabe_web::{Face, Sample, Visitor};

use crate::access::line::Line;
use crate::access::list::{ListPage, Look};
use crate::days::Day;
use crate::mailbox::samples::sample;
use crate::samples::{NOW, visitor};

fn consent(until: Option<Timestamp>) -> Consent {
    let reach = Reach {
        reads_mail: true,
        ..Reach::default()
    };
    Consent {
        id: ConsentId::from_uuid(Uuid::from_u128(1)),
        customer: CustomerId::from_uuid(Uuid::from_u128(2)),
        ticket: TicketId::from_uuid(Uuid::from_u128(3)),
        ticket_name: "T10007 Die Seite <bleibt> leer".to_owned(),
        ticket_open: true,
        reason: "Um zu sehen, warum.".to_owned(),
        asks: reach,
        reach: until.map_or(Reach::default(), |_| reach),
        asked_by: UserId::from_uuid(Uuid::from_u128(4)),
        asked_at: NOW,
        answer: until.map(|_| Answer::Given),
        answered_by: None,
        answered_at: until.map(|_| NOW),
        until,
        agreed_until: until.map(|at| at.plus_days(6)),
        extended: false,
        by_telephone: false,
        telephone: None,
        withdrawn_at: None,
    }
}

fn line(changed: bool, title: &str) -> Line {
    Line {
        at: NOW,
        changed,
        title: title.to_owned(),
        part: (!changed).then(|| "bilder/<alt> & neu.jpg".to_owned()),
        by: if changed {
            String::new()
        } else {
            "K7F2QX".to_owned()
        },
        program: changed.then(|| "Nacht<lauf>".to_owned()),
        href: changed.then(|| "/activity/chg_1".to_owned()),
        purpose: changed.then(|| "Rechnung <offen>".to_owned()),
        ticket: (!changed).then(|| ("T10007".to_owned(), "/tickets/tkt_1".to_owned())),
    }
}

fn page(first: bool, may_end: bool, full: bool) -> ListPage {
    let lines = vec![
        line(
            false,
            "E-Mail-Postfach angesehen: bestellannahme@sonnenkorn-baeckerei.example",
        ),
        line(true, "Speicherplatz von <info@a.test> geändert."),
    ];
    let look = Look {
        id: GrantId::from_uuid(Uuid::from_u128(5)),
        by: "K7F2QX".to_owned(),
        number: "T10007".to_owned(),
        href: "/tickets/tkt_1".to_owned(),
        until: NOW,
        reach: Reach {
            reads_files: true,
            acts: true,
            ..Reach::default()
        },
    };
    ListPage {
        looks: vec![look; usize::from(full)],
        consents: if full {
            vec![consent(None), consent(Some(NOW.plus_days(7)))]
        } else {
            Vec::new()
        },
        days: if full {
            vec![Day { at: NOW, lines }]
        } else {
            Vec::new()
        },
        first,
        next: if full {
            "/accesses?after=x".to_owned()
        } else {
            String::new()
        },
        may_end,
    }
}

sample!(
    ListPage,
    vec![
        page(true, true, true),
        page(true, false, false),
        page(false, true, false)
    ]
);

#[test]
fn the_access_log_is_sound_in_both_languages() {
    let found = wabe_web::check::check_samples::<ListPage>();
    assert_eq!(found, Vec::<String>::new());
}

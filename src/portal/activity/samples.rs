//! Samples of the change log.

use serde_json::json;
use wabe_audit::{ChangeKind, ChangeRecord};
use wabe_kernel::Language;
use wabe_kernel::id::{ChangeId, CustomerId, MailboxId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_web::check::check_samples;
use wabe_web::{Choice, Face, Sample, Visitor};

use crate::activity::filter::Filter;
use crate::activity::line::Line;
use crate::activity::list::{ListPage, kinds, nouns};
use crate::activity::show::ShowPage;
use crate::days::Day;
use crate::mailbox::samples::sample;
use crate::samples::{NOW, done, visitor};

pub(super) fn record(command: &str) -> ChangeRecord {
    let id = Uuid::from_u128(9);
    ChangeRecord {
        id: ChangeId::from_uuid(id),
        customer: CustomerId::from_uuid(id),
        seq: 48_213,
        at: NOW.plus_seconds(-600),
        actor_kind: "member".to_owned(),
        actor_user: None,
        actor_token: None,
        actor_installation: None,
        purpose: Some("Auf Ihren Wunsch vom 20.11. <Anfrage>".to_owned()),
        ticket: None,
        instruction: None,
        consent: None,
        command: command.to_owned(),
        object_kind: "mailbox".to_owned(),
        object_id: MailboxId::from_uuid(id).to_string(),
        object_name: "info@sonnenkorn.example".to_owned(),
        kind: ChangeKind::Change,
        before: json!({ "quota_bytes": 1_000_000_000, "targets": [] }),
        after: json!({ "quota_bytes": 2_000_000_000_i64, "targets": ["a&b@x.example"] }),
        erased: false,
        leaf_index: None,
    }
}

fn line(number: u128) -> Line {
    let mut line = Line::plain(Language::De, &record("mailbox.set_quota"));
    line.id = ChangeId::from_uuid(Uuid::from_u128(number));
    line.by = "Annemarie Schmidt-Rottluff".to_owned();
    line.undo = Some("/changes/chg_1/undo?next=%2Factivity".to_owned());
    line
}

fn erased(number: u128) -> Line {
    let rows = Vec::new();
    Line {
        erased: true,
        sealed: true,
        undo: None,
        href: None,
        purpose: None,
        rows,
        ..line(number)
    }
}

fn list(days: Vec<Day<Line>>, filter: Filter) -> ListPage {
    let choice = Choice {
        value: "usr_1".to_owned(),
        title: "Annemarie Schmidt-Rottluff".to_owned(),
        text: String::new(),
    };
    ListPage {
        kinds: kinds(&filter),
        nouns: nouns(Language::De),
        people: vec![choice],
        next: if days.is_empty() {
            String::new()
        } else {
            "/activity?after=YQ".to_owned()
        },
        days,
        csv: filter.href("/activity.csv", None),
        filter,
        done: done("mailbox-set-quota"),
    }
}

sample!(ListPage, {
    let days = vec![
        Day {
            at: NOW,
            lines: vec![line(1), erased(2)],
        },
        Day {
            at: NOW.plus_days(-1),
            lines: vec![line(3)],
        },
    ];
    let narrow = Filter {
        kind: Some(ChangeKind::Delete),
        noun: "mailbox".to_owned(),
        object: "mbx_1".to_owned(),
        from: "2026-11-01".to_owned(),
        ..Filter::default()
    };
    vec![
        list(days, narrow.clone()),
        list(Vec::new(), Filter::default()),
        list(Vec::new(), narrow),
    ]
});

sample!(ShowPage, {
    vec![
        Self {
            line: line(1),
            done: done("mailbox-set-quota"),
        },
        Self {
            line: erased(2),
            done: None,
        },
    ]
});

#[test]
fn the_pages_are_sound_in_both_languages() {
    let none = Vec::<String>::new();
    assert_eq!(check_samples::<ListPage>(), none);
    assert_eq!(check_samples::<ShowPage>(), none);
}

//! Samples of the start page and of the trash, and that they are sound.

use wabe_kernel::{Problem, ResourceKind, State};
use wabe_web::check::check_samples;
use wabe_web::{Face, Sample, Visitor};

use crate::dashboard::next::NextStep;
use crate::dashboard::services::Services;
use crate::dashboard::{Attention, DashboardPage, New, lead};
use crate::plugin::card::CardSlot;
use crate::reading::icon;
use crate::samples::{NOW, conflict, done, visitor};
use crate::second_address::tests::lacking;
use crate::ticket::samples::approvals;
use crate::trash::{TrashPage, TrashRow};
use crate::webspace::samples::{plan, recent, samples};

fn attention(state: State, message: &str) -> Attention {
    Attention {
        name: "backstube-sonnenkorn-donaudampfschifffahrt.example".to_owned(),
        href: "/domains/dom_1".to_owned(),
        state,
        message: message.to_owned(),
        reason: (state == State::Suspended).then(|| "Umbau <bis> März".to_owned()),
        retry_at: (state == State::Failed).then(|| NOW.plus_seconds(600)),
    }
}

fn page(counts: &[(ResourceKind, State, i64)]) -> DashboardPage {
    let step = |word, done| NextStep {
        word,
        href: "/webspaces/new",
        done,
    };
    let services = Services::of(counts);
    DashboardPage {
        name: "Annemarie Schmidt-Rottluff".to_owned(),
        lead: services.word(),
        services,
        attention: Vec::new(),
        plan: plan(),
        next: vec![
            step("webspace", true),
            step("domain", false),
            step("mailbox", false),
            step("owner", false),
        ],
        recent: recent(),
        new: vec![New {
            href: "/webspaces/new",
            icon: "world",
            text: "portal-kind-webspace",
        }],
        cards: vec![CardSlot {
            id: "card-ins_1-main".to_owned(),
            title: "Gemeldete Adressen & <mehr>".to_owned(),
            plugin: "Dynamische Adresse".to_owned(),
            href: "/plugins/ins_1/forms/main".to_owned(),
            load: "/plugins/ins_1/cards/main".to_owned(),
        }],
        approvals: Vec::new(),
        lacking: Vec::new(),
        done: done("webspace-restore"),
    }
}

samples!(DashboardPage => {
    use ResourceKind::{Alias, Database, Domain, Mailbox, Webspace};
    let mut busy = page(&[
        (Webspace, State::Updating, 1),
        (Webspace, State::Suspended, 1),
        (Domain, State::Pending, 1),
        (Mailbox, State::Live, 12),
        (Alias, State::Failed, 1),
        (Database, State::Live, 4),
    ]);
    busy.attention = vec![
        attention(State::Updating, "dashboard-is-updating"),
        attention(State::Failed, "dashboard-domain-unproved"),
        attention(State::Failed, "portal-failure-other"),
        attention(State::Suspended, "dashboard-is-suspended"),
        attention(State::Pending, "dashboard-is-pending"),
        attention(State::Deleting, "dashboard-is-deleting"),
    ];
    busy.lacking = lacking();
    busy.approvals = approvals(true);
    let mut quiet = page(&[(Mailbox, State::Live, 1)]);
    (quiet.next, quiet.plan, quiet.recent, quiet.new) = Default::default();
    quiet.cards = Vec::new();
    let off = |lead| DashboardPage { lead, ..page(&[(Mailbox, State::Suspended, 1)]) };
    vec![page(&[]), off("suspended"), off("erasing"), busy, quiet, page(&[(Mailbox, State::Live, 12_000)])]
});

samples!(TrashPage => {
    let row = |kind: &ResourceKind| TrashRow {
        id: format!("web_{kind}"),
        kind: *kind,
        icon: icon(kind.word()),
        name: "donaudampfschifffahrtsgesellschaft@sonnenkorn-baeckerei.example".to_owned(),
        deleted_at: NOW.plus_days(-2),
        until: NOW.plus_days(12),
        may_restore: *kind != ResourceKind::Alias,
    };
    let rows = || ResourceKind::ALL.iter().map(row).collect();
    vec![
        TrashPage { rows: Vec::new(), done: None, note: None, problem: None },
        TrashPage { rows: rows(), done: done("mailbox-delete"), note: conflict(), problem: None },
        TrashPage { rows: rows(), done: None, note: None, problem: Some(Problem::new("name-taken")) },
    ]
});

#[test]
fn who_is_switched_off_is_not_told_that_all_is_well() {
    let services = Services::of(&[(ResourceKind::Mailbox, State::Live, 1)]);
    let mut customer = visitor().customer.unwrap();
    assert_eq!(lead(&customer, &services), "fine");
    customer.suspended = Some("abuse".to_owned());
    assert_eq!(lead(&customer, &services), "suspended");
    customer.erased_at = Some(NOW);
    assert_eq!(lead(&customer, &services), "erasing");
}

#[test]
fn the_start_page_and_the_trash_are_sound_in_both_languages() {
    let wrong = [
        check_samples::<DashboardPage>(),
        check_samples::<TrashPage>(),
    ];
    assert_eq!(wrong.concat(), Vec::<String>::new());
}

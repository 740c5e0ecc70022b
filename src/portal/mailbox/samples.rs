//! Samples of the mailbox pages: full, empty, failed, with errors.

use wabe_access::Limit;
use wabe_access::usage::Use;
use wabe_hosting::alias::Alias;
use wabe_hosting::mailbox::Mailbox;
use wabe_kernel::content::MessageHead;
use wabe_kernel::id::{AliasId, DomainId, MailboxId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{FormState, ResourceKind, State};
use wabe_web::check::check_samples;
use wabe_web::{Choice, Face, Sample, Visitor};

use crate::mailbox::Frame;
use crate::mailbox::create::CreatePage;
use crate::mailbox::list::{ListPage, Row, address_tabs};
use crate::mailbox::settings::SettingsPage;
use crate::mailbox::show::ShowPage;
use crate::plan_use::UseBar;
use crate::samples::{NOW, condition, conflict, done, errors, standing, visitor};

pub(crate) fn mailbox(state: State, used: i64) -> Mailbox {
    Mailbox {
        id: MailboxId::from_uuid(Uuid::from_u128(1)),
        address: "donaudampfschiff@sonnenkorn-baeckerei.example"
            .parse()
            .unwrap(),
        domain_id: DomainId::from_uuid(Uuid::from_u128(2)),
        quota_bytes: 5_000_000_000,
        used_bytes: used,
        messages: 12_480,
        standing: standing(state),
    }
}

pub(crate) fn alias(state: State) -> Alias {
    Alias {
        id: AliasId::from_uuid(Uuid::from_u128(3)),
        address: "bestellannahme@sonnenkorn-baeckerei.example"
            .parse()
            .unwrap(),
        domain_id: DomainId::from_uuid(Uuid::from_u128(2)),
        targets: vec![
            "donaudampfschiff@sonnenkorn-baeckerei.example"
                .parse()
                .unwrap(),
            "lager@sonnenkorn-baeckerei.example".parse().unwrap(),
        ],
        standing: standing(state),
    }
}

pub(crate) fn frame(state: State) -> Frame {
    let (condition, here) = (
        condition(ResourceKind::Mailbox, state),
        state != State::Deleting,
    );
    Frame::new(&mailbox(state, 0), condition, here, here)
}

pub(crate) fn head(seen: bool) -> MessageHead {
    MessageHead {
        key: "1795266300.M1P2.node".to_owned(),
        from: "Großhandel <bestellung@muehle.example>".to_owned(),
        subject: "Ihre Bestellung 4711 & die Lieferzeiten über die Feiertage".to_owned(),
        received_at: NOW.plus_seconds(-7_200),
        size: 48_213,
        seen,
    }
}

pub(crate) fn plan() -> Vec<UseBar> {
    let known = |limit, used, max| Use { limit, used, max };
    vec![
        UseBar::of(known(Limit::Mailboxes, 25, 25), 1),
        UseBar::of(
            known(Limit::StorageBytes, 41_000_000_000, 50_000_000_000),
            1_000_000_000,
        ),
    ]
}

pub(crate) fn choices() -> Vec<Choice> {
    let choice = |name: &str| Choice {
        value: name.to_owned(),
        title: name.to_owned(),
        text: String::new(),
    };
    vec![
        choice("sonnenkorn-baeckerei.example"),
        choice("xn--bcker-gra.example"),
    ]
}

macro_rules! sample {
    ($page:ty, $samples:expr) => {
        impl Sample for $page {
            fn face() -> &'static Face {
                &crate::PORTAL
            }

            fn visitor() -> Option<Visitor> {
                Some(visitor())
            }

            fn samples() -> Vec<Self> {
                $samples
            }
        }
    };
}
pub(crate) use sample;

fn list(rows: Vec<Row>, search: &str, may_write: bool) -> ListPage {
    ListPage {
        tabs: address_tabs(),
        plan: plan().into_iter().next(),
        search: search.to_owned(),
        next: if rows.is_empty() {
            String::new()
        } else {
            "/mailboxes?after=YQ".to_owned()
        },
        rows,
        may_write,
        may_read: may_write,
        done: done("mailbox-delete"),
    }
}

sample!(ListPage, {
    let states = State::ALL
        .iter()
        .map(|state| Row::from(mailbox(*state, 4_700_000_000)));
    vec![
        list(states.collect(), "", true),
        list(Vec::new(), "", true),
        list(Vec::new(), "nichts & niemand", false),
    ]
});

fn create(form: FormState, domains: Vec<Choice>, suggestion: Option<&str>) -> CreatePage {
    CreatePage {
        note: form.has_errors().then(conflict).flatten(),
        form,
        domains,
        suggestion: suggestion.map(str::to_owned),
        quota: 1_000_000_000,
        plan: plan(),
    }
}

sample!(CreatePage, {
    let suggested = FormState::new().with("password", "Kf7qd-Wm2xy-Ra9Lp-Te4nz");
    vec![
        create(FormState::new(), choices(), None),
        create(FormState::new(), Vec::new(), None),
        create(errors("local", "address-taken"), choices(), None),
        create(errors("password", "password-common"), choices(), None),
        create(suggested, choices(), Some("Kf7qd-Wm2xy-Ra9Lp-Te4nz")),
    ]
});

fn show(state: State, latest: Option<Vec<MessageHead>>) -> ShowPage {
    let mailbox = mailbox(state, 4_999_999_999);
    ShowPage {
        frame: frame(state),
        used: mailbox.used_bytes,
        percent: 99,
        messages: mailbox.messages,
        smtp_host: "mail.hoster.example".to_owned(),
        smtp_port: "2525".to_owned(),
        aliases: if latest.is_some() {
            vec![alias(state)]
        } else {
            Vec::new()
        },
        mailbox,
        latest,
        recent: Vec::new(),
        done: done("mailbox-create"),
    }
}

sample!(ShowPage, {
    let mut all: Vec<Self> = State::ALL.iter().map(|state| show(*state, None)).collect();
    all.push(show(State::Live, Some(vec![head(false), head(true)])));
    all.push(show(State::Live, Some(Vec::new())));
    all
});

fn settings(state: State) -> SettingsPage {
    SettingsPage {
        frame: frame(state),
        quota: FormState::new().with("quota_bytes", "5 GB"),
        password: FormState::new(),
        note: None,
        preview: None,
        plan: Vec::new(),
        suggestion: None,
        done: None,
    }
}

sample!(SettingsPage, {
    vec![
        settings(State::Live),
        settings(State::Suspended),
        Self {
            quota: errors("quota_bytes", "not-a-size"),
            note: conflict(),
            ..settings(State::Live)
        },
        Self {
            password: errors("password", "required"),
            ..settings(State::Failed)
        },
        Self {
            preview: Some(crate::samples::preview()),
            plan: plan(),
            suggestion: Some("Kf7qd-Wm2xy-Ra9Lp-Te4nz".to_owned()),
            password: FormState::new().with("password", "Kf7qd-Wm2xy-Ra9Lp-Te4nz"),
            done: done("mailbox-set-quota"),
            ..settings(State::Live)
        },
    ]
});

#[test]
fn the_pages_are_sound_in_both_languages() {
    let none = Vec::<String>::new();
    assert_eq!(check_samples::<ListPage>(), none);
    assert_eq!(check_samples::<CreatePage>(), none);
    assert_eq!(check_samples::<ShowPage>(), none);
    assert_eq!(check_samples::<SettingsPage>(), none);
}

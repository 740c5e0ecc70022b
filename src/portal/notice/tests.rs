//! The pages of notices in every state.

use wabe_jobs::notice::Shown;
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::id::{InstallationId, NoticeId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{FormState, Language};
use wabe_web::check::check_samples;
use wabe_web::{Face, Sample, Visitor};

use crate::PORTAL;
use crate::notice::list::{Item, NoticesPage};
use crate::notice::preferences::{Kind, PreferencesPage, cadences, fixed};
use crate::samples::{self, NOW};

fn shown(kind: NoticeKind, id: u128) -> Shown {
    let personal = kind.always_mailed();
    Shown {
        id: NoticeId::from_uuid(Uuid::from_u128(id)),
        kind,
        object_kind: if personal { "user" } else { "mailbox" }.to_owned(),
        object_id: "mbx_1".to_owned(),
        object_name: if personal {
            ""
        } else {
            "donaudampfschiff@sonnenkorn.example"
        }
        .to_owned(),
        args: Args::new(),
        created_at: NOW.plus_seconds(-600),
        read_at: (id.is_multiple_of(2)).then_some(NOW),
    }
}

macro_rules! sample {
    ($($page:ty: $samples:expr;)*) => {$(
        impl Sample for $page {
            fn face() -> &'static Face {
                &PORTAL
            }

            fn visitor() -> Option<Visitor> {
                Some(samples::visitor())
            }

            fn samples() -> Vec<Self> {
                $samples
            }
        }
    )*};
}

sample! {
    NoticesPage: {
        let all = NoticeKind::ALL.iter().zip(1..);
        let items = all.map(|(kind, id)| Item::of(shown(*kind, id))).collect();
        vec![
            Self { items, unread: 8, next: "/notices?after=YQ".to_owned() },
            Self { items: Vec::new(), unread: 0, next: String::new() },
        ]
    };
    PreferencesPage: {
        let kind = |kind: NoticeKind| Kind { word: kind.word(), wanted: kind.word().len().is_multiple_of(2) };
        let kinds: Vec<Kind> = NoticeKind::optional().map(kind).collect();
        let page = |cadences, word| Self {
            kinds: kinds.clone(),
            fixed: fixed(false),
            cadences,
            form: FormState::new().with("digest", word),
            done: true,
        };
        vec![page(cadences(Language::De), "weekly"), page(Vec::new(), "never")]
    };
}

#[test]
fn the_pages_of_notices_are_whole() {
    let found = [
        check_samples::<NoticesPage>(),
        check_samples::<PreferencesPage>(),
    ];
    assert_eq!(found.concat(), Vec::<String>::new());
}

#[test]
fn customers_are_not_told_of_letters_that_reach_the_desk_alone() {
    let (customers, staff) = (fixed(false), fixed(true));
    for word in ["staff-requested", "access-review-overdue", "login-alarm"] {
        assert!(
            !customers.contains(&word) && staff.contains(&word),
            "{word}"
        );
    }
    assert!(customers.contains(&"new-login"));
}

#[test]
fn a_notice_leads_to_what_it_is_about() {
    let item = Item::of(shown(NoticeKind::Quota100, 1));
    assert_eq!(item.href.as_deref(), Some("/mailboxes/mbx_1"));
    assert_eq!((item.read, item.weight), (false, "failed"));
    assert_eq!(Item::of(shown(NoticeKind::NewLogin, 2)).href, None);
    let id = InstallationId::from_uuid(Uuid::nil());
    let plugin = Shown {
        object_kind: "installation".to_owned(),
        object_id: id.to_string(),
        ..shown(NoticeKind::PluginPaused, 3)
    };
    assert_eq!(Item::of(plugin).href, Some(format!("/plugins/{id}")));
}

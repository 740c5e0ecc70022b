//! The pages of members in every state.

use wabe_access::Role;
use wabe_identity::invitation::store::Invitation;
use wabe_identity::user::read::NamedMember;
use wabe_kernel::FormState;
use wabe_kernel::id::{CustomerId, InvitationId, MemberId, UserId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_web::check::{check_samples, sample_view};
use wabe_web::{Choice, Face, Sample, Theme, Visitor};

use crate::PORTAL;
use crate::member::change::{RemovePage, RolePage};
use crate::member::invite::InvitePage;
use crate::member::list::MembersPage;
use crate::member::roles;
use crate::samples::{self, NOW};

fn who(id: u128, role: Role) -> NamedMember {
    NamedMember {
        id: MemberId::from_uuid(Uuid::from_u128(id)),
        user: UserId::from_uuid(Uuid::from_u128(id)),
        role,
        name: "Friederike von Unterschütz-Oberlechner <jun.>"
            .parse()
            .unwrap(),
        email: "friederike.unterschuetz@sonnenkorn.example"
            .parse()
            .unwrap(),
        last_login_at: (id == 7).then(|| NOW.plus_seconds(-600)),
        disabled: id == 9,
        has_factor: id == 7,
        since: NOW.plus_days(-300),
    }
}

fn invitation(days: i64) -> Invitation {
    Invitation {
        id: InvitationId::from_uuid(Uuid::from_u128(4)),
        customer: CustomerId::from_uuid(Uuid::from_u128(1)),
        email: "webagentur@pixelwerkstatt.example".parse().unwrap(),
        role: Role::Webmaster,
        invited_by: None,
        created_at: NOW.plus_days(-14),
        expires_at: NOW.plus_days(days),
    }
}

fn choices() -> Vec<Choice> {
    let view = sample_view(&PORTAL, None, wabe_kernel::Language::De, Theme::Auto);
    roles(Role::Administrator, &view)
}

fn list(members: Vec<NamedMember>, invitations: Vec<Invitation>, own: Option<Role>) -> MembersPage {
    let done = own.and_then(|_| samples::done("member-invite"));
    let viewer = UserId::from_uuid(Uuid::from_u128(7));
    let alone = invitations.is_empty();
    MembersPage {
        members,
        invitations,
        viewer,
        own,
        roles: Role::ALL.to_vec(),
        now: NOW,
        factor_required: (own == Some(Role::Owner)).then_some(alone),
        note: alone.then(samples::conflict).flatten(),
        done,
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
    MembersPage: vec![
        list(vec![who(7, Role::Owner)], Vec::new(), Some(Role::Owner)),
        list(
            vec![who(7, Role::Administrator), who(8, Role::Owner), who(9, Role::Viewer)],
            vec![invitation(3), invitation(-1)],
            Some(Role::Administrator),
        ),
        list(vec![who(8, Role::Owner)], vec![invitation(2)], None),
    ];
    InvitePage: {
        let page = |form, note, proof| Self { form, note, roles: choices(), plan: Vec::new(), proof };
        let start = FormState::new().with("role", "viewer");
        vec![
            page(start, None, false),
            page(samples::errors("email", "already-invited"), None, true),
            page(samples::errors("proof", "password-wrong"), samples::conflict(), true),
        ]
    };
    RolePage: vec![
        Self {
            who: who(8, Role::Webmaster),
            form: FormState::new().with("role", "webmaster"),
            note: None,
            roles: choices(),
        },
        Self {
            who: who(8, Role::Owner),
            form: samples::errors("role", "not-a-choice"),
            note: samples::conflict(),
            roles: choices(),
        },
    ];
    RemovePage: vec![
        Self { who: who(8, Role::Viewer), own: false },
        Self { who: who(7, Role::Owner), own: true },
    ];
}

#[test]
fn the_pages_of_members_are_whole() {
    let found = [
        check_samples::<MembersPage>(),
        check_samples::<InvitePage>(),
        check_samples::<RolePage>(),
        check_samples::<RemovePage>(),
    ];
    assert_eq!(found.concat(), Vec::<String>::new());
}

// 3.7: only owners deal with owners.
#[test]
fn an_administrator_is_not_offered_the_owners_role() {
    assert!(choices().iter().all(|choice| choice.value != "owner"));
    let page = list(Vec::new(), Vec::new(), Some(Role::Administrator));
    assert!(page.may(&who(8, Role::Viewer)) && !page.may(&who(9, Role::Owner)));
    assert!(!list(Vec::new(), Vec::new(), None).may(&who(8, Role::Viewer)));
}

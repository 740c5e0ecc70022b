//! What the samples of pages are made of.

use wabe_access::{Actor, Permission, StaffRole};
use wabe_identity::staff::request_store::StaffRequest;
use wabe_identity::user::model::User;
use wabe_kernel::id::{SessionId, StaffRequestId, UserId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{FieldErrors, FormState, Language, Problem, Secret, Timestamp};
use wabe_web::{ProvedBy, Theme, Visitor};

/// The moment at which samples are looked at.
pub(crate) const NOW: Timestamp = Timestamp(1_795_266_300_000_000);

/// Somebody who may do everything at the desk.
pub(crate) fn visitor() -> Visitor {
    let id = Uuid::from_u128(7);
    let user = UserId::from_uuid(id);
    Visitor {
        session: SessionId::from_uuid(id),
        user,
        name: "Mira Wendt-Hallstein".to_owned(),
        initials: "MW".to_owned(),
        email: "mira@hoster.example".to_owned(),
        language: Language::De,
        theme: Theme::Auto,
        staff: true,
        actor: Actor::staff(user, NOW),
        permissions: Permission::ALL.iter().copied().collect(),
        customer: None,
        customers: 0,
        on_both_sides: false,
        look: None,
        watched: None,
        counts: [].into(),
        csrf: Secret::new("00".repeat(32)),
        must_change_password: false,
        authenticated_at: NOW,
        proved_by: ProvedBy::Code,
    }
}

/// A form in which these fields are wrong.
pub(crate) fn errors(fields: &[&str]) -> FormState {
    let mut errors = FieldErrors::default();
    let mut typed = std::collections::BTreeMap::new();
    for field in fields {
        errors.add(field, Problem::new("required"));
        typed.insert((*field).to_owned(), "so <getippt>".to_owned());
    }
    FormState::of(&typed, errors, &[])
}

/// Somebody who works here.
pub(crate) fn colleague(id: u128) -> User {
    User {
        id: UserId::from_uuid(Uuid::from_u128(id)),
        email: "mira@hoster.example".parse().unwrap(),
        second_email: None,
        phone: None,
        name: "Mira <Wendt>".parse().unwrap(),
        language: Language::De,
        theme: wabe_identity::user::model::Theme::Auto,
        must_change_password: id == 1,
        disabled_at: (id == 2).then_some(NOW),
        last_login_at: (id == 1).then_some(NOW),
        created_at: NOW.plus_days(-9),
    }
}

/// A role that somebody asked for.
pub(crate) fn request(id: u128) -> StaffRequest {
    StaffRequest {
        id: StaffRequestId::from_uuid(Uuid::from_u128(id)),
        email: "neu@hoster.example".parse().unwrap(),
        name: "Annemarie <Schmidt>-Rottluff".parse().unwrap(),
        roles: if id == 1 {
            vec![StaffRole::Support]
        } else {
            StaffRole::ALL.to_vec()
        },
        reason: "Vertretung für <Ole>".to_owned(),
        asked_by: UserId::from_uuid(Uuid::from_u128(9)),
        asker: "Karin <Vogt>".parse().unwrap(),
        asked_at: NOW.plus_days(-2),
        expires_at: NOW.plus_days(12),
    }
}

macro_rules! sample {
    ($($page:ty: $samples:expr;)*) => {$(
        impl wabe_web::Sample for $page {
            fn face() -> &'static wabe_web::Face {
                &crate::STAFF
            }

            fn visitor() -> Option<wabe_web::Visitor> {
                Some(crate::samples::visitor())
            }

            fn samples() -> Vec<Self> {
                $samples
            }
        }
    )*};
}
pub(crate) use sample;

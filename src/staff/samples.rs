//! What the samples of pages are made of.

use wabe_access::{Actor, Permission};
use wabe_kernel::id::{SessionId, UserId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{FieldErrors, FormState, Language, Problem, Secret, Timestamp};
use wabe_web::{Theme, Visitor};

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
        has_factor: true,
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

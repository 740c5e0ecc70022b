//! `GET /staff/signs`: whom the signs stand for that customers are told in place of names.
//!
//! Only who watches over personal data turns them back, and each look stands in the security log.
//! Source: control MWK-4-03.

use askama::Template;
use axum::extract::State;

use wabe_access::{Permission, StaffRole};
use wabe_audit::{Security, Subject};
use wabe_identity::user::read;
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Needs, Page, Routes, StaffMember};

use crate::{STAFF, Staff};

const NEEDS: Needs = Needs::Staff(Permission::SignRead);

/// Somebody who works here.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub(crate) sign: String,
    pub(crate) name: String,
    pub(crate) roles: Vec<StaffRole>,
}

/// The page.
#[derive(Template)]
#[template(path = "staff/signs.html")]
pub(crate) struct SignsPage {
    pub(crate) people: Vec<Signed>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF).get("/staff/signs", NEEDS, list)
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
) -> Result<Page<SignsPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    scope.needs(Permission::SignRead)?;
    let found = read::staff(&mut tx, &scope).await?;
    tx.rollback().await?;
    let event = Security {
        event: "signs.read",
        subject: Subject::User(member.visitor.user),
        address: Some(arrival.address()),
        detail: None,
    };
    let mut tx = staff.gate.store().write().await?;
    staff.streams.note_security(&mut tx, &event).await?;
    tx.commit().await?;
    let signed = found.into_iter().map(|(user, roles)| Signed {
        sign: staff.streams.sign_of(user.id),
        name: user.name.to_string(),
        roles,
    });
    let mut people: Vec<Signed> = signed.collect();
    people.sort_by(|one, other| one.sign.cmp(&other.sign));
    Ok(member.at("signs").page(SignsPage { people }))
}

#[cfg(test)]
mod tests {
    use super::{Signed, SignsPage};
    use crate::samples::sample;
    use wabe_access::StaffRole;
    use wabe_web::check::check_samples;

    fn page() -> SignsPage {
        let somebody = Signed {
            sign: "K7F2QX".to_owned(),
            name: "Ada <Lang>".to_owned(),
            roles: vec![StaffRole::Support],
        };
        SignsPage {
            people: vec![somebody],
        }
    }

    sample! {
        SignsPage: vec![page()];
    }

    #[test]
    fn the_page_of_signs_is_sound() {
        assert_eq!(check_samples::<SignsPage>(), Vec::<String>::new());
    }
}

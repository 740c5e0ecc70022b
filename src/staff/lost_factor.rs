//! `GET /staff/lost-factors`; `GET` and `POST /staff/lost-factors/decide`
//!
//! People who lost their second factor and every recovery code. After 72 hours somebody here decides,
//! never about themselves; the purpose says how the person was recognised, or why not.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Permission;
use wabe_identity::factor_loss::decide::{ApproveFactorLoss, RefuseFactorLoss};
use wabe_identity::factor_loss::due;
use wabe_identity::factor_loss::store::Loss;
use wabe_kernel::Timestamp;
use wabe_kernel::id::{CustomerId, UserId};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Needs, Page, Query, Routes, StaffMember, see_other};

use crate::act::{Again, act, decided, if_found, prove_first, without};
use crate::{STAFF, Staff};

const PLACE: &str = "lost-factors";
const PAGE: &str = "/staff/lost-factors";
const FORM: &str = "/staff/lost-factors/decide";
const NEEDS: Needs = Needs::Staff(Permission::HosterWrite);
/// What the page can say was done.
const DONE: [&str; 2] = ["approve", "refuse"];

/// What waits.
#[derive(Template)]
#[template(path = "staff/lost_factors.html")]
pub(crate) struct LostFactorsPage {
    /// The requests, those that may be decided first.
    pub losses: Vec<Loss>,
    /// The moment of the page.
    pub now: Timestamp,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

/// The decision.
#[derive(Template)]
#[template(path = "staff/lost_factor.html")]
pub(crate) struct LostFactorPage {
    /// About what.
    pub loss: Loss,
    /// Whether it may be approved already.
    pub due: bool,
    /// What was typed.
    pub form: wabe_kernel::FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(PAGE, NEEDS, list)
        .get(FORM, NEEDS, ask)
        .post(FORM, NEEDS, decide)
}

fn path(user: UserId) -> String {
    format!("{FORM}?user={user}")
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    query: Query,
) -> Result<Page<LostFactorsPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let losses = due::open(&mut tx, &scope).await?;
    tx.rollback().await?;
    let seen: BTreeSet<CustomerId> = losses.iter().map(|loss| loss.customer).collect();
    let seen: Vec<CustomerId> = seen.into_iter().collect();
    staff
        .note(&member, "login.read", &seen, arrival.address())
        .await?;
    let done = DONE.into_iter().find(|word| *word == query.get("done"));
    let now = member.now;
    Ok(member.at(PLACE).page(LostFactorsPage { losses, now, done }))
}

/// The open request of the user that was named, when there is one.
async fn open_of(staff: &Staff, member: &StaffMember, user: &str) -> Result<Option<Loss>, Failure> {
    let Ok(user) = user.parse::<UserId>() else {
        return Ok(None);
    };
    let (mut tx, scope) = staff.read(member).await?;
    let found = due::open_of(&mut tx, &scope, user).await;
    tx.rollback().await?;
    if_found(found)
}

fn page(member: &StaffMember, loss: Loss, again: Again) -> Page<LostFactorPage> {
    let Again { form, note } = again;
    let due = loss.is_due(member.now);
    member.at(PLACE).page(LostFactorPage {
        loss,
        due,
        form,
        note,
    })
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    query: Query,
) -> Result<Response, Failure> {
    let Some(loss) = open_of(&staff, &member, query.get("user")).await? else {
        return Ok(see_other(PAGE));
    };
    if let Some(first) = prove_first(&member, &path(loss.user)) {
        return Ok(first);
    }
    staff
        .note(&member, "login.read", &[loss.customer], arrival.address())
        .await?;
    Ok(page(&member, loss, Again::default()).into_response())
}

async fn decide(
    member: StaffMember,
    State(staff): State<Staff>,
    mut form: Form,
) -> Result<Response, Failure> {
    let Some(loss) = open_of(&staff, &member, form.get("user")).await? else {
        return Ok(see_other(PAGE));
    };
    form.fields.insert("id".to_owned(), loss.user.to_string());
    // To take a factor away is what was asked for by name; whatever else was sent leaves it.
    let (acted, done) = if form.get("act") == "approve" {
        let acted = act::<ApproveFactorLoss>(&staff, &member, &form).await?;
        (without(acted), "approve")
    } else {
        let acted = act::<RefuseFactorLoss>(&staff, &member, &form).await?;
        (without(acted), "refuse")
    };
    let (done, here) = (format!("{PAGE}?done={done}"), path(loss.user));
    match decided(acted, &done, &here) {
        Ok(response) => Ok(response),
        Err(again) => {
            let status = again.status();
            staff
                .note_again(&member, "login.read", loss.customer)
                .await?;
            Ok(page(&member, loss, again).status(status).into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, errors, sample};
    use wabe_kernel::FormState;
    use wabe_kernel::id::ChangeId;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::check::check_samples;

    fn loss(id: u128) -> Loss {
        Loss {
            id: ChangeId::from_uuid(Uuid::from_u128(id)),
            user: UserId::from_uuid(Uuid::from_u128(id)),
            customer: CustomerId::from_uuid(Uuid::from_u128(id)),
            name: "Annemarie <Schmidt>-Rottluff".parse().unwrap(),
            email: "annemarie@sonnenkorn-handwerk.example".parse().unwrap(),
            second_email: (id == 2).then(|| "a@elsewhere.example".parse().unwrap()),
            customer_name: "Bäckerei <Sonnenkorn>".to_owned(),
            asked_at: NOW.plus_days(-2),
            due_at: if id == 2 { NOW } else { NOW.plus_days(1) },
        }
    }

    sample! {
        LostFactorsPage: {
            let page = |losses, done| LostFactorsPage { losses, now: NOW, done };
            vec![
                page(vec![loss(1), loss(2)], None),
                page(Vec::new(), Some("approve")),
                page(Vec::new(), Some("refuse")),
            ]
        };
        LostFactorPage: {
            let page = |id, form, note| LostFactorPage {
                loss: loss(id),
                due: id == 2,
                form,
                note,
            };
            vec![
                page(1, FormState::new(), None),
                page(2, errors(&["purpose"]), Some("conflict-yourself".to_owned())),
            ]
        };
    }

    #[test]
    fn the_pages_of_lost_factors_are_whole() {
        let found = [
            check_samples::<LostFactorsPage>(),
            check_samples::<LostFactorPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

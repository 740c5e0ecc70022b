//! `GET` and `POST /staff/people/requests/{id}`: a role that somebody asked for.
//!
//! Somebody else gives or refuses it; who asked may take it back. The gate knows who may what.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Permission;
use wabe_identity::staff::decide::{GrantStaffRole, RefuseStaffRole};
use wabe_identity::staff::read as rights;
use wabe_identity::staff::request::RetractStaffRole;
use wabe_identity::staff::request_store::StaffRequest;
use wabe_kernel::FormState;
use wabe_kernel::id::StaffRequestId;
use wabe_web::filters;
use wabe_web::{Choice, Cost, Failure, Form, Needs, Page, Path, Routes, StaffMember};

use crate::act::{Acted, Again, act, decided, prove_first, without};
use crate::customer::setups;
use crate::{STAFF, Staff};

const PLACE: &str = "people";
const PAGE: &str = "/staff/people/requests/{id}";
const NEEDS: Needs = Needs::Staff(Permission::RightRead);

/// The decision.
#[derive(Template)]
#[template(path = "staff/staff_request.html")]
pub(crate) struct StaffRequestPage {
    /// What was asked for.
    pub request: StaffRequest,
    /// Whether the reader decides it.
    pub decides: bool,
    /// Whether the reader asked for it.
    pub own: bool,
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
    /// The ways to the first password.
    pub setups: Vec<Choice>,
}

/// The new colleague.
#[derive(Template)]
#[template(path = "staff/person_created.html")]
pub(crate) struct PersonCreatedPage {
    /// What they are called.
    pub name: String,
    /// Where they log in.
    pub email: String,
    /// The password that the machine made, this once.
    pub password: Option<String>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(PAGE, NEEDS, ask)
        .id("srq")
        .post(PAGE, NEEDS, decide)
        .id("srq")
        .cost(Cost::Heavy)
}

fn path(id: StaffRequestId) -> String {
    format!("/staff/people/requests/{id}")
}

async fn request(
    staff: &Staff,
    member: &StaffMember,
    id: StaffRequestId,
) -> Result<StaffRequest, Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let found = rights::request(&mut tx, &scope, (id, member.now)).await;
    tx.rollback().await?;
    Ok(found?)
}

fn page(member: &StaffMember, request: StaffRequest, again: Again) -> Page<StaffRequestPage> {
    let Again { form, note } = again;
    let own = request.asked_by == member.visitor.user;
    member.at(PLACE).page(StaffRequestPage {
        decides: !own && member.visitor.has(Permission::StaffWrite),
        own,
        request,
        form,
        note,
        setups: setups(member.language),
    })
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<StaffRequestId>,
) -> Result<Response, Failure> {
    let request = request(&staff, &member, id).await?;
    if member.visitor.has(Permission::StaffWrite)
        && let Some(first) = prove_first(&member, &path(id))
    {
        return Ok(first);
    }
    let form = FormState::new().with("setup_by_mail", "true");
    Ok(page(&member, request, form.into()).into_response())
}

async fn decide(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<StaffRequestId>,
    mut form: Form,
) -> Result<Response, Failure> {
    let request = request(&staff, &member, id).await?;
    form.fields.insert("id".to_owned(), id.to_string());
    // To give a role is what was asked for by name; whatever else was sent gives none.
    let (acted, word) = match form.get("act") {
        "grant" => match act::<GrantStaffRole>(&staff, &member, &form).await? {
            Acted::Done(done) if done.output.initial_password.is_some() => {
                let page = PersonCreatedPage {
                    name: request.name.to_string(),
                    email: request.email.to_string(),
                    password: done.output.initial_password,
                };
                return Ok(member.at(PLACE).page(page).into_response());
            }
            acted => (without(acted), "granted"),
        },
        "retract" => {
            let acted = act::<RetractStaffRole>(&staff, &member, &form).await?;
            (without(acted), "retracted")
        }
        _ => {
            let acted = act::<RefuseStaffRole>(&staff, &member, &form).await?;
            (without(acted), "refused")
        }
    };
    let done = format!("/staff/people?done={word}");
    decided(acted, &done, &path(id)).or_else(|again| {
        let status = again.status();
        let page = page(&member, request, again);
        Ok(page.status(status).into_response())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{errors, request, sample};
    use wabe_kernel::Language;
    use wabe_web::check::check_samples;

    sample! {
        StaffRequestPage: {
            let page = |decides, own, form, note| StaffRequestPage {
                request: request(1),
                decides,
                own,
                form,
                note,
                setups: setups(Language::De),
            };
            vec![
                page(true, false, FormState::new(), None),
                page(false, true, FormState::new(), None),
                page(false, false, FormState::new(), None),
                page(true, false, errors(&["purpose"]), Some("conflict-own-request".to_owned())),
                page(true, false, errors(&[]), Some("conflict-login-disabled".to_owned())),
                page(false, true, errors(&[]), Some("conflict-anothers-request".to_owned())),
            ]
        };
        PersonCreatedPage: [None, Some("Kf7qd-Tr4mn-Wp8ab-Zh2cd".to_owned())]
            .map(|password| PersonCreatedPage {
                name: "Mira <Wendt>".to_owned(),
                email: "mira@hoster.example".to_owned(),
                password,
            })
            .into();
    }

    #[test]
    fn the_pages_of_requests_are_whole() {
        let found = [
            check_samples::<StaffRequestPage>(),
            check_samples::<PersonCreatedPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

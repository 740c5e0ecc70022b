//! `GET /staff/people`, `GET /staff/people/new`, `POST /staff/people`: who works here, and asking for a
//! role for somebody.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Permission, StaffRole};
use wabe_identity::staff::read as rights;
use wabe_identity::staff::request::RequestStaffRole;
use wabe_identity::staff::request_store::StaffRequest;
use wabe_identity::user::model::User;
use wabe_identity::user::read;
use wabe_kernel::FormState;
use wabe_web::filters;
use wabe_web::{Failure, Form, Needs, Page, Query, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act, prove};
use crate::{STAFF, Staff};

const PLACE: &str = "people";
const PAGE: &str = "/staff/people";
const FORM: &str = "/staff/people/new";
const READ: Needs = Needs::Staff(Permission::RightRead);
const NEEDS: Needs = Needs::Staff(Permission::RightRequest);
/// What the page can say was done.
const DONE: [&str; 5] = ["asked", "granted", "refused", "retracted", "left"];

/// Who works here.
#[derive(Template)]
#[template(path = "staff/people.html")]
pub(crate) struct PeoplePage {
    /// The people with their roles.
    pub people: Vec<(User, Vec<StaffRole>)>,
    /// The roles that somebody asked for, longest first.
    pub requests: Vec<StaffRequest>,
    /// Whether the reader asks for roles.
    pub asks: bool,
    /// Whether the reader sees tokens.
    pub writes: bool,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

/// The form.
#[derive(Template)]
#[template(path = "staff/person_ask.html")]
pub(crate) struct PersonAskPage {
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
    /// The roles, and whether each is ticked.
    pub roles: Vec<(StaffRole, bool)>,
}

/// The roles, and whether each is ticked.
fn roles(form: &FormState) -> Vec<(StaffRole, bool)> {
    let typed = form.value("roles");
    let ticked = |role: &StaffRole| (*role, typed.lines().any(|line| line == role.word()));
    StaffRole::ALL.iter().map(ticked).collect()
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(PAGE, READ, list)
        .get(FORM, NEEDS, new)
        .post(PAGE, NEEDS, ask)
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    query: Query,
) -> Result<Page<PeoplePage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let requests = rights::requests(&mut tx, &scope, member.now).await?;
    let people = read::staff(&mut tx, &scope).await?;
    tx.rollback().await?;
    let done = DONE.into_iter().find(|word| *word == query.get("done"));
    let (asks, writes) = (
        member.visitor.has(Permission::RightRequest),
        member.visitor.has(Permission::StaffWrite),
    );
    Ok(member.at(PLACE).page(PeoplePage {
        people,
        requests,
        asks,
        writes,
        done,
    }))
}

fn page(member: &StaffMember, again: Again) -> Page<PersonAskPage> {
    let Again { form, note } = again;
    let roles = roles(&form);
    let page = PersonAskPage { form, note, roles };
    member.at(PLACE).page(page)
}

async fn new(member: StaffMember) -> Page<PersonAskPage> {
    let form = FormState::new().with("roles", "support");
    page(&member, form.into())
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    form: Form,
) -> Result<Response, Failure> {
    match act::<RequestStaffRole>(&staff, &member, &form).await? {
        Acted::Done(_) => Ok(see_other("/staff/people?done=asked")),
        Acted::Prove => Ok(prove(FORM)),
        Acted::Again(again) => Ok(page(&member, again).invalid().into_response()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{colleague, errors, request, sample};
    use wabe_web::check::check_samples;

    sample! {
        PeoplePage: {
            let page = |requests, asks, done| PeoplePage {
                people: vec![
                    (colleague(1), StaffRole::ALL.to_vec()),
                    (colleague(2), vec![StaffRole::Support]),
                ],
                requests,
                asks,
                writes: !asks,
                done,
            };
            let mut all = vec![page(vec![request(1), request(2)], false, None)];
            all.extend(DONE.map(|word| page(Vec::new(), true, Some(word))));
            all
        };
        PersonAskPage: {
            let page = |form, note| PersonAskPage {
                roles: roles(&form),
                form,
                note,
            };
            vec![
                page(FormState::new().with("roles", "support\noperator"), None),
                page(errors(&["roles", "email"]), Some("conflict-roles-held".to_owned())),
                page(errors(&["purpose"]), Some("conflict-request-open".to_owned())),
            ]
        };
    }

    #[test]
    fn the_pages_of_colleagues_are_whole() {
        let found = [
            check_samples::<PeoplePage>(),
            check_samples::<PersonAskPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

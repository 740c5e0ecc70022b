//! `GET` and `POST /staff/people/{id}`: what somebody who works here may do, since when, when they last
//! did it; taking one role away, and everything when they leave.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Permission;
use wabe_identity::staff::leave::LeaveStaff;
use wabe_identity::staff::read::{self, Colleague};
use wabe_identity::staff::withdraw::WithdrawStaffRole;
use wabe_kernel::FormState;
use wabe_kernel::id::UserId;
use wabe_web::filters;
use wabe_web::{
    Choice, Failure, Form, Message, Needs, Path, Query, Routes, StaffMember, see_other,
};

use crate::act::{Again, act, prove, prove_first, without};
use crate::{STAFF, Staff};

const PLACE: &str = "people";
const PAGE: &str = "/staff/people/{id}";
const READ: Needs = Needs::Staff(Permission::RightRead);
const NEEDS: Needs = Needs::Staff(Permission::RightEnd);
/// What can end.
const ACTS: [&str; 2] = ["withdraw", "leave"];

/// Somebody who works here.
#[derive(Template)]
#[template(path = "staff/person.html")]
pub(crate) struct PersonPage {
    /// Who, and what they may do.
    pub person: Colleague,
    /// Their roles, to choose one from.
    pub roles: Vec<Choice>,
    /// Who could take their tickets on.
    pub successors: Vec<Choice>,
    /// Whether the reader ends rights.
    pub ends: bool,
    /// Whether it is the reader.
    pub own: bool,
    /// What shall end: a role, everything, or nothing yet.
    pub act: &'static str,
    /// Whether a role was just taken away.
    pub done: bool,
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(PAGE, READ, show)
        .id("usr")
        .post(PAGE, NEEDS, end)
        .id("usr")
}

fn path(id: UserId) -> String {
    format!("/staff/people/{id}")
}

/// What was asked for by name, or nothing.
fn known(act: &str) -> &'static str {
    ACTS.into_iter().find(|word| *word == act).unwrap_or("")
}

fn choice(value: String, title: String) -> Choice {
    Choice {
        value,
        title,
        text: String::new(),
    }
}

async fn page(
    staff: &Staff,
    member: &StaffMember,
    (id, act): (UserId, &'static str),
    again: Again,
) -> Result<PersonPage, Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let person = read::colleague(&mut tx, (&scope, staff.gate.tools()), id).await?;
    let others = read::successors(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let roles = person.held.iter().map(|held| {
        let title = Message::new(member.language, format!("staff-role-{}", held.role));
        choice(held.role.to_string(), title.to_string())
    });
    let nobody = Message::new(member.language, "staff-leave-nobody".to_owned());
    let nobody = (person.tickets == 0).then(|| choice(String::new(), nobody.to_string()));
    let others = others
        .into_iter()
        .map(|user| choice(user.id.to_string(), user.name.to_string()));
    let Again { form, note } = again;
    Ok(PersonPage {
        roles: roles.collect(),
        successors: nobody.into_iter().chain(others).collect(),
        ends: member.visitor.has(Permission::RightEnd),
        own: id == member.visitor.user,
        act,
        done: false,
        person,
        form,
        note,
    })
}

async fn show(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<UserId>,
    query: Query,
) -> Result<Response, Failure> {
    let act = known(query.get("act"));
    let mut page = page(&staff, &member, (id, act), Again::default()).await?;
    if page.ends
        && !act.is_empty()
        && let Some(first) = prove_first(&member, &format!("{}?act={act}", path(id)))
    {
        return Ok(first);
    }
    page.done = query.get("done") == "withdrawn";
    Ok(member.at(PLACE).page(page).into_response())
}

async fn end(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<UserId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    // To end somebody altogether is what was asked for by name; whatever else was sent ends one role.
    let word = known(form.get("act"));
    let (acted, next) = if word == "leave" {
        let acted = act::<LeaveStaff>(&staff, &member, &form).await?;
        (without(acted), "/staff/people?done=left".to_owned())
    } else {
        let acted = act::<WithdrawStaffRole>(&staff, &member, &form).await?;
        (without(acted), format!("{}?done=withdrawn", path(id)))
    };
    match acted {
        Ok(()) => {
            // Whoever had one role is no colleague any more and has no page.
            let (mut tx, _scope) = staff.read(&member).await?;
            let left = wabe_access::member::staff_roles(&mut tx, id).await?;
            tx.rollback().await?;
            let gone = left.is_empty();
            Ok(see_other(if gone {
                "/staff/people?done=left"
            } else {
                &next
            }))
        }
        Err(None) => Ok(prove(&format!("{}?act={word}", path(id)))),
        Err(Some(again)) => {
            let status = again.status();
            let page = page(&staff, &member, (id, word), again).await?;
            Ok(member.at(PLACE).page(page).status(status).into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, colleague, errors, sample};
    use wabe_access::StaffRole;
    use wabe_identity::staff::read::Held;
    use wabe_web::check::check_samples;

    fn page(id: u128, (ends, own, act): (bool, bool, &'static str), form: FormState) -> PersonPage {
        let held = StaffRole::ALL.iter().map(|role| Held {
            role: *role,
            since: NOW.plus_days(-200),
            last_used: (*role == StaffRole::Support).then(|| NOW.plus_days(-1)),
        });
        let roles = StaffRole::ALL
            .iter()
            .map(|role| choice(role.to_string(), role.to_string()));
        PersonPage {
            person: Colleague {
                user: colleague(id),
                held: held.collect(),
                tickets: i64::from(id == 1) * 12,
            },
            roles: roles.collect(),
            successors: vec![choice("usr_1".to_owned(), "Ole <Hansen>".to_owned())],
            ends,
            own,
            act,
            done: own,
            form,
            note: None,
        }
    }

    sample! {
        PersonPage: vec![
            page(1, (true, false, ""), FormState::new()),
            page(1, (true, true, "withdraw"), FormState::new()),
            page(2, (false, false, ""), FormState::new()),
            page(2, (true, false, "leave"), FormState::new()),
            PersonPage {
                note: Some("conflict-last-operator".to_owned()),
                ..page(1, (true, false, "leave"), errors(&["purpose", "successor"]))
            },
        ];
    }

    #[test]
    fn the_page_of_a_colleague_is_whole() {
        assert_eq!(check_samples::<PersonPage>(), Vec::<String>::new());
    }
}

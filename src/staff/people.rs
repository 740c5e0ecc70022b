//! `GET /staff/people`, `GET /staff/people/new`, `POST /staff/people`: who works here.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_access::{Permission, StaffRole};
use wabe_identity::staff::create::CreateStaff;
use wabe_identity::user::model::User;
use wabe_identity::user::read;
use wabe_kernel::FormState;
use wabe_web::filters;
use wabe_web::{Choice, Cost, Failure, Form, Needs, Page, Routes, StaffMember};

use crate::act::{Acted, Again, act, prove, prove_first};
use crate::customer::setups;
use crate::{STAFF, Staff};

const PLACE: &str = "people";
const PAGE: &str = "/staff/people";
const FORM: &str = "/staff/people/new";
const NEEDS: Needs = Needs::Staff(Permission::StaffWrite);

/// Who works here.
#[derive(Template)]
#[template(path = "staff/people.html")]
pub(crate) struct PeoplePage {
    /// The people with their roles.
    pub people: Vec<(User, Vec<StaffRole>)>,
}

/// The form.
#[derive(Template)]
#[template(path = "staff/person_create.html")]
pub(crate) struct PersonCreatePage {
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
    /// The roles, and whether each is ticked.
    pub roles: Vec<(StaffRole, bool)>,
    /// The ways to the first password.
    pub setups: Vec<Choice>,
}

/// The roles, and whether each is ticked.
fn roles(form: &FormState) -> Vec<(StaffRole, bool)> {
    let typed = form.value("roles");
    let ticked = |role: &StaffRole| (*role, typed.lines().any(|line| line == role.word()));
    StaffRole::ALL.iter().map(ticked).collect()
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
        .get(PAGE, NEEDS, list)
        .get(FORM, NEEDS, new)
        .post(PAGE, NEEDS, create)
        .cost(Cost::Heavy)
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
) -> Result<Page<PeoplePage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    scope.needs(Permission::StaffWrite)?;
    let people = read::staff(&mut tx, &scope).await?;
    tx.rollback().await?;
    Ok(member.at(PLACE).page(PeoplePage { people }))
}

fn page(member: &StaffMember, again: Again) -> Page<PersonCreatePage> {
    let Again { form, note } = again;
    let (roles, setups) = (roles(&form), setups(member.language));
    let page = PersonCreatePage {
        form,
        note,
        roles,
        setups,
    };
    member.at(PLACE).page(page)
}

async fn new(member: StaffMember) -> Response {
    if let Some(first) = prove_first(&member, FORM) {
        return first;
    }
    let form = FormState::new()
        .with("setup_by_mail", "true")
        .with("roles", "support");
    page(&member, form.into()).into_response()
}

async fn create(
    member: StaffMember,
    State(staff): State<Staff>,
    mut form: Form,
) -> Result<Response, Failure> {
    // Staff never choose somebody's password. Source: ASVS 6.4.6.
    form.fields.remove("password");
    match act::<CreateStaff>(&staff, &member, &form).await? {
        Acted::Done(done) => {
            let page = PersonCreatedPage {
                name: form.get("name").trim().to_owned(),
                email: form.get("email").trim().to_owned(),
                password: done.output.initial_password,
            };
            Ok(member
                .at(PLACE)
                .page(page)
                .status(StatusCode::CREATED)
                .into_response())
        }
        Acted::Prove => Ok(prove(FORM)),
        Acted::Again(again) => Ok(page(&member, again).invalid()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, errors, sample};
    use wabe_identity::user::model::Theme;
    use wabe_kernel::Language;
    use wabe_kernel::id::UserId;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::check::check_samples;

    fn colleague(id: u128) -> User {
        User {
            id: UserId::from_uuid(Uuid::from_u128(id)),
            email: "mira@hoster.example".parse().unwrap(),
            second_email: None,
            name: "Mira <Wendt>".parse().unwrap(),
            language: Language::De,
            theme: Theme::Auto,
            must_change_password: id == 1,
            disabled_at: (id == 2).then_some(NOW),
            last_login_at: (id == 1).then_some(NOW),
            created_at: NOW.plus_days(-9),
        }
    }

    sample! {
        PeoplePage: vec![PeoplePage {
            people: vec![
                (colleague(1), StaffRole::ALL.to_vec()),
                (colleague(2), vec![StaffRole::Support]),
            ],
        }];
        PersonCreatePage: {
            let page = |form, note| PersonCreatePage {
                roles: roles(&form),
                form,
                note,
                setups: setups(Language::De),
            };
            vec![
                page(FormState::new().with("roles", "support\noperator"), None),
                page(errors(&["roles", "email"]), Some("staff-limit-reached".to_owned())),
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
    fn the_pages_of_colleagues_are_whole() {
        let found = [
            check_samples::<PeoplePage>(),
            check_samples::<PersonCreatePage>(),
            check_samples::<PersonCreatedPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}

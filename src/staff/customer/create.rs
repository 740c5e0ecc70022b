//! `GET /staff/customers/new`, `POST /staff/customers`
//!
//! A password that the machine made is in the answer to the POST and nowhere else.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_access::Permission;
use wabe_identity::customer::create::{CreateCustomer, CustomerCreated};
use wabe_kernel::{FormState, Language};
use wabe_web::filters;
use wabe_web::{Choice, Cost, Failure, Form, Message, Needs, Page, Routes, StaffMember};

use crate::act::{Acted, Again, act, prove, prove_first};
use crate::customer::{PLACE, plans};
use crate::{STAFF, Staff};

const FORM: &str = "/staff/customers/new";
const NEEDS: Needs = Needs::Staff(Permission::HosterWrite);

/// The form.
#[derive(Template)]
#[template(path = "staff/customer_create.html")]
pub(crate) struct CreatePage {
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
    /// The plans to choose from.
    pub plans: Vec<Choice>,
    /// The owner's languages.
    pub languages: Vec<Choice>,
    /// The ways to the owner's first password.
    pub setups: Vec<Choice>,
}

/// The new customer.
#[derive(Template)]
#[template(path = "staff/customer_created.html")]
pub(crate) struct CreatedPage {
    /// What was made.
    pub made: CustomerCreated,
    /// Its name.
    pub name: String,
    /// Where its owner logs in.
    pub email: String,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(FORM, NEEDS, new)
        .post("/staff/customers", NEEDS, create)
        .cost(Cost::Heavy)
}

/// The ways to a first password.
pub(crate) fn setups(language: Language) -> Vec<Choice> {
    let choice = |value: &str, word: &str| Choice {
        value: value.to_owned(),
        title: Message::new(language, format!("staff-setup-{word}")).to_string(),
        text: Message::new(language, format!("staff-setup-{word}-text")).to_string(),
    };
    vec![choice("true", "mail"), choice("false", "shown")]
}

/// The languages to choose from.
pub(crate) fn languages(language: Language) -> Vec<Choice> {
    let choice = |known: Language| Choice {
        value: known.tag().to_owned(),
        title: Message::new(language, format!("language-{known}")).to_string(),
        text: String::new(),
    };
    Language::ALL.map(choice).to_vec()
}

async fn page(
    staff: &Staff,
    member: &StaffMember,
    again: Again,
) -> Result<Page<CreatePage>, Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    scope.needs(Permission::HosterWrite)?;
    let plans = plans(&mut tx).await?;
    tx.rollback().await?;
    let Again { form, note } = again;
    let (languages, setups) = (languages(member.language), setups(member.language));
    Ok(member.at(PLACE).page(CreatePage {
        form,
        note,
        plans,
        languages,
        setups,
    }))
}

async fn new(member: StaffMember, State(staff): State<Staff>) -> Result<Response, Failure> {
    if let Some(first) = prove_first(&member, FORM) {
        return Ok(first);
    }
    let form = FormState::new()
        .with("setup_by_mail", "true")
        .with("language", "de");
    Ok(page(&staff, &member, form.into()).await?.into_response())
}

async fn create(
    member: StaffMember,
    State(staff): State<Staff>,
    mut form: Form,
) -> Result<Response, Failure> {
    // Staff never choose somebody's password. Source: ASVS 6.4.6.
    form.fields.remove("owner_password");
    match act::<CreateCustomer>(&staff, &member, &form).await? {
        Acted::Done(done) => {
            let page = CreatedPage {
                made: done.output,
                name: form.get("name").trim().to_owned(),
                email: form.get("owner_email").trim().to_owned(),
            };
            Ok(member
                .at(PLACE)
                .page(page)
                .status(StatusCode::CREATED)
                .into_response())
        }
        Acted::Prove => Ok(prove(FORM)),
        Acted::Again(again) => Ok(page(&staff, &member, again).await?.invalid()),
    }
}

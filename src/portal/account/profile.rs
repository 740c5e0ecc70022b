//! `GET /account`, `POST /account`, `POST /account/phone`; `GET /profile` leads here
//!
//! People without a customer have a profile too: they may still be invited somewhere.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Command, Mode, Refusal};
use wabe_identity::user::model::User;
use wabe_identity::user::set_phone::SetPhone;
use wabe_identity::user::set_profile::SetProfile;
use wabe_identity::user::store as users;
use wabe_kernel::{FieldErrors, FormState, Language};
use wabe_web::filters;
use wabe_web::{
    Choice, Failure, Form, Message, Needs, Page, Person, Query, Routes, Tab, Theme, see_other,
};

use crate::account::{member_of, tabs_of};
use crate::second_address::Lacking;
use crate::undo::{self, DoneBar};
use crate::{PORTAL, Portal};

/// Name, language, theme, and the telephone number.
#[derive(Template)]
#[template(path = "portal/account/profile.html")]
pub(crate) struct ProfilePage {
    /// The form.
    pub form: FormState,
    /// The address, which is not changed here.
    pub email: String,
    /// The languages.
    pub languages: Vec<Choice>,
    /// The themes.
    pub themes: Vec<Choice>,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Addresses that lack a second one elsewhere.
    pub lacking: Vec<Lacking>,
    /// What was just done.
    pub done: Option<DoneBar>,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/account", Needs::Session, show)
        .post("/account", Needs::Session, set)
        .post("/account/phone", Needs::Session, set_phone)
        .get("/profile", Needs::Session, old_name)
}

async fn old_name(person: Person) -> Response {
    see_other(if person.visitor.staff {
        "/staff/account"
    } else {
        "/account"
    })
}

fn choices(language: Language) -> (Vec<Choice>, Vec<Choice>) {
    let choice = |value: &str, id: String| Choice {
        value: value.to_owned(),
        title: Message::new(language, id).to_string(),
        text: String::new(),
    };
    let languages = Language::ALL.map(|known| choice(known.tag(), format!("language-{known}")));
    let themes = Theme::ALL.map(|known| choice(known.word(), format!("account-theme-{known}")));
    (languages.to_vec(), themes.to_vec())
}

async fn page(
    portal: &Portal,
    person: &Person,
    form: FormState,
    done: Option<DoneBar>,
) -> Result<Page<ProfilePage>, Failure> {
    let (languages, themes) = choices(person.language);
    let lacking = portal.lacking(&person.visitor).await?;
    Ok(person.page(ProfilePage {
        form,
        email: person.visitor.email.clone(),
        languages,
        themes,
        tabs: tabs_of(person),
        lacking,
        done,
    }))
}

async fn show(
    person: Person,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    if person.visitor.staff {
        return Ok(see_other("/staff/account"));
    }
    let known = known(&portal, &person).await?;
    let done = match member_of(&person) {
        Some(member) => {
            let (mut tx, _) = portal.read(&member).await?;
            let done = undo::bar(&portal, &mut tx, &member, &query).await?;
            tx.rollback().await?;
            done
        }
        None => None,
    };
    let form = kept(&known);
    Ok(page(&portal, &person, form, done).await?.into_response())
}

/// The person as they are kept.
async fn known(portal: &Portal, person: &Person) -> Result<User, Failure> {
    let mut tx = portal.gate.store().read().await?;
    let known = users::find(&mut tx, person.visitor.user).await?;
    tx.rollback().await?;
    known.ok_or(Failure::LoginRequired)
}

/// The forms with what is kept.
fn kept(known: &User) -> FormState {
    let phone = known.phone.as_ref().map(ToString::to_string);
    FormState::new()
        .with("name", known.name.to_string())
        .with("language", known.language.tag())
        .with("theme", known.theme.word())
        .with("phone", phone.unwrap_or_default())
}

/// What was typed into one of the forms, and in the other what is kept.
async fn again(
    portal: &Portal,
    person: &Person,
    (form, errors): (&Form, FieldErrors),
) -> Result<Response, Failure> {
    let kept = kept(&known(portal, person).await?);
    let form = FormState::of(&form.fields, errors, &[]).beside(kept);
    Ok(page(portal, person, form, None).await?.invalid())
}

async fn set(
    person: Person,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let command = match form.parse::<SetProfile>(&[]) {
        Ok(command) => command,
        Err(wrong) => {
            let errors = FieldErrors(wrong.errors().clone());
            return again(&portal, &person, (&form, errors)).await;
        }
    };
    run(&portal, &person, command, &form).await
}

async fn set_phone(
    person: Person,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    match form.parse::<SetPhone>(&[]) {
        Ok(command) => run(&portal, &person, command, &form).await,
        Err(wrong) => {
            let errors = FieldErrors(wrong.errors().clone());
            again(&portal, &person, (&form, errors)).await
        }
    }
}

async fn run<C: Command>(
    portal: &Portal,
    person: &Person,
    command: C,
    form: &Form,
) -> Result<Response, Failure> {
    match Box::pin(portal.gate.run(person.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(see_other(&undo::done_path("/account", done.change))),
        Err(Refusal::Invalid(errors)) => again(portal, person, (form, errors)).await,
        Err(refusal) => Err(refusal.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tabs;
    use crate::samples;
    use crate::second_address::tests::lacking;
    use wabe_web::{Face, Sample, Visitor};

    impl Sample for ProfilePage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let (languages, themes) = choices(Language::De);
            let page = |form, done| Self {
                form,
                email: "annemarie@sonnenkorn.example".to_owned(),
                languages: languages.clone(),
                themes: themes.clone(),
                tabs: tabs(true),
                lacking: lacking(),
                done,
            };
            let full = FormState::new()
                .with("name", "Annemarie Schmidt-Rottluff \"Anni\"")
                .with("language", "de")
                .with("theme", "dark")
                .with("phone", "+4930123456");
            vec![
                page(full, samples::done("user-set-profile")),
                page(samples::errors("name", "required"), None),
                page(samples::errors("phone", "phone-no-area"), None),
            ]
        }
    }

    #[test]
    fn the_profile_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<ProfilePage>(),
            Vec::<String>::new()
        );
    }
}

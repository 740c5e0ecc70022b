//! `GET /staff/account`, `POST /staff/account`; `GET /staff/profile` leads here
//!
//! One's own name, language, theme, sessions and devices. Sessions and devices end over the same
//! paths as in the portal, which lead back here.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Permission, Refusal};
use wabe_identity::lockout::store::Device;
use wabe_identity::session::model::ListedSession;
use wabe_identity::user::set_profile::SetProfile;
use wabe_identity::user::store as users;
use wabe_kernel::FormState;
use wabe_kernel::id::SessionId;
use wabe_web::filters;
use wabe_web::{
    Choice, Failure, Form, Message, Needs, PASSWORD_PAGE, Page, Query, Routes, StaffMember, Theme,
    see_other,
};

use crate::customer::languages;
use crate::{STAFF, Staff};

const PLACE: &str = "account";
const PAGE: &str = "/staff/account";
const NEEDS: Needs = Needs::Staff(Permission::SelfWrite);
/// What the page can say was done: the messages `staff-account-{word}`.
const DONE: [&str; 5] = ["saved", "password", "ended", "ended-others", "forgotten"];

/// One's own page.
#[derive(Template)]
#[template(path = "staff/account.html")]
pub(crate) struct AccountPage {
    /// The form.
    pub form: FormState,
    /// The address, which is not changed here.
    pub email: String,
    /// The languages.
    pub languages: Vec<Choice>,
    /// The themes.
    pub themes: Vec<Choice>,
    /// The sessions.
    pub sessions: Vec<ListedSession>,
    /// This one.
    pub present: SessionId,
    /// The known browsers.
    pub devices: Vec<Device>,
    /// Where the password is changed.
    pub password_page: &'static str,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

impl AccountPage {
    /// Whether this is the session that looks.
    #[must_use]
    pub(crate) fn is_present(&self, session: &ListedSession) -> bool {
        session.id == self.present
    }
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(PAGE, NEEDS, show)
        .post(PAGE, NEEDS, set)
        .get("/staff/profile", NEEDS, old_name)
}

async fn old_name() -> Response {
    see_other(PAGE)
}

/// The themes to choose from.
pub(crate) fn themes(language: wabe_kernel::Language) -> Vec<Choice> {
    let choice = |theme: Theme| Choice {
        value: theme.word().to_owned(),
        title: Message::new(language, format!("web-theme-{theme}")).to_string(),
        text: String::new(),
    };
    Theme::ALL.map(choice).to_vec()
}

async fn page(
    staff: &Staff,
    member: &StaffMember,
    form: FormState,
    done: Option<&'static str>,
) -> Result<Page<AccountPage>, Failure> {
    let user = member.visitor.user;
    Ok(member.at(PLACE).page(AccountPage {
        form,
        email: member.visitor.email.clone(),
        languages: languages(member.language),
        themes: themes(member.language),
        sessions: staff.identity.list_sessions(user).await?,
        present: member.visitor.session,
        devices: staff.identity.list_devices(user).await?,
        password_page: PASSWORD_PAGE,
        done,
    }))
}

async fn show(
    member: StaffMember,
    State(staff): State<Staff>,
    query: Query,
) -> Result<Response, Failure> {
    let (mut tx, _) = staff.read(&member).await?;
    let known = users::find(&mut tx, member.visitor.user).await?;
    tx.rollback().await?;
    let known = known.ok_or(Failure::LoginRequired)?;
    let form = FormState::new()
        .with("name", known.name.to_string())
        .with("language", known.language.tag())
        .with("theme", known.theme.word());
    let done = DONE.into_iter().find(|word| *word == query.get("done"));
    Ok(page(&staff, &member, form, done).await?.into_response())
}

async fn set(
    member: StaffMember,
    State(staff): State<Staff>,
    form: Form,
) -> Result<Response, Failure> {
    let wrong = match form.parse::<SetProfile>(&[]) {
        Err(wrong) => wrong,
        Ok(command) => {
            match Box::pin(staff.gate.run(member.actor(), command, Mode::Commit)).await {
                Ok(_) => return Ok(see_other("/staff/account?done=saved")),
                Err(Refusal::Invalid(errors)) => FormState::of(&form.fields, errors, &[]),
                Err(refusal) => return Err(refusal.into()),
            }
        }
    };
    Ok(page(&staff, &member, wrong, None).await?.invalid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, errors, sample};
    use wabe_kernel::Language;
    use wabe_kernel::macros::uuid::Uuid;

    fn session(id: u128, user_agent: &str) -> ListedSession {
        ListedSession {
            id: SessionId::from_uuid(Uuid::from_u128(id)),
            staff: true,
            created_at: NOW.plus_days(-1),
            last_seen_at: NOW.plus_seconds(-30),
            address: "192.0.2.0/24".to_owned(),
            user_agent: user_agent.to_owned(),
        }
    }

    fn sample_page(
        form: FormState,
        devices: Vec<Device>,
        done: Option<&'static str>,
    ) -> AccountPage {
        AccountPage {
            form,
            email: "mira@hoster.example".to_owned(),
            languages: languages(Language::De),
            themes: themes(Language::De),
            sessions: vec![session(7, "Firefox, Linux"), session(8, "")],
            present: SessionId::from_uuid(Uuid::from_u128(7)),
            devices,
            password_page: PASSWORD_PAGE,
            done,
        }
    }

    sample! {
        AccountPage: {
            let device = Device {
                id: "d".to_owned(),
                created_at: NOW.plus_days(-9),
                last_seen_at: NOW,
                user_agent: String::new(),
            };
            let done = DONE.map(|word| sample_page(FormState::new(), Vec::new(), Some(word)));
            let wrong = sample_page(errors(&["name"]), vec![device], None);
            done.into_iter().chain([wrong]).collect()
        };
    }

    #[test]
    fn ones_own_page_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<AccountPage>(),
            Vec::<String>::new()
        );
    }
}

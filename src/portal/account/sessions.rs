//! `GET /account/sessions`; `POST …/sessions/{id}/end`, `…/sessions/end-others`, `…/devices/forget`

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_identity::lockout::store::Device;
use wabe_identity::session::model::ListedSession;
use wabe_kernel::id::SessionId;
use wabe_web::filters;
use wabe_web::{Failure, Form, Needs, Path, Person, Query, Routes, Tab, see_other};

use crate::account::tabs_of;
use crate::{PORTAL, Portal};

const PAGE: &str = "/account/sessions";
/// What the page can say was done.
const DONE: [&str; 3] = ["ended", "ended-others", "forgotten"];

/// Where one is logged in, and which browsers are known.
#[derive(Template)]
#[template(path = "portal/account/sessions.html")]
pub(crate) struct SessionsPage {
    /// The sessions.
    pub sessions: Vec<ListedSession>,
    /// This one.
    pub present: SessionId,
    /// The browsers.
    pub devices: Vec<Device>,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Whether the person can have their login looked at.
    pub checks: bool,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

impl SessionsPage {
    /// Whether this is the session that looks.
    #[must_use]
    pub(crate) fn is_present(&self, session: &ListedSession) -> bool {
        session.id == self.present
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, Needs::Session, show)
        .post("/account/sessions/{id}/end", Needs::Session, end)
        .id("ses")
        .post("/account/sessions/end-others", Needs::Session, end_others)
        .post("/account/devices/forget", Needs::Session, forget)
}

/// Back to the list, where this person has it.
fn back(person: &Person, word: &str) -> Response {
    let page = if person.visitor.staff {
        "/staff/account"
    } else {
        PAGE
    };
    see_other(&format!("{page}?done={word}"))
}

async fn show(
    person: Person,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    if person.visitor.staff {
        return Ok(see_other("/staff/account"));
    }
    let user = person.visitor.user;
    let page = SessionsPage {
        sessions: portal.identity.list_sessions(user).await?,
        present: person.visitor.session,
        devices: portal.identity.list_devices(user).await?,
        tabs: tabs_of(&person),
        checks: person.visitor.customer.is_some(),
        done: DONE.into_iter().find(|word| *word == query.get("done")),
    };
    Ok(person.page(page).into_response())
}

async fn end(
    person: Person,
    State(portal): State<Portal>,
    Path(id): Path<SessionId>,
) -> Result<Response, Failure> {
    if !portal.identity.end_session(person.visitor.user, id).await? {
        return Err(Failure::NotFound);
    }
    if id == person.visitor.session {
        return Ok(see_other("/login?done=logout"));
    }
    Ok(back(&person, "ended"))
}

async fn end_others(person: Person, State(portal): State<Portal>) -> Result<Response, Failure> {
    let visitor = &person.visitor;
    portal
        .identity
        .end_sessions(visitor.user, Some(visitor.session))
        .await?;
    Ok(back(&person, "ended-others"))
}

async fn forget(
    person: Person,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let device = Some(form.get("device")).filter(|device| !device.is_empty());
    let user = person.visitor.user;
    let forgotten = portal.identity.forget_device(user, device).await?;
    if !forgotten && device.is_some() {
        return Err(Failure::NotFound);
    }
    Ok(back(&person, "forgotten"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tabs;
    use crate::samples::{self, NOW};
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::{Face, Sample, Visitor};

    impl Sample for SessionsPage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let session = |id: u128, user_agent: &str| ListedSession {
                id: SessionId::from_uuid(Uuid::from_u128(id)),
                staff: false,
                created_at: NOW.plus_days(-2),
                last_seen_at: NOW.plus_seconds(-90),
                address: "2001:db8:1::/48".to_owned(),
                user_agent: user_agent.to_owned(),
            };
            let device = |user_agent: &str| Device {
                id: format!("id{user_agent}"),
                created_at: NOW.plus_days(-90),
                last_seen_at: NOW.plus_days(-1),
                user_agent: user_agent.to_owned(),
            };
            let page = |sessions, devices, done| Self {
                sessions,
                present: SessionId::from_uuid(Uuid::from_u128(7)),
                devices,
                tabs: tabs(true),
                checks: true,
                done,
            };
            let sessions = vec![session(7, "Firefox, Linux"), session(8, "")];
            let devices = vec![device("Safari, iPhone"), device("")];
            let mut pages = vec![page(vec![session(7, "Edge, Windows")], Vec::new(), None)];
            pages.extend(DONE.map(|word| page(sessions.clone(), devices.clone(), Some(word))));
            pages
        }
    }

    #[test]
    fn the_list_of_sessions_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<SessionsPage>(),
            Vec::<String>::new()
        );
    }
}
